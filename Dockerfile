FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

# Of an extra: --build-arg LOCK=requirements-assistant.lock
ARG LOCK=requirements.lock
COPY requirements*.lock ./
RUN pip install --no-cache-dir --require-hashes -r "$LOCK"

COPY . .
RUN useradd --system --no-create-home apuntador && install -d -o apuntador /data
USER apuntador

ENV DATABASE_URL=sqlite:////data/apuntador.db POLICY=/data/policy.yaml PORT=3000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD python -c "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"

ENTRYPOINT ["python", "bot.py"]
CMD ["serve"]

PYTHON ?= python3
BIN := .venv/bin
ACTIVE = PATH="$(CURDIR)/$(BIN):$$PATH"
PORT ?= 3000
LANG_ ?= en
FLOORS := bot.py handlers reports storage words domain playground sample tests benchmarks

.PHONY: help demo test check fmt bench lock words audit

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | sort | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: .venv/ready ## try it: http://127.0.0.1:3000, no Slack and no keys (PORT=3001 LANG_=es)
	$(BIN)/python bot.py demo --port $(PORT) --lang $(LANG_)

test: .venv/ready-dev ## all tests, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term

check: .venv/ready-dev ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fmt: .venv/ready-dev ## put the style right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready-dev ## measurements, as ratios of one run
	$(BIN)/python -m benchmarks

audit: .venv/ready-dev ## known weaknesses of what is locked (asks the network; for maintainers, no gate)
	$(BIN)/uv tool run --quiet pip-audit --require-hashes --disable-pip --progress-spinner off \
		-r requirements.lock -r requirements-learn.lock -r requirements-assistant.lock

words: .venv/ready-dev ## bring new sentences into the catalogs
	$(BIN)/python -m words.catalog

lock: | .venv/bin/python ## settle the versions of everything again
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet \
		--extra charts pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet \
		--extra charts --extra learn pyproject.toml -o requirements-learn.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet \
		--extra charts --extra assistant pyproject.toml -o requirements-assistant.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet \
		--extra charts --extra learn --extra assistant --extra dev pyproject.toml -o requirements-dev.lock

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/ready-dev: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/ready

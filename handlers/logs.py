"""What the log says, as text or as JSON lines; never a secret."""

import json
import logging
import re
import sys
from collections.abc import Sequence

TOKEN = re.compile(r"xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+")
HIDDEN = "[hidden]"


class Discreet(logging.Formatter):
    """Hides tokens, whatever message or traceback they stand in."""

    def __init__(self, *, secrets: Sequence[str], as_json: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secrets)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        line = self._without_secrets(super().format(record))
        if not self._as_json:
            return line
        at = self.formatTime(record)
        message = self._without_secrets(record.getMessage())
        trace = self._without_secrets(self.formatException(record.exc_info)) if record.exc_info else None
        entry = {"at": at, "level": record.levelname, "logger": record.name, "message": message, "traceback": trace}
        return json.dumps({key: value for key, value in entry.items() if value is not None}, ensure_ascii=False)

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return TOKEN.sub(HIDDEN, text)


def configure(style: str, level: str, *, secrets: Sequence[str] = ()) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(secrets=secrets, as_json=style == "json"))
    logging.basicConfig(level=level, handlers=[handler], force=True)

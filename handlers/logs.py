"""What the log says, as text or as JSON lines; never a secret, nor what people and customers are called or said.

Our own lines hold codes, counts and durations. Other libraries tell payloads at DEBUG: those lines are left out. An
exception is told by its kind and where it was raised; its message may hold a row, a comment or an address.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

OURS = "apuntador"
HIDDEN = "[hidden]"
TOKEN = re.compile(r"xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+")
EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
PASSWORD = re.compile(r"(?<=://)[^/@\s]+:[^/@\s]+(?=@)")


class Discreet(logging.Formatter):
    """Hides what must not be told, whatever message it stands in; `noted` of a record are its fields."""

    def __init__(self, *, secrets: Sequence[str], as_json: bool) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(sorted(secrets, key=len, reverse=True))
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        noted: Mapping[str, Any] = getattr(record, "noted", {})
        error = record.exc_info[1] if record.exc_info else None
        trace = "\n".join(("Traceback:", *told(error))) if error else None
        if self._as_json:
            entry = {
                "at": at,
                "level": record.levelname,
                "logger": record.name,
                "message": record.getMessage(),
                **noted,
            }
            entry |= {"traceback": trace} if trace else {}
            return self._hiding(json.dumps(entry, ensure_ascii=False, default=str))
        fields = "".join(f" {name}={value}" for name, value in noted.items())
        line = f"{at} {record.levelname} {record.name}: {record.getMessage()}{fields}"
        return self._hiding(f"{line}\n{trace}" if trace else line)

    def _hiding(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        for pattern in (TOKEN, PASSWORD, EMAIL):
            text = pattern.sub(HIDDEN, text)
        return text


def told(error: BaseException) -> Iterator[str]:
    """The exception, and those that led to it: their kinds, their codes, and where they were raised."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from told(before)
        yield "which led to"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    code = _code(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}" + (f" ({code})" if code else "")


def _code(error: BaseException) -> str:
    """What Slack, a database or the operating system calls it."""
    response = getattr(error, "response", None)
    if response is not None and hasattr(response, "get"):
        return str(response.get("error") or "")
    origin = getattr(error, "orig", None) or error
    names = ("sqlstate", "sqlite_errorname", "errno")
    return next((str(code) for name in names if (code := getattr(origin, name, None))), "")


def _ours_or_not_chatter(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG or record.name.partition(".")[0] == OURS


def configure(style: str, level: str, *, secrets: Sequence[str] = ()) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(secrets=secrets, as_json=style == "json"))
    handler.addFilter(_ours_or_not_chatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)

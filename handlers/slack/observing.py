"""What is noted of each request: one line in the log and the figures; who asked only by role, what only by word."""

import logging
import secrets
import time
from typing import Any

from slack_bolt import BoltContext

from handlers.answers import LONGEST
from handlers.ask import Desk, Reply

log = logging.getLogger("apuntador.requests")

UNKNOWN = "unknown"


def begin(context: BoltContext) -> None:
    """The request's id is also the number that a person is told when something goes wrong."""
    context["request"], context["began"] = secrets.token_hex(4), time.perf_counter()


def answered(context: BoltContext, desk: Desk, typed: str, word: str | None, reply: Reply) -> None:
    if reply.answered:
        note(context, desk, word, "answered")
    elif reply.offered and word:
        note(context, desk, word, "offered")
    else:
        refused(context, desk, word, "too_long" if len(typed) > LONGEST else "input" if word else "not_understood")


def refused(context: BoltContext, desk: Desk, word: str | None, reason: str) -> None:
    desk.figures.refused.labels(reason).inc()
    note(context, desk, word, "refused", reason=reason)


def note(context: BoltContext, desk: Desk, word: str | None, outcome: str, **more: Any) -> None:
    command = word if word in desk.capabilities else UNKNOWN
    took = time.perf_counter() - context["began"]
    desk.figures.commands.labels(command, outcome).inc()
    desk.figures.seconds.labels(command).observe(took)
    noted = {"request": context["request"], "command": command, "outcome": outcome, "ms": round(took * 1000), **more}
    log.info("request", extra={"noted": {**noted, "role": context.get("role") or UNKNOWN}})

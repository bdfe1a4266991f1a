"""What it means that Slack refused: how long it asks to wait, or whether it may do the same thing another time."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from slack_sdk.errors import SlackApiError

from storage.delivery import paces

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
UNSURE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
TOO_FAST = {"ratelimited", "rate_limited", "message_limit_exceeded"}
CODE = re.compile(r"\w+")


def said(error: SlackApiError) -> tuple[str, int]:
    """Slack's name of the error, or nothing where something between us and Slack answered; and the HTTP status."""
    answer: Any = error.response
    name = str(answer.get("error") or "")
    return name if CODE.fullmatch(name) else "", int(answer.status_code)


def asked_to_wait(error: SlackApiError) -> timedelta | None:
    """For how long Slack wants nothing of the kind; None where it refused for another reason."""
    name, status = said(error)
    if status != HTTPStatus.TOO_MANY_REQUESTS and name not in TOO_FAST:
        return None
    asked: Any = getattr(error.response, "headers", None) or {}
    seconds = asked.get("Retry-After") or asked.get("retry-after") or "1"
    return min(timedelta(seconds=int(seconds) if str(seconds).isdecimal() else 1), paces.LONGEST)


def is_unsure(error: SlackApiError) -> bool:
    """Whether Slack, or what stands between, failed: nobody knows what became of it."""
    name, status = said(error)
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or not name or name in UNSURE


def wait_after(failures: int) -> timedelta:
    """Before the next try, after so many of them, from 1."""
    wait: timedelta = FIRST_WAIT * 2 ** min(failures - 1, 10)
    return min(wait, LONGEST_WAIT)

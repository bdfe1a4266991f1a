"""What Slack hands out for a short while: trigger ids (once, 3 s) and response URLs (5 times, 30 minutes)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from playground.workspace import Clock

TRIGGER_SECONDS = 3
RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5


class RefusedError(Exception):
    """What Slack answers with `ok: false`; `extra` stands beside the error."""

    def __init__(self, error: str, **extra: object) -> None:
        super().__init__(error)
        self.error, self.extra = error, extra


@dataclass(slots=True)
class Trigger:
    user: str
    at: float
    view: str | None = None
    used: bool = False


@dataclass(slots=True)
class Reply:
    """Where a response URL answers: a conversation, its reader, and the message it came from."""

    user: str
    channel: str
    at: float
    message_ts: str | None = None
    uses: int = 0


class Tickets:
    def __init__(self, clock: Clock, *, trigger_seconds: float = TRIGGER_SECONDS) -> None:
        self._clock, self._trigger_seconds = clock, trigger_seconds
        self._triggers: dict[str, Trigger] = {}
        self._replies: dict[str, Reply] = {}

    def trigger(self, user: str, *, view: str | None = None) -> str:
        ticket = f"{int(self._clock() * 1000)}.{secrets.token_hex(8)}"
        self._triggers[ticket] = Trigger(user, self._clock(), view)
        return ticket

    def spend(self, ticket: str) -> Trigger:
        """The trigger, if it is known, fresh and not spent yet."""
        trigger = self._triggers.get(ticket)
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if trigger.used:
            raise RefusedError("exchanged_trigger_id")
        if self._clock() - trigger.at > self._trigger_seconds:
            raise RefusedError("expired_trigger_id")
        trigger.used = True
        return trigger

    def reply(self, user: str, channel: str, *, message_ts: str | None = None) -> str:
        ticket = secrets.token_urlsafe(16)
        self._replies[ticket] = Reply(user, channel, self._clock(), message_ts)
        return ticket

    def answer(self, ticket: str) -> Reply:
        """Use a response URL once more."""
        reply = self._replies.get(ticket)
        if reply is None:
            raise RefusedError("no_such_url")
        if self._clock() - reply.at > RESPONSE_SECONDS:
            raise RefusedError("expired_url")
        if reply.uses >= RESPONSE_USES:
            raise RefusedError("used_url")
        reply.uses += 1
        return reply

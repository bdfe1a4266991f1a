"""How the app hears of something: a signed HTTP request, or an envelope on one of its sockets."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from playground.values import Json

Kind = Literal["slash_commands", "interactive", "events_api"]
ANSWER_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said within the time for it; `error` is Slack's name for what went wrong, if anything did."""

    body: Any = None
    error: str = ""
    reason: str = ""
    wants_retry: bool = True

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass(frozen=True, slots=True)
class Retry:
    number: int
    reason: str


# An open socket takes the payload and the seconds to wait; None means that nobody is connected.
Socket = Callable[[Kind, Json, float, Retry | None], Answer | None]


class Courier:
    def __init__(self, signing_secret: str, *, ack_seconds: float, socket: Socket) -> None:
        self.app_url = ""
        self._secret, self._seconds, self._socket = signing_secret.encode(), ack_seconds, socket

    def deliver(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Answer:
        answer = self._socket(kind, payload, self._seconds, retry)
        if answer is None:
            answer = self._post(*encoded(kind, payload), retry) if self.app_url else unheard("connection_failed")
        return answer

    def _post(self, body: bytes, content_type: str, retry: Retry | None) -> Answer:
        headers = {"Content-Type": content_type, "User-Agent": "Playground", **self.signed(body)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        try:
            return self._heard(body, headers)
        except TimeoutError:
            return Answer(error="operation_timeout", reason="http_timeout")
        except (OSError, http.client.HTTPException):
            return unheard("connection_failed")

    def _heard(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        target = urlsplit(self.app_url)
        wire = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = wire(target.netloc, timeout=self._seconds)
        began = time.monotonic()
        try:
            connection.request("POST", target.path or "/slack/events", body, dict(headers))
            response = connection.getresponse()
            content = response.read(ANSWER_BYTES)
        finally:
            connection.close()
        wants_retry = response.getheader("X-Slack-No-Retry") != "1"
        if time.monotonic() - began > self._seconds:
            return Answer(error="operation_timeout", reason="http_timeout", wants_retry=wants_retry)
        if response.status != http.HTTPStatus.OK:
            return Answer(error="dispatch_failed", reason="http_error", wants_retry=wants_retry)
        return Answer(decoded(content))

    def signed(self, body: bytes, *, at: int | None = None) -> dict[str, str]:
        """Slack's two headers; they carry real time, whatever the workspace's clock says."""
        stamp = str(int(time.time()) if at is None else at)
        digest = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def unheard(reason: str) -> Answer:
    return Answer(error="dispatch_failed", reason=reason)


def encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """The body as Slack spells it for this kind, and its content type."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def decoded(content: bytes) -> Any:
    """JSON if it is JSON, else the text; nothing for an empty body."""
    text = content.decode("utf-8", "replace")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text

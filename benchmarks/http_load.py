"""Signed commands on loopback, so many at once; and the Slack that a listener asks who is who, and answers to."""

import asyncio
import json
from hashlib import sha256
from hmac import new
from time import perf_counter, time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

SECRET = "benchmark"  # noqa: S105
CHANNEL, TEAM = "C1", "T1"
COMMAND = {"command": "/health", "text": "acme", "token": "t", "api_app_id": "A1", "team_id": TEAM,
           "team_domain": "bench", "channel_id": CHANNEL, "channel_name": "bench", "trigger_id": "1.1"}  # fmt: skip
LATEST = 30


class Answers:
    """A Slack of few words. `url` is its Web API; whoever waits for a `response_url` is told when it was posted to."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._asked = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._at = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self.url = f"{self._at}/api/"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        at: TracebackType | None) -> None:  # fmt: skip
        self._server.close()

    def expected(self) -> tuple[str, asyncio.Future[float]]:
        """A new `response_url`, and when it will have been posted to."""
        self._asked += 1
        path = f"/answer/{self._asked}"
        posted = self._waiting[path] = asyncio.get_running_loop().create_future()
        return self._at + path, posted

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path, body = await _received(reader)
        waiting = self._waiting.pop(path, None)
        if waiting and not waiting.done():
            waiting.set_result(perf_counter())
        told = b"ok" if path.startswith("/answer/") else json.dumps(_told(path, body)).encode()
        kind = b"application/json" if told != b"ok" else b"text/plain"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                     % (kind, len(told), told))  # fmt: skip
        await writer.drain()
        writer.close()


def _told(path: str, body: bytes) -> dict[str, Any]:
    who = body.partition(b"user=")[2].partition(b"&")[0].decode() or "U0"
    user = {"id": who, "team_id": TEAM, "locale": "en-US", "tz": "UTC",
            "profile": {"email": f"p{who[1:]}@example.com"}}  # fmt: skip
    answers: dict[str, dict[str, Any]] = {
        "/api/auth.test": {"user_id": "U0BOT", "bot_id": "B1", "team_id": TEAM, "team": "bench", "user": "bot"},
        "/api/users.info": {"user": user},
        "/api/conversations.info": {"channel": {"id": CHANNEL}},
    }
    return {"ok": True, **answers.get(path, {})}


async def _received(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The second word of what came, which is a request's path or an answer's status, and the body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = head.lower().partition("content-length:")[2].partition("\r")[0].strip()
    return head.split()[1], await reader.readexactly(int(length or 0))


class Load:
    """One round on one port: `acks` and `answers` are latencies in seconds.

    posted: what does not come with the acknowledgement comes at the `response_url`; else that is the answer, if empty.
    """

    def __init__(self, port: int, slack: Answers, *, posted: bool) -> None:
        self._port, self._slack, self._posted = port, slack, posted
        self.acks: list[float] = []
        self.answers: list[float] = []

    async def run(self, at_once: int, seconds: float) -> float:
        """How long it took."""
        begun = perf_counter()
        await asyncio.gather(*(self._ask_on(f"U{n}", begun + seconds) for n in range(at_once)))
        return perf_counter() - begun

    async def _ask_on(self, who: str, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while perf_counter() < until:
            url, posted = self._slack.expected()
            begun = perf_counter()
            writer.write(signed({**COMMAND, "user_id": who, "user_name": who, "response_url": url}))
            status, body = await _received(reader)
            if status != "200":
                raise RuntimeError(f"the listener said {status} {body!r}")
            self.acks.append(perf_counter() - begun)
            late = self._posted and not body
            answered = await asyncio.wait_for(posted, LATEST) if late else perf_counter()
            self.answers.append(answered - begun)
        writer.close()


def signed(fields: dict[str, str]) -> bytes:
    body, now = urlencode(fields).encode(), str(int(time()))
    signature = new(SECRET.encode(), b"v0:%s:%s" % (now.encode(), body), sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body

"""Socket Mode: the app connects here and gets in envelopes what it would get by HTTP."""

from __future__ import annotations

import json
import secrets
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from playground.arguments import Arguments
from playground.delivery import Answer, Kind, Retry, unheard
from playground.tickets import RefusedError
from playground.values import Json

if TYPE_CHECKING:
    from websockets.sync.server import Server, ServerConnection

MOST_CONNECTIONS = 10
# The SDK notices that it should stop when something arrives: frequent pings make its end quick.
PING_SECONDS = 0.2


class Sockets:
    """The app's open connections; each envelope goes to the next of them."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._tickets: set[str] = set()
        self._connections: list[ServerConnection] = []
        self._waiting: dict[str, Future[Any]] = {}
        self._turn = count()

    @property
    def connected(self) -> int:
        return len(self._connections)

    def open(self, call: Arguments) -> Json:
        """apps.connections.open: the address of a socket, good for one connection."""
        del call
        if self.connected >= MOST_CONNECTIONS:
            raise RefusedError("too_many_websockets")
        ticket = secrets.token_urlsafe(8)
        with self._lock:
            self._tickets.add(ticket)
            port = self._listening()
        return {"url": f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={self._app_id}"}

    def _listening(self) -> int:
        if self._server is None:
            from websockets.sync.server import serve  # noqa: PLC0415  only Socket Mode needs it

            self._server = serve(
                self._hold, "127.0.0.1", 0, compression=None, ping_interval=PING_SECONDS, ping_timeout=None
            )
            self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
            self._thread.start()
        return int(self._server.socket.getsockname()[1])

    def _hold(self, connection: ServerConnection) -> None:
        """One connection, from its hello to its end."""
        ticket = (connection.request.path if connection.request else "").partition("ticket=")[2].partition("&")[0]
        with self._lock:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
        if not known:
            connection.close(1008, "link_disabled")
            return
        hello = {"type": "hello", "num_connections": self.connected + 1, "connection_info": {"app_id": self._app_id}}
        connection.send(json.dumps(hello | {"debug_info": {"host": "playground", "approximate_connection_time": 3600}}))
        with self._lock:
            self._connections.append(connection)
        try:
            with _ended():
                for said in connection:
                    self._heard(str(said))
        finally:
            with self._lock, suppress(ValueError):
                self._connections.remove(connection)

    def _heard(self, said: str) -> None:
        with suppress(ValueError):
            ack = json.loads(said)
            waiting = self._waiting.get(ack.get("envelope_id", ""))
            if waiting and not waiting.done():
                waiting.set_result(ack.get("payload"))

    def deliver(self, kind: Kind, payload: Json, seconds: float, retry: Retry | None) -> Answer | None:
        """The app's answer over a socket; None where none is open."""
        with self._lock:
            if not self._connections:
                return None
            connection = self._connections[next(self._turn) % len(self._connections)]
        envelope = str(uuid.uuid4())
        waiting = self._waiting[envelope] = Future()
        sent = {"envelope_id": envelope, "type": kind, "payload": payload} | _marks(kind, retry)
        try:
            with _ended(raising=True):
                connection.send(json.dumps(sent))
            return Answer(waiting.result(seconds) or None)
        except TimeoutError:
            return Answer(error="operation_timeout", reason="timeout")
        except ConnectionError:
            return unheard("connection_failed")
        finally:
            del self._waiting[envelope]

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go and come back, as Slack does about hourly."""
        for connection in list(self._connections):
            with _ended():
                connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {}}))

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        for connection in list(self._connections):
            connection.close(1001)
        self._server.shutdown()
        self._thread.join()


@contextmanager
def _ended(*, raising: bool = False) -> Iterator[None]:
    """The other side may go at any time; that is no error unless the caller needs to know."""
    from websockets.exceptions import ConnectionClosed  # noqa: PLC0415  only Socket Mode needs it

    try:
        yield
    except ConnectionClosed as gone:
        if raising:
            raise ConnectionError from gone


def _marks(kind: Kind, retry: Retry | None) -> Json:
    """What Slack writes on the envelope beside its content."""
    if kind != "events_api":
        return {"accepts_response_payload": True}
    again = {"retry_attempt": retry.number if retry else 0, "retry_reason": retry.reason if retry else ""}
    return {"accepts_response_payload": False, **again}

"""Keeping the house open: HTTP under waitress, or Socket Mode, and a way to close in which nothing acked is lost."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from waitress import wasyncore
from waitress.server import create_server

from handlers.slack.patience import WAITING
from storage import schema
from storage.database import Database

THREADS = WAITING + 8
LONGEST_GOODBYE_S = 10
LARGEST_REQUEST = 2 * 1024 * 1024
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


def web(database: Database, app: App | None) -> Flask:
    """`/healthz` and `/readyz`, and all Slack traffic at `/slack/events` where `app` is served over HTTP."""
    flask = Flask("apuntador", static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    flask.add_url_rule("/healthz", view_func=lambda: Response("ok\n", mimetype="text/plain"), endpoint="healthz")
    flask.add_url_rule("/readyz", view_func=lambda: _readiness(database), endpoint="readyz")
    if app is not None:
        flask.add_url_rule("/slack/events", view_func=lambda: _slack(app), methods=["POST"], endpoint="slack")
    return flask


def _slack(app: App) -> Response:
    """Bolt reads a request before it looks at the signature: what it cannot read comes from nobody it should serve."""
    try:
        asked = to_bolt_request(request)
    except UNREADABLE:
        return Response(status=HTTPStatus.BAD_REQUEST)
    return to_flask_response(app.dispatch(asked))


def _readiness(database: Database) -> Response:
    try:
        ready = schema.is_current(database)
    except Exception:  # noqa: BLE001  whatever the database says, it is not ready
        ready = False
    return Response("ready\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")


def _address(host: str) -> str:
    """One address, IPv4 first: of a name with two, waitress would make two servers."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return str(min(found, key=lambda each: each[0] != socket.AF_INET)[4][0])


class WebServer:
    """Waitress with an orderly end: its own would drop the requests that wait for a thread."""

    def __init__(self, flask: Flask, *, host: str, port: int) -> None:
        self._server: Any = create_server(
            flask, host=_address(host), port=port, threads=THREADS, ident="apuntador",
            max_request_body_size=LARGEST_REQUEST,
        )  # fmt: skip
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web")

    @property
    def port(self) -> int:
        return int(self._server.effective_port)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Accept nothing more, answer what has come, end.

        The loop may have woken by itself and ended already: what wakes it is closed here, after it was used.
        """
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join()
        wasyncore.close_all(self._channels)

    @property
    def _channels(self) -> Any:
        return self._server._map  # noqa: SLF001  waitress has no other name for it

    def _run(self) -> None:
        channels = self._channels
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=channels, count=1)
        wasyncore.dispatcher.close(self._server)
        while self._is_busy():
            wasyncore.loop(timeout=0.1, use_poll=True, map=channels, count=1)
        self._server.task_dispatcher.shutdown()

    def _is_busy(self) -> bool:
        return any(c.requests or c.total_outbufs_len for c in list(self._server.active_channels.values()))


class SocketLine(SocketModeHandler):
    """Socket Mode with an orderly end: what is being answered is acknowledged before the connection goes."""

    def __init__(self, app: App, app_token: str, *, web_client: WebClient) -> None:
        self._under_way = 0
        self._leaving = False
        self._quiet = threading.Condition()
        super().__init__(app, app_token, web_client=web_client, concurrency=THREADS)

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Once leaving, a request is not acknowledged: Slack gives it to another connection, or says so."""
        with self._quiet:
            if self._leaving:
                return
            self._under_way += 1
        try:
            super().handle(client, req)  # type: ignore[arg-type]
        finally:
            with self._quiet:
                self._under_way -= 1
                self._quiet.notify_all()

    def leave(self) -> None:
        with self._quiet:
            self._leaving = True
            self._quiet.wait_for(lambda: not self._under_way, timeout=LONGEST_GOODBYE_S)
        self.close()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Open:
    """What runs, in the order in which it ends: doors first, then the work that was let in, then the rest."""

    web: WebServer
    leave_slack: Callable[[], None]
    pools: tuple[Executor, ...]
    database: Database
    stop_ticking: Callable[[], None] = lambda: None
    hurry: Callable[[], None] = lambda: None

    def close(self) -> None:
        self.leave_slack()
        self.web.stop()
        for pool in self.pools:
            pool.shutdown(wait=True)
        self.stop_ticking()
        self.database.close()

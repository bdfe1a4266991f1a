"""Waitress on loopback, in a thread, with a clean end; port 0 takes a free one."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from waitress.server import create_server
from waitress.wasyncore import close_all, loop

THREADS = 24


class Server:
    def __init__(self, flask: Flask, port: int) -> None:
        self._map: dict[int, Any] = {}
        made: Any = create_server(
            flask, host="127.0.0.1", port=port, threads=THREADS, map=self._map, clear_untrusted_proxy_headers=True
        )
        self._server = made
        self.port = int(self._server.effective_port)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="playground", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """The loop ends before its sockets are closed, and what wakes it is among them."""
        self._server.task_dispatcher.shutdown(timeout=2)
        self._stopping.set()
        self._server.trigger.pull_trigger()
        self._thread.join(5)
        close_all(self._map, ignore_all=True)

    def _run(self) -> None:
        while not self._stopping.is_set():
            loop(timeout=1, use_poll=True, map=self._map, count=1)

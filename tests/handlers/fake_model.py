"""A language model in a box: an endpoint on this machine that answers as it is told to, well or badly."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler, "FakeModel"], None]


class FakeModel:
    """`answers` in order, the last again and again; what was asked stands in `requests`."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.released = Event()
        self.arrived = Event()
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                model._answer(self)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def left(self) -> str:
        """All that was said to it, but for the tools and instructions, which are the same for everybody."""
        return "\n".join(str(each["messages"][-1]["content"]) for each in self.requests)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        self.requests.append({**json.loads(body), "path": handler.path})
        self.headers.append({name.lower(): value for name, value in handler.headers.items()})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.arrived.set()
        try:
            answer(handler, self)
        except OSError:
            handler.close_connection = True


@contextmanager
def running() -> Iterator[FakeModel]:
    model = FakeModel()
    thread = Thread(target=lambda: model.server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.released.set()
        model.server.shutdown()
        model.server.server_close()
        thread.join()


def _send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"content-type": "application/json", "content-length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _message(finish: str = "stop", **message: Any) -> Answer:
    said = {"role": "assistant", "content": None, **message}
    body = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": finish, "message": said}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }  # fmt: skip
    return raw(json.dumps(body).encode())


def call(name: str, arguments: Any) -> dict[str, Any]:
    given = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {"id": f"c-{name}", "type": "function", "function": {"name": name, "arguments": given}}


def chooses(name: str, **arguments: Any) -> Answer:
    return _message("tool_calls", tool_calls=[call(name, arguments)])


def chooses_as_written(name: str, arguments: str) -> Answer:
    return _message("tool_calls", tool_calls=[call(name, arguments)])


def chooses_two() -> Answer:
    return _message("tool_calls", tool_calls=[call("risks", {}), call("alerts", {})])


def says(text: str) -> Answer:
    return _message(content=text)


def declines() -> Answer:
    return _message(refusal="I cannot help with that.")


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    return lambda handler, _: _send(handler, body, status, **headers)


def fails(status: int) -> Answer:
    return raw(b'{"error": {"message": "secret of the model"}}', status)


def redirects(url: str) -> Answer:
    return lambda handler, _: _send(handler, b"", 307, location=url)


def hangs() -> Answer:
    return lambda _, model: model.released.wait(30) and None


def drips() -> Answer:
    """A byte now and then, so that no wait for the next one is long."""

    def answer(handler: BaseHTTPRequestHandler, model: FakeModel) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.end_headers()
        while not model.released.wait(0.02):
            handler.wfile.write(b" ")

    return answer


def never_ends() -> Answer:
    def answer(handler: BaseHTTPRequestHandler, model: FakeModel) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.end_headers()
        while not model.released.is_set():
            handler.wfile.write(b" " * 65536)

    return answer


def hangs_up() -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: FakeModel) -> None:
        handler.close_connection = True
        handler.connection.close()

    return answer


def anthropic(*content: dict[str, Any]) -> Answer:
    body = {
        "id": "1", "type": "message", "role": "assistant", "model": "m", "content": list(content),
        "stop_reason": "tool_use" if content[-1]["type"] == "tool_use" else "end_turn", "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    return raw(json.dumps(body).encode())

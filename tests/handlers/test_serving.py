"""The house's doors over HTTP: who knocks wrongly is sent away, and what was let in is answered before the end."""

import http.client
import json
import socket
import threading
import time
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask

from handlers.serving import LARGEST_REQUEST, WebServer
from tests.stage import Stage

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def knock(stage: Stage, body: bytes, kind: str = FORM, *, path: str = "/slack/events", method: str = "POST",
          **headers: str) -> tuple[int, str]:  # fmt: skip
    connection = http.client.HTTPConnection(urlsplit(stage.slack.app_url).netloc, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": kind, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def signed(stage: Stage, body: bytes, *, at: int | None = None) -> dict[str, str]:
    return stage.slack.courier.signed(body, at=at)


def asked(**more: str) -> bytes:
    return urlencode({"command": "/health", "text": "acme", "user_id": "U0ANA", "channel_id": "D0U0ANA",
                      "team_id": "T0MARQUESINA", "trigger_id": "1.2", **more}).encode()  # fmt: skip


def test_who_does_not_sign_is_sent_away(stage: Stage) -> None:
    body = asked()
    assert knock(stage, body)[0] == 401
    assert knock(stage, body, **signed(stage, body + b"x"))[0] == 401
    assert knock(stage, body, **signed(stage, body, at=int(time.time()) - 600))[0] == 401
    assert knock(stage, body, **signed(stage, body, at=int(time.time()) + 600))[0] == 401
    wrong = signed(stage, body) | {"X-Slack-Signature": "v0="}
    assert knock(stage, body, **wrong)[0] == 401
    soon = signed(stage, body) | {"X-Slack-Request-Timestamp": "soon"}
    assert knock(stage, asked(response_url=f"{stage.slack.url}response/none"), **soon)[0] in {400, 401}
    assert not [request for request in stage.slack.requests if request.method != "auth.test"]


TEAM = {"team_id": "T0MARQUESINA"}
WHO = {"user": {"id": "U0ANA"}, "team": {"id": "T0MARQUESINA"}}
MESSAGE = {"type": "message", "channel_type": "im", "channel": "D0U0ANA", "text": "hi"}
VIEW = {"id": "V1", "type": "modal", "callback_id": "nothing", "private_metadata": "{}", "state": {"values": {}}}


def payload(**said: object) -> tuple[bytes, str]:
    return urlencode({"payload": json.dumps(said)}).encode(), FORM


def event(**said: object) -> tuple[bytes, str]:
    return json.dumps(said).encode(), JSON


BROKEN = {
    "not JSON": (b"{", JSON),
    "a list": (b"[]", JSON),
    "null": (b"null", JSON),
    "a number": (b"7", JSON),
    "empty": (b"", FORM),
    "no words of Slack": (b"hello", FORM),
    "not UTF-8": (b"command=\xff\xfe", FORM),
    "payload not JSON": (urlencode({"payload": "{"}).encode(), FORM),
    "payload a list": (urlencode({"payload": "[]"}).encode(), FORM),
    "deep": (urlencode({"payload": "[" * 100_000}).encode(), FORM),
    "unknown type": event(type="nothing"),
    "event without an event": event(type="event_callback", **TEAM),
    "message without a user": event(type="event_callback", event=MESSAGE, **TEAM),
    "unknown command": (asked(command="/nothing"), FORM),
    "unknown action": payload(type="block_actions", actions=[{"action_id": "no", "type": "button"}], **WHO),
    "unknown form": payload(type="view_submission", view=VIEW, **WHO),
}


@pytest.mark.parametrize(("body", "kind"), BROKEN.values(), ids=BROKEN)
def test_what_is_signed_and_broken_is_no_crash(stage: Stage, body: bytes, kind: str) -> None:
    status, said = knock(stage, body, kind, **signed(stage, body))
    assert status in {200, 400, 401, 404}, said
    assert knock(stage, body, kind)[0] in {400, 401}, "unsigned"
    assert "Traceback" not in said
    assert "Acme Corp" in stage.answer("ana@example.com", "/health", "acme").plain, "and the house stands"


def test_other_doors(stage: Stage) -> None:
    assert knock(stage, b"", path="/healthz", method="GET") == (200, "ok\n")
    assert knock(stage, b"", path="/readyz", method="GET") == (200, "ready\n")
    assert knock(stage, b"", path="/slack/events", method="GET")[0] == 405
    for path in ("/", "/slack/install", "/slack/oauth_redirect", "/static/x", "/api/chat.postMessage", "/../bot.py"):
        assert knock(stage, b"", path=path, method="GET")[0] == 404, path


def test_a_huge_request_is_not_taken_in(stage: Stage) -> None:
    """It is refused by its length, before it is read."""
    where = urlsplit(stage.slack.app_url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as wire:
        head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_REQUEST * 100}\r\n\r\n"
        wire.sendall(head.encode() + b"x" * 1000)
        assert b" 413 " in wire.recv(200)
    body = b"x" * (LARGEST_REQUEST - 1000)
    assert knock(stage, body, **signed(stage, body))[0] in {200, 400, 404}


def test_ready_only_while_the_database_is_there(stage: Stage, monkeypatch) -> None:
    from storage.database import Unreachable

    def refuse(*_args):
        raise Unreachable("somewhere", "gone")

    monkeypatch.setattr(type(stage.desk.database), "_connection", refuse)
    assert knock(stage, b"", path="/readyz", method="GET") == (503, "not ready\n")
    assert knock(stage, b"", path="/healthz", method="GET")[0] == 200


def test_not_ready_before_the_tables_are_todays(sample_database, stage: Stage) -> None:
    from sqlalchemy import text

    with sample_database.changing() as tx:
        tx.execute(text("delete from alembic_version"))
    assert knock(stage, b"", path="/readyz", method="GET")[0] == 503


def test_commands_at_once_are_all_answered_once(stage: Stage) -> None:
    people = ("ana", "luis", "marta", "ben", "chloe", "sofia", "tom", "vic")
    hands = [stage.slack.as_user(f"{name}@example.com") for name in people]
    outcomes = []
    threads = [threading.Thread(target=lambda h=h: outcomes.append(h.command("/health", "globex"))) for h in hands * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.error for outcome in outcomes] == [""] * 24
    stage.slack.wait(lambda: [len(stage.slack.messages(seen_by=h.person.id)) for h in hands] == [3] * 8)


def test_of_a_name_with_two_addresses_one_is_listened_at(monkeypatch) -> None:
    """As `localhost` often has; waitress makes of two addresses a server of another kind."""
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
             (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]  # fmt: skip
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **n: found if host == "both" else real(host, *a, **n))
    server = WebServer(Flask("x"), host="both", port=0)
    server.start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30):
        pass
    server.stop()


def test_the_end_may_come_when_the_loop_has_woken_by_itself() -> None:
    server = WebServer(Flask("empty"), host="127.0.0.1", port=0)
    server.start()
    server._stopping.set()
    server._thread.join()
    server.stop()

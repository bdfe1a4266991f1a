"""A day's conversation at DEBUG: the log says what was asked and how it went, and nothing about anybody."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from handlers import logs
from handlers.accounts import health
from playground import Fault
from storage.tables import accounts, contacts, people, surveys
from tests.stage import Stage

TOKEN, SIGNING, COMMENT = "xoxb-1234-hostile", "5igning-5ecret", "Your support lost our whole month of invoices"
PASSWORD = "postgresql://apuntador:hunter2@db.internal/apuntador"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, stream = list(root.handlers), root.level, io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("json", "DEBUG", secrets=[SIGNING])
    yield stream
    root.handlers[:], root.level = handlers, level


def entries(log: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def hostile(stage: Stage) -> set[str]:
    """Whatever names a customer or a person, and what they said."""
    with stage.desk.database.changing() as tx:
        number = tx.execute(select(accounts.c.number).where(accounts.c.name == "Acme Corp")).scalar_one()
        row = {"response_id": "h", "account": number, "kind": "nps", "score": 2, "comment": COMMENT}
        tx.execute(insert(surveys).values(known_on=stage.desk.today, **row))
        found = set(tx.execute(select(accounts.c.name)).scalars()) | set(tx.execute(select(contacts.c.name)).scalars())
        for column in (people.c.name, people.c.email, contacts.c.email, surveys.c.comment):
            found |= set(tx.execute(select(column)).scalars())
    return {value for value in found if value}


def a_day(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("acme", "Acme Corp", "nobody knows Grace Whitman", "acme factors", "x" * 3000):
        stage.answer("ana@example.com", "/health", text)
    stage.answer("ana@example.com", "/account", "acme")
    stage.answer("ana@example.com", "/cs", "risks all")
    stage.after("ana@example.com", lambda hands: hands.say("renewals 90d"))
    stage.answer("gail@acme.example", "/health", "acme")
    stage.answer("ana@example.com", "/export", "plan acme")

    def broken(ask):
        raise KeyError(COMMENT, TOKEN, SIGNING, ask.caller.email)

    def known_already(ask):
        with ask.database.changing() as tx:
            tx.execute(insert(people), [{"email": ask.caller.email, "role": COMMENT, "known_on": ask.today}])

    for fails in (broken, known_already):
        with monkeypatch.context() as patched:
            patched.setattr(health, "account_in", lambda _tx, ask, *_a, fails=fails, **_k: fails(ask))
            assert "number" in stage.answer("ben@example.com", "/health", "Acme Corp").plain
    stage.failing.add("chat.postMessage")
    stage.slack.fail_next("chat.postMessage", Fault(error="not_in_channel"))
    stage.after("ben@example.com", lambda hands: hands.say("health acme"))
    logging.getLogger("apuntador.anything").warning("%s at %s", TOKEN, PASSWORD)
    logging.getLogger("slack_sdk.web").error("refused for ana@example.com with %s", SIGNING)


def test_tokens_and_people_are_never_in_the_log(stage: Stage, log: io.StringIO, monkeypatch) -> None:
    values = hostile(stage)
    a_day(stage, monkeypatch)
    said = log.getvalue()
    assert "Traceback" in said
    assert "KeyError" in said
    assert "IntegrityError (SQLITE_CONSTRAINT" in said
    assert "SlackApiError (not_in_channel)" in said
    leaked = {value for value in values | {TOKEN, SIGNING, COMMENT, "hunter2", stage.slack.bot_token} if value in said}
    assert not leaked
    assert not re.findall(r"[\w.]+@[\w.]+", said)


def test_a_line_for_each_request_says_how_it_went(stage: Stage, log: io.StringIO, monkeypatch) -> None:
    stage.answer("ana@example.com", "/health", "acme")
    stage.answer("sofia@example.com", "/health", "zzzzqqq")
    stage.answer("gail@acme.example", "/health", "acme")

    def broken(*_a, **_k):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(health, "account_in", broken)
        apology = stage.answer("ben@example.com", "/health", "acme").plain
    lines = [entry for entry in entries(log) if entry["logger"] == "apuntador.requests"]
    assert [(e["command"], e["outcome"], e.get("reason"), e["role"]) for e in lines] == [
        ("health", "answered", None, "csm"), ("health", "refused", "input", "lead"),
        ("health", "refused", "outsider", "unknown"), ("health", "failed", None, "csm"),
    ]  # fmt: skip
    assert all(entry["ms"] >= 0 for entry in lines)
    assert len({entry["request"] for entry in lines}) == 4
    assert lines[-1]["request"] in apology, "the number that a person is told stands in the log"


def test_as_text_too(monkeypatch) -> None:
    record = logging.LogRecord("apuntador.requests", logging.INFO, "", 0, "request", (), None)
    record.noted = {"command": "health", "ms": 12}
    line = logs.Discreet(secrets=[], as_json=False).format(record)
    assert line.endswith("INFO apuntador.requests: request command=health ms=12")

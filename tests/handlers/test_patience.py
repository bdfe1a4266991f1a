"""What is ready soon goes with the acknowledgement; nothing is said twice, and nothing holds an acknowledgement up."""

import json
import threading
from threading import Semaphore

import pytest

from handlers.slack import patience
from handlers.slack.patience import LARGEST, PatientAck
from tests.stage import PATIENCE_S, Stage, raised

SAID = {"text": "a card"}


def ways(stage: Stage) -> list[str]:
    return [request.method for request in stage.slack.requests if request.method in {"ack", "response_url"}]


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
def test_an_answer_and_a_refusal_come_with_the_acknowledgement(sample_database, monkeypatch, socket: bool) -> None:
    monkeypatch.setattr(patience, "SOON_S", PATIENCE_S)
    with raised(sample_database, socket=socket) as stage:
        assert "Acme Corp" in stage.answer("ben@example.com", "/health", "acme").plain
        assert "I know no account" in stage.answer("ben@example.com", "/health", "no such thing").plain
        assert "I cannot show account data here" in stage.answer("gail@acme.example", "/health", "acme").plain
        assert ways(stage) == ["ack"] * 3


def test_what_takes_longer_comes_once_a_request_later(stage: Stage, monkeypatch) -> None:
    begin, acknowledged = type(stage.desk.database)._connection, threading.Event()

    def slow(database):
        assert acknowledged.wait(PATIENCE_S)
        return begin(database)

    monkeypatch.setattr(patience, "SOON_S", 0.01)
    monkeypatch.setattr(type(stage.desk.database), "_connection", slow)
    hands = stage.slack.as_user("ben@example.com")

    def ask() -> None:
        assert hands.command("/health", "acme").ok
        acknowledged.set()

    before = len(stage.slack.messages(seen_by="U0BEN"))
    stage.after("ben@example.com", lambda _: ask())
    assert len(stage.slack.messages(seen_by="U0BEN")) == before + 1
    assert ways(stage) == ["response_url"]


def test_what_is_said_first_stands() -> None:
    ack = PatientAck(Semaphore(1))
    assert ack.takes(SAID)
    assert not ack.takes({"text": "another"})
    assert json.loads(ack.response.body) == SAID


@pytest.mark.parametrize(("soon", "waiting"), [(0, 1), (PATIENCE_S, 0)], ids=["long enough", "too many wait already"])
def test_slack_is_not_kept_waiting(monkeypatch, soon: int, waiting: int) -> None:
    monkeypatch.setattr(patience, "SOON_S", soon)
    ack = PatientAck(Semaphore(waiting))
    assert ack.response.body == ""
    assert not ack.takes(SAID)


def test_what_is_too_large_for_a_socket_goes_another_way_and_nobody_waits_for_it() -> None:
    ack = PatientAck(Semaphore(1))
    assert not ack.takes({"text": "x" * LARGEST})
    assert ack.response.body == ""

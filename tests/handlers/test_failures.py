"""What fails is said to the person with a number, and to the log with a traceback and without a secret."""

import logging
import re
import threading

import pytest

from handlers.logs import Discreet
from handlers.slack import patience
from playground import Fault, Message
from playground.tickets import RESPONSE_USES
from storage.database import Unreachable
from tests.stage import PATIENCE_S, Stage, raised

SORRY = {
    "en": r"Something went wrong on my side\. Tell whoever administers me this number: (\w+)",
    "es": r"Algo salió mal de mi lado\. Dile este número a quien me administra: (\w+)",
}


def number(message: Message, language: str = "en") -> str:
    found = re.search(SORRY[language], message.text)
    assert found, message.text
    return found[1]


@pytest.fixture
def gone(stage: Stage, monkeypatch):
    """The database does not answer any more."""

    def refuse(*_args, **_named):
        raise Unreachable("postgresql://somewhere", "connection refused")

    monkeypatch.setattr(type(stage.desk.database), "_connection", refuse)


@pytest.mark.usefixtures("gone")
def test_without_a_database_each_gets_a_number_in_their_language(stage: Stage, caplog) -> None:
    english = number(stage.answer("ben@example.com", "/health", "acme"))
    spanish = number(stage.after("luis@example.com", lambda h: h.say("health acme")), "es")
    mentioned = number(stage.after("ben@example.com", lambda h: h.mention("health acme", channel="C0SUCCESS"),
                                   channel="C0SUCCESS"))  # fmt: skip
    assert len({english, spanish, mentioned}) == 3
    for reference in (english, spanish, mentioned):
        assert f"failed {reference}" in caplog.text
    assert "connection refused" in caplog.text
    assert "Traceback" in caplog.text


def test_a_form_that_cannot_be_saved_says_so(stage: Stage, monkeypatch) -> None:
    card = stage.answer("ben@example.com", "/health", "acme")
    hands = stage.slack.as_user("ben@example.com")
    hands.click(card, text="Log a touch")
    stage.slack.wait(lambda: hands.modal)

    def refuse(*_args):
        raise Unreachable("postgresql://somewhere", "connection refused")

    monkeypatch.setattr(type(stage.desk.database), "_connection", refuse)
    outcome = []
    said = stage.after("ben@example.com", lambda h: outcome.append(h.submit({"subject": "Hello"})))
    assert outcome[0].ok, "acknowledged in time"
    assert number(said)


def test_a_slow_database_delays_no_acknowledgement(stage: Stage, monkeypatch) -> None:
    """Not even of more commands than there are threads: all are acknowledged before the first is answered."""
    begin, answers_again = type(stage.desk.database)._connection, threading.Event()

    def slow(database):
        assert answers_again.wait(3 * PATIENCE_S)
        return begin(database)

    stage.answer("ben@example.com", "/health", "acme")
    monkeypatch.setattr(patience, "SOON_S", 0.01)
    monkeypatch.setattr(type(stage.desk.database), "_connection", slow)
    ben = stage.slack.as_user("ben@example.com")
    before = len(stage.slack.messages(seen_by="U0BEN"))
    outcomes = [ben.command("/health", "acme") for _ in range(40)]
    assert all(outcome.ok for outcome in outcomes)
    assert len(stage.slack.messages(seen_by="U0BEN")) == before
    answers_again.set()
    stage.settle()
    assert len(stage.slack.messages(seen_by="U0BEN")) == before + 40


@pytest.mark.parametrize("way", ["unknown ticket", "used up"])
def test_where_the_reply_is_not_taken_it_comes_as_a_direct_message(stage: Stage, monkeypatch, way: str) -> None:
    stage.failing.add("response_url")
    monkeypatch.setattr(patience, "SOON_S", 0)
    card = stage.answer("ben@example.com", "/health", "acme", channel="C0SUCCESS")
    tickets = stage.slack.tickets
    made = tickets.reply

    def spoiled(*given, **named) -> str:
        ticket = made(*given, **named)
        if way == "used up":
            tickets._replies[ticket].uses = RESPONSE_USES
            return ticket
        return f"{ticket}-gone"

    monkeypatch.setattr(tickets, "reply", spoiled)
    ben = stage.slack.as_user("ben@example.com")
    said = stage.after("ben@example.com", lambda _: ben.command("/health", "acme", channel="C0SUCCESS"))
    assert said.plain == card.plain
    assert said.channel == stage.slack.direct("U0BEN")
    said = stage.after("ben@example.com", lambda _: ben.click(card, text="Who they are"))
    assert "Grace Whitman" in said.plain


@pytest.mark.parametrize(
    "fault", [Fault(status=429, retry_after=0), Fault(error="ratelimited", retry_after=0)], ids=str
)
def test_a_message_that_comes_too_fast_is_sent_again(stage: Stage, fault: Fault) -> None:
    stage.failing.add("chat.postMessage")
    stage.slack.fail_next("chat.postMessage", fault)
    assert "Acme Corp" in stage.after("ben@example.com", lambda h: h.say("health acme")).plain


def test_a_message_that_slack_drops_is_apologised_for(stage: Stage, caplog) -> None:
    stage.failing.add("chat.postMessage")
    stage.slack.fail_next("chat.postMessage", Fault(status=500))
    said = stage.after("ben@example.com", lambda h: h.say("health acme"))
    assert f"failed {number(said)}" in caplog.text


def test_where_not_even_that_can_be_said_the_log_says_it(stage: Stage, caplog) -> None:
    stage.failing.add("chat.postMessage")
    stage.slack.fail_next("chat.postMessage", "channel_not_found", times=2)
    stage.slack.as_user("ben@example.com").say("health acme")
    stage.slack.wait(lambda: "could not be said" in caplog.text)
    assert stage.answer("ben@example.com", "/health", "acme"), "and the bot goes on"


def test_a_button_pressed_too_long_ago_asks_to_press_again(stage: Stage) -> None:
    stage.failing.add("views.open")
    card = stage.answer("ben@example.com", "/health", "acme")
    stage.slack.fail_next("views.open", "expired_trigger_id")
    said = stage.after("ben@example.com", lambda h: h.click(card, text="Log a touch"))
    assert said.plain == "That took me too long. Please press the button again."


@pytest.mark.parametrize("memory", ["", "{}", "[]", '{"about": 5, "language": "xx"}'])
def test_a_form_with_a_spoiled_memory_closes_with_a_number(stage: Stage, memory: str) -> None:
    card = stage.answer("ben@example.com", "/health", "acme")
    hands = stage.slack.as_user("ben@example.com")
    hands.click(card, text="Log a touch")
    stage.slack.wait(lambda: hands.modal)
    hands.modal.body["private_metadata"] = memory
    outcome = []
    said = stage.after("ben@example.com", lambda h: outcome.append(h.submit({"subject": "Hello"})))
    assert number(said)
    assert outcome[0].ok


@pytest.mark.parametrize("style", ["text", "json"])
def test_the_log_holds_no_secret(style: str) -> None:
    bot, app, signing = "xoxb-111-abcDEF", "xapp-1-A-222-fff", "8f742231b10e8888"
    formatter = Discreet(secrets=(bot, app, signing), as_json=style == "json")
    error = RuntimeError(f"token={bot} app={app} with {signing} and xoxp-999-other")
    told = (RuntimeError, error, None)
    line = formatter.format(logging.LogRecord("x", logging.ERROR, __file__, 1, "failed %s", (signing,), told))
    assert "RuntimeError" in line
    for secret in (bot, app, signing, "xoxp-999"):
        assert secret not in line


def test_nothing_of_a_failure_leaks_a_secret(stage: Stage, caplog, monkeypatch) -> None:
    def refuse(*_args):
        raise Unreachable("postgresql://me:***@somewhere", "connection refused")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(type(stage.desk.database), "_connection", refuse)
    stage.answer("ben@example.com", "/health", "acme")
    monkeypatch.undo()
    caplog.set_level(logging.DEBUG)
    stage.failing.add("chat.postMessage")
    stage.slack.fail_next("chat.postMessage", Fault(status=500))
    stage.after("ben@example.com", lambda h: h.say("health acme"))
    formatter = Discreet(secrets=(stage.slack.bot_token, stage.slack.signing_secret), as_json=False)
    log = "\n".join(formatter.format(record) for record in caplog.records)
    assert "Traceback" in log
    assert stage.slack.bot_token not in log
    assert stage.slack.signing_secret not in log


def test_socket_mode_apologises_alike(sample_database, monkeypatch) -> None:
    def refuse(*_args):
        raise Unreachable("postgresql://somewhere", "connection refused")

    with raised(sample_database, socket=True) as stage:
        monkeypatch.setattr(type(stage.desk.database), "_connection", refuse)
        assert number(stage.answer("ben@example.com", "/health", "acme"))

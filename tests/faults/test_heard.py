"""Slack tells events again, late and in any order: each question is answered once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from handlers.delivery.undelivered import KIND
from playground.delivery import Retry
from playground.payloads import event, message_event
from storage.database import Database
from storage.delivery import heard
from tests.stage import TODAY, Stage, raised

PEOPLE = ("ana", "luis", "marta", "ben")


@pytest.fixture
def stage(sample_database: Database):
    with raised(sample_database) as stage:
        yield stage


def said(stage: Stage, person: str, text: str) -> dict:
    """The event of a direct message, as Slack would tell it."""
    hands, workspace = stage.slack.as_user(f"{person}@example.com"), stage.slack.workspace
    channel = hands.direct
    written = workspace.post(channel.id, hands.person.id, text)
    return event(workspace, message_event(workspace, written, channel, "message"), channel=channel)


def answers(stage: Stage, person: str) -> int:
    seen = stage.slack.messages(seen_by=stage.slack.as_user(f"{person}@example.com").person.id)
    return sum(message.user == stage.slack.workspace.app.id for message in seen)


def test_told_again_and_in_any_order(stage: Stage, count) -> None:
    events = {person: said(stage, person, "help") for person in PEOPLE}
    order = [*reversed(PEOPLE), *PEOPLE, *PEOPLE]
    deliver = stage.slack.courier.deliver
    threads = [
        threading.Thread(target=deliver, args=("events_api", events[person], Retry(1, "http_timeout")))
        for person in order
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stage.slack.wait(lambda: all(answers(stage, person) for person in PEOPLE))
    for person in PEOPLE:
        deliver("events_api", events[person], Retry(2, "http_timeout"))
    deliver("events_api", said(stage, "ana", "help"), None)
    stage.slack.wait(lambda: answers(stage, "ana") > 1)
    stage.settle()
    assert [answers(stage, person) for person in PEOPLE] == [2, 1, 1, 1]
    count(f"{len(order) + len(PEOPLE) + 1} deliveries of {len(PEOPLE) + 1} events: {len(PEOPLE) + 1} answers")


def test_forgotten_after_a_day(database: Database) -> None:
    now = datetime.now(UTC)
    with database.changing() as tx:
        assert heard.is_new(tx, "Ev1", at=now)
        assert not heard.is_new(tx, "Ev1", at=now)
        assert heard.is_new(tx, "Ev2", at=now - timedelta(days=2))
        assert heard.purge(tx, before=now - timedelta(days=1)) == 1
        assert not heard.is_new(tx, "Ev1", at=now)
        assert heard.is_new(tx, "Ev2", at=now)


def test_let_in_again_what_was_parked_goes_on(stage: Stage) -> None:
    """The bot is taken out of a channel and invited again: the event of it is enough."""
    import bot
    from handlers.delivery import delivery
    from handlers.slack.doors import Doors
    from storage.delivery import outbox
    from storage.delivery.outbox import Message

    channel = next(c for c in stage.slack.workspace.channels.values() if c.kind == "public" and not c.is_ext_shared)
    app = stage.slack.workspace.app
    stage.slack.workspace.change_channel(channel.id, members=("U0ANA",))
    stage.failing.add("chat.postMessage")
    at = stage.desk
    note = Message("k", KIND, TODAY, {"error": "x", "person": "a@b.c", "channel": None}, at.clock(), channel=channel.id)
    with at.database.changing() as tx:
        outbox.queue(tx, [note])
    boxed = bot.boxed(bot.Settings(_env_file=None), stage.slack)
    office = bot.office(boxed, at, Doors())
    assert delivery.run(office)["parked"] == 1
    stage.slack.app.add(app, stage.slack.workspace.channels[channel.id])
    stage.slack.wait(lambda: delivery.run(office)["posted"])
    assert [m.metadata["event_payload"] for m in stage.slack.messages(channel.id) if m.metadata] == [{"key": "k"}]

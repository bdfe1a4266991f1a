"""An alert that somebody answered changes for everybody who was told of it, in the message that stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from slack_sdk import WebClient
from sqlalchemy import select, update

from handlers.delivery import delivery, digest_plan, redrawing
from handlers.delivery.office import Office
from handlers.slack.doors import Doors
from playground import Fault, Message
from storage.delivery import outbox
from storage.tables import accounts, alerts, people
from tests.stage import TODAY, Stage

ANA, SOFIA = "ana@example.com", "sofia@example.com"
AFTERNOON = datetime(2026, 11, 23, 21, tzinfo=UTC)


def office_of(stage: Stage) -> Office:
    desk = replace(stage.desk, clock=lambda: AFTERNOON)
    line = WebClient(token=stage.slack.bot_token, base_url=stage.slack.api_url, retry_handlers=[])
    return Office(desk, Doors(), line, digest_plan.RENDER)


def post(office: Office, *kinds: str) -> None:
    """What Ana is told today of these kinds, with a Slack id."""
    desk, posted = office.desk, set()
    digest_plan.evaluate(desk.database, desk.policy, day=TODAY)
    mine = [message for message in digest_plan.foreseen(desk) if message.person == ANA and message.kind in kinds]
    with desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == ANA).values(slack_id="U0ANA"))
        outbox.queue(tx, [replace(message, due_at=AFTERNOON) for message in mine])
    while len(posted) < len(mine):
        held = delivery.claim(office)
        if held:
            assert delivery.deliver(office, held) == "posted"
            posted.add(held.id)


@pytest.fixture
def looking(stage: Stage) -> Iterator[Callable[..., Callable[[], int]]]:
    def begun(*kinds: str) -> Callable[[], int]:
        office = office_of(stage)
        post(office, *kinds)
        return redrawing.watching(office)

    return begun


def said(stage: Stage, start: str, channel: str | None = None) -> Message:
    seen = stage.slack.messages(channel or stage.slack.as_user(ANA).direct.id, seen_by="U0ANA")
    return next(m for m in seen if start in m.plain and m.ephemeral_to is None)


def globex(stage: Stage) -> int:
    with stage.desk.database.transaction() as tx:
        query = select(alerts.c.id).join_from(alerts, accounts, alerts.c.account == accounts.c.number)
        wanted = query.where(accounts.c.account_id == "globex", alerts.c.kind == "critical_ticket")
        return tx.execute(wanted).scalar_one()


def test_what_another_takes_leaves_the_digest_that_stands_once(stage: Stage, looking) -> None:
    look = looking("digest")
    other = redrawing.watching(office_of(stage))
    assert "Globex" in said(stage, "Good morning").plain
    posts = posted(stage)
    stage.answer(SOFIA, "/cs", f"alert-take {globex(stage)}")
    assert (look(), other(), look()) == (1, 0, 0), "each answer once, by one replica"
    now = said(stage, "Good morning")
    assert "Globex" not in now.plain
    assert "I'll take it" in now.buttons
    assert posted(stage) == posts, "nobody is notified again"


def posted(stage: Stage) -> int:
    return sum(request.method == "chat.postMessage" for request in stage.slack.requests)


def test_an_urgent_one_says_who_has_it_and_asks_again_when_it_is_given_back(stage: Stage, looking) -> None:
    look = looking("urgent")
    stage.answer(SOFIA, "/cs", f"alert-take {globex(stage)}")
    look()
    taken = said(stage, "Globex")
    assert "Sofía Vega has it" in taken.plain
    assert "I'll take it" not in taken.buttons
    stage.answer(SOFIA, "/cs", f"alert-release {globex(stage)}")
    look()
    assert "I'll take it" in said(stage, "Globex").buttons


def test_the_answer_to_ones_own_click_stays_and_a_snooze_leaves_the_digest(stage: Stage, looking) -> None:
    look = looking("digest")
    hands, digest = stage.slack.as_user(ANA), partial(said, stage, "Good morning")
    hands.click(digest(), text="I'll take it")
    stage.slack.wait(lambda: "is yours" in digest().plain)
    stage.settle()
    assert look() == 0
    assert "Undo" in digest().buttons
    stage.answer(ANA, "/cs", f"snooze-now {globex(stage)} 2026-11-25")
    assert look() == 1
    assert "a critical ticket is escalated, open for 19 days" not in digest().plain


@pytest.mark.parametrize("fault", [Fault(status=429, retry_after=30), Fault(status=503)], ids=["429", "503"])
def test_what_slack_is_too_busy_for_is_drawn_later(stage: Stage, fault: Fault) -> None:
    stage.failing.add("chat.update")
    real = [datetime.now(UTC)]
    office = replace(office_of(stage), moment=lambda _tx: real[0])
    post(office, "digest")
    look = redrawing.watching(office)
    stage.slack.fail_next("chat.update", fault, times=2)
    stage.answer(SOFIA, "/cs", f"alert-take {globex(stage)}")
    waits = [30, 30] if fault.retry_after else [5, 10]
    assert look() == 0
    for seconds, drawn in zip(waits, (0, 1), strict=True):
        real[0] += timedelta(seconds=seconds - 1)
        tried = updates(stage)
        stage.answer(SOFIA, "/cs", f"alert-release {globex(stage)}")
        stage.answer(SOFIA, "/cs", f"alert-take {globex(stage)}")
        assert look() == 0
        assert updates(stage) == tried, "not before Slack has had its time"
        real[0] += timedelta(seconds=1)
        assert look() == drawn
    assert "Globex" not in said(stage, "Good morning").plain
    real[0] += timedelta(hours=1)
    assert look() == 0, "once"


def test_what_slack_will_not_draw_is_not_asked_for_again(stage: Stage) -> None:
    stage.failing.add("chat.update")
    real = [datetime.now(UTC)]
    office = replace(office_of(stage), moment=lambda _tx: real[0])
    post(office, "digest")
    look = redrawing.watching(office)
    stage.slack.fail_next("chat.update", Fault(error="cant_update_message"))
    stage.answer(SOFIA, "/cs", f"alert-take {globex(stage)}")
    assert look() == 0
    real[0] += timedelta(hours=1)
    assert look() == 0


def updates(stage: Stage) -> int:
    return sum(request.method == "chat.update" for request in stage.slack.requests)


def test_a_channel_that_others_read_by_now_is_left_as_it_is(stage: Stage, looking) -> None:
    room = stage.slack.workspace.channels["C0SUCCESS"]
    stage.slack.app.add(stage.slack.workspace.app, room)
    with stage.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == ANA).values(digest_channel=room.id))
    look = looking("digest")
    digest = partial(said, stage, "Good morning", room.id)
    stage.answer(SOFIA, "/cs", f"alert-take {globex(stage)}")
    assert look() == 1, "in a channel too"
    stage.slack.as_user("tom@example.com").share("customer-success", "T0HARBORLIGHT")
    before = digest().plain
    stage.answer(SOFIA, "/cs", f"alert-release {globex(stage)}")
    assert look() == 0
    assert digest().plain == before

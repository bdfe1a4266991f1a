"""Who reads what is urgent is decided when it goes: by the absences that hold then, once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from slack_sdk import WebClient
from sqlalchemy import update

from handlers.ask import Desk
from handlers.delivery import delivery, digest_plan
from handlers.delivery.office import Office
from handlers.slack.doors import Doors
from storage.delivery import outbox
from storage.delivery.outbox import Message
from storage.tables import alerts, people
from storage.tables import outbox as rows
from tests.stage import TODAY, Counter, Stage

ANA, BEN, SOFIA, TOM = "ana@example.com", "ben@example.com", "sofia@example.com", "tom@example.com"
NIGHT, MORNING = datetime(2026, 11, 24, 5, tzinfo=UTC), datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


def at(desk: Desk, moment: datetime) -> Desk:
    return replace(desk, clock=lambda: moment)


def one_waits(desk: Desk) -> Message:
    """One urgent alert of Ana's, at night, for the morning."""
    digest_plan.evaluate(desk.database, desk.policy, day=TODAY)
    with desk.database.changing() as tx:
        tx.execute(update(people).values(digest_hour=12))
    told = digest_plan.foreseen(at(desk, NIGHT))
    message = next(each for each in told if each.kind == "urgent" and each.person == ANA)
    with desk.database.changing() as tx:
        tx.execute(update(alerts).where(alerts.c.id != message.content["alert"]).values(status="closed"))
        outbox.queue(tx, [message])
    return message


def goes_away(desk: Desk, *who: str, deputy: str | None = None, until: date = TODAY + timedelta(9)) -> None:
    with desk.database.changing() as tx:
        absence = {"away_from": TODAY + timedelta(1), "away_until": until, "deputy": deputy}
        tx.execute(update(people).where(people.c.email.in_(who)).values(absence))


def reader(desk: Desk, waits: Message) -> tuple[str, datetime]:
    with desk.database.transaction() as tx:
        (found,) = [each for each in outbox.unbegun(tx, "urgent") if each.key == waits.key]
    return found.person or "", found.due_at.astimezone(UTC)


@pytest.fixture
def morning(stage: Stage) -> Office:
    line = WebClient(token=stage.slack.bot_token, base_url=stage.slack.api_url, retry_handlers=[])
    return Office(at(stage.desk, MORNING), Doors(), line, digest_plan.RENDER)


def said_to(stage: Stage, email: str, told: Message) -> list[str]:
    who = stage.slack.as_user(email)
    seen = stage.slack.messages(who.direct.id, seen_by=who.person.id)
    return [m.plain for m in seen if m.metadata and m.metadata["event_payload"]["key"] == told.key]


def test_who_went_away_over_night_is_not_told_and_their_deputy_is_once(stage: Stage, morning: Office) -> None:
    urgent = one_waits(stage.desk)
    goes_away(stage.desk, ANA, deputy=BEN)
    assert delivery.run(morning) == {"passed_on": 1, "posted": 1}
    assert delivery.run(morning) == {}
    assert said_to(stage, ANA, urgent) == []
    (told,) = said_to(stage, BEN, urgent)
    assert "instead of Ana Ruiz" in told


def test_what_slack_may_have_already_stays_where_it_is_looked_for(stage: Stage, morning: Office) -> None:
    urgent = one_waits(stage.desk)
    with stage.desk.database.changing() as tx:
        tx.execute(update(rows).where(rows.c.kind == "urgent").values(tried_at=datetime.now(UTC)))
    goes_away(stage.desk, ANA, deputy=BEN)
    assert delivery.run(morning) == {"posted": 1}
    assert len(said_to(stage, ANA, urgent)) == 1
    assert said_to(stage, BEN, urgent) == []


def test_while_nobody_is_there_it_waits_for_the_first_one_back(counter: Counter) -> None:
    desk, wednesday = counter.desk, datetime(2026, 11, 25, 7, tzinfo=UTC)
    urgent = one_waits(desk)
    goes_away(desk, ANA, SOFIA)
    goes_away(desk, TOM, until=wednesday.date() - timedelta(1))
    digest_plan.plan(at(desk, NIGHT))
    who, due = reader(desk, urgent)
    assert (who, due.date()) == (ANA, date(2026, 12, 3))
    digest_plan.plan(at(desk, wednesday))
    assert reader(desk, urgent) == (TOM, wednesday + timedelta(hours=1)), "when his quiet hours are over"
    with desk.database.changing() as tx:
        tx.execute(update(people).values(away_from=None, away_until=None))
    digest_plan.plan(at(desk, wednesday))
    assert reader(desk, urgent) == (ANA, wednesday + timedelta(hours=7)), "back sooner, and still asleep"

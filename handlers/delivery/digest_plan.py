"""What is to be told unasked: each person's digest, the team's Monday, and what does not wait. Queued once, by key."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.accounts import Person
from domain.alerts.digests import begins_week, due_at, today
from handlers.alerts import urgent
from handlers.alerts.evaluation import evaluate
from handlers.ask import Desk
from handlers.delivery import readers
from handlers.delivery.office import Render
from handlers.digests import digest, hours, team_digest
from storage import people
from storage.database import Transaction
from storage.delivery import outbox
from storage.delivery.outbox import Message

RENDER: dict[str, Render] = {"digest": digest.render, "team": team_digest.render, "urgent": urgent.render}
DAILY = {"digest", "team"}
READERS = ("csm", "lead", "admin")
TOO_LATE = timedelta(hours=12)


def plan(desk: Desk) -> int:
    """Evaluate, and queue what people are to be told of it; how many messages stood nowhere yet."""
    evaluate(desk.database, desk.policy, day=desk.today)
    with desk.database.transaction() as tx:
        messages = list(_messages(tx, desk))
        everybody = [person for person in people.every(tx) if person.role in READERS]
    with desk.database.changing() as tx:
        for person in everybody:
            hours.move(tx, desk.policy, person, desk.clock())
        readers.pass_on(tx, desk)
        for message in messages:
            if message.kind in DAILY:
                reader = {"person": message.person, "channel": message.channel}
                outbox.merge(tx, message.kind, before=message.told_on, **reader)
        return outbox.queue(tx, messages)


def foreseen(desk: Desk) -> list[Message]:
    """What `plan` would queue by what stands now; nothing is written."""
    with desk.database.transaction() as tx:
        messages = list(_messages(tx, desk))
        stand = outbox.standing(tx, [message.key for message in messages])
    return [message for message in messages if message.key not in stand]


def _messages(tx: Transaction, desk: Desk) -> Iterator[Message]:
    now = desk.clock()
    everybody = people.every(tx)
    for person in everybody:
        if person.role in READERS:
            yield from _digest(desk, person, now)
    yield from _teams(desk, everybody, now)
    yield from urgent.messages(tx, desk, {person.email.lower(): person for person in everybody}, now)


def _digest(desk: Desk, person: Person, now: datetime) -> Iterator[Message]:
    """Of the day it is where they are; one that was missed by half a day is not told any more, the next one is."""
    day = today(person, desk.policy, now)
    due = due_at(person, desk.policy, day)
    if due is None or now - due > TOO_LATE:
        return
    yield Message(hours.key_of(person, day), "digest", day, {}, due, person=person.email)


def _teams(desk: Desk, everybody: list[Person], now: datetime) -> Iterator[Message]:
    by_email = {person.email.lower(): person for person in everybody}
    for email, channel in desk.policy.digests.channels.items():
        lead = by_email.get(email.lower())
        if lead is None:
            continue
        day = today(lead, desk.policy, now)
        due = due_at(lead, desk.policy, day)
        if due is not None and begins_week(lead, desk.policy, day) and now - due <= TOO_LATE:
            content = {"lead": lead.email, "language": lead.language or desk.policy.language}
            yield Message(f"team:{channel}:{day.isoformat()}", "team", day, content, due, channel=channel)

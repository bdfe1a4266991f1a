"""What does not wait for the digest: told at once to whom it concerns, outside their quiet hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.accounts import Person
from domain.alerts.alerts import Alert
from domain.alerts.digests import due_at, may_disturb, today
from domain.policies.policy import Policy
from handlers.alerts.alert_card import day_of, item
from handlers.alerts.due import asked_by, find, items, told_to
from handlers.ask import Ask, Desk, Reply
from handlers.blocks import section
from storage.alerts import alerts
from storage.alerts.alerts import Listed
from storage.database import Transaction
from storage.delivery.outbox import Message
from words import Words

KIND = "urgent"
SOON = timedelta(hours=1)


def messages(tx: Transaction, desk: Desk, people: Mapping[str, Person], now: datetime) -> Iterator[Message]:
    """Each alert once; where the digest comes within the hour, the digest tells it."""
    for listed in alerts.urgent(tx, desk.today):
        person = _reader(desk, listed.alert, people, now)
        if person is None:
            continue
        due = may_disturb(person, desk.policy, now)
        day = today(person, desk.policy, due)
        digest_at = due_at(person, desk.policy, day)
        if digest_at is not None and due <= digest_at <= due + SOON:
            continue
        yield Message(f"urgent:{listed.alert.id}", KIND, day, {"alert": listed.alert.id}, due, person=person.email)


def passed_on(
    tx: Transaction, desk: Desk, waiting: Sequence[Message], people: Mapping[str, Person], now: datetime
) -> Iterator[Message]:
    """Those for whom another reader holds by now, or another moment: somebody is away, or is back."""
    standing = alerts.numbered(tx, [int(message.content["alert"]) for message in waiting])
    for message in waiting:
        listed = standing.get(int(message.content["alert"]))
        person = _reader(desk, listed.alert, people, now) if listed and listed.alert.asks(desk.today) else None
        if person is not None and (found := _for(message, person, desk.policy, now)) != message:
            yield found


def _for(message: Message, person: Person, policy: Policy, now: datetime) -> Message:
    """What is due and whose reader is there goes as it is: how late it is decides more (`delivery/missed.py`)."""
    there = not person.away(today(person, policy, now))
    if message.person == person.email and message.due_at <= now and there:
        return message
    due = may_disturb(person, policy, now)
    return replace(message, person=person.email, due_at=due if due > now else min(due, message.due_at))


def _reader(desk: Desk, alert: Alert, people: Mapping[str, Person], now: datetime) -> Person | None:
    """Who is there when the quiet hours of who would be told now are over: an owner's absence may begin meanwhile."""
    first = people.get((told_to(alert, people, desk.today) or "").lower())
    if first is None:
        return None
    wakes = may_disturb(replace(first, away_from=None, away_until=None), desk.policy, now)
    then = told_to(alert, people, today(first, desk.policy, wakes))
    return people.get((then or "").lower())


def render(desk: Desk, content: Mapping[str, Any], person: Person | None, words: Words) -> Reply:
    """Nothing more to say where somebody has taken it since, or it is over: then that is said in a line."""
    if person is None:
        raise LookupError("what is urgent is for a person")
    ask = Ask(desk, person, words, capability="alerts")
    day, me = day_of(ask), person.email.lower()
    with desk.database.transaction() as tx:
        listed = find(tx, desk, person, int(content["alert"]), day)
    if listed is None or not (listed.alert.asks(day) or _taken(listed)):
        said = words._("Something was urgent, and it is settled by now.")
        return Reply(said, (section(said),))
    said = words._("Somebody has it") if _taken(listed) else words._("An account needs you now")
    each = replace(items(desk, ((listed,),), asked_by(ask), day, me=me)[0], placed_by=None)
    return Reply(said, (section(f"*{said}*"), *item(ask, each, back="")))


def _taken(listed: Listed) -> bool:
    return listed.alert.status == "open" and listed.alert.claimed_by is not None and not listed.alert.wrong_by

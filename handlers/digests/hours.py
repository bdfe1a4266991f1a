"""When one's own digest goes: by the hour, the country and the absence that hold now, also where it waits already."""

from datetime import date, datetime

from domain.accounts import Person
from domain.alerts.digests import DAY, IN_TIME, LONGEST_ABSENCE, due_at, may_disturb, today
from domain.policies.policy import Policy
from storage.database import Transaction
from storage.delivery import outbox


def key_of(person: Person, day: date) -> str:
    return f"digest:{person.email.lower()}:{day.isoformat()}"


def move(tx: Transaction, policy: Policy, person: Person, now: datetime) -> None:
    """Today's goes at its hour; of who is off or away from today, with the next one, which takes its place.

    One that is late by now goes at once, or when its reader's quiet hours are over.
    """
    day = today(person, policy, now)
    ahead = (due_at(person, policy, day + DAY * n) for n in range(LONGEST_ABSENCE))
    moment = next((at for at in ahead if at is not None), None)
    if moment is not None and now - moment > IN_TIME:
        quiet_until = may_disturb(person, policy, now)
        moment = quiet_until if quiet_until > now else moment
    if moment is not None:
        outbox.move(tx, key_of(person, day), moment)

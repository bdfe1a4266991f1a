"""Who is told of an alert: its owner, or who stands in for one who is away; and, on silence, their manager."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.accounts import Person
from domain.alerts.alerts import NO_ACCOUNT, Alert

Because = Literal["owner", "deputy", "manager", "escalated", "admin", "nobody"]
LONGEST = 10


@dataclass(frozen=True, slots=True)
class Recipient:
    """email: in lower case; None where nobody owns it, or it is for whoever administers."""

    email: str | None
    because: Because


def told_to(alert: Alert, people: Mapping[str, Person], day: date) -> tuple[Recipient, ...]:
    """Everybody who is told, the first of them to act. people: by e-mail in lower case.

    Instead of an owner who is away, whoever stands in; an escalated alert goes to the manager besides.
    """
    if alert.owner is None:
        return (Recipient(None, "admin" if alert.account == NO_ACCOUNT or alert.told == "admin" else "nobody"),)
    owner = alert.owner.lower()
    first = stand_in(owner, people, day)
    above = manager(owner, people, day) if alert.escalated_on else None
    if above is None or above == first.email:
        return (first,)
    return (Recipient(above, "escalated"), first)


def stand_in(email: str, people: Mapping[str, Person], day: date) -> Recipient:
    """Whoever is there: the owner, the deputy, the next above them, who administers; while nobody is, the owner.

    email: in lower case. Who does not know the people file keeps what is theirs.
    """
    person = people.get(email)
    if person is None or not person.away(day):
        return Recipient(email, "owner")
    deputy = (person.deputy or "").lower()
    if deputy in people and _hears(people[deputy], day):
        return Recipient(deputy, "deputy")
    if above := manager(email, people, day):
        return Recipient(above, "manager")
    admin = administers(people, day)
    return Recipient(admin, "admin") if admin else Recipient(email, "owner")


def _hears(person: Person, day: date) -> bool:
    """Who may only look at things is told of none."""
    return person.role != "viewer" and not person.away(day)


def administers(people: Mapping[str, Person], day: date) -> str | None:
    """The first of the admins who are there; an e-mail."""
    return min((email for email, person in people.items() if person.role == "admin" and not person.away(day)),
               default=None)  # fmt: skip


def manager(email: str, people: Mapping[str, Person], day: date) -> str | None:
    """Of `email`: the next above who is there; in a circle, or where everybody is away, nobody."""
    person, seen = people.get(email), {email}
    for _ in range(LONGEST):
        above = (person.manager or "").lower() if person else ""
        if not above or above in seen or above not in people:
            return None
        person = people[above]
        seen.add(above)
        if _hears(person, day):
            return above
        deputy = (person.deputy or "").lower()
        if deputy in people and deputy not in seen and _hears(people[deputy], day):
            return deputy
    return None


@dataclass(frozen=True, slots=True)
class Share:
    """owners: whose alerts one is told, oneself and those for whom one stands in; led: whose unanswered ones."""

    owners: tuple[str, ...]
    led: tuple[str, ...]


def share(email: str, people: Mapping[str, Person], day: date) -> Share:
    """Of one who is there; e-mails in lower case. The same as `told_to` says of each alert."""
    standing_in = sorted(
        owner for owner, person in people.items() if person.away(day) and stand_in(owner, people, day).email == email
    )
    led = sorted(owner for owner in people if owner != email and manager(owner, people, day) == email)
    return Share((email, *(owner for owner in standing_in if owner != email)), tuple(led))

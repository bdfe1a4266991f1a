"""Who is to be told of what: each person's share of the open alerts, the most urgent money first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.accounts import Person
from domain.alerts import told
from domain.alerts.alerts import Alert, escalates_on
from domain.playbooks.workdays import Workdays
from domain.risks import Weighs, placed_by
from handlers.ask import Ask, Desk
from storage import people
from storage.alerts import alerts
from storage.alerts.alerts import Listed, Taker
from storage.database import Transaction
from storage.scope import Scope

READERS = {"csm", "lead", "admin"}
ABOVE = {"lead", "admin"}
UNOWNED = 20


@dataclass(frozen=True)
class Item:
    """What needs a person at one account: `listed` is the gravest of it, `also` the rest.

    placed_by: what put it there. goes_on: the day on which it goes to `goes_to`, an e-mail, if nobody answers.
    instead_of: the owner who is away; None: it is the person's own. escalated: nobody has answered it. told_too: the
    name of the manager to whom it went, for its owner. taken_by: the name of another who has it. beside: who has the
    other alerts of the account, by name, and since when.
    """

    listed: Listed
    placed_by: Weighs | None = None
    also: tuple[Listed, ...] = ()
    goes_on: date | None = None
    goes_to: str | None = None
    goes_to_name: str | None = None
    instead_of: str | None = None
    instead_of_name: str | None = None
    escalated: bool = False
    told_too: str | None = None
    taken_by: str | None = None
    beside: tuple[Taker, ...] = ()


@dataclass(frozen=True)
class Due:
    """Of one person on one day. need: at most the policy's cap; waiting: how many more accounts there are.

    good: good news. unowned: what is nobody's, for a lead or admin. stand_in: the name of whoever is told instead of
    one who is away.
    """

    person: Person
    day: date
    need: tuple[Item, ...]
    waiting: int
    good: tuple[Listed, ...]
    unowned: tuple[Listed, ...] = ()
    stand_in: str | None = None


def due(desk: Desk, day: date) -> Iterator[Due]:
    """Everybody who has something; one person at a time. An absent person has nothing: their deputy has it."""
    with desk.database.transaction() as tx:
        everybody = people.directory(tx)
    for person in everybody.values():
        found = due_of(desk, person, day, everybody)
        if found.need or found.good or found.unowned:
            yield found


def due_of(desk: Desk, person: Person, day: date, everybody: Mapping[str, Person] | None = None) -> Due:
    """One person's, whether there is something or not; `day`: theirs, in their time zone."""
    if person.role not in READERS:
        return Due(person, day, (), 0, ())
    with desk.database.transaction() as tx:
        known = everybody or people.directory(tx)
        if person.away(day):
            instead = told.stand_in(person.email.lower(), known, day)
            name = None if instead.because == "owner" else name_of(instead.email, known)
            return Due(person, day, (), 0, (), stand_in=name)
        share = told.share(person.email.lower(), known, day)
        whose = {"owners": share.owners, "escalated_from": share.led, "me": person.email.lower(), "day": day}
        admin = person.role == "admin"
        need = alerts.for_person(tx, **whose, admin=admin, limit=desk.policy.alerts.cap)  # type: ignore[arg-type]
        good = alerts.for_person(tx, **whose, severities=alerts.GOOD)  # type: ignore[arg-type]
        unowned = _unowned(tx, desk, person, day) if person.role in ABOVE else ()
    return Due(
        person,
        day,
        items(desk, need.groups, known, day, me=person.email.lower()),
        need.total - len(need.groups),
        tuple(listed for group in good.groups for listed in group),
        unowned,
    )


def items(
    desk: Desk, groups: tuple[tuple[Listed, ...], ...], everybody: Mapping[str, Person], day: date, *, me: str
) -> tuple[Item, ...]:
    """As they stand on a list, each with what put it there, where it goes on silence, and who is at it already."""
    places = placed_by([group[0].alert.standing for group in groups])
    with desk.database.transaction() as tx:
        takers = alerts.takers(tx, {group[0].alert.account for group in groups}) if groups else {}
    made = (_item(desk, group, place, everybody, day, me) for group, place in zip(groups, places, strict=True))
    return tuple(replace(each, beside=_beside(each, takers, everybody, me)) for each in made)


def _beside(
    item: Item, takers: Mapping[int, Sequence[Taker]], everybody: Mapping[str, Person], me: str
) -> tuple[Taker, ...]:
    alert = item.listed.alert
    others = (each for each in takers.get(alert.account, ()) if each.who not in {me, alert.claimed_by})
    return tuple(replace(each, who=name_of(each.who, everybody) or each.who) for each in others)


def _item(
    desk: Desk, group: tuple[Listed, ...], place: Weighs, everybody: Mapping[str, Person], day: date, me: str
) -> Item:
    alert = group[0].alert
    owner = (alert.owner or "").lower()
    goes_on, goes_to = goes(desk, alert, everybody, day)
    away = owner if owner in everybody and owner != me and everybody[owner].away(day) else None
    return Item(
        listed=group[0],
        placed_by=place,
        also=group[1:],
        goes_on=goes_on,
        goes_to=goes_to,
        goes_to_name=name_of(goes_to, everybody),
        instead_of=away,
        instead_of_name=name_of(away, everybody),
        escalated=alert.escalated_on is not None and owner != me,
        told_too=name_of(told.manager(owner, everybody, day), everybody) if _went(alert, owner == me) else None,
        taken_by=name_of(alert.claimed_by, everybody) if alert.claimed_by != me else None,
    )


def _went(alert: Alert, mine: bool) -> bool:
    return mine and alert.escalated_on is not None and alert.claimed_by is None


def name_of(email: str | None, everybody: Mapping[str, Person]) -> str | None:
    person = everybody.get(email) if email else None
    return person.name if person else email


def goes(desk: Desk, alert: Alert, everybody: Mapping[str, Person], day: date) -> tuple[date | None, str | None]:
    """When an alert goes to whom if nobody answers; (None, None) where it does not."""
    on = escalates_on(alert, desk.policy.alerts.escalate_days, Workdays(desk.policy.country))
    above = told.manager(alert.owner.lower(), everybody, on) if on and alert.owner else None
    return (max(on, day), above) if on and above else (None, None)


def told_to(alert: Alert, everybody: Mapping[str, Person], day: date) -> str | None:
    """Who is to act on it, as an e-mail: its owner or who stands in; of what is nobody's, whoever administers."""
    first = told.told_to(alert, everybody, day)[0]
    return first.email if first.email in everybody else told.administers(everybody, day)


def _unowned(tx: Transaction, desk: Desk, person: Person, day: date) -> tuple[Listed, ...]:
    scope = Scope(person, desk.policy.visibility)
    found = alerts.page(tx, scope, day=day, unowned=True, limit=UNOWNED)
    return tuple(group[0] for group in found.groups)


def stands_in_for(person: Person, everybody: Mapping[str, Person], day: date) -> tuple[str, ...]:
    """Whose alerts are one's own to answer while they are away."""
    me = person.email.lower()
    return tuple(owner for owner in told.share(me, everybody, day).owners if owner != me) if me in everybody else ()


def find(tx: Transaction, desk: Desk, person: Person, number: int, day: date) -> Listed | None:
    """An alert that a person may see: of their scope, or of somebody for whom they stand in."""
    everybody = people.directory(tx)
    owners = stands_in_for(person, everybody, day)
    return alerts.get(tx, number, Scope(person, desk.policy.visibility), owners)


def asked_by(ask: Ask) -> Mapping[str, Person]:
    """Everybody, for lists that a person asks for."""
    with ask.database.transaction() as tx:
        return people.directory(tx)

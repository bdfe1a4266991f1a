"""Alerts: the lists that people look at, and what people do with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, case, func, or_, select, update

from domain.alerts.alerts import NO_ACCOUNT, Alert, Severity
from domain.playbooks.plays import LIVE
from storage import changes
from storage.alerts.rows import COLUMNS, read
from storage.database import Transaction
from storage.facts.asof import DAY
from storage.importing import standing
from storage.scope import Scope, is_nobodys
from storage.tables import accounts, alerts, plays
from storage.within import Condition, is_one_of, one

WHOLE = {"own", "team", "all"}
GRAVE: tuple[Severity, ...] = ("urgent", "high", "normal", "good")
GOOD: tuple[Severity, ...] = ("good",)
NEED: tuple[Severity, ...] = ("urgent", "high", "normal")


@dataclass(frozen=True, slots=True)
class Listed:
    """An alert on a list; account_id and name are None where it is of no account.

    answered: the playbook that it proposes runs there already.
    """

    alert: Alert
    account_id: str | None
    name: str | None
    segment: str | None = None
    csm: str | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Taker:
    """Who has alerts of an account, and since which day."""

    who: str
    since: date


@dataclass(frozen=True, slots=True)
class Page:
    """The first of an order, those of one account together, the gravest of them first; `total`: of accounts.

    What is of no account stands by itself and counts for one.
    """

    groups: tuple[tuple[Listed, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Of one rule over a period: alerts that were opened in it, and what became of them."""

    kind: str
    raised: int
    acted: int
    wrong: int
    open: int


def page(
    tx: Transaction,
    scope: Scope,
    *,
    day: date,
    mine: str | None = None,
    severities: Collection[Severity] = NEED,
    kinds: Collection[str] | None = None,
    unowned: bool = False,
    owners: Collection[str] = (),
    offset: int = 0,
    limit: int | None = None,
) -> Page:
    """Open ones that are neither put off nor called wrong, the most urgent money first; three queries.

    mine: an e-mail, of whom those that somebody else has taken are left out. unowned: only what nobody owns. owners:
    for whom the viewer stands in: theirs are seen besides.
    """
    wanted = [*_shown(day), alerts.c.severity.in_(severities), _visible(scope, owners)]
    if mine is not None:
        wanted.append(or_(alerts.c.claimed_by.is_(None), alerts.c.claimed_by == mine.lower()))
    if kinds is not None:
        wanted.append(alerts.c.kind.in_(kinds))
    if unowned:
        wanted += [is_nobodys(alerts.c.owner), alerts.c.account != NO_ACCOUNT, alerts.c.claimed_by.is_(None)]
    return _ranked(tx, and_(*wanted), offset, limit)


def for_person(
    tx: Transaction,
    owners: Collection[str],
    *,
    escalated_from: Collection[str] = (),
    me: str,
    day: date,
    severities: Collection[Severity] = NEED,
    admin: bool = False,
    limit: int | None = None,
) -> Page:
    """What one person is to be told, the most urgent money first: three queries.

    owners: theirs, and of those for whom they stand in. escalated_from: of whom they get what was not answered.
    admin: what is of no account too. What another has taken, is put off, was called wrong or is quiet is not in it.
    """
    told: list[ColumnElement[bool]] = [alerts.c.owner.in_(list(owners))]
    if escalated_from:
        told.append(and_(alerts.c.escalated_on.is_not(None), alerts.c.owner.in_(list(escalated_from))))
    if admin:
        told.append(and_(alerts.c.owner.is_(None), alerts.c.told == "admin"))
    free = or_(alerts.c.claimed_by.is_(None), alerts.c.claimed_by == me)
    wanted = (*_shown(day), ~alerts.c.quiet, free, alerts.c.severity.in_(severities), or_(*told))
    return _ranked(tx, and_(*wanted), 0, limit)


def urgent(tx: Transaction, day: date) -> list[Listed]:
    """What was opened on a day and does not wait for the digest."""
    wanted = (*_shown(day), alerts.c.severity == "urgent", alerts.c.opened_on == day, ~alerts.c.quiet)
    return [_listed(row) for row in tx.execute(_query().where(*wanted, alerts.c.claimed_by.is_(None)))]


def takers(tx: Transaction, numbers: Collection[int]) -> dict[int, list[Taker]]:
    """Who is at it already, by the number of an account that the reader sees; the first of them first."""
    theirs = (alerts.c.account.in_(numbers), alerts.c.account != NO_ACCOUNT, alerts.c.claimed_by.is_not(None))
    open_ones = (alerts.c.status == "open", alerts.c.wrong_by.is_(None), alerts.c.severity.in_(NEED))
    since = func.min(func.coalesce(alerts.c.claimed_on, alerts.c.opened_on))
    query = select(alerts.c.account, alerts.c.claimed_by, since).where(*theirs, *open_ones)
    found: dict[int, list[Taker]] = {}
    for account, who, first in tx.execute(query.group_by(alerts.c.account, alerts.c.claimed_by).order_by(since)):
        found.setdefault(account, []).append(Taker(who, first))
    return found


def numbered(tx: Transaction, numbers: Collection[int]) -> dict[int, Listed]:
    """Whatever their status; for who decides whom to tell."""
    return {row.id: _listed(row) for row in tx.execute(_query().where(alerts.c.id.in_(numbers)))}


def get(tx: Transaction, number: int, scope: Scope, owners: Collection[str] = ()) -> Listed | None:
    """Whatever its status; owners: for whom the viewer stands in."""
    row = tx.execute(_query().where(alerts.c.id == number, _visible(scope, owners))).one_or_none()
    return None if row is None else _listed(row)


def of_account(tx: Transaction, number: int, scope: Scope, *, day: date) -> list[Listed]:
    """Open ones of one account, the most urgent first."""
    rows = one(number, scope).ask(tx, _of_account, day=day)
    return sorted(map(_listed, rows), key=_gravest)


def _of_account(where: Condition) -> Select[Any]:
    return _query().where(where, *_shown(DAY))


def claim(tx: Transaction, number: int, *, who: str, at: datetime, on: date, origin: str = "modal") -> int | None:
    """Take it; the id of the change, None where it is closed, or somebody has it already (also oneself)."""
    changes.take_turn(tx)
    row = _row(tx, number)
    if row is None or row["status"] != "open" or row["claimed_by"]:
        return None
    values = {"claimed_by": who.lower(), "claimed_on": on, "acted_on": row["acted_on"] or on, "snoozed_until": None}
    return _edit(tx, number, values, who=who, at=at, on=on, origin=origin)


def release(tx: Transaction, number: int, *, who: str, at: datetime, on: date, origin: str = "modal") -> int | None:
    """Give back what one has taken."""
    changes.take_turn(tx)
    row = _row(tx, number)
    if row is None or row["claimed_by"] != who.lower():
        return None
    return _edit(tx, number, {"claimed_by": None, "claimed_on": None}, who=who, at=at, on=on, origin=origin)


def snooze(
    tx: Transaction, number: int, until: date, reason: str, *, who: str, at: datetime, on: date, origin: str = "modal"
) -> int | None:
    """Put it off; `until`: the day on which it is back, of the person who puts it off."""
    changes.take_turn(tx)
    row = _row(tx, number)
    if row is None or row["status"] != "open" or row["claimed_by"] not in {None, who.lower()}:
        return None
    values = {"snoozed_until": until, "snooze_reason": reason, "escalated_on": None}
    return _edit(tx, number, values, who=who, at=at, on=on, origin=origin)


def wrong(tx: Transaction, number: int, *, who: str, at: datetime, on: date, origin: str = "modal") -> int | None:
    """It should not have been raised: it counts against its rule and is out of sight until it is over."""
    changes.take_turn(tx)
    row = _row(tx, number)
    if row is None or row["wrong_by"] or row["claimed_by"] not in {None, who.lower()}:
        return None
    return _edit(tx, number, {"wrong_by": who.lower(), "wrong_on": on}, who=who, at=at, on=on, origin=origin)


def reassign(tx: Transaction, number: int, owner: str | None) -> None:
    """Open alerts of an account go with it to whoever has it now; what was answered stays answered."""
    mine = (alerts.c.account == number, alerts.c.told == "csm", alerts.c.status != "closed")
    tx.execute(update(alerts).where(*mine).values(owner=owner.lower() if owner else None, escalated_on=None))


def counts(tx: Transaction, scope: Scope, first: date, last: date) -> list[Figure]:
    """By rule, the most raised first: what was opened first…last."""

    def some(holds: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((holds, 1), else_=0))

    raised = func.count()
    query = (
        select(
            alerts.c.kind, raised, some(alerts.c.acted_on.is_not(None)), some(alerts.c.wrong_by.is_not(None)),
            some(alerts.c.status == "open"),
        )
        .outerjoin_from(alerts, accounts, alerts.c.account == accounts.c.number)
        .where(alerts.c.status != "waiting", alerts.c.opened_on.between(first, last), _visible(scope))
        .group_by(alerts.c.kind)
        .order_by(raised.desc(), alerts.c.kind)
    )  # fmt: skip
    return [Figure(kind, *map(int, figures)) for kind, *figures in tx.execute(query)]


def _edit(tx: Transaction, number: int, values: Mapping[str, Any], **by: Any) -> int | None:
    return changes.edit(tx, "alerts", {"id": number}, values, **by)


def _row(tx: Transaction, number: int) -> Mapping[str, Any] | None:
    row = tx.execute(select(alerts).where(alerts.c.id == number)).mappings().one_or_none()
    return None if row is None else dict(row)


def _shown(day: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    back = or_(alerts.c.snoozed_until.is_(None), alerts.c.snoozed_until <= day)
    return alerts.c.status == "open", alerts.c.wrong_by.is_(None), back


def _visible(scope: Scope, owners: Collection[str] = ()) -> ColumnElement[bool]:
    """Of accounts, those of the scope and of the owners; of none, one's own, and all for who administers."""
    of_accounts = and_(alerts.c.account != NO_ACCOUNT, scope.where())
    if owners:
        of_accounts = or_(of_accounts, and_(alerts.c.account != NO_ACCOUNT, alerts.c.owner.in_(list(owners))))
    if scope.viewer is None or any(wanted.kind not in WHOLE for wanted in scope.filters):
        return of_accounts
    mine = alerts.c.account == NO_ACCOUNT
    if scope.viewer.role not in {"admin", "operator"}:
        mine = and_(mine, alerts.c.owner == scope.viewer.email.lower())
    return or_(of_accounts, mine)


def _query() -> Select[Any]:
    named = (accounts.c.account_id, accounts.c.name, accounts.c.segment, accounts.c.csm)
    proposed = (
        plays.c.account == alerts.c.account,
        plays.c.playbook == alerts.c.playbook,
        is_one_of(plays.c.status, LIVE),
    )
    answered = select(plays.c.play_id).where(*proposed).correlate(alerts).exists().label("answered")
    return select(*COLUMNS, *named, answered).outerjoin_from(alerts, accounts, alerts.c.account == accounts.c.number)


def _ranked(tx: Transaction, wanted: ColumnElement[bool], offset: int, limit: int | None) -> Page:
    """Accounts by the most urgent money of their alerts, after what is of none; three queries, whatever the number."""
    own = case((alerts.c.account == NO_ACCOUNT, -alerts.c.id), else_=alerts.c.account)
    most = func.max(alerts.c.priority)
    joined = select(own, most).outerjoin_from(alerts, accounts, alerts.c.account == accounts.c.number)
    grouped = joined.where(wanted).group_by(own)
    house_first = case((own < 0, 0), else_=1)
    ordered = grouped.order_by(house_first, most.desc(), own).limit(limit).offset(offset)
    order = [number for number, _ in tx.execute(ordered)]
    if not order:
        return Page((), 0 if not offset else _counted(tx, grouped))
    rows = tx.execute(standing.matching(tx, _query().where(wanted), own, order))
    groups: dict[int, list[Listed]] = {number: [] for number in order}
    for row in rows:
        groups[row.account or -row.id].append(_listed(row))
    ranked = tuple(tuple(sorted(groups[number], key=_gravest)) for number in order)
    return Page(ranked, len(order) if limit is None and not offset else _counted(tx, grouped))


def _counted(tx: Transaction, grouped: Select[Any]) -> int:
    return tx.execute(select(func.count()).select_from(grouped.subquery())).scalar_one()


def _gravest(listed: Listed) -> tuple[int, float, int]:
    return GRAVE.index(listed.alert.severity), -listed.alert.standing.priority, listed.alert.id


def _listed(row: Sequence[Any]) -> Listed:
    return Listed(read(row), *row[len(COLUMNS) :])

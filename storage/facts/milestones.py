"""What a customer reached on the way: activated, converted, onboarded, first value; and whom it introduced."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select

from domain.facts import Milestone
from domain.funnel import Entry, month_12
from storage import accounts as storage_accounts
from storage.database import Transaction
from storage.facts.asof import DAY, AsOf, known
from storage.scope import Scope
from storage.tables import accounts, milestones, referrals, revenue_changes
from storage.within import Condition, Within

STEPS = ("acquired", "activated", "converted")
KINDS = ("external", "internal")


def reached(tx: Transaction, within: Within, seen: AsOf) -> dict[int, list[Milestone]]:
    """By account: the first time that each was reached, in order."""
    found: dict[int, list[Milestone]] = defaultdict(list)
    for number, milestone, day in within.ask(tx, _reached, **seen.values):
        found[number].append(Milestone(milestone, day))
    return found


def _reached(where: Condition) -> Select[Any]:
    first = func.min(milestones.c.reached_on)
    return (
        select(milestones.c.account, milestones.c.milestone, first)
        .join_from(milestones, accounts, milestones.c.account == accounts.c.number)
        .where(where, milestones.c.reached_on <= DAY, known(milestones))
        .group_by(milestones.c.account, milestones.c.milestone)
        .order_by(first, milestones.c.milestone)
    )


def entries(tx: Transaction, scope: Scope, today: date, *, since: date | None = None) -> Iterator[Entry]:
    """How far each account of the scope got that entered by today; two queries a page of accounts."""
    for first, last in storage_accounts.number_ranges(tx, scope=scope):
        within = and_(accounts.c.number.between(first, last), scope.where())
        paid = _paid(tx, within, today)
        for row in tx.execute(_steps(first, last, within, today)):
            days = paid.get(row.number, [])
            first_paid = next((day for day, amount in days if amount > 0), None)
            entered = row.acquired or row.customer_since or first_paid
            if entered and entered <= today and (since is None or entered >= since):
                yield _entry(row, entered, days, month_12(first_paid, today))


def _entry(row: Any, entered: date, days: list[tuple[date, Any]], due: date | None) -> Entry:
    return Entry(
        entered=entered,
        activated=row.activated is not None,
        converted=row.converted is not None,
        retained=None if due is None else _amount(days, due) > 0,
        paying=bool(days) and days[-1][1] > 0,
        external=bool(row.external),
        internal=bool(row.internal),
    )


def _amount(days: list[tuple[date, Any]], on: date) -> Any:
    """What it paid on a day."""
    return next((amount for day, amount in reversed(days) if day <= on), 0)


def _steps(first: int, last: int, within: ColumnElement[bool], today: date) -> Any:
    """The page is named in the inner queries too, so that each reads no more than it."""
    steps = _milestones(milestones.c.account.between(first, last), today)
    introduced = _introduced(referrals.c.account.between(first, last), today)
    columns = (*(steps.c[step] for step in STEPS), *(introduced.c[kind] for kind in KINDS))
    joined = select(accounts.c.number, accounts.c.customer_since, *columns).select_from(accounts)
    joined = joined.outerjoin(steps, steps.c.account == accounts.c.number)
    return joined.outerjoin(introduced, introduced.c.account == accounts.c.number).where(within)


def _milestones(page: ColumnElement[bool], today: date) -> Subquery:
    def first(step: str) -> ColumnElement[Any]:
        return func.min(case((milestones.c.milestone == step, milestones.c.reached_on))).label(step)

    query = select(milestones.c.account, *map(first, STEPS)).where(page, milestones.c.reached_on <= today)
    return query.group_by(milestones.c.account).subquery()


def _introduced(page: ColumnElement[bool], today: date) -> Subquery:
    """Only asking is no referral; one without a kind is external."""

    def count(kind: str) -> ColumnElement[Any]:
        return func.sum(case((func.coalesce(referrals.c.kind, "external") == kind, 1), else_=0)).label(kind)

    come = or_(referrals.c.introduced_on <= today, referrals.c.converted_on <= today)
    query = select(referrals.c.account, *map(count, KINDS)).where(page, come)
    return query.group_by(referrals.c.account).subquery()


def _paid(tx: Transaction, within: ColumnElement[bool], today: date) -> dict[int, list[tuple[date, Any]]]:
    """By account: the annual amount from each day of a change on; several currencies are summed, for their sign."""
    change, known = revenue_changes, and_(revenue_changes.c.day <= today, revenue_changes.c.known_on <= today)
    total = func.sum(change.c.delta, type_=change.c.delta.type)
    query = select(change.c.account, change.c.day, total).join_from(
        change, accounts, change.c.account == accounts.c.number
    )
    found: dict[int, list[tuple[date, Any]]] = defaultdict(list)
    for number, day, delta in tx.execute(
        query.where(within, known).group_by(change.c.account, change.c.day).order_by(change.c.account, change.c.day)
    ):
        mine = found[number]
        mine.append((day, delta + (mine[-1][1] if mine else 0)))
    return found

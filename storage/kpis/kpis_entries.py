"""Accounts by the day they came: how far they got, and whether they paid on after their first renewal."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.days import add_months
from domain.kpis.kpis_values import Entries
from domain.periods import Period
from storage.database import Transaction
from storage.tables import accounts, milestones, revenue_changes, subscriptions

Condition = ColumnElement[bool]
YEAR, PAGE = 12, 1000


def entries(tx: Transaction, within: Condition, period: Period, today: date) -> Entries:
    """Acquired in the period, of those activated, of those converted; and days to the first value."""
    steps = {
        name: first_reached(name, within, today).subquery(name)
        for name in ("acquired", "activated", "converted", "first_value")
    }
    acquired, activated, converted = (steps[name] for name in ("acquired", "activated", "converted"))
    rows = tx.execute(
        select(activated.c.day, converted.c.day)
        .select_from(accounts)
        .join(acquired, acquired.c.account == accounts.c.number)
        .outerjoin(activated, activated.c.account == accounts.c.number)
        .outerjoin(converted, converted.c.account == accounts.c.number)
        .where(within, acquired.c.day.between(period.first, period.last))
    ).all()
    came = _customers(tx, within, period, steps["first_value"])
    return Entries(
        len(rows),
        sum(bool(on) for on, _ in rows),
        sum(bool(on and then) for on, then in rows),
        len(came),
        tuple(sorted((value - since).days for since, value in came if value)),
    )


def _customers(tx: Transaction, within: Condition, period: Period, value: Any) -> list[tuple[date, date | None]]:
    """The day each account that came in the period became a customer, and the day of its first value."""
    since = customer_since()
    query = select(since, value.c.day).select_from(accounts).outerjoin(value, value.c.account == accounts.c.number)
    rows: Any = tx.execute(query.where(within, since.between(period.first, period.last)))
    return [(came, on) for came, on in rows]


def customer_since() -> ColumnElement[date]:
    """The day on which a row of `accounts` became a customer: as told, else the start of its first contract."""
    started = (
        select(func.min(subscriptions.c.starts_on))
        .where(subscriptions.c.account == accounts.c.number)
        .correlate(accounts)
        .scalar_subquery()
    )
    return func.coalesce(accounts.c.customer_since, started)


def first_reached(milestone: str, within: Condition, today: date) -> Any:
    """By account of the scope: the first day on which anybody of it reached the milestone."""
    query = (
        select(milestones.c.account, func.min(milestones.c.reached_on).label("day"))
        .join_from(milestones, accounts, milestones.c.account == accounts.c.number)
        .where(within, milestones.c.milestone == milestone, milestones.c.reached_on <= today)
    )
    return query.group_by(milestones.c.account)


def anniversaries(tx: Transaction, within: Condition, period: Period, today: date) -> tuple[int, int]:
    """Of the accounts that came to their first renewal in the period, how many paid on; and how many they are.

    Without a term that ends after more than a month (month to month, or monthly figures only) it is month 12.
    """
    due = {number: day for number, day in _first_renewals(tx, within, period, today) if day in period}
    paid: dict[int, int] = defaultdict(int)
    numbers = sorted(due)
    for start in range(0, len(numbers), PAGE):
        page = numbers[start : start + PAGE]
        changes = select(revenue_changes.c.account, revenue_changes.c.day, revenue_changes.c.delta).where(
            revenue_changes.c.account.in_(page), _known(period, today)
        )
        for number, day, delta in tx.execute(changes):
            if day <= due[number]:
                paid[number] += delta
    return sum(amount > 0 for amount in paid.values()), len(due)


def _first_renewals(tx: Transaction, within: Condition, period: Period, today: date) -> Iterator[tuple[int, date]]:
    """The accounts that may come to it in the period, each with its day."""
    first = func.min(revenue_changes.c.day)
    began = (
        select(revenue_changes.c.account, first.label("day"))
        .join_from(revenue_changes, accounts, revenue_changes.c.account == accounts.c.number)
        .where(within, _known(period, today), revenue_changes.c.delta > 0)
        .group_by(revenue_changes.c.account)
        .subquery()
    )
    started = (subscriptions.c.account == began.c.account, subscriptions.c.starts_on == began.c.day)
    ends_on = func.min(subscriptions.c.ends_on)
    near = began.c.day.between(add_months(period.first, -YEAR) - timedelta(3), add_months(period.last, -YEAR))
    query = (
        select(began.c.account, began.c.day, ends_on)
        .outerjoin_from(began, subscriptions, and_(*started, subscriptions.c.annual > 0))
        .group_by(began.c.account, began.c.day)
        .having(or_(near, ends_on.between(period.first, period.last)))
    )
    for number, day, ends in tx.execute(query):
        has_term = ends is not None and ends > add_months(day, 1)
        yield number, ends if has_term else add_months(day, YEAR)


def _known(period: Period, today: date) -> Condition:
    return and_(revenue_changes.c.known_on <= today, revenue_changes.c.day <= period.last)

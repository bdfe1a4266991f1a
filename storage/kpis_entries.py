"""Accounts by the day they came: how far they got, and whether they still paid a year later."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from domain.days import add_months
from domain.kpis_values import Entries
from domain.periods import Period
from storage.database import Transaction
from storage.tables import accounts, milestones, revenue_changes, subscriptions

Condition = ColumnElement[bool]
YEAR = 12


def entries(tx: Transaction, within: Condition, period: Period, today: date) -> Entries:
    """Acquired in the period, of those activated, of those converted; and days to the first value."""
    steps = {name: _first(name, today).subquery(name) for name in ("acquired", "activated", "converted", "first_value")}
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
    started = (
        select(func.min(subscriptions.c.starts_on))
        .where(subscriptions.c.account == accounts.c.number)
        .correlate(accounts)
        .scalar_subquery()
    )
    since = func.coalesce(accounts.c.customer_since, started)
    query = select(since, value.c.day).select_from(accounts).outerjoin(value, value.c.account == accounts.c.number)
    rows: Any = tx.execute(query.where(within, since.between(period.first, period.last)))
    return [(came, on) for came, on in rows]


def _first(milestone: str, today: date) -> Any:
    query = select(milestones.c.account, func.min(milestones.c.reached_on).label("day"))
    reached = query.where(milestones.c.milestone == milestone, milestones.c.reached_on <= today)
    return reached.group_by(milestones.c.account)


def anniversaries(tx: Transaction, within: Condition, period: Period, today: date) -> tuple[int, int]:
    """Of the accounts whose first paid year was over in the period, how many paid on; and how many they are."""
    earliest = add_months(period.first, -YEAR) - timedelta(3)
    known = and_(revenue_changes.c.known_on <= today, revenue_changes.c.day <= period.last)
    first = func.min(revenue_changes.c.day)
    query = (
        select(revenue_changes.c.account, first)
        .join_from(revenue_changes, accounts, revenue_changes.c.account == accounts.c.number)
        .where(within, known, revenue_changes.c.delta > 0)
        .group_by(revenue_changes.c.account)
        .having(first >= earliest, first <= add_months(period.last, -YEAR))
    )
    years = {number: add_months(day, YEAR) for number, day in tx.execute(query)}
    due = {number: day for number, day in years.items() if day in period}
    paid: dict[int, int] = defaultdict(int)
    began = query.subquery()
    changes = select(revenue_changes.c.account, revenue_changes.c.day, revenue_changes.c.delta).where(
        known, revenue_changes.c.account.in_(select(began.c.account))
    )
    for number, day, delta in tx.execute(changes):
        if number in due and day <= due[number]:
            paid[number] += delta
    return sum(amount > 0 for amount in paid.values()), len(due)

"""What became of the goals of an account over time: the values that people gave, and the measures of health."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, factors, history

Course = list[tuple[date, Decimal]]


def told(tx: Transaction, number: int, scope: Scope, *, since: date) -> dict[str, Course]:
    """By goal: each value that was said, with its day."""
    query = (
        select(history.c.entity_key, history.c.day, history.c.value)
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(accounts.c.number == number, scope.where(), history.c.entity == "goals", history.c.field == "current")
        .where(history.c.day >= since, history.c.value.is_not(None))
        .order_by(history.c.day)
    )
    found: dict[str, Course] = defaultdict(list)
    for key, day, value in tx.execute(query):
        found[key].append((day, Decimal(value)))
    return dict(found)


def measured(
    tx: Transaction, number: int, scope: Scope, measures: Collection[str], *, since: date
) -> dict[str, Course]:
    """By health measure: its value on each day that is kept, which of long ago are the ends of months."""
    query = (
        select(factors.c.measure, factors.c.day, factors.c.value)
        .join_from(factors, accounts, factors.c.account == accounts.c.number)
        .where(accounts.c.number == number, scope.where(), factors.c.measure.in_(sorted(measures)))
        .where(factors.c.day >= since, factors.c.value.is_not(None))
        .order_by(factors.c.day)
    )
    found: dict[str, Course] = defaultdict(list)
    for measure, day, value in tx.execute(query):
        found[measure].append((day, Decimal(str(round(value, 4)))))
    return dict(found)

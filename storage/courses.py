"""Recurring revenue of a scope through a period, account by account: two ordered queries, merged as they come."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, CursorResult, Select, func, select, type_coerce

from domain.money import Money, Rates
from domain.periods import Period
from domain.revenue import INDEXATION
from domain.waterfall import NONE, Course, Step
from storage.database import Transaction
from storage.tables import accounts, revenue_changes
from storage.types import TEN_THOUSANDTHS

Condition = ColumnElement[bool]
PAGE = 5000


def courses(
    tx: Transaction, within: Condition, period: Period, *, seen_on: date, rates: Rates, by_parent: bool = False
) -> Iterator[Course]:
    """Every account of the scope with revenue by the period's end; raises NoRate. `by_parent`: logos are parents."""
    openings = _openings(tx, within, period, seen_on, rates)
    steps = _steps(tx, within, period, seen_on, rates)
    logos = _logos(tx, within) if by_parent else {}
    before, during = next(openings, None), next(steps, None)
    while before or during:
        number = min(row[0] for row in (before, during) if row)
        opening, taken = NONE, tuple[Step, ...]()
        paid = before is not None and before[0] == number
        if before and paid:
            opening, before = before[1], next(openings, None)
        if during and during[0] == number:
            taken, during = during[1], next(steps, None)
        yield Course(number, opening, taken, paid, logo=logos.get(number, ""))


def _openings(
    tx: Transaction, within: Condition, period: Period, seen_on: date, rates: Rates
) -> Iterator[tuple[int, Decimal]]:
    amount = type_coerce(func.sum(_delta()), BigInteger)
    query = select(revenue_changes.c.account, revenue_changes.c.currency, amount)
    known = _known(query, within, period, seen_on).where(revenue_changes.c.day < period.first)
    rows = tx.execute(known.group_by(revenue_changes.c.account, revenue_changes.c.currency).order_by(
        revenue_changes.c.account))  # fmt: skip
    for number, held in groupby(_each(rows), itemgetter(0)):
        yield number, sum((_converted(amount, currency, rates) for _, currency, amount in held), NONE)


def _steps(
    tx: Transaction, within: Condition, period: Period, seen_on: date, rates: Rates
) -> Iterator[tuple[int, tuple[Step, ...]]]:
    columns = (revenue_changes.c[name] for name in ("account", "day", "currency", "kind"))
    query = select(*columns, type_coerce(_delta(), BigInteger))
    known = _known(query, within, period, seen_on).where(revenue_changes.c.day >= period.first)
    rows = tx.execute(known.order_by(revenue_changes.c.account, revenue_changes.c.day))
    for number, held in groupby(_each(rows), itemgetter(0)):
        yield number, tuple(_step(day, list(changed), rates) for day, changed in groupby(held, itemgetter(1)))


def _step(day: date, rows: list[Any], rates: Rates) -> Step:
    parts = [(kind, _converted(delta, currency, rates)) for _, _, currency, kind, delta in rows]
    indexed = sum((amount for kind, amount in parts if kind == INDEXATION), NONE)
    return Step(day, sum((amount for _, amount in parts), NONE), indexed)


def _known(query: Select[Any], within: Condition, period: Period, seen_on: date) -> Select[Any]:
    joined = query.join_from(revenue_changes, accounts, revenue_changes.c.account == accounts.c.number)
    return joined.where(within, revenue_changes.c.day <= period.last, revenue_changes.c.known_on <= seen_on)


def _each(rows: CursorResult[Any]) -> Iterator[Any]:
    """Row by row, fetched a page at a time."""
    for page in rows.partitions(PAGE):
        yield from page


def _delta() -> ColumnElement[int]:
    return type_coerce(revenue_changes.c.delta, BigInteger)


def _converted(amount: int, currency: str, rates: Rates) -> Decimal:
    exact = Decimal(amount) / TEN_THOUSANDTHS
    if not amount or currency == rates.base:
        return exact
    return rates.convert(Money(exact, currency)).amount


def _logos(tx: Transaction, within: Condition) -> dict[int, str]:
    """The parent's id, or the account's own where it has none."""
    logo = func.coalesce(func.nullif(accounts.c.parent_id, ""), accounts.c.account_id)
    rows: Any = tx.execute(select(accounts.c.number, logo).where(within))
    return dict(iter(rows))

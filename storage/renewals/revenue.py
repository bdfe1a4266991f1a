"""Recurring revenue as changes of the annual amount: day d as seen on t = the sum with day ≤ d and known_on ≤ t."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select

from domain import revenue
from domain.money import Money
from domain.revenue import Change
from storage import marks
from storage.database import Database, Transaction
from storage.facts import subscriptions
from storage.importing.bulk import insert_values
from storage.scope import Scope, operator
from storage.tables import accounts, dirty, revenue_changes
from storage.within import among

BATCH = 500
FOREVER = date(9999, 1, 1)

Condition = ColumnElement[bool]


def rebuild(tx: Transaction, first: int, last: int, *, grace_days: int, currency: str, every: bool = False) -> int:
    """The changes of the dirty accounts (or of `every` one) numbered first…last, from their contracts; how many.

    Nothing here depends on today: a churn by expiry is written at once, known from the end of its grace, so that no
    night has to look for contracts that ran out.
    """
    claimed = marks.claim(tx, "revenue", first, last)
    numbers = _numbers(tx, first, last) if every else claimed
    for start in range(0, len(numbers), BATCH):
        _write(tx, numbers[start : start + BATCH], grace_days, currency)
    marks.settle(tx, "revenue", claimed)
    return len(numbers)


def refresh(database: Database, *, grace_days: int, currency: str) -> None:
    """Bring the dirty accounts up to date, a page at a time: what an import or an edit left for the night."""
    waiting = select(dirty.c.account).where(dirty.c.what == "revenue").order_by(dirty.c.account)
    with database.transaction() as tx:
        numbers = list(tx.execute(waiting).scalars())
    for start in range(0, len(numbers), BATCH):
        page = numbers[start : start + BATCH]
        with database.changing() as tx:
            rebuild(tx, page[0], page[-1], grace_days=grace_days, currency=currency)


def annual_on(tx: Transaction, day: date, *, scope: Scope, seen_on: date | None = None) -> dict[str, Money]:
    """The annual amount of the scope on `day` by currency, as known on `seen_on` (default: that day)."""
    rows = tx.execute(_total(day, seen_on, scope).group_by(revenue_changes.c.currency))
    return {currency: Money(amount, currency) for currency, amount in rows if amount}


def by_account(tx: Transaction, day: date, *, scope: Scope, seen_on: date | None = None) -> dict[int, dict[str, Money]]:
    """As annual_on, of each account that pays."""
    of_account = revenue_changes.c.account
    query = _total(day, seen_on, scope).add_columns(of_account).group_by(revenue_changes.c.currency, of_account)
    found: dict[int, dict[str, Money]] = defaultdict(dict)
    for currency, amount, number in tx.execute(query):
        if amount:
            found[number][currency] = Money(amount, currency)
    return found


def changes(
    tx: Transaction, *, scope: Scope, last: date, seen_on: date, after: date | None = None
) -> Iterator[tuple[int, Change]]:
    """By account and day: what changed after one day and up to another, as known on `seen_on`."""
    columns = (revenue_changes.c[name] for name in ("account", "day", "known_on", "delta", "currency", "kind"))
    query = select(*columns).join_from(revenue_changes, accounts, _of()).where(scope.where(), *_upto(last, seen_on))
    later = () if after is None else (revenue_changes.c.day > after,)
    ordered = query.where(*later).order_by(revenue_changes.c.account, revenue_changes.c.day, revenue_changes.c.known_on)
    for number, day, known_on, delta, currency, kind in tx.execute(ordered):
        yield number, Change(day, known_on, Money(delta, currency), kind)


def _numbers(tx: Transaction, first: int, last: int) -> list[int]:
    whole = select(accounts.c.number).where(accounts.c.number.between(first, last)).order_by(accounts.c.number)
    return list(tx.execute(whole).scalars())


def _write(tx: Transaction, numbers: list[int], grace_days: int, currency: str) -> None:
    those = among(numbers, operator())
    versions = subscriptions.every(tx, those)
    months = subscriptions.every_month(tx, those, currency)
    tx.execute(delete(revenue_changes).where(revenue_changes.c.account.in_(numbers)))
    found = (
        (
            number,
            revenue.changes(versions.get(number, ()), months.get(number, ()), today=FOREVER, grace_days=grace_days),
        )
        for number in numbers
    )
    rows = (
        (number, change.day, change.known_on, change.delta.currency, change.kind, change.delta.amount)
        for number, made in found
        for change in made
    )
    insert_values(tx, revenue_changes, ("account", "day", "known_on", "currency", "kind", "delta"), rows)


def _total(day: date, seen_on: date | None, scope: Scope) -> Any:
    amount = func.sum(revenue_changes.c.delta, type_=revenue_changes.c.delta.type).label("amount")
    query = select(revenue_changes.c.currency, amount).join_from(revenue_changes, accounts, _of())
    return query.where(scope.where(), *_upto(day, seen_on or day))


def _upto(day: date, seen_on: date) -> tuple[Condition, Condition]:
    return (revenue_changes.c.day <= day, revenue_changes.c.known_on <= seen_on)


def _of() -> Condition:
    return and_(revenue_changes.c.account == accounts.c.number)

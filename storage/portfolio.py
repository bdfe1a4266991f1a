"""What a page of the portfolio needs beside its accounts: the factors of the last night, and the stages of today."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from domain.portfolio import Earned
from storage.database import Transaction
from storage.scope import Scope, stage_now
from storage.tables import accounts, factors


def earned(tx: Transaction, numbers: Collection[int], day: date, *, scope: Scope) -> dict[int, tuple[Earned, ...]]:
    """By account: what each measure earned on a day that was scored."""
    query = (
        select(factors.c.account, factors.c.measure, factors.c.points, factors.c.weight, factors.c.value)
        .join_from(factors, accounts, factors.c.account == accounts.c.number)
        .where(factors.c.account.in_(numbers), factors.c.day == day, scope.where())
        .order_by(factors.c.account, factors.c.measure)
    )
    found: dict[int, list[Earned]] = defaultdict(list)
    for number, measure, points, weight, value in tx.execute(query):
        found[number].append(Earned(measure, points, weight, value))
    return {number: tuple(each) for number, each in found.items()}


def stages(tx: Transaction, numbers: Collection[int], *, scope: Scope) -> dict[int, str | None]:
    """By account: the stage that it stands in today."""
    query = select(accounts.c.number, stage_now()).where(accounts.c.number.in_(numbers), scope.where())
    return {row[0]: row[1] for row in tx.execute(query)}

"""Accounts: one by its number, a page of them worst first, and the newest reading of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from domain.accounts import Account
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts
from storage.tables import scores as every_score
from storage.within import Condition, every, one

# under a name of its own, so that a scope that asks about scores keeps its own
scores = every_score.alias("reading")

NAMES = tuple(field.name for field in fields(Account))
COLUMNS = tuple(accounts.c[name] for name in NAMES)
IN_ORDER = itemgetter(*NAMES)
COLOURS = {"red", "yellow", "green"}
WORST_FIRST = ("red", "yellow", "unknown", "green", "onboarding", "leaving", "former", "prospect")

Order = Literal["worst", "name"]
Cursor = tuple[str | None, int | str | None, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """An account with its newest reading; `state` is None before the first one. `cursor` is where the next begins."""

    account: Account
    state: str | None = None
    score: int | None = None
    cap: str | None = None
    coverage: int | None = None
    day: date | None = None

    @property
    def cursor(self) -> Cursor:
        return (self.state, self.score, self.account.number)


def account(row: Mapping[str, Any] | Any) -> Account:
    return of_columns(IN_ORDER(row))


def of_columns(values: Iterable[Any]) -> Account:
    """Of the values of COLUMNS, in their order."""
    *told, extra = values
    return Account(*[*told, extra or {}])


def get(tx: Transaction, number: int, scope: Scope) -> Account | None:
    row = one(number, scope).ask(tx, _listed).mappings().one_or_none()
    return None if row is None else account(row)


def _listed(where: Condition) -> Select[Any]:
    return select(*COLUMNS).where(where)


def some(tx: Transaction, numbers: list[int], scope: Scope) -> dict[int, Account]:
    """Those of the numbers that the scope lets through."""
    rows = tx.execute(select(*COLUMNS).where(accounts.c.number.in_(numbers), scope.where())).mappings()
    return {row["number"]: account(row) for row in rows}


def children(tx: Transaction, account_id: str, scope: Scope) -> list[Standing]:
    """The accounts below a parent, worst first."""
    rows = every(scope).ask(tx, _children, parent=account_id).mappings()
    return sorted((_standing(row, row["day"]) for row in rows), key=_badness)


def _children(where: Condition) -> Select[Any]:
    newest = select(func.max(every_score.c.day)).scalar_subquery()
    last = and_(scores.c.account == accounts.c.number, scores.c.day == newest)
    query = select(*COLUMNS, *_READING, scores.c.day).outerjoin_from(accounts, scores, last)
    return query.where(where, accounts.c.parent_id == bindparam("parent"))


def count(tx: Transaction, scope: Scope) -> int:
    return int(tx.execute(select(func.count()).select_from(accounts).where(scope.where())).scalar_one())


def number_ranges(tx: Transaction, scope: Scope, size: int = 2000) -> Iterator[tuple[int, int]]:
    """Contiguous ranges of numbers that cover all accounts of the scope; `size` of these in each."""
    last: int | None = 0
    while True:
        page = (
            select(accounts.c.number)
            .where(accounts.c.number > last, scope.where())
            .order_by(accounts.c.number)
            .limit(size)
            .subquery()
        )
        first, last = tx.execute(select(func.min(page.c.number), func.max(page.c.number))).one()
        if first is None or last is None:
            return
        yield first, last


def newest_day(tx: Transaction) -> date | None:
    """The day of the last scoring."""
    newest: date | None = tx.execute(select(func.max(scores.c.day))).scalar_one()
    return newest


def page(
    tx: Transaction, scope: Scope, *, order: Order = "worst", after: Cursor | None = None, limit: int = 20
) -> list[Standing]:
    """The next accounts of the scope after a cursor, by their newest reading or by name."""
    day = newest_day(tx)
    if order == "name":
        return _by_name(tx, scope, day, after, limit)
    found: list[Standing] = []
    states = (*WORST_FIRST, None)
    for state in states[states.index(after[0]) if after and after[0] in states else 0 :]:
        query = _unscored(scope, day) if state is None else _scored(scope, day, state)
        resumed = query.where(_past(after)) if after and after[0] == state else query
        found += [_standing(row, day) for row in tx.execute(resumed.limit(limit - len(found))).mappings()]
        if len(found) >= limit:
            break
    return found


def _by_name(tx: Transaction, scope: Scope, day: date | None, after: Cursor | None, limit: int) -> list[Standing]:
    query = select(*COLUMNS, *_READING).outerjoin_from(accounts, scores, _reading(day)).where(scope.where())
    if after:
        reached = select(accounts.c.folded).where(accounts.c.number == after[2]).scalar_subquery()
        later = and_(accounts.c.folded == reached, accounts.c.number > after[2])
        query = query.where(or_(accounts.c.folded > reached, later))
    rows = tx.execute(query.order_by(accounts.c.folded, accounts.c.number).limit(limit)).mappings()
    return [_standing(row, day) for row in rows]


_READING = (scores.c.state, scores.c.score, scores.c.cap, scores.c.coverage)


def _reading(day: date | None) -> ColumnElement[bool]:
    return and_(scores.c.account == accounts.c.number, scores.c.day == day)


def _scored(scope: Scope, day: date | None, state: str | None = None) -> Select[Any]:
    query = select(*COLUMNS, *_READING).join_from(scores, accounts, _reading(day)).where(scope.where())
    if state is None:
        return query
    order = (scores.c.score, scores.c.account) if state in COLOURS else (scores.c.account,)
    return query.where(scores.c.state == state).order_by(*order)


def _unscored(scope: Scope, day: date | None) -> Select[Any]:
    scored = select(scores.c.account).where(_reading(day)).exists()
    return select(*COLUMNS).where(scope.where(), ~scored).order_by(accounts.c.number)


def _past(after: Cursor) -> ColumnElement[bool]:
    state, score, number = after
    if state not in COLOURS:
        return accounts.c.number > number
    return or_(scores.c.score > score, and_(scores.c.score == score, scores.c.account > number))


def _standing(row: Mapping[str, Any] | Any, day: date | None) -> Standing:
    if "state" not in row or row["state"] is None:
        return Standing(account(row))
    return Standing(account(row), row["state"], row["score"], row["cap"], row["coverage"], day)


def _badness(standing: Standing) -> tuple[int, int, int]:
    rank = WORST_FIRST.index(standing.state) if standing.state else len(WORST_FIRST)
    return (rank, 0 if standing.score is None else standing.score, standing.account.number)

"""Which accounts a statement is about: a condition, and beside it the values that it is asked with.

A statement is built once for all accounts of a kind and scopes of a view: to build one anew takes longer than to ask.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, CursorResult, Select, and_, bindparam, or_, true

from storage.database import Transaction
from storage.scope import Scope, View, seen_in
from storage.tables import accounts

Condition = ColumnElement[bool]
Rows = CursorResult[*tuple[Any, ...]]
Build = Callable[[Condition], Select[Any]]

Asked = Literal["numbered", "among", "every"]
ASKED: Mapping[Asked, Condition] = {
    "numbered": accounts.c.number.between(bindparam("first"), bindparam("last")),
    "among": accounts.c.number.in_(bindparam("numbers", expanding=True)),
    "every": true(),
}


@dataclass(frozen=True, slots=True)
class Within:
    """`made`: the statements about such accounts, each built the first time that it is asked."""

    where: Condition
    values: Mapping[str, Any] = field(default_factory=dict)
    made: dict[Build, Select[Any]] = field(default_factory=dict)

    def ask(self, tx: Transaction, build: Build, **values: Any) -> Rows:
        """What `build` makes of the condition, with its values and those that are given."""
        statement = self.made.get(build)
        if statement is None:
            statement = self.made[build] = build(self.where)
        rows: Rows = tx.execute(statement, {**self.values, **values})
        return rows


def numbered(first: int, last: int, scope: Scope) -> Within:
    """The accounts of the scope numbered first…last."""
    return _within("numbered", scope, {"first": first, "last": last})


def one(number: int, scope: Scope) -> Within:
    return numbered(number, number, scope)


def among(numbers: Collection[int], scope: Scope) -> Within:
    """Those of the scope that have one of the numbers."""
    if len(numbers) == 1:
        return one(next(iter(numbers)), scope)
    return _within("among", scope, {"numbers": list(numbers)})


def every(scope: Scope) -> Within:
    """All accounts of the scope."""
    return _within("every", scope, {})


def is_one_of(column: ColumnElement[Any], values: Iterable[Any]) -> Condition:
    """As `in_`, of values that never change: those of `in_` are written into the statement at each question."""
    return or_(*(column == value for value in values))


def _within(asked: Asked, scope: Scope, values: Mapping[str, Any]) -> Within:
    if scope.filters:
        return Within(and_(ASKED[asked], scope.where()), values)
    kind = _kind(asked, scope.view)
    return Within(kind.where, {**values, "holders": scope.holders}, kind.made)


@cache
def _kind(asked: Asked, view: View) -> Within:
    return Within(and_(ASKED[asked], seen_in(view)))

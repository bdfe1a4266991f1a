"""Whose an account was at a period's start: a figure credits who held it then, whoever holds it now."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from storage.scope import Scope
from storage.tables import accounts, history

Value = ColumnElement[str]


def credited(scope: Scope, day: date | None, among: Collection[int] | None = None) -> ColumnElement[bool]:
    """The scope's predicate with CSM, segment and tier as they were on `day` (None: as they are).

    What one may see stays a matter of today. among: all that `ever` holds for, where they are known.
    """
    if day is None or scope.viewer is None:
        return scope.where()
    had = ever(scope) if among is None else accounts.c.number.in_(among)
    return and_(had, *(value_on(field, day).in_(values) for field, values in _dated(scope)))


def ever(scope: Scope) -> ColumnElement[bool]:
    """As `credited`, on any day: who never was of the scope is left out before the history is searched."""
    today = [wanted for wanted in scope.filters if wanted.kind not in DATED]
    had = (_had(field, values) for field, values in _dated(scope))
    return and_(Scope(scope.viewer, scope.visibility, tuple(today)).where(), *had)


def is_dated(scope: Scope) -> bool:
    """Whose its accounts are depends on the day."""
    return any(wanted.kind in DATED for wanted in scope.filters)


def value_on(field: str, day: date) -> Value:
    """The newest value by the day; before the first recorded one, the first; without any, today's. Lower case."""
    recorded = select(func.coalesce(history.c.value, "")).where(
        history.c.account == accounts.c.number, history.c.entity == "accounts", history.c.field == field
    )
    newest = recorded.where(history.c.day <= day).order_by(history.c.day.desc()).limit(1)
    first = recorded.order_by(history.c.day).limit(1)
    then = (query.correlate(accounts).scalar_subquery() for query in (newest, first))
    return func.lower(func.coalesce(*then, accounts.c[field]))


def _dated(scope: Scope) -> list[tuple[str, list[str]]]:
    """The fields that the scope narrows by, with the values that it wants, in lower case."""
    own = scope.viewer.email if scope.viewer else ""
    found = []
    for wanted in scope.filters:
        if wanted.kind in DATED:
            team = scope.viewer.team if scope.viewer and wanted.kind == "team" else ()
            values = (wanted.value or own, *team) if DATED[wanted.kind] == "csm" else (wanted.value,)
            found.append((DATED[wanted.kind], [value.lower() for value in values]))
    return found


def _had(field: str, values: list[str]) -> ColumnElement[bool]:
    """A CSM's e-mail is kept in lower case, so that the column's index serves."""
    column = accounts.c.csm if field == "csm" else func.lower(accounts.c[field])
    recorded = select(history.c.account).where(
        history.c.entity == "accounts", history.c.field == field, func.lower(history.c.value).in_(values)
    )
    return or_(column.in_(values), accounts.c.number.in_(recorded))


DATED = {"own": "csm", "team": "csm", "csm": "csm", "segment": "segment", "tier": "tier"}

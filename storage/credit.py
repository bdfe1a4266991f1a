"""Whose an account was at a period's start: a figure credits who held it then, whoever holds it now."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.scopes import Filter
from storage.scope import Scope
from storage.tables import accounts, history

Value = ColumnElement[str]


def credited(scope: Scope, day: date | None) -> ColumnElement[bool]:
    """The scope's predicate with CSM, segment and tier as they were on `day` (None: as they are).

    What one may see stays a matter of today.
    """
    if day is None or scope.viewer is None:
        return scope.where()
    today = [wanted for wanted in scope.filters if wanted.kind not in DATED]
    then = [DATED[wanted.kind](wanted, scope, day) for wanted in scope.filters if wanted.kind in DATED]
    return and_(Scope(scope.viewer, scope.visibility, tuple(today)).where(), *then)


def value_on(field: str, day: date) -> Value:
    """The newest value by the day; before the first recorded one, the first; without any, today's. Lower case."""
    recorded = select(func.coalesce(history.c.value, "")).where(
        history.c.account == accounts.c.number, history.c.entity == "accounts", history.c.field == field
    )
    newest = recorded.where(history.c.day <= day).order_by(history.c.day.desc()).limit(1)
    first = recorded.order_by(history.c.day).limit(1)
    then = (query.correlate(accounts).scalar_subquery() for query in (newest, first))
    return func.lower(func.coalesce(*then, accounts.c[field]))


def _ever(field: str, *values: str, day: date) -> ColumnElement[bool]:
    """The value on the day is one of these; who never had one is left out before the history is searched."""
    wanted = [value.lower() for value in values]
    recorded = select(history.c.account).where(
        history.c.entity == "accounts", history.c.field == field, func.lower(history.c.value).in_(wanted)
    )
    had = or_(func.lower(accounts.c[field]).in_(wanted), accounts.c.number.in_(recorded))
    return and_(had, value_on(field, day).in_(wanted))


def _whose(wanted: Filter, scope: Scope, day: date) -> ColumnElement[bool]:
    viewer = scope.viewer
    own = "" if viewer is None else viewer.email
    team = viewer.team if viewer and wanted.kind == "team" else ()
    return _ever("csm", wanted.value or own, *team, day=day)


def _valued(wanted: Filter, _scope: Scope, day: date) -> ColumnElement[bool]:
    return _ever(wanted.kind, wanted.value, day=day)


DATED: dict[str, Callable[[Filter, Scope, date], ColumnElement[bool]]] = {
    "own": _whose,
    "team": _whose,
    "csm": _whose,
    "segment": _valued,
    "tier": _valued,
}

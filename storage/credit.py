"""Whose an account was at a period's start: a figure credits who held it then, whoever holds it now."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

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


def _held_by(*emails: str, day: date) -> ColumnElement[bool]:
    return value_on("csm", day).in_([email.lower() for email in emails])


def _whose(wanted: Filter, scope: Scope, day: date) -> ColumnElement[bool]:
    viewer = scope.viewer
    own = "" if viewer is None else viewer.email
    team = viewer.team if viewer and wanted.kind == "team" else ()
    return _held_by(wanted.value or own, *team, day=day)


def _valued(wanted: Filter, _scope: Scope, day: date) -> ColumnElement[bool]:
    return value_on(wanted.kind, day) == wanted.value.lower()


DATED: dict[str, Callable[[Filter, Scope, date], ColumnElement[bool]]] = {
    "own": _whose,
    "team": _whose,
    "csm": _whose,
    "segment": _valued,
    "tier": _valued,
}

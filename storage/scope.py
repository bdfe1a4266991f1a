"""Who may see what, as a predicate: every query about accounts carries it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause, and_, false, func, or_, select, true

from domain.accounts import Person
from domain.roles import may
from domain.scopes import Filter
from storage.tables import accounts, history, people, scores

Visibility = Literal["own", "team", "all"]
AT_RISK = Filter("at_risk")
STAGE_BY_RULE, STAGE_GIVEN = "laer_stage_by_rule", "laer_stage"


@dataclass(frozen=True, slots=True)
class Scope:
    """What `viewer` may see under the policy's `visibility`, narrowed by `filters`; no viewer sees nothing."""

    viewer: Person | None
    visibility: Visibility = "all"
    filters: tuple[Filter, ...] = ()

    def narrowed(self, *filters: Filter) -> "Scope":
        return Scope(self.viewer, self.visibility, (*self.filters, *filters))

    def where(self) -> ColumnElement[bool]:
        """The predicate over `accounts`."""
        if self.viewer is None:
            return false()
        return and_(self._visible(self.viewer), *(_narrow(f, self.viewer) for f in self.filters))

    def _visible(self, viewer: Person) -> ColumnElement[bool]:
        if self.visibility == "all" or may(viewer.role, "see_all"):
            return true()
        if viewer.role == "lead":
            return or_(_held_by(viewer.email, *viewer.team), is_nobodys(accounts.c.csm))
        if self.visibility == "team":
            return _held_by(viewer.email, *viewer.team)
        return _held_by(viewer.email)


def operator() -> Scope:
    """The person at the terminal, who sees all."""
    return Scope(Person(email="", name="", role="operator"))


def is_nobodys(owner: ColumnElement[Any]) -> ColumnElement[bool]:
    """Without an owner, or with one who is none of ours any more: a lead gives it to somebody."""
    return or_(owner.is_(None), owner.not_in(select(func.lower(people.c.email))))


def _held_by(*emails: str) -> ColumnElement[bool]:
    """Accounts keep their CSM's e-mail in lower case, so that the column's index serves."""
    return accounts.c.csm.in_([email.lower() for email in emails])


def _of_band(band: str, _viewer: Person) -> ColumnElement[bool]:
    return _newest_reading(lambda reading: reading.c.state == band)


def _at_risk(_value: str, _viewer: Person) -> ColumnElement[bool]:
    """By the newest reading; an account that has none yet may be."""
    return or_(_newest_reading(lambda reading: reading.c.at_risk), ~_newest_reading(lambda _reading: true()))


def _newest_reading(holds: Callable[[FromClause], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Under names of their own: the query around may read scores too."""
    reading, newer = scores.alias("reading"), scores.alias("newer")
    newest = select(func.max(newer.c.day)).where(newer.c.account == accounts.c.number).correlate(accounts)
    mine = (reading.c.account == accounts.c.number, reading.c.day == newest.scalar_subquery(), holds(reading))
    return select(reading.c.account).where(*mine).correlate(accounts).exists()


def stage_now() -> ColumnElement[str]:
    """The stage of a row of `accounts`: as a person gave it, else the newest by rule."""
    newest = history.alias("stage_by_rule")
    mine = (newest.c.entity == "accounts", newest.c.entity_key == accounts.c.account_id)
    by_rule = select(newest.c.value).where(*mine, newest.c.field == STAGE_BY_RULE).correlate(accounts)
    ruled = by_rule.order_by(newest.c.day.desc()).limit(1).scalar_subquery()
    return func.coalesce(func.lower(func.nullif(accounts.c.laer_stage, "")), ruled)


NARROWING: dict[str, Callable[[str, Person], ColumnElement[bool]]] = {
    "own": lambda _value, viewer: _held_by(viewer.email),
    "team": lambda _value, viewer: _held_by(viewer.email, *viewer.team),
    "all": lambda _value, _viewer: true(),
    "segment": lambda value, _viewer: func.lower(accounts.c.segment) == value.lower(),
    "csm": lambda value, _viewer: _held_by(value),
    "band": _of_band,
    AT_RISK.kind: _at_risk,
    "stage": lambda value, _viewer: stage_now() == value.lower(),
    "tier": lambda value, _viewer: func.lower(accounts.c.tier) == value.lower(),
    "account": lambda value, _viewer: accounts.c.account_id == value,
    "numbers": lambda value, _viewer: accounts.c.number.in_([int(number) for number in value.split()]),
}


def _narrow(wanted: Filter, viewer: Person) -> ColumnElement[bool]:
    if wanted.kind.startswith("x_"):
        return func.lower(accounts.c.extra[wanted.kind].as_string()) == wanted.value.lower()
    return NARROWING[wanted.kind](wanted.value, viewer)

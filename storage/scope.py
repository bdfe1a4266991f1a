"""Who may see what, as a predicate: every query about accounts carries it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, bindparam, false, func, or_, select, true

from domain.accounts import Person
from domain.roles import may
from domain.scopes import Filter
from storage.tables import accounts, history, people, scores

Visibility = Literal["own", "team", "all"]
View = Literal["nothing", "held", "led", "everything"]
Emails = Sequence[str] | BindParameter[Any]
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
        narrowing = (_narrow(f, self.viewer) for f in self.filters if self.viewer)
        return and_(VIEWS[self.view](self.holders), *narrowing)

    @property
    def view(self) -> View:
        """Which predicate it is, its filters and the e-mails of `holders` left aside."""
        if self.viewer is None:
            return "nothing"
        if self.visibility == "all" or may(self.viewer.role, "see_all"):
            return "everything"
        return "led" if self.viewer.role == "lead" else "held"

    @property
    def is_whole(self) -> bool:
        """Nothing is left out."""
        return self.view == "everything" and not self.filters

    @property
    def holders(self) -> list[str]:
        """Whose accounts are seen, in lower case."""
        if self.viewer is None:
            return []
        with_team = self.visibility == "team" or self.viewer.role == "lead"
        return [email.lower() for email in (self.viewer.email, *(self.viewer.team if with_team else ()))]


def operator() -> Scope:
    """The person at the terminal, who sees all."""
    return Scope(Person(email="", name="", role="operator"))


def is_nobodys(owner: ColumnElement[Any]) -> ColumnElement[bool]:
    """Without an owner, or with one who is none of ours any more: a lead gives it to somebody."""
    return or_(owner.is_(None), owner.not_in(select(people.c.email)))


def _held_by(emails: Emails) -> ColumnElement[bool]:
    """Accounts keep their CSM's e-mail in lower case, so that the column's index serves."""
    return accounts.c.csm.in_(emails)


VIEWS: Mapping[View, Callable[[Emails], ColumnElement[bool]]] = {
    "nothing": lambda _holders: false(),
    "held": _held_by,
    "led": lambda holders: or_(_held_by(holders), is_nobodys(accounts.c.csm)),
    "everything": lambda _holders: true(),
}


def seen_in(view: View) -> ColumnElement[bool]:
    """The predicate of a view, which asks for the e-mails of its `holders`."""
    return VIEWS[view](bindparam("holders", expanding=True))


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
    "own": lambda _value, viewer: _held_by([viewer.email.lower()]),
    "team": lambda _value, viewer: _held_by([email.lower() for email in (viewer.email, *viewer.team)]),
    "all": lambda _value, _viewer: true(),
    "segment": lambda value, _viewer: func.lower(accounts.c.segment) == value.lower(),
    "csm": lambda value, _viewer: _held_by([value.lower()]),
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

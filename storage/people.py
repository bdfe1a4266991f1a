"""The people of ours, each with the team that they see; e-mails are kept in lower case, so that an index serves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, select

from domain.accounts import Person
from domain.hours import is_zone
from storage import changes
from storage.database import Transaction
from storage.names import fold, listed
from storage.tables import people

SETTINGS = "settings"
COLUMNS = tuple(
    people.c[name]
    for name in (
        "email",
        "name",
        "role",
        "slack_id",
        "time_zone",
        "country",
        "language",
        "manager",
        "digest_hour",
        "digest_channel",
        "away_from",
        "away_until",
        "deputy",
    )
)
_EVERY = select(*COLUMNS).order_by(people.c.email)
_MATE = people.alias("mate")
_LEADER = case((people.c.role == "lead", people.c.email), else_=func.nullif(people.c.manager, ""))
_OF_THE_TEAM = and_(_MATE.c.manager == _LEADER, _MATE.c.email != people.c.email)
_EVERY_MATE = (
    select(*COLUMNS, _MATE.c.email.label("mate"))
    .outerjoin_from(people, _MATE, _OF_THE_TEAM)
    .order_by(people.c.email, _MATE.c.email)
)
_BY_EMAIL = _EVERY_MATE.where(people.c.email == bindparam("called"))
_BY_SLACK_ID = _EVERY_MATE.where(people.c.slack_id == bindparam("called"))


def by_email(tx: Transaction, email: str) -> Person | None:
    return _one(tx, _BY_EMAIL, email.strip().lower())


def by_slack_id(tx: Transaction, slack_id: str) -> Person | None:
    return _one(tx, _BY_SLACK_ID, slack_id)


def every(tx: Transaction) -> list[Person]:
    """Everybody of the organisation, by e-mail; without their teams."""
    return [_person(row) for row in tx.execute(_EVERY).mappings()]


def directory(tx: Transaction) -> dict[str, Person]:
    """Everybody by e-mail in lower case, as accounts, tasks and alerts name them."""
    return {person.email.lower(): person for person in every(tx)}


def named(tx: Transaction, words: str) -> list[Person]:
    """Those with this e-mail, name or alias, as people type them; several are for the caller to choose from."""
    if "@" in words:
        person = by_email(tx, words)
        return [person] if person else []
    rows = tx.execute(_EVERY.add_columns(people.c.aliases)).mappings()
    return [_person(row) for row in rows if fold(words) in _names(row)]


def link_slack(tx: Transaction, email: str, slack_id: str, *, at: datetime, on: date) -> bool:
    """Remember which member of the workspace this person is; False where nobody has the e-mail."""
    person = by_email(tx, email)
    if person is None or person.slack_id == slack_id:
        return person is not None
    holder = by_slack_id(tx, slack_id)
    if holder is not None:
        _write(tx, holder.email, None, at, on)
    _write(tx, person.email, slack_id, at, on)
    return True


def settle(tx: Transaction, email: str, values: Mapping[str, Any], *, at: datetime, on: date) -> int | None:
    """A person's own settings."""
    return changes.edit(tx, "people", {"email": email}, values, who=email, at=at, origin=SETTINGS, on=on)


def _write(tx: Transaction, email: str, slack_id: str | None, at: datetime, on: date) -> None:
    key, values = {"email": email}, {"slack_id": slack_id}
    changes.edit(tx, "people", key, values, who=email, at=at, origin="slack", on=on)


def _one(tx: Transaction, query: Select[Any], called: str) -> Person | None:
    """With those whom a lead leads; of everybody else those with the same manager."""
    rows = tx.execute(query, {"called": called}).mappings().all()
    return _person(rows[0], [row["mate"] for row in rows if row["mate"]]) if rows else None


def _person(row: Mapping[str, Any] | Any, team: Sequence[str] = ()) -> Person:
    """In a time zone that nobody knows one lives by the company's; the doctor names it."""
    values = {column.name: row[column.name] for column in COLUMNS}
    zone = row["time_zone"]
    known = {"name": row["name"] or row["email"], "time_zone": zone if zone and is_zone(zone) else None}
    return Person(**values | known, team=tuple(team))


def _names(row: Mapping[str, Any] | Any) -> set[str]:
    return {fold(name) for name in (row["name"] or "", *listed(row["aliases"]))} - {""}

"""Who uses which feature: of one account, and how many of those like it."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from domain.depth import WEEKS, Feature, User
from storage.activity import in_use
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, contacts, features, usage, usage_last, usage_users

WEEK = timedelta(7)
SPAN = WEEK * WEEKS


def users(tx: Transaction, number: int, day: date, scope: Scope) -> list[User]:
    """Everyone whose use was ever seen up to the day, by the contact's name where it is known."""
    of = usage_users
    found = (
        select(
            of.c.user,
            func.max(of.c.contact_id).label("contact_id"),
            func.max(of.c.day).label("last_on"),
            *(_in_week(week, day).label(f"week{week}") for week in range(WEEKS)),
            func.count(case((and_(of.c.day > day - SPAN, of.c.feature != ""), of.c.feature)).distinct()).label("n"),
        )
        .join_from(of, accounts, of.c.account == accounts.c.number)
        .where(of.c.account == number, of.c.day <= day, in_use(of), scope.where())
        .group_by(of.c.user)
        .subquery()
    )
    query = select(found, contacts.c.name).outerjoin(contacts, contacts.c.contact_id == found.c.contact_id)
    return [
        User(row["name"] or row["user"], row["contact_id"], row["last_on"],
             sum(row[f"week{week}"] for week in range(WEEKS)), row["n"])
        for row in tx.execute(query).mappings()
    ]  # fmt: skip


def known_features(
    tx: Transaction, number: int, day: date, scope: Scope, *, core: Collection[str] = ()
) -> list[Feature]:
    """Every feature that is known, or that the account used in four weeks, with its users there."""
    within = (accounts.c.number == number, scope.where())
    told = {row.feature: row for row in tx.execute(select(features.c.feature, features.c.product, features.c.core))}
    by_user = _people(tx, usage_users, func.count(usage_users.c.user.distinct()), within, day)
    by_day = _people(tx, usage, func.max(usage.c.active_users), within, day)
    names = sorted({*told, *by_user, *by_day, *core})
    return [
        Feature(
            name,
            (told[name].product or "") if name in told else "",
            name in core or (name in told and told[name].core),
            name in by_user or name in by_day,
            by_user.get(name, by_day.get(name)),
        )
        for name in names
    ]


def similar(tx: Transaction, segment: str | None, number: int, day: date, scope: Scope) -> tuple[dict[str, int], int]:
    """How many other accounts of the segment used each feature in four weeks, and how many used any."""
    mine = accounts.c.segment.is_(None) if segment is None else accounts.c.segment == segment
    used = (usage_last.c.kind == "feature", usage_last.c.last_day > day - SPAN, usage_last.c.last_day <= day)
    others = select(usage_last.c.name, usage_last.c.account).join_from(
        usage_last, accounts, usage_last.c.account == accounts.c.number
    )
    found = others.where(mine, accounts.c.number != number, *used, scope.where()).subquery()
    counts = tx.execute(select(found.c.name, func.count()).group_by(found.c.name))
    total = tx.execute(select(func.count(found.c.account.distinct()))).scalar_one()
    return {row[0]: row[1] for row in counts}, total


def _in_week(week: int, day: date) -> ColumnElement[Any]:
    last = day - WEEK * week
    return func.max(case((and_(usage_users.c.day > last - WEEK, usage_users.c.day <= last), 1), else_=0))


def _people(tx: Transaction, table: Any, count: Any, within: tuple[Any, ...], day: date) -> dict[str, int | None]:
    """By feature used in four weeks: how many people."""
    query = select(table.c.feature, count).join_from(table, accounts, table.c.account == accounts.c.number)
    span = (table.c.day > day - SPAN, table.c.day <= day, table.c.feature != "", in_use(table))
    return {row[0]: row[1] for row in tx.execute(query.where(*within, *span).group_by(table.c.feature))}

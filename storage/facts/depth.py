"""Who uses which feature: of one account, and how many of those like it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from domain.accounts import Account
from domain.depth import ALIKE_AT_LEAST, SIZE_FACTOR, WEEKS, Feature, Similar, Size, User
from domain.money import Rates
from storage.database import Transaction
from storage.facts.windows import in_use
from storage.scope import Scope
from storage.tables import (
    accounts,
    contacts,
    features,
    milestones,
    revenue_changes,
    subscriptions,
    usage,
    usage_last,
    usage_users,
)
from storage.types import TEN_THOUSANDTHS

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


def trained(tx: Transaction, number: int, day: date, scope: Scope) -> dict[str, date]:
    """By contact: the day of their training."""
    of = milestones
    query = select(of.c.contact_id, of.c.reached_on).join_from(of, accounts, of.c.account == accounts.c.number)
    reached = (of.c.account == number, of.c.milestone == "trained", of.c.contact_id != "", of.c.reached_on <= day)
    return {row.contact_id: row.reached_on for row in tx.execute(query.where(*reached, scope.where()))}


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


def similar(tx: Transaction, account: Account, day: date, scope: Scope, rates: Rates) -> Similar:
    """The other accounts of its segment and size: by seats, else by MRR; the whole segment where these are too few."""
    mine = accounts.c.segment.is_(None) if account.segment is None else accounts.c.segment == account.segment
    within = and_(mine, scope.where())
    known = False
    for size, sizes in (("seats", _seats(within, day)), ("mrr", _paid(within, day, rates))):
        own = tx.execute(select(sizes.c.size).where(sizes.c.account == account.number)).scalar_one_or_none()
        if not own:
            continue
        known = True
        alike = (sizes.c.size >= own / SIZE_FACTOR, sizes.c.size <= own * SIZE_FACTOR)
        found = _using(tx, account, day, and_(within, accounts.c.number.in_(select(sizes.c.account).where(*alike))))
        if found.n >= ALIKE_AT_LEAST:
            amount = Decimal(own) if size == "seats" else Decimal(own) / TEN_THOUSANDTHS / 12
            least, most = amount / SIZE_FACTOR, amount * SIZE_FACTOR
            return replace(found, size=cast("Size", size), least=least, most=most, known=True)
    return replace(_using(tx, account, day, within), known=known)


def _using(tx: Transaction, account: Account, day: date, within: ColumnElement[bool]) -> Similar:
    """How many accounts used each feature in four weeks, and how many used any."""
    used = (usage_last.c.kind == "feature", usage_last.c.last_day > day - SPAN, usage_last.c.last_day <= day)
    others = select(usage_last.c.name, usage_last.c.account).join_from(
        usage_last, accounts, usage_last.c.account == accounts.c.number
    )
    found = others.where(within, accounts.c.number != account.number, *used).subquery()
    counts = tx.execute(select(found.c.name, func.count()).group_by(found.c.name))
    total = tx.execute(select(func.count(found.c.account.distinct()))).scalar_one()
    return Similar({row[0]: row[1] for row in counts}, total)


def _seats(within: ColumnElement[bool], day: date) -> Subquery:
    """Seats of each account's contracts on the day: of each its newest version, unless another one continues it."""
    of, newer, next_ = subscriptions, subscriptions.alias("newer"), subscriptions.alias("next_")
    later = and_(newer.c.subscription_id == of.c.subscription_id, newer.c.starts_on > of.c.starts_on)
    replaced = select(newer.c.account).where(later, newer.c.starts_on <= day).exists()
    continued = select(next_.c.account).where(
        next_.c.account == of.c.account, next_.c.renews == of.c.subscription_id, next_.c.starts_on <= day
    )
    running = or_(of.c.ends_on.is_(None), of.c.ends_on > day, of.c.auto_renew)
    left = or_(of.c.cancelled_on.is_(None), of.c.cancelled_on > day)
    held = (of.c.starts_on <= day, running, left, ~replaced, ~continued.exists())
    query = select(of.c.account, func.sum(of.c.seats).label("size")).join_from(
        of, accounts, of.c.account == accounts.c.number
    )
    return query.where(within, of.c.seats > 0, *held).group_by(of.c.account).subquery()


def _paid(within: ColumnElement[bool], day: date, rates: Rates) -> Subquery:
    """What each account pays a year, in ten-thousandths of the organisation's currency; unknown without a rate."""
    of = revenue_changes
    worth = {rates.base: 1.0} | {currency: float(rate) for currency, rate in rates.worth.items()}
    rate = case(*((of.c.currency == currency, literal(each, Float)) for currency, each in worth.items()))
    query = select(of.c.account, func.sum(type_coerce(of.c.delta, BigInteger) * rate).label("size")).join_from(
        of, accounts, of.c.account == accounts.c.number
    )
    known = (of.c.day <= day, of.c.known_on <= day)
    return query.where(within, *known).group_by(of.c.account).having(func.count() == func.count(rate)).subquery()


def _in_week(week: int, day: date) -> ColumnElement[Any]:
    last = day - WEEK * week
    return func.max(case((and_(usage_users.c.day > last - WEEK, usage_users.c.day <= last), 1), else_=0))


def _people(tx: Transaction, table: Any, count: Any, within: tuple[Any, ...], day: date) -> dict[str, int | None]:
    """By feature used in four weeks: how many people."""
    query = select(table.c.feature, count).join_from(table, accounts, table.c.account == accounts.c.number)
    span = (table.c.day > day - SPAN, table.c.day <= day, table.c.feature != "", in_use(table))
    return {row[0]: row[1] for row in tx.execute(query.where(*within, *span).group_by(table.c.feature))}

"""Contracts whose term ended in a period, and how much of them was renewed."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, extract, func, or_, select, type_coerce

from domain.kpis_values import Renewals
from domain.money import Money, Rates
from domain.periods import Period
from domain.subscriptions import Version
from domain.terms import terms
from storage.database import Transaction
from storage.tables import accounts
from storage.tables import subscriptions as version_rows
from storage.types import TEN_THOUSANDTHS

PAGE, FEW = 1000, 500
DECIDING = (
    "account", "subscription_id", "starts_on", "ends_on", "annual", "currency", "status", "auto_renew", "cancelled_on",
    "notice_given_on", "renews", "term_months",
)  # fmt: skip
# months between the first days of two months: surely more than a month lies between
LONG_ENOUGH = 3
COLUMNS = tuple(
    version_rows.c[name]
    for name in (
        "account", "subscription_id", "starts_on", "annual", "currency", "product", "ends_on", "seats", "term_months",
        "auto_renew", "notice_days", "status", "cancelled_on", "notice_given_on", "cancel_reason", "competitor",
        "renews", "change_reason", "known_on",
    )
)  # fmt: skip


def count(
    tx: Transaction, within: ColumnElement[bool], period: Period, *, today: date, grace_days: int, rates: Rates
) -> Renewals:
    """Summed at the policy's rates; raises NoRate.

    Plain accounts, one contract that each time follows on the day of its end, are summed by the database; of the
    others each is read.
    """
    odd = _odd(within)
    numbers = list(tx.execute(odd.distinct().limit(FEW + 1)).scalars())
    plain = accounts.c.number.not_in(numbers if len(numbers) <= FEW else odd)
    found = _summed(tx, and_(within, plain), period, today=today, grace_days=grace_days, rates=rates)
    for page in _pages(tx, and_(within, ~plain), period) if numbers else ():
        for versions in _versions(tx, page):
            for term in terms(versions, period, today=today, grace_days=grace_days):
                due, kept = rates.convert(term.due).amount, rates.convert(term.renewed).amount
                found = _with(found, Renewals(due, min(kept, due), due * term.pending, 1))
    return found


def _with(one: Renewals, other: Renewals) -> Renewals:
    return Renewals(
        one.due + other.due, one.renewed + other.renewed, one.pending + other.pending, one.contracts + other.contracts
    )


def _odd(within: ColumnElement[bool]) -> Select[Any]:
    """The accounts whose terms need a rule: of grace, notice, product, automatic renewal or change within the term."""
    every = version_rows.alias("every")
    chain: Any = {"partition_by": every.c.account, "order_by": every.c.starts_on}
    firsts = (func.first_value(every.c[name]).over(**chain) for name in ("subscription_id", "currency"))
    following = func.lead(every.c.starts_on).over(**chain)
    names = ("following", "first_id", "first_currency")
    columns = (every.c[name] for name in DECIDING)
    query = select(*columns, *(c.label(n) for c, n in zip((following, *firsts), names, strict=True)))
    chained = query.join_from(every, accounts, every.c.account == accounts.c.number).where(within).subquery()
    odd = or_(
        chained.c.status != "active",
        chained.c.annual <= 0,
        chained.c.auto_renew,
        chained.c.ends_on.is_(None),
        chained.c.cancelled_on.is_not(None),
        chained.c.notice_given_on.is_not(None),
        func.coalesce(chained.c.renews, "") != "",
        func.coalesce(chained.c.term_months, LONG_ENOUGH) < LONG_ENOUGH,
        _months(chained.c.ends_on) - _months(chained.c.starts_on) < LONG_ENOUGH,
        chained.c.following != chained.c.ends_on,
        chained.c.first_id != chained.c.subscription_id,
        chained.c.first_currency != chained.c.currency,
    )
    return select(chained.c.account).where(odd)


def _summed(
    tx: Transaction, plain: ColumnElement[bool], period: Period, *, today: date, grace_days: int, rates: Rates
) -> Renewals:
    follower = version_rows.alias("follower")
    until = min(period.last, today)
    grace = timedelta(grace_days)
    due = version_rows.c.annual
    kept = case((follower.c.annual < due, follower.c.annual), (follower.c.annual.is_not(None), due), else_=0)
    waits = and_(follower.c.account.is_(None), version_rows.c.ends_on > today - grace)
    sums = (func.sum(_whole(part)) for part in (due, kept, case((waits, due), else_=0)))
    query = (
        select(version_rows.c.currency, func.count(), *sums)
        .join_from(version_rows, accounts, version_rows.c.account == accounts.c.number)
        .outerjoin(
            follower,
            and_(follower.c.account == version_rows.c.account, follower.c.starts_on == version_rows.c.ends_on),
        )
        .where(plain, version_rows.c.ends_on.between(period.first, until))
        .group_by(version_rows.c.currency)
    )
    found = Renewals()
    for currency, contracts, *amounts in tx.execute(query):
        due_, kept_, waiting = (rates.convert(Money(Decimal(int(a)) / TEN_THOUSANDTHS, currency)) for a in amounts)
        found = _with(found, Renewals(due_.amount, kept_.amount, waiting.amount, contracts))
    return found


def _whole(part: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(part, BigInteger)


def _months(day: ColumnElement[date]) -> ColumnElement[int]:
    return extract("year", day) * 12 + extract("month", day)


def _versions(tx: Transaction, numbers: list[int]) -> Iterator[list[Version]]:
    """What decides about terms, account by account; read as it stands, for there may be very many."""
    query = select(*COLUMNS).where(version_rows.c.account.in_(numbers)).order_by(version_rows.c.account)
    for _, rows in groupby(tx.execute(query).all(), itemgetter(0)):
        yield [
            Version(name, starts_on, Money(annual, currency), *rest)
            for _, name, starts_on, annual, currency, *rest in rows
        ]


def _pages(tx: Transaction, within: ColumnElement[bool], period: Period) -> Iterator[list[int]]:
    """Numbers of the accounts with a contract that may have ended in the period, so many at a time."""
    until = period.last + timedelta(1)
    ended = or_(
        version_rows.c.ends_on.between(period.first, until),
        version_rows.c.cancelled_on.between(period.first, until),
        and_(version_rows.c.auto_renew, version_rows.c.ends_on <= until),
    )
    query = select(accounts.c.number).where(
        within, select(version_rows.c.account).where(version_rows.c.account == accounts.c.number, ended).exists()
    )
    numbers = list(tx.execute(query.order_by(accounts.c.number)).scalars())
    for start in range(0, len(numbers), PAGE):
        yield numbers[start : start + PAGE]

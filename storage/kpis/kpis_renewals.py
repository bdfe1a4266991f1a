"""Contracts whose term ended in a period, and how much of them was renewed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from domain.kpis.kpis_values import Renewals
from domain.money import Money, Rates
from domain.periods import Period
from domain.renewals.terms import terms
from domain.subscriptions import Version
from storage.database import Transaction
from storage.later import later
from storage.tables import accounts
from storage.tables import subscriptions as version_rows
from storage.types import TEN_THOUSANDTHS

Condition = ColumnElement[bool]

PAGE = 1000
# months between the first days of two months: surely more than a month lies between
LONG_ENOUGH = 3
# a day that every month has: the end of a term does not move within its month
EVERY_MONTHS_LAST = 28
COLUMNS = tuple(
    version_rows.c[name]
    for name in (
        "account", "subscription_id", "starts_on", "annual", "currency", "product", "ends_on", "seats", "term_months",
        "auto_renew", "notice_days", "status", "cancelled_on", "notice_given_on", "cancel_reason", "competitor",
        "renews", "change_reason", "known_on",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """The ends up to today of the period's terms."""

    period: Period
    today: date
    grace_days: int

    @property
    def until(self) -> date:
        return min(self.period.last, self.today)


def count(
    tx: Transaction, within: Condition, period: Period, *, today: date, grace_days: int, rates: Rates
) -> Renewals:
    """Summed at the policy's rates; raises NoRate.

    A contract that has but its own next version to follow it is summed by the database; where another could take its
    place, notice or cancellation ends it or its term is of odd days, the rules of the domain read the account.
    """
    asked = _Asked(period, today, grace_days)
    found = _summed(tx, within, asked, rates)
    odd = and_(within, _may_end(asked), _odd())
    for page in _pages(tx, odd):
        query = _of_accounts(*COLUMNS[1:3]).where(odd, version_rows.c.account.in_(page))
        theirs = {(name, starts_on) for name, starts_on in tx.execute(query)}
        for versions in _versions(tx, page):
            for term in terms(versions, period, today=today, grace_days=grace_days):
                if (term.version.subscription_id, term.version.starts_on) in theirs:
                    due, kept = rates.convert(term.due).amount, rates.convert(term.renewed).amount
                    found = _with(found, Renewals(due, min(kept, due), due * term.pending, 1))
    return found


def _with(one: Renewals, other: Renewals) -> Renewals:
    return Renewals(
        one.due + other.due, one.renewed + other.renewed, one.pending + other.pending, one.contracts + other.contracts
    )


def _may_end(asked: _Asked) -> Condition:
    """A term of the version may end in the period; a contract without a price has none."""
    first, until = asked.period.first, asked.period.last + timedelta(1)
    version = version_rows.c
    paying = and_(version.status == "active", version.annual > 0, version.starts_on <= asked.period.last)
    ended = or_(
        version.ends_on.between(first, until),
        version.cancelled_on.between(first, until),
        and_(version.auto_renew, version.ends_on <= until),
    )
    return and_(paying, version.ends_on.is_not(None), ended)


def _odd() -> Condition:
    """The version needs a rule: of notice, grace of another contract, a change of currency, a term of odd days."""
    version, other, earlier = version_rows.c, version_rows.alias("other"), version_rows.alias("earlier")
    beside = and_(other.c.account == version.account, other.c.subscription_id != version.subscription_id)
    takes_over = or_(other.c.product == version.product, other.c.renews == version.subscription_id)
    after = _next("currency")
    same_end = (
        earlier.c.subscription_id == version.subscription_id,
        earlier.c.starts_on < version.starts_on,
        earlier.c.ends_on == version.ends_on,
    )
    months, day = _months(version.ends_on) - _months(version.starts_on), _day(version.ends_on)
    unsaid = func.coalesce(version.term_months, 0) == 0
    by_days = or_(_day(version.starts_on) != day, select(earlier.c.account).where(*same_end).exists())
    return or_(
        version.cancelled_on.is_not(None),
        version.notice_given_on.is_not(None),
        version.ends_on <= version.starts_on,
        and_(version.auto_renew, day > EVERY_MONTHS_LAST),
        and_(version.auto_renew, unsaid, by_days),
        and_(unsaid, months < LONG_ENOUGH),
        func.coalesce(after != version.currency, False),
        select(other.c.account).where(beside, takes_over).exists(),
    )


def _next(column: str) -> Any:
    """Of the version of the same contract that follows."""
    after = version_rows.alias("after")
    mine = (after.c.subscription_id == version_rows.c.subscription_id, after.c.starts_on > version_rows.c.starts_on)
    first = select(after.c[column]).where(*mine).order_by(after.c.starts_on).limit(1)
    return first.correlate(version_rows).scalar_subquery()


def _summed(tx: Transaction, within: Condition, asked: _Asked, rates: Rates) -> Renewals:
    """The plain versions, each with the one that follows."""
    after = version_rows.alias("follower")
    follows = and_(after.c.subscription_id == version_rows.c.subscription_id, after.c.starts_on == _next("starts_on"))
    annual = _whole(version_rows.c.annual)
    paid = case((and_(after.c.status == "active", after.c.annual > 0), _whole(after.c.annual)), else_=0)
    followed = case((paid < annual, paid), else_=annual)
    once, waits, kept_once = _ended_once(after, asked, followed)
    moved, replaced = _moved_on(after, asked)
    auto = version_rows.c.auto_renew
    times = case((auto, moved + replaced), else_=once)
    kept = case((auto, annual * moved + followed * replaced), else_=kept_once)
    sums = (func.sum(part) for part in (times, annual * times, kept, case((auto, 0), (waits, annual * once), else_=0)))
    query = _of_accounts(version_rows.c.currency, *sums).outerjoin(after, follows)
    lasting = or_(func.coalesce(version_rows.c.term_months, 0) == 0, version_rows.c.term_months > 1)
    plain = query.where(within, _may_end(asked), lasting, ~_odd()).group_by(version_rows.c.currency)
    found = Renewals()
    for currency, contracts, *amounts in tx.execute(plain):
        due, renewed, pending = (_converted(int(amount), currency, rates) for amount in amounts)
        found = _with(found, Renewals(due, renewed, pending, int(contracts)))
    return found


def _ended_once(after: Any, asked: _Asked, followed: Any) -> tuple[Any, Condition, Any]:
    """Whether a term that does not renew by itself came to its end; whether it still waits; what followed it."""
    ends_on, starts = version_rows.c.ends_on, after.c.starts_on
    came = and_(ends_on.between(asked.period.first, asked.until), or_(starts.is_(None), starts >= ends_on))
    waits = and_(starts.is_(None), ends_on > asked.today - timedelta(asked.grace_days))
    in_time = starts <= later(ends_on, asked.grace_days)
    return case((came, 1), else_=0), waits, case((and_(came, in_time), followed), else_=0)


def _moved_on(after: Any, asked: _Asked) -> tuple[Any, Any]:
    """How many terms went on by themselves, and whether another version took over on the very day a term ended."""
    version, starts = version_rows.c, after.c.starts_on
    said = func.coalesce(version.term_months, 0)
    term = case((said == 0, _months(version.ends_on) - _months(version.starts_on)), else_=said)
    reached = _ends(version.ends_on, term, by=literal(asked.until + timedelta(1)))
    if_replaced = _ends(version.ends_on, term, by=starts)
    last = case((starts.is_(None), reached), (if_replaced < reached, if_replaced), else_=reached)
    gone = _ends(version.ends_on, term, by=literal(asked.period.first))
    between = case((last > gone, last - gone), else_=0)
    at_an_end = and_(
        starts.between(asked.period.first, asked.until),
        starts >= version.ends_on,
        _day(starts) == _day(version.ends_on),
        (_months(starts) - _months(version.ends_on)) % term == 0,
    )
    return between, case((at_an_end, 1), else_=0)


def _ends(ends_on: Any, term: Any, *, by: Any) -> Any:
    """How many ends of terms lie before the day."""
    months = _months(by) - _months(ends_on) - case((_day(by) <= _day(ends_on), 1), else_=0)
    return case((months < 0, 0), else_=months // term + 1)


def _months(day: Any) -> ColumnElement[int]:
    return cast(extract("year", day), Integer) * 12 + cast(extract("month", day), Integer)


def _day(day: Any) -> ColumnElement[int]:
    return cast(extract("day", day), Integer)


def _whole(part: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(part, BigInteger)


def _converted(amount: int, currency: str, rates: Rates) -> Decimal:
    return rates.convert(Money(Decimal(amount) / TEN_THOUSANDTHS, currency)).amount


def _of_accounts(*columns: Any) -> Any:
    return select(*columns).join_from(version_rows, accounts, version_rows.c.account == accounts.c.number)


def _pages(tx: Transaction, odd: Condition) -> Iterator[list[int]]:
    """Numbers of the accounts of odd versions, so many at a time."""
    query = _of_accounts(version_rows.c.account).where(odd).distinct().order_by(version_rows.c.account)
    numbers = list(tx.execute(query).scalars())
    for start in range(0, len(numbers), PAGE):
        yield numbers[start : start + PAGE]


def _versions(tx: Transaction, numbers: list[int]) -> Iterator[list[Version]]:
    """What decides about terms, account by account; read as it stands, for there may be very many."""
    query = select(*COLUMNS).where(version_rows.c.account.in_(numbers)).order_by(version_rows.c.account)
    for _, rows in groupby(tx.execute(query).all(), itemgetter(0)):
        yield [
            Version(name, starts_on, Money(annual, currency), *rest)
            for _, name, starts_on, annual, currency, *rest in rows
        ]

"""The lives of contracts by a day, and those that stand: plain accounts grouped by the database, others read."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)  # fmt: skip

from domain.money import Money
from domain.renewals.forecast import Life
from domain.renewals.lifetimes import Lifetime, lifetimes_on
from domain.renewals.worth import Curves, Holdings, curves
from domain.subscriptions import Term, term_between
from storage.database import Transaction
from storage.facts import subscriptions
from storage.renewals import fits
from storage.scope import Scope, operator
from storage.tables import accounts
from storage.tables import subscriptions as versions
from storage.types import TEN_THOUSANDTHS
from storage.within import among

Condition = ColumnElement[bool]
PAGE = 1000


def holdings(tx: Transaction, within: Condition, day: date, *, today: date, grace_days: int) -> Holdings:
    """As domain/lifetimes.lifetimes_on tells it, of every account of the scope.

    Plain are accounts of one contract that follows on the very day of each end, or of one that renews by itself.
    """
    found, odd = Holdings(), list[int]()
    for row in tx.execute(_grouped(within, day)):
        if row.odd:
            odd.append(row.odd)
        else:
            found.add(row.segment or "", _plain(row, day, grace_days), row.accounts)
    for start in range(0, len(odd), PAGE):
        _read(tx, found, odd[start : start + PAGE], day=day, today=today, grace_days=grace_days)
    return found


def survival(tx: Transaction, scope: Scope, *, today: date, grace_days: int) -> Curves:
    """As the last night has fitted it; before the first one from all that the viewer may see."""
    kept = fits.survival(tx)
    if kept is not None:
        return kept
    everyone = holdings(tx, replace(scope, filters=()).where(), today, today=today, grace_days=grace_days)
    return curves(everyone.lives, today)


def _grouped(within: Condition, day: date) -> Select[Any]:
    """One row of all plain accounts that are alike, and one for each odd account."""
    each = _by_account(within, day)
    plain = and_(each.c.odd == 0, each.c.edges == each.c.count - 1, each.c.ends == each.c.count)
    columns = (
        case((plain, 0), else_=each.c.account).label("odd"),
        *(
            case((plain, each.c[name])).label(name)
            for name in ("segment", "auto_renew", "term_months", "first", "ends_on", "currency")
        ),
        case((plain, each.c.count - 1 - each.c.begun_today)).label("renewals"),
    )
    one = select(*columns, each.c.annual).subquery()
    keys = [column for column in one.c if column.name != "annual"]
    annual = type_coerce(func.sum(type_coerce(one.c.annual, BigInteger)), BigInteger).label("annual")
    return select(*keys, func.count().label("accounts"), annual).group_by(*keys)


def _by_account(within: Condition, day: date) -> Subquery:
    """Versions, those that another follows on the day of their end, and of the last one what counts; without windows,
    which would cost three times as much.
    """
    mine, follower = versions.alias("mine"), versions.alias("follower")
    follows = and_(
        follower.c.subscription_id == mine.c.subscription_id,
        follower.c.starts_on == mine.c.ends_on,
        follower.c.account == mine.c.account,
        follower.c.starts_on <= day,
    )
    last = follower.c.starts_on.is_(None)
    auto, count = func.max(case((mine.c.auto_renew, 1), else_=0)), func.count()
    several = [func.min(mine.c[name]) != func.max(mine.c[name]) for name in ("subscription_id", "product", "currency")]
    odd = case((or_(func.max(case((_odd(mine), 1), else_=0)) == 1, *several, and_(auto == 1, count > 1)), 1), else_=0)
    paid = func.sum(case((last, type_coerce(mine.c.annual, BigInteger))))
    return (
        select(
            accounts.c.number.label("account"),
            accounts.c.segment,
            auto.label("auto_renew"),
            count.label("count"),
            func.count(follower.c.starts_on).label("edges"),
            func.count(mine.c.ends_on.distinct()).label("ends"),
            odd.label("odd"),
            func.max(case((last, mine.c.term_months))).label("term_months"),
            func.max(case((and_(last, mine.c.term_months.is_(None)), mine.c.starts_on))).label("first"),
            func.max(mine.c.ends_on).label("ends_on"),
            case((and_(func.max(mine.c.starts_on) == day, count > 1), 1), else_=0).label("begun_today"),
            func.max(mine.c.currency).label("currency"),
            paid.label("annual"),
        )
        .join_from(accounts, mine, mine.c.account == accounts.c.number)
        .outerjoin(follower, follows)
        .where(within, mine.c.starts_on <= day)
        .group_by(accounts.c.number)
        .subquery()
    )


def _odd(mine: FromClause) -> Condition:
    """What needs a rule: of notice, cancellation, another id, a price of zero, an open end."""
    return or_(
        mine.c.status != "active",
        mine.c.annual <= 0,
        mine.c.ends_on.is_(None),
        mine.c.ends_on <= mine.c.starts_on,
        mine.c.cancelled_on.is_not(None),
        mine.c.notice_given_on.is_not(None),
        func.coalesce(mine.c.renews, "") != "",
    )


def _plain(row: Any, day: date, grace_days: int) -> list[Lifetime]:
    """The life of contracts that are alike, with the sum of what they pay."""
    paid = Money(Decimal(int(row.annual)) / TEN_THOUSANDTHS, row.currency)
    term = Term(row.term_months) if row.term_months else term_between(row.first, row.ends_on)
    months, renewals = term.in_months, int(row.renewals)
    if row.auto_renew:
        gone = term.passed(row.ends_on, day - timedelta(1))
        return [Lifetime(months, Life(gone, lost=False), paid)]
    if row.ends_on + timedelta(grace_days) > day:
        return [Lifetime(months, Life(renewals, lost=False), paid)]
    if row.ends_on < day:
        return [Lifetime(months, Life(renewals + 1, lost=True))]
    return [Lifetime(months, Life(renewals, lost=False))]


def _read(tx: Transaction, found: Holdings, numbers: list[int], *, day: date, today: date, grace_days: int) -> None:
    mine = accounts.c.number.in_(numbers)
    segments = {
        row.number: row.segment for row in tx.execute(select(accounts.c.number, accounts.c.segment).where(mine))
    }
    for number, held in subscriptions.every(tx, among(numbers, operator())).items():
        found.add(segments[number] or "", lifetimes_on(held, day, today=today, grace_days=grace_days))

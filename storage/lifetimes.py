"""The lives of contracts by a day, and those that stand: plain accounts grouped by the database, others read."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, extract, func, or_, select, type_coerce

from domain.forecast import Life
from domain.lifetimes import Lifetime, lifetimes_on
from domain.money import Money
from domain.subscriptions import Term
from domain.worth import Curves, Holdings, curves
from storage import fits, subscriptions
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts
from storage.tables import subscriptions as versions
from storage.types import TEN_THOUSANDTHS

Condition = ColumnElement[bool]
PAGE = 1000
NAMED = ("subscription_id", "product", "currency")


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
    """Of each plain account its last version; one row of all that are alike, and one for each odd account."""
    spoiled = _last_versions(within, day)
    plain = spoiled.c.spoiled == 0
    columns = (
        case((plain, 0), else_=spoiled.c.account).label("odd"),
        *(
            case((plain, spoiled.c[name])).label(name)
            for name in ("segment", "auto_renew", "months", "ends_on", "renewals", "currency")
        ),
    )
    one = select(*columns, spoiled.c.annual).where(spoiled.c.following.is_(None)).subquery()
    keys = [column for column in one.c if column.name != "annual"]
    annual = type_coerce(func.sum(type_coerce(one.c.annual, BigInteger)), BigInteger).label("annual")
    return select(*keys, func.count().label("accounts"), annual).group_by(*keys)


def _last_versions(within: Condition, day: date) -> Any:
    chain: Any = {"partition_by": versions.c.account, "order_by": (versions.c.starts_on, versions.c.subscription_id)}
    place = func.row_number().over(**chain)
    every = (
        select(
            versions,
            accounts.c.segment,
            place.label("place"),
            func.lead(versions.c.starts_on).over(**chain).label("following"),
            *(func.lag(versions.c[name]).over(**chain).label(f"{name}_before") for name in NAMED),
        )
        .join_from(versions, accounts, versions.c.account == accounts.c.number)
        .where(within, versions.c.starts_on <= day)
        .subquery()
    )
    begun_today = case((and_(every.c.starts_on == day, every.c.place > 1), 1), else_=0)
    months = func.coalesce(every.c.term_months, _months(every.c.ends_on) - _months(every.c.starts_on))
    spoiled = func.max(case((_odd(every), 1), else_=0)).over(partition_by=every.c.account)
    columns = (every.c[name] for name in ("account", "segment", "auto_renew", "following", "currency", "annual"))
    return select(
        *columns,
        every.c.ends_on,
        months.label("months"),
        (every.c.place - 1 - begun_today).label("renewals"),
        spoiled.label("spoiled"),
    ).subquery()


def _odd(every: Any) -> Condition:
    """What needs a rule: of grace, notice, product, price of zero, change within the term, a term of odd days."""
    by_days = extract("day", every.c.starts_on) != extract("day", every.c.ends_on)
    return or_(
        every.c.status != "active",
        every.c.annual <= 0,
        every.c.ends_on.is_(None),
        every.c.ends_on <= every.c.starts_on,
        every.c.cancelled_on.is_not(None),
        every.c.notice_given_on.is_not(None),
        func.coalesce(every.c.renews, "") != "",
        and_(every.c.auto_renew, or_(every.c.place > 1, every.c.following.is_not(None))),
        every.c.following != every.c.ends_on,
        *(every.c[f"{name}_before"] != every.c[name] for name in NAMED),
        and_(every.c.term_months.is_(None), by_days),
    )


def _plain(row: Any, day: date, grace_days: int) -> list[Lifetime]:
    """The life of contracts that are alike, with the sum of what they pay."""
    paid = Money(Decimal(int(row.annual)) / TEN_THOUSANDTHS, row.currency)
    months, renewals = int(row.months), int(row.renewals)
    if row.auto_renew:
        gone = Term(months).passed(row.ends_on, day - timedelta(1))
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
    for number, held in subscriptions.every(tx, mine).items():
        found.add(segments[number] or "", lifetimes_on(held, day, today=today, grace_days=grace_days))


def _months(day: ColumnElement[date]) -> ColumnElement[int]:
    return extract("year", day) * 12 + extract("month", day)

"""What is kept but cannot all be true: more active users than seats, use outside of any subscription."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Subquery, Table, and_, case, func, or_, select

from storage.database import Transaction
from storage.importing import standing
from storage.sources.problems import Warned
from storage.tables import accounts, mrr, subscriptions, usage

MOST = 100


def found(tx: Transaction, import_id: int) -> Iterator[Warned]:
    """The contradictions that the rows of an import take part in, an account a line."""
    outside, above = _doubtful(tx, import_id)
    if outside and (_any(tx, subscriptions) or _any(tx, mrr)):
        yield from _outside(tx, _days(tx, import_id, outside))
    if above:
        yield from _above_seats(tx, _days(tx, import_id, above))


def _any(tx: Transaction, table: Table) -> bool:
    return tx.execute(select(table.c.import_id).limit(1)).first() is not None


def _doubtful(tx: Transaction, import_id: int) -> tuple[list[int], list[int]]:
    """The accounts to be asked day by day: no version covers all days told of; one has fewer seats than were active."""
    first, last = func.min(usage.c.day).label("first"), func.max(usage.c.day).label("last")
    told = select(usage.c.account, first, last, func.max(usage.c.active_users).label("active"))
    spans = told.where(usage.c.import_id == import_id).group_by(usage.c.account).subquery()
    fewer = and_(subscriptions.c.account == spans.c.account, subscriptions.c.seats < spans.c.active)
    above = select(subscriptions.c.account).where(fewer).correlate(spans).exists()
    rows = tx.execute(select(spans.c.account, _uncovered(spans), above)).all()
    return [account for account, is_outside, _ in rows if is_outside], [
        account for account, _, is_above in rows if is_above
    ]


def _days(tx: Transaction, import_id: int, doubtful: Sequence[int]) -> Subquery:
    """The days that the import brought of some accounts, with the most active users of each."""
    most = func.max(usage.c.active_users)
    query = select(usage.c.account, usage.c.day.label("first"), usage.c.day.label("last"), most.label("active"))
    brought = standing.matching(tx, query.where(usage.c.import_id == import_id), usage.c.account, doubtful)
    return brought.group_by(usage.c.account, usage.c.day).subquery()


def _in_force(days: Subquery) -> ColumnElement[bool]:
    """A version covers the days; one that renews by itself goes on until it is cancelled."""
    later = subscriptions.alias()
    replaced = (
        select(later.c.starts_on)
        .where(
            later.c.subscription_id == subscriptions.c.subscription_id,
            later.c.starts_on > subscriptions.c.starts_on,
            later.c.starts_on <= days.c.last,
        )
        .correlate(subscriptions, days)
    )
    ends = or_(subscriptions.c.ends_on.is_(None), subscriptions.c.ends_on > days.c.last, subscriptions.c.auto_renew)
    cancelled = or_(subscriptions.c.cancelled_on.is_(None), subscriptions.c.cancelled_on > days.c.last)
    own = subscriptions.c.account == days.c.account
    return and_(own, subscriptions.c.starts_on <= days.c.first, ends, cancelled, ~replaced.exists())


def _uncovered(days: Subquery) -> ColumnElement[bool]:
    """No version and no monthly figure covers the days."""
    covered = select(subscriptions.c.account).where(_in_force(days)).correlate(days).exists()
    monthly = select(mrr.c.account).where(mrr.c.account == days.c.account, mrr.c.month <= days.c.first)
    return and_(~covered, ~monthly.correlate(days).exists())


def _outside(tx: Transaction, days: Subquery) -> Iterator[Warned]:
    query = (
        select(accounts.c.account_id, func.count().label("days"), func.max(days.c.last).label("newest"))
        .join_from(days, accounts, accounts.c.number == days.c.account)
        .where(_uncovered(days))
        .group_by(accounts.c.account_id)
        .order_by(accounts.c.account_id)
    )
    for account, count, newest in tx.execute(query.limit(MOST)):
        yield Warned("usage_outside_subscription", {"account": account, "days": count, "newest": newest.isoformat()})


def _above_seats(tx: Transaction, days: Subquery) -> Iterator[Warned]:
    whole = case((func.count(subscriptions.c.seats) == func.count(), func.sum(subscriptions.c.seats)))
    held = (
        select(days.c.account, days.c.last, days.c.active, whole.label("seats"))
        .join_from(days, subscriptions, _in_force(days))
        .group_by(days.c.account, days.c.last, days.c.active)
        .subquery()
    )
    query = (
        select(accounts.c.account_id, func.count(), func.max(held.c.active), func.min(held.c.seats))
        .join_from(held, accounts, accounts.c.number == held.c.account)
        .where(held.c.active > held.c.seats)
        .group_by(accounts.c.account_id)
        .order_by(accounts.c.account_id)
    )
    for account, count, active, seats in tx.execute(query.limit(MOST)):
        yield Warned("above_seats", {"account": account, "days": count, "active": active, "seats": seats})

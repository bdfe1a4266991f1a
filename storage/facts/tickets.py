"""Support tickets."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from domain.facts import Ticket
from storage.database import Transaction
from storage.facts.asof import DAY, UNTIL, AsOf, known
from storage.tables import accounts, tickets
from storage.within import Condition, Within

RECENT = timedelta(28)


def recent(tx: Transaction, within: Within, seen: AsOf) -> dict[int, list[Ticket]]:
    """By account: open on the day, or closed in the 28 days up to it; oldest first."""
    found: dict[int, list[Ticket]] = defaultdict(list)
    since = seen.start(seen.day - RECENT + timedelta(1))
    for row in within.ask(tx, _recent, **seen.values, since=since).mappings():
        found[row["account"]].append(_ticket(row, seen))
    return found


def _recent(where: Condition) -> Select[Any]:
    closed, told = tickets.c.closed_at, tickets.c.closed_known_on
    still = or_(closed.is_(None), closed >= bindparam("since"), told > DAY)
    query = select(tickets).join_from(tickets, accounts, tickets.c.account == accounts.c.number)
    opened = (tickets.c.opened_at < UNTIL, known(tickets))
    return query.where(where, *opened, still).order_by(tickets.c.opened_at, tickets.c.ticket_id)


NEWEST = [
    select(func.max(column)).where(column < UNTIL, known(tickets)).scalar_subquery()
    for column in (tickets.c.opened_at, tickets.c.closed_at)
]
_NEWEST = select(*NEWEST)


def newest_on(tx: Transaction, seen: AsOf) -> date | None:
    """The day of the newest fact of the whole feed: while it comes, an account without tickets is a fact too."""
    return latest(seen, *tx.execute(_NEWEST, seen.values).one())


def latest(seen: AsOf, *moments: datetime | None) -> date | None:
    return max((seen.on(at) for at in moments if at), default=None)


def _ticket(row: Mapping[str, Any] | Any, seen: AsOf) -> Ticket:
    closed = None if row["closed_at"] is None else seen.then(seen.on(row["closed_at"]))
    known = row["closed_known_on"]
    return Ticket(
        ticket_id=row["ticket_id"],
        opened_on=seen.on(row["opened_at"]),
        severity=row["severity"] or "normal",
        escalated=row["escalated"],
        reopened=row["reopened"],
        closed_on=None if known is not None and known > seen.day else closed,
        category=row["category"],
    )

"""Support tickets."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from domain.facts import Ticket
from storage.asof import AsOf
from storage.database import Transaction
from storage.tables import accounts, tickets

Condition = ColumnElement[bool]

RECENT = timedelta(28)


def recent(tx: Transaction, within: Condition, seen: AsOf) -> dict[int, list[Ticket]]:
    """By account: open on the day, or closed in the 28 days up to it; oldest first."""
    still = or_(
        tickets.c.closed_at.is_(None),
        tickets.c.closed_at >= seen.start(seen.day - RECENT + timedelta(1)),
        tickets.c.closed_known_on > seen.day,
    )
    query = select(tickets).join_from(tickets, accounts, tickets.c.account == accounts.c.number)
    opened = (tickets.c.opened_at < seen.until, seen.known(tickets))
    found: dict[int, list[Ticket]] = defaultdict(list)
    for row in tx.execute(
        query.where(within, *opened, still).order_by(tickets.c.opened_at, tickets.c.ticket_id)
    ).mappings():
        found[row["account"]].append(_ticket(row, seen))
    return found


def newest_on(tx: Transaction, seen: AsOf) -> date | None:
    """The day of the newest fact of the whole feed: while it comes, an account without tickets is a fact too."""
    newest = (
        select(func.max(column)).where(column < seen.until, seen.known(tickets)).scalar_subquery()
        for column in (tickets.c.opened_at, tickets.c.closed_at)
    )
    return max((seen.on(at) for at in tx.execute(select(*newest)).one() if at), default=None)


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

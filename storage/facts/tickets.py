"""Support tickets."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from domain.facts import Ticket
from storage.database import Transaction
from storage.facts.asof import DAY, UNTIL, AsOf, known
from storage.tables import accounts, tickets
from storage.within import Condition, Within

RECENT = timedelta(28)
COLUMNS = (
    tickets.c.account,
    tickets.c.ticket_id,
    tickets.c.opened_at,
    tickets.c.severity,
    tickets.c.escalated,
    tickets.c.reopened,
    tickets.c.closed_at,
    tickets.c.closed_known_on,
    tickets.c.category,
)


def recent(tx: Transaction, within: Within, seen: AsOf) -> dict[int, list[Ticket]]:
    """By account: open on the day, or closed in the 28 days up to it; oldest first."""
    found: dict[int, list[Ticket]] = defaultdict(list)
    since = seen.start(seen.day - RECENT + timedelta(1))
    rows = within.ask(tx, _recent, **seen.values, since=since).all()
    for number, identity, opened_at, severity, escalated, reopened, closed_at, told_on, category in rows:
        closed = None if closed_at is None or (told_on and told_on > seen.day) else seen.then(seen.on(closed_at))
        ticket = Ticket(identity, seen.on(opened_at), severity or "normal", escalated, reopened, closed, category)
        found[number].append(ticket)
    return found


def _recent(where: Condition) -> Select[Any]:
    closed, told = tickets.c.closed_at, tickets.c.closed_known_on
    still = or_(closed.is_(None), closed >= bindparam("since"), told > DAY)
    query = select(*COLUMNS).join_from(tickets, accounts, tickets.c.account == accounts.c.number)
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

"""Who has how much: accounts, money and open alerts by CSM."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, alerts


@dataclass(frozen=True, slots=True)
class Book:
    """csm: an e-mail, None: what nobody has. alerts: open and unanswered ones that need a person."""

    csm: str | None
    accounts: int
    alerts: int


def books(tx: Transaction, scope: Scope, day: date) -> list[Book]:
    """The fullest first; two queries."""
    counted = select(accounts.c.csm, func.count()).where(scope.where()).group_by(accounts.c.csm)
    held = {csm or None: n for csm, n in tx.execute(counted)}
    asking = (
        select(accounts.c.csm, func.count())
        .join_from(alerts, accounts, alerts.c.account == accounts.c.number)
        .where(alerts.c.status == "open", alerts.c.claimed_by.is_(None), alerts.c.wrong_by.is_(None))
        .where(alerts.c.severity != "good", scope.where())
        .where(func.coalesce(alerts.c.snoozed_until, day) <= day)
        .group_by(accounts.c.csm)
    )
    open_ = {csm or None: n for csm, n in tx.execute(asking)}
    found = (Book(csm, n, open_.get(csm, 0)) for csm, n in held.items())
    return sorted(found, key=lambda book: (book.csm is not None, -book.accounts, book.csm or ""))

"""Invoices."""

from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from domain.facts import Invoice
from storage.asof import AsOf
from storage.database import Transaction
from storage.tables import accounts, invoices

Condition = ColumnElement[bool]

COLUMNS = tuple(invoices.c[name] for name in ("invoice_id", "issued_on", "due_on", "amount", "currency"))


def unpaid(tx: Transaction, within: Condition, seen: AsOf) -> dict[int, list[Invoice]]:
    """By account: issued and not paid on the day, oldest due first."""
    open_still = or_(invoices.c.paid_on.is_(None), invoices.c.paid_on > seen.day)
    query = select(invoices.c.account, *COLUMNS).join_from(invoices, accounts, _of()).where(within, *_issued(seen))
    found: dict[int, list[Invoice]] = defaultdict(list)
    for number, *values in tx.execute(query.where(open_still).order_by(invoices.c.due_on, invoices.c.invoice_id)):
        found[number].append(Invoice(*values))
    return found


def invoiced(tx: Transaction, within: Condition, seen: AsOf) -> set[int]:
    """The accounts that ever had an invoice."""
    query = select(invoices.c.account).join_from(invoices, accounts, _of()).where(within, *_issued(seen)).distinct()
    return set(tx.execute(query).scalars())


def newest_on(tx: Transaction, seen: AsOf) -> date | None:
    """The day of the newest fact of the whole feed."""
    newest = (
        select(func.max(column)).where(column <= seen.day, seen.known(invoices)).scalar_subquery()
        for column in (invoices.c.issued_on, invoices.c.paid_on)
    )
    return max((day for day in tx.execute(select(*newest)).one() if day), default=None)


def _issued(seen: AsOf) -> tuple[Condition, Condition]:
    return (invoices.c.issued_on <= seen.day, seen.known(invoices))


def _of() -> Condition:
    return invoices.c.account == accounts.c.number

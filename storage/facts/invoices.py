"""Invoices."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, func, or_, select

from domain.facts import Invoice
from storage.database import Transaction
from storage.facts.asof import DAY, AsOf, known
from storage.tables import accounts, invoices
from storage.within import Condition, Within

COLUMNS = tuple(invoices.c[name] for name in ("invoice_id", "issued_on", "due_on", "amount", "currency"))
OF = invoices.c.account == accounts.c.number
ISSUED = (invoices.c.issued_on <= DAY, known(invoices))

# the newest facts of the whole feed; whether an account ever had an invoice
NEWEST = [
    select(func.max(column)).where(column <= DAY, known(invoices)).scalar_subquery()
    for column in (invoices.c.issued_on, invoices.c.paid_on)
]
INVOICED = select(invoices.c.account).where(OF, *ISSUED).correlate(accounts).exists()


def unpaid(tx: Transaction, within: Within, seen: AsOf) -> dict[int, list[Invoice]]:
    """By account: issued and not paid on the day, oldest due first."""
    found: dict[int, list[Invoice]] = defaultdict(list)
    for number, *values in within.ask(tx, _unpaid, **seen.values):
        found[number].append(Invoice(*values))
    return found


def _unpaid(where: Condition) -> Select[Any]:
    open_still = or_(invoices.c.paid_on.is_(None), invoices.c.paid_on > DAY)
    query = select(invoices.c.account, *COLUMNS).join_from(invoices, accounts, OF)
    return query.where(where, *ISSUED, open_still).order_by(invoices.c.due_on, invoices.c.invoice_id)

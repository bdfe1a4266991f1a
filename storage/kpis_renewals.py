"""Contracts whose term ended in a period, and how much of them was renewed."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from domain.kpis_values import Renewals
from domain.money import Rates
from domain.periods import Period
from domain.terms import terms
from storage import subscriptions
from storage.database import Transaction
from storage.tables import accounts
from storage.tables import subscriptions as version_rows

PAGE = 1000


def count(
    tx: Transaction, within: ColumnElement[bool], period: Period, *, today: date, grace_days: int, rates: Rates
) -> Renewals:
    """Summed at the policy's rates; raises NoRate."""
    due = renewed = pending = rates.total(())
    contracts = 0
    for numbers in _pages(tx, within, period):
        for versions in subscriptions.every(tx, accounts.c.number.in_(numbers)).values():
            for term in terms(versions, period, today=today, grace_days=grace_days):
                contracts += 1
                due += rates.convert(term.due)
                kept, waiting = rates.convert(term.renewed), rates.convert(term.due)
                renewed += min(kept, waiting, key=lambda money: money.amount)
                pending += waiting if term.pending else rates.total(())
    return Renewals(due.amount, renewed.amount, pending.amount, contracts)


def _pages(tx: Transaction, within: ColumnElement[bool], period: Period) -> Iterator[list[int]]:
    """Numbers of the accounts with a contract that may have ended in the period, so many at a time."""
    until = period.last + timedelta(1)
    ended = or_(
        version_rows.c.ends_on.between(period.first, until),
        version_rows.c.cancelled_on.between(period.first, until),
        and_(version_rows.c.auto_renew, version_rows.c.ends_on <= until),
    )
    query = select(accounts.c.number).where(
        within, select(version_rows.c.account).where(version_rows.c.account == accounts.c.number, ended).exists()
    )
    numbers = list(tx.execute(query.order_by(accounts.c.number)).scalars())
    for start in range(0, len(numbers), PAGE):
        yield numbers[start : start + PAGE]

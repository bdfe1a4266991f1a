"""Contracts whose term ended in a period, and how much of them was renewed."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, and_, or_, select

from domain.kpis_values import Renewals
from domain.money import Money, Rates
from domain.periods import Period
from domain.subscriptions import Version
from domain.terms import terms
from storage.database import Transaction
from storage.tables import accounts
from storage.tables import subscriptions as version_rows

PAGE = 1000
COLUMNS = tuple(
    version_rows.c[name]
    for name in (
        "account", "subscription_id", "starts_on", "annual", "currency", "product", "ends_on", "seats", "term_months",
        "auto_renew", "notice_days", "status", "cancelled_on", "notice_given_on", "cancel_reason", "competitor",
        "renews", "change_reason", "known_on",
    )
)  # fmt: skip


def count(
    tx: Transaction, within: ColumnElement[bool], period: Period, *, today: date, grace_days: int, rates: Rates
) -> Renewals:
    """Summed at the policy's rates; raises NoRate."""
    due = renewed = pending = rates.total(())
    contracts = 0
    for numbers in _pages(tx, within, period):
        for versions in _versions(tx, numbers):
            for term in terms(versions, period, today=today, grace_days=grace_days):
                contracts += 1
                was, kept = rates.convert(term.due), rates.convert(term.renewed)
                due += was
                renewed += min(kept, was, key=lambda money: money.amount)
                pending += was * term.pending
    return Renewals(due.amount, renewed.amount, pending.amount, contracts)


def _versions(tx: Transaction, numbers: list[int]) -> Iterator[list[Version]]:
    """What decides about terms, account by account; read as it stands, for there may be very many."""
    query = select(*COLUMNS).where(version_rows.c.account.in_(numbers)).order_by(version_rows.c.account)
    for _, rows in groupby(tx.execute(query).all(), itemgetter(0)):
        yield [
            Version(name, starts_on, Money(annual, currency), *rest)
            for _, name, starts_on, annual, currency, *rest in rows
        ]


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

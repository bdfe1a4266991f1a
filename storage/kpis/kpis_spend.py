"""What was spent on keeping and on winning customers in a period."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import BigInteger, ColumnElement, func, or_, select, type_coerce

from domain.kpis.kpis_values import Spend
from domain.money import Money, Rates
from domain.periods import Period
from storage.database import Transaction
from storage.facts.asof import AsOf
from storage.importing.merging import WHOLE_BASE
from storage.tables import accounts, costs, touches
from storage.types import TEN_THOUSANDTHS


def count(
    tx: Transaction,
    within: ColumnElement[bool],
    period: Period,
    seen: AsOf,
    *,
    rates: Rates,
    hourly: Decimal | None,
    whole: bool,
) -> Spend:
    """Costs of the months that begin in the period, and minutes of touches; of the whole base only for all of it."""
    mine = costs.c.account.in_(select(accounts.c.number).where(within))
    shared = costs.c.account == WHOLE_BASE
    amount = type_coerce(func.sum(type_coerce(costs.c.amount, BigInteger)), BigInteger)
    months = costs.c.month.between(period.first, period.last)
    query = select(costs.c.purpose, costs.c.currency, shared, amount).where(months, or_(mine, shared))
    rows = [tuple(row) for row in tx.execute(query.group_by(costs.c.purpose, costs.c.currency, shared))]
    counted = [(purpose, currency, sum_) for purpose, currency, of_all, sum_ in rows if whole or not of_all]
    told = {purpose for purpose, *_ in counted}
    return Spend(
        _total(counted, "retention", rates),
        _total(counted, "acquisition", rates),
        "retention" in told,
        "acquisition" in told,
        _minutes(tx, within, period, seen),
        hourly,
        shared_left_out=not whole and any(of_all for *_, of_all, _sum in rows),
    )


def _total(rows: Iterable[tuple[str, str, int]], purpose: str, rates: Rates) -> Decimal:
    return rates.total(
        Money(Decimal(amount) / TEN_THOUSANDTHS, currency or rates.base)
        for of, currency, amount in rows
        if of == purpose
    ).amount


def _minutes(tx: Transaction, within: ColumnElement[bool], period: Period, seen: AsOf) -> int:
    during = (touches.c.at >= seen.start(period.first), touches.c.at < seen.until)
    query = select(func.coalesce(func.sum(touches.c.minutes), 0)).join_from(
        touches, accounts, touches.c.account == accounts.c.number
    )
    return int(tx.execute(query.where(within, *during)).scalar_one())

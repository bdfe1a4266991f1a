"""What customers answered, ordered, reached and recommended in a period, as counts."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from domain.kpis.kpis_values import Answers
from domain.periods import Period
from storage.database import Transaction
from storage.facts.asof import AsOf
from storage.tables import accounts, orders, revenue_changes, surveys
from storage.tables import outcomes as required
from storage.tables import referrals as recommended

Condition = ColumnElement[bool]


def answers(tx: Transaction, within: Condition, period: Period, seen: AsOf) -> dict[str, Answers]:
    """By kind: each contact's latest answer of the period; one without a contact counts by itself."""
    first, until = seen.start(period.first), seen.until
    newest = latest(within, period, seen)
    tally = select(newest.c.kind, newest.c.score, func.count())
    scores: dict[str, dict[int, int]] = defaultdict(dict)
    for kind, score, count in tx.execute(tally.group_by(newest.c.kind, newest.c.score)):
        scores[kind][score] = count
    sent = and_(surveys.c.sent_at >= first, surveys.c.sent_at < until)
    rates = _rates(tx, within, _answered(period, seen), sent)
    return {kind: Answers(scores.get(kind, {}), *rates.get(kind, (0, 0))) for kind in {*scores, *rates}}


def latest(within: Condition, period: Period, seen: AsOf) -> Any:
    """The latest answer of each contact in the period: account, kind, score."""
    who = func.coalesce(func.nullif(surveys.c.contact_id, ""), "response " + surveys.c.response_id)
    newest = (surveys.c.answered_at.desc(), surveys.c.response_id.desc())
    rank = func.row_number().over(partition_by=(surveys.c.account, surveys.c.kind, who), order_by=newest)
    columns = (surveys.c.account, surveys.c.kind, surveys.c.score, rank.label("rank"))
    of_scope = select(*columns).join_from(surveys, accounts, _of(surveys)).where(within, _answered(period, seen))
    ranked = of_scope.subquery()
    return select(ranked.c.account, ranked.c.kind, ranked.c.score).where(ranked.c.rank == 1).subquery()


def _answered(period: Period, seen: AsOf) -> Condition:
    answered_at = surveys.c.answered_at
    return and_(surveys.c.score.is_not(None), answered_at >= seen.start(period.first), answered_at < seen.until)


def _rates(tx: Transaction, within: Condition, answered: Condition, sent: Condition) -> dict[str, tuple[int, int]]:
    """Of what was sent or answered in the period, how much was answered."""
    count = func.sum(case((surveys.c.score.is_not(None), 1), else_=0))
    query = select(surveys.c.kind, func.count(), count).join_from(surveys, accounts, _of(surveys))
    rows = tx.execute(query.where(within, or_(answered, sent)).group_by(surveys.c.kind))
    return {kind: (asked, int(some)) for kind, asked, some in rows}


def buyers(tx: Transaction, within: Condition, period: Period) -> tuple[int, int]:
    """Accounts that ordered on two days or more, and on any."""
    days = func.count(orders.c.ordered_on.distinct())
    query = select(orders.c.account, days.label("days")).join_from(orders, accounts, _of(orders))
    during = query.where(within, orders.c.ordered_on.between(period.first, period.last))
    held = during.group_by(orders.c.account).subquery()
    again, every = tx.execute(
        select(func.sum(case((held.c.days > 1, 1), else_=0)), func.count()).select_from(held)
    ).one()
    return int(again or 0), int(every)


def outcomes(tx: Transaction, within: Condition, period: Period, today: date) -> dict[str, int]:
    """Required outcomes due in the period: reached and confirmed, reached only."""
    reached = required.c.achieved_on <= today
    confirmed = and_(reached, required.c.confirmed_on <= today)
    query = select(
        func.count(),
        func.sum(case((confirmed, 1), else_=0)),
        func.sum(case((and_(reached, func.coalesce(required.c.confirmed_on > today, True)), 1), else_=0)),
    ).join_from(required, accounts, _of(required))
    row = tx.execute(query.where(within, required.c.due_on.between(period.first, period.last))).one()
    return {name: int(count or 0) for name, count in zip(("due", "confirmed", "unconfirmed"), row, strict=True)}


def referrals(tx: Transaction, within: Condition, period: Period, today: date) -> dict[str, int]:
    """Accounts that pay on the last day, those of them that recommended us in the period, and to whom."""
    paying = (
        select(revenue_changes.c.account)
        .join_from(revenue_changes, accounts, _of(revenue_changes))
        .where(within, revenue_changes.c.day <= period.last, revenue_changes.c.known_on <= today)
        .group_by(revenue_changes.c.account)
        .having(func.sum(revenue_changes.c.delta) > 0)
        .subquery()
    )
    days = (recommended.c.introduced_on, recommended.c.converted_on)
    during = or_(*(day.between(period.first, period.last) for day in days))
    mine = recommended.c.account.in_(select(paying.c.account))
    query = select(func.count(recommended.c.account.distinct()), func.count(), *_sums(period)).where(during, mine)
    row = tx.execute(query).one()
    names = ("accounts", "introduced", "external", "internal", "converted")
    counted = {name: int(count or 0) for name, count in zip(names, row, strict=True)}
    return {**counted, "paying": int(tx.execute(select(func.count()).select_from(paying)).scalar_one())}


def _sums(period: Period) -> list[Any]:
    converted = recommended.c.converted_on.between(period.first, period.last)
    wanted = (recommended.c.kind == "external", recommended.c.kind == "internal", converted)
    return [func.sum(case((holds, 1), else_=0)) for holds in wanted]


def _of(table: Any) -> Condition:
    condition: Condition = table.c.account == accounts.c.number
    return condition

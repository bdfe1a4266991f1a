"""The accounts that moved a metric most, where it is not revenue: a few rows, chosen by the database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, and_, case, func, literal, or_, select, type_coerce

from domain.kpis.kpis_values import Kpi
from domain.money import Rates
from domain.renewals.terms import terms
from domain.subscriptions import seats
from storage.facts import activity, subscriptions
from storage.kpis import kpis_voice
from storage.kpis.kpis import Question
from storage.kpis.kpis_entries import customer_since, first_reached
from storage.scope import operator
from storage.tables import accounts, outcomes, revenue_changes
from storage.tables import subscriptions as contracts
from storage.within import among

MOST = 5
PAGE, PAGES = 200, 5
CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Behind:
    """One account behind a metric; which of these are told depends on the metric.

    count of `of`: idle of all seats, unhappy of all answers, open of all outcomes due; mean of its answers; since when
    it waits; annual amounts due and renewed, `pending`: some of it is undecided within the grace.
    """

    number: int
    count: int = 0
    of: int = 0
    mean: Decimal | None = None
    since: date | None = None
    due: Decimal = Decimal(0)
    renewed: Decimal = Decimal(0)
    pending: bool = False


def most(question: Question, name: str, kpi: Kpi) -> tuple[Behind, ...]:
    """Those that moved the metric most, the most first; none for a metric that nothing is known of by account."""
    find = FOUND.get(name)
    return tuple(find(question, kpi))[:MOST] if find else ()


def in_base(amount: ColumnElement[Any], currency: ColumnElement[str], rates: Rates) -> ColumnElement[Any]:
    """A column of ten-thousandths at the policy's rates; only to rank and to sum what is shown rounded."""
    if not rates.worth:
        return amount
    worth = {code: amount * literal(float(one), Float) for code, one in rates.worth.items()}
    return case(worth, value=currency, else_=amount)


def _idle_seats(question: Question, _kpi: Kpi) -> list[Behind]:
    """Of the accounts with the most seats, as far as one with fewer could still have more idle ones."""
    found: list[Behind] = []
    for page in range(PAGES):
        held = _with_seats(question, page)
        found = sorted([*found, *_idle(question, list(held))], key=lambda one: (-one.count, one.number))[:MOST]
        if len(held) < PAGE or (len(found) == MOST and found[-1].count >= min(held.values())):
            break
    return found


def _with_seats(question: Question, page: int) -> dict[int, int]:
    """By account: at most so many seats in force; the most first."""
    day = question.period.last
    total = func.sum(contracts.c.seats)
    ends_on, gone_on = contracts.c.ends_on, contracts.c.cancelled_on
    running = or_(ends_on.is_(None), ends_on > day - timedelta(question.policy.grace_days), contracts.c.auto_renew)
    query = (
        select(contracts.c.account, total)
        .join_from(contracts, accounts, contracts.c.account == accounts.c.number)
        .where(question.within, contracts.c.starts_on <= day, running, or_(gone_on.is_(None), gone_on > day))
        .group_by(contracts.c.account)
        .having(total > 0)
        .order_by(total.desc(), contracts.c.account)
    )
    rows: Any = question.tx.execute(query.limit(PAGE).offset(page * PAGE))
    return {number: int(count) for number, count in rows}


def _idle(question: Question, numbers: list[int]) -> Iterator[Behind]:
    if not numbers:
        return
    day, page = question.period.last, among(numbers, operator())
    used = activity.load(question.tx, page, day=day, core=())
    held = subscriptions.versions(question.tx, page, question.seen)
    for number, one in used.items():
        licensed = seats(held.get(number, []), day, grace_days=question.policy.grace_days)
        if licensed and one.active is not None and one.active < licensed:
            yield Behind(number, licensed - one.active, licensed)


def _answers(kind: str, counted: Callable[[Any], Any], unhappy: int) -> Callable[[Question, Kpi], list[Behind]]:
    """Those whose answers pulled the figure down most: by how far below it, and by how many."""

    def find(question: Question, kpi: Kpi) -> list[Behind]:
        if kpi.value is None:
            return []
        newest = kpis_voice.latest(question.within, question.period, question.seen)
        pulled = literal(float(kpi.value), Float) * func.count() - func.sum(counted(newest.c.score))
        low = func.sum(case((newest.c.score <= unhappy, 1), else_=0))
        query = (
            select(newest.c.account, low, func.count(), func.sum(newest.c.score))
            .where(newest.c.kind == kind)
            .group_by(newest.c.account)
            .having(pulled > 0)
            .order_by(pulled.desc(), newest.c.account)
        )
        rows: Any = question.tx.execute(query.limit(MOST))
        return [Behind(number, int(low), n, mean=Decimal(int(total)) / n) for number, low, n, total in rows]

    return find


def _open_outcomes(question: Question, _kpi: Kpi) -> list[Behind]:
    """Due in the period and not confirmed by the customer."""
    confirmed = and_(outcomes.c.achieved_on <= question.today, outcomes.c.confirmed_on <= question.today)
    open_ = func.sum(case((confirmed, 0), else_=1))
    earliest = func.min(case((confirmed, None), else_=outcomes.c.due_on), type_=outcomes.c.due_on.type)
    query = (
        select(outcomes.c.account, open_, func.count(), earliest)
        .join_from(outcomes, accounts, outcomes.c.account == accounts.c.number)
        .where(question.within, outcomes.c.due_on.between(question.period.first, question.period.last))
        .group_by(outcomes.c.account)
        .having(open_ > 0)
        .order_by(open_.desc(), earliest, outcomes.c.account)
    )
    rows: Any = question.tx.execute(query.limit(MOST))
    return [Behind(number, int(count), of, since=since) for number, count, of, since in rows]


def _without_value(question: Question, _kpi: Kpi) -> list[Behind]:
    value, since = first_reached("first_value", question.within, question.today).subquery(), customer_since()
    query = (
        select(accounts.c.number, since)
        .outerjoin(value, value.c.account == accounts.c.number)
        .where(question.within, since.between(question.period.first, question.period.last), value.c.day.is_(None))
        .order_by(since, accounts.c.number)
    )
    rows: Any = question.tx.execute(query.limit(MOST))
    return [Behind(number, since=day) for number, day in rows]


def _between(reached: str, missing: str) -> Callable[[Question, Kpi], list[Behind]]:
    """Of those acquired in the period: at one step of the funnel, and not yet at the next."""

    def find(question: Question, _kpi: Kpi) -> list[Behind]:
        names = ("acquired", reached, missing)
        came, at, then = (first_reached(name, question.within, question.today).subquery() for name in names)
        query = (
            select(accounts.c.number, at.c.day)
            .join(came, came.c.account == accounts.c.number)
            .join(at, at.c.account == accounts.c.number)
            .outerjoin(then, then.c.account == accounts.c.number)
            .where(question.within, came.c.day.between(question.period.first, question.period.last))
            .where(then.c.day.is_(None))
            .order_by(at.c.day, accounts.c.number)
        )
        rows: Any = question.tx.execute(query.limit(MOST))
        return [Behind(number, since=day) for number, day in rows]

    return find


def _not_renewed(question: Question, _kpi: Kpi) -> list[Behind]:
    """Terms that ended in the period and were lost, reduced or are undecided, by amount."""
    numbers = [*_fallen(question), *_undecided(question)]
    held = subscriptions.every(question.tx, among(numbers, operator())) if numbers else {}
    found = (_of_terms(question, number, versions) for number, versions in held.items())
    short = [one for one in found if one.renewed < one.due]
    return sorted(short, key=lambda one: (one.renewed - one.due, one.number))


def _of_terms(question: Question, number: int, versions: list[Any]) -> Behind:
    policy, due, renewed, pending = question.policy, Decimal(0), Decimal(0), False
    for term in terms(versions, question.period, today=question.today, grace_days=policy.grace_days):
        asked = policy.exchange.convert(term.due).amount
        due += asked
        renewed += min(policy.exchange.convert(term.renewed).amount, asked)
        pending = pending or term.pending
    return Behind(number, due=due, renewed=renewed, pending=pending)


def _fallen(question: Question) -> list[int]:
    """The accounts whose revenue fell most on single days of the period."""
    delta = type_coerce(revenue_changes.c.delta, BigInteger)
    fall = func.sum(in_base(delta, revenue_changes.c.currency, question.policy.exchange))
    days = revenue_changes.c.day.between(question.period.first, question.period.last)
    query = (
        select(revenue_changes.c.account)
        .join_from(revenue_changes, accounts, revenue_changes.c.account == accounts.c.number)
        .where(question.within, days, revenue_changes.c.known_on <= question.today, revenue_changes.c.delta < 0)
        .group_by(revenue_changes.c.account)
        .order_by(fall, revenue_changes.c.account)
    )
    return list(question.tx.execute(query.limit(CANDIDATES)).scalars())


def _undecided(question: Question) -> list[int]:
    """The accounts with the largest contracts that ended within the grace and do not renew by themselves."""
    annual = in_base(type_coerce(contracts.c.annual, BigInteger), contracts.c.currency, question.policy.exchange)
    first = max(question.period.first, question.today - timedelta(question.policy.grace_days))
    query = (
        select(contracts.c.account)
        .join_from(contracts, accounts, contracts.c.account == accounts.c.number)
        .where(question.within, contracts.c.ends_on.between(first, question.period.last), ~contracts.c.auto_renew)
        .order_by(annual.desc(), contracts.c.account)
    )
    return list(question.tx.execute(query.limit(CANDIDATES)).scalars())


def _promoting(score: Any) -> Any:
    return case((score >= 9, 100), (score <= 6, -100), else_=0)


def _satisfied(score: Any) -> Any:
    return case((score >= 4, 1), else_=0)


FOUND: Mapping[str, Callable[[Question, Kpi], list[Behind]]] = {
    "licences": _idle_seats,
    "nps": _answers("nps", _promoting, 6),
    "csat": _answers("csat", _satisfied, 3),
    "ces": _answers("ces", lambda score: score, 3),
    "outcomes": _open_outcomes,
    "time-to-value": _without_value,
    "activation": _between("acquired", "activated"),
    "conversion": _between("activated", "converted"),
    "renewal-rate": _not_renewed,
}

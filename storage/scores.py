"""Scores of each day, narrow; their factors for 35 days and month ends."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, select

from domain.health.scores import Health, State, Then
from storage.database import Transaction
from storage.facts.asof import DAY
from storage.importing.bulk import insert_values
from storage.scope import Scope
from storage.tables import accounts, factors, scores
from storage.within import Condition, among

__all__ = ["Score", "Then", "counts", "factors_on", "is_whole", "latest", "purge", "save", "scored", "series"]

KEPT = timedelta(35)
MONTHS_KEPT = 120
OF_SCORES = ("account", "day", "score", "state", "cap", "coverage", "at_risk", "policy")
OF_FACTORS = ("account", "day", "measure", "points", "weight", "value", "fact_on")


@dataclass(frozen=True, slots=True)
class Score:
    """A stored reading; `policy` is the version that made it."""

    number: int
    day: date
    state: State
    score: int | None
    coverage: int
    cap: str | None
    policy: int


def save(
    tx: Transaction,
    day: date,
    healths: Collection[Health],
    *,
    policy_version: int,
    at_risk: Collection[int] = frozenset(),
    with_factors: bool = True,
) -> None:
    """Keep the readings of a day; those of the same accounts on that day are replaced. at_risk: account numbers."""
    numbers = [health.account.number for health in healths]
    for table in (scores, factors):
        tx.execute(delete(table).where(table.c.day == day, table.c.account.in_(numbers)))
    insert_values(tx, scores, OF_SCORES, (_reading(h, day, policy_version, at_risk=at_risk) for h in healths))
    if with_factors:
        insert_values(tx, factors, OF_FACTORS, (row for health in healths for row in _factors(health, day)))


def latest(tx: Transaction, numbers: Collection[int], scope: Scope) -> dict[int, Score]:
    """The newest reading of each of the accounts."""
    newest = (
        select(scores.c.account, func.max(scores.c.day).label("day"))
        .where(scores.c.account.in_(numbers))
        .group_by(scores.c.account)
        .subquery()
    )
    same = and_(scores.c.account == newest.c.account, scores.c.day == newest.c.day)
    rows = tx.execute(_visible(scope).join(newest, same))
    return {row.number: row for row in map(_score, rows)}


def series(
    tx: Transaction, number: int, *, policy_version: int | None = None, first: date, last: date, scope: Scope
) -> list[Score]:
    """The readings of one account by day; of one policy version, or of every one."""
    query = _visible(scope).where(scores.c.account == number, scores.c.day.between(first, last))
    made = () if policy_version is None else (scores.c.policy == policy_version,)
    return [_score(row) for row in tx.execute(query.where(*made).order_by(scores.c.day))]


def factors_on(
    tx: Transaction, numbers: Collection[int], day: date, *, policy_version: int, scope: Scope
) -> dict[int, Then]:
    """By account: score and points of the newest stored day up to `day`, no older than 5 days, of the same version."""
    since = day - (KEPT - timedelta(30))
    rows = among(numbers, scope).ask(tx, _factors_on, since=since, day=day, version=policy_version)
    points: dict[int, dict[str, int]] = defaultdict(dict)
    totals: dict[int, tuple[int | None, date]] = {}
    for number, score, on, measure, earned in rows:
        totals[number] = (score, on)
        if measure is not None:
            points[number][measure] = earned
    return {number: Then(score, points[number], on) for number, (score, on) in totals.items()}


def _factors_on(where: Condition) -> Select[Any]:
    inside = (scores.c.day.between(bindparam("since"), DAY), scores.c.policy == bindparam("version"))
    newest = select(scores.c.account, func.max(scores.c.day).label("day")).join_from(scores, accounts, _of())
    found = newest.where(where, *inside).group_by(scores.c.account).subquery()
    same = and_(scores.c.account == found.c.account, scores.c.day == found.c.day)
    of_day = and_(factors.c.account == scores.c.account, factors.c.day == scores.c.day)
    return (
        select(scores.c.account, scores.c.score, scores.c.day, factors.c.measure, factors.c.points)
        .join_from(scores, found, same)
        .outerjoin(factors, of_day)
    )


def counts(tx: Transaction, scope: Scope) -> dict[State | None, int]:
    """How many accounts of the scope are in each state on the last day that was scored; None: not scored then."""
    newest = select(func.max(scores.c.day)).scalar_subquery()
    query = select(scores.c.state, func.count()).outerjoin_from(accounts, scores, and_(_of(), scores.c.day == newest))
    rows = tx.execute(query.where(scope.where()).group_by(scores.c.state))
    return {cast("State | None", state): held for state, held in rows}


def highest(tx: Transaction, scope: Scope, measure: str) -> str | None:
    """The id of the account whose measure has the highest value of those that lose points by it, on the last day."""
    newest = select(func.max(factors.c.day)).scalar_subquery()
    query = (
        select(accounts.c.account_id)
        .join_from(factors, accounts, factors.c.account == accounts.c.number)
        .where(scope.where(), factors.c.day == newest, factors.c.measure == measure)
        .where(factors.c.points < factors.c.weight, factors.c.value.is_not(None))
        .order_by(factors.c.value.desc(), accounts.c.number)
    )
    found: str | None = tx.execute(query.limit(1)).scalar_one_or_none()
    return found


def scored(tx: Transaction, first: date, last: date) -> list[date]:
    """The days of the span that have scores; one short look a day."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    looks = [select(scores.c.day).where(scores.c.day == day).exists() for day in days]
    return [day for day, there in zip(days, tx.execute(select(*looks)).one(), strict=True) if there] if days else []


def is_whole(tx: Transaction, day: date) -> bool:
    """Every account that was known by the day has its score: the run was not cut short."""
    lacking = select(accounts.c.number).where(
        accounts.c.known_on <= day,
        ~select(scores.c.account).where(scores.c.account == accounts.c.number, scores.c.day == day).exists(),
    )
    return tx.execute(lacking.limit(1)).first() is None


def purge(tx: Transaction, day: date) -> None:
    """Drop the factors that are neither of the last 35 days nor of a month's end."""
    tx.execute(delete(factors).where(factors.c.day < day - KEPT, factors.c.day.not_in(list(_month_ends(day)))))


def _month_ends(day: date) -> Iterator[date]:
    for back in range(MONTHS_KEPT):
        year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
        yield date(year, month + 1, monthrange(year, month + 1)[1])


def _reading(health: Health, day: date, policy_version: int, *, at_risk: Collection[int]) -> tuple[Any, ...]:
    number, cap = health.account.number, health.cap.code if health.cap else None
    return number, day, health.score, health.state, cap, health.coverage, number in at_risk, policy_version


def _factors(health: Health, day: date) -> Iterator[tuple[Any, ...]]:
    number = health.account.number
    for factor in health.factors:
        reading = factor.reading
        value = None if reading.value is None else float(reading.value)
        yield number, day, factor.measure, factor.points, factor.weight, value, reading.fact_on


def _visible(scope: Scope) -> Select[Any]:
    columns = (scores.c[n] for n in ("account", "day", "state", "score", "coverage", "cap", "policy"))
    return select(*columns).join_from(scores, accounts, _of()).where(scope.where())


def _of() -> ColumnElement[bool]:
    return scores.c.account == accounts.c.number


def _score(row: Any) -> Score:
    return Score(*row)

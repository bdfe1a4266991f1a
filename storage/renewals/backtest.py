"""The stored score of an account on a day gone by, and nothing later."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from domain.renewals.pasts import Question, Reading
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, factors, scores

FRESH = timedelta(35)
EARLIER = timedelta(28)
BATCH = 200

Points = list[tuple[date, str, float]]


def readings(tx: Transaction, asked: Sequence[Question], *, scope: Scope) -> dict[tuple[int, date], Reading]:
    """By account and snapshot: the newest reading up to that day, no older than 35 days, and the points of its time."""
    found: dict[tuple[int, date], Reading] = {}
    for start in range(0, len(asked), BATCH):
        found |= _some(tx, asked[start : start + BATCH], scope)
    return found


def _some(tx: Transaction, asked: Sequence[Question], scope: Scope) -> dict[tuple[int, date], Reading]:
    known, points = _scores(tx, asked, scope), _points(tx, asked, scope)
    found = {}
    for question in asked:
        reading = _reading(question.on, known[question.account], points[question.account])
        if reading:
            found[question.account, question.on] = reading
    return found


def _reading(on: date, known: Sequence[Reading], points: Points) -> Reading | None:
    fresh = [each for each in known if on - FRESH <= each.day <= on]
    if not fresh:
        return None
    newest = fresh[-1]
    earlier = [each for each in known if newest.day - EARLIER - FRESH <= each.day <= newest.day - EARLIER]
    of_time = [day for day, _, _ in points if on - FRESH <= day <= on]
    points_on = max(of_time, default=None)
    return Reading(
        newest.day,
        newest.state,
        newest.score,
        newest.coverage,
        earlier[-1].score if earlier else None,
        {measure: share for day, measure, share in points if day == points_on},
        points_on,
    )


def _scores(tx: Transaction, asked: Iterable[Question], scope: Scope) -> dict[int, list[Reading]]:
    query = (
        select(scores.c.account, scores.c.day, scores.c.state, scores.c.score, scores.c.coverage)
        .join_from(scores, accounts, accounts.c.number == scores.c.account)
        .where(_windows(scores, asked, FRESH + EARLIER + FRESH), scope.where())
        .order_by(scores.c.account, scores.c.day)
    )
    known: dict[int, list[Reading]] = defaultdict(list)
    for row in tx.execute(query):
        known[row.account].append(Reading(row.day, row.state, row.score, row.coverage))
    return known


def _points(tx: Transaction, asked: Iterable[Question], scope: Scope) -> dict[int, Points]:
    query = (
        select(factors.c.account, factors.c.day, factors.c.measure, factors.c.points, factors.c.weight)
        .join_from(factors, accounts, accounts.c.number == factors.c.account)
        .where(_windows(factors, asked, FRESH), factors.c.weight > 0, scope.where())
    )
    known: dict[int, Points] = defaultdict(list)
    for row in tx.execute(query):
        known[row.account].append((row.day, row.measure, row.points / row.weight))
    return known


def _windows(table: Table, asked: Iterable[Question], back: timedelta) -> ColumnElement[bool]:
    return or_(*(and_(table.c.account == q.account, table.c.day.between(q.on - back, q.on)) for q in asked))


def first_day(tx: Transaction) -> date | None:
    """The first day that has scores."""
    found: date | None = tx.execute(select(func.min(scores.c.day))).scalar_one()
    return found

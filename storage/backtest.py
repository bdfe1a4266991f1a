"""The stored score of an account on a day gone by, and nothing later."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from domain.backtest import Question, Reading
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, scores

FRESH = timedelta(35)
BATCH = 200


def readings(tx: Transaction, asked: Sequence[Question], *, scope: Scope) -> dict[tuple[int, date], Reading]:
    """By account and snapshot: the newest reading up to that day, no older than 35 days."""
    found: dict[tuple[int, date], Reading] = {}
    for start in range(0, len(asked), BATCH):
        found |= _some(tx, asked[start : start + BATCH], scope)
    return found


def _some(tx: Transaction, asked: Sequence[Question], scope: Scope) -> dict[tuple[int, date], Reading]:
    windows = (and_(scores.c.account == q.account, scores.c.day.between(q.on - FRESH, q.on)) for q in asked)
    query = (
        select(scores.c.account, scores.c.day, scores.c.state, scores.c.score)
        .join_from(scores, accounts, accounts.c.number == scores.c.account)
        .where(or_(*windows), scope.where())
        .order_by(scores.c.account, scores.c.day)
    )
    known: dict[int, list[Reading]] = defaultdict(list)
    for row in tx.execute(query):
        known[row.account].append(Reading(row.day, row.state, row.score))
    return {
        (question.account, question.on): reading
        for question in asked
        for reading in known[question.account]
        if question.on - FRESH <= reading.day <= question.on
    }


def first_day(tx: Transaction) -> date | None:
    """The first day that has scores."""
    found: date | None = tx.execute(select(func.min(scores.c.day))).scalar_one()
    return found

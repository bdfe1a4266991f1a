"""What only alerts look at, for a page of accounts: last week's scores, features gone silent, the curtain near."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from storage import scores
from storage.database import Transaction, upsert
from storage.importing import standing
from storage.scope import Scope
from storage.tables import accounts, alerts, changes, fits, imports, people, plays, sources, tasks, usage_last
from storage.tables import scores as score_rows

WEEK, WINDOW = timedelta(7), timedelta(28)
ALERTS = "alerts"


def week_before(tx: Transaction, day: date) -> date | None:
    """The newest day with scores that is a week back or more, and no more than two."""
    found = scores.scored(tx, day - 2 * WEEK, day - WEEK)
    return max(found, default=None)


def scores_on(tx: Transaction, first: int, last: int, day: date, version: int, scope: Scope) -> dict[int, int]:
    """By account: readings of a day that were made with one policy."""
    query = (
        select(score_rows.c.account, score_rows.c.score)
        .join_from(score_rows, accounts, score_rows.c.account == accounts.c.number)
        .where(score_rows.c.account.between(first, last), score_rows.c.day == day, score_rows.c.policy == version)
        .where(score_rows.c.score.is_not(None), scope.where())
    )
    return {number: score for number, score in tx.execute(query)}  # noqa: C416  rows are not pairs to mypy


def abandoned(tx: Transaction, first: int, last: int, day: date, core: Collection[str], scope: Scope) -> dict[int, int]:
    """By account: core features last used in the 28 days before the last 28."""
    query = (
        select(usage_last.c.account, func.count())
        .join_from(usage_last, accounts, usage_last.c.account == accounts.c.number)
        .where(usage_last.c.account.between(first, last), usage_last.c.kind == "feature", scope.where())
        .where(usage_last.c.last_day > day - 2 * WINDOW, usage_last.c.last_day <= day - WINDOW)
        .group_by(usage_last.c.account)
    )
    return {number: n for number, n in tx.execute(standing.matching(tx, query, usage_last.c.name, core))}  # noqa: C416


def on_stage_soon(tx: Transaction, first: int, last: int, day: date, until: date, scope: Scope) -> list[str]:
    """The running plays that have an open front-stage task on one of the days."""
    query = (
        select(tasks.c.play_id)
        .distinct()
        .join_from(tasks, accounts, tasks.c.account == accounts.c.number)
        .join(plays, tasks.c.play_id == plays.c.play_id)
        .where(tasks.c.account.between(first, last), tasks.c.status == "open", tasks.c.side == "front")
        .where(tasks.c.due_on.between(day, until), plays.c.status == "running", scope.where())
    )
    return list(tx.execute(query).scalars())


def managers(tx: Transaction) -> dict[str, str]:
    """By e-mail whom somebody has as manager, both in lower case."""
    query = select(func.lower(people.c.email), func.lower(people.c.manager)).where(people.c.manager.is_not(None))
    return {email: above for email, above in tx.execute(query) if above}


def silent_sources(tx: Transaction, before: date) -> dict[str, date]:
    """The files that have filled something, with their newest fact where it is older than a day."""
    query = select(sources.c.name, sources.c.newest_fact_on).where(sources.c.newest_fact_on < before)
    return {name: newest for name, newest in tx.execute(query)}  # noqa: C416


def state(tx: Transaction, scored: date | None = None) -> str:
    """Another one after each edit, import and night: what was evaluated under the same one need not be again.

    scored: the newest day with scores, where that is known before it stands there.

    People's answers to alerts themselves are not counted.
    """
    edit = select(changes.c.id).where(changes.c.entity != alerts.name).order_by(changes.c.id.desc()).limit(1)
    brought = select(func.max(imports.c.id).label("id"), func.max(imports.c.finished_at).label("at")).subquery()
    row = tx.execute(
        select(edit.scalar_subquery(), brought.c.id, brought.c.at, select(func.max(score_rows.c.day)).scalar_subquery())
    ).one()
    return " ".join(map(str, (*row[:3], max(filter(None, (row[3], scored)), default=None))))


def asked_before(tx: Transaction) -> dict[str, str] | None:
    """What the signals were when the last evaluation was made; None before the first."""
    kept = tx.execute(select(fits.c.content).where(fits.c.name == ALERTS)).scalar_one_or_none()
    return None if kept is None else dict(kept)


def keep_asked(tx: Transaction, day: date, asked: Mapping[str, str]) -> None:
    upsert(tx, fits, [{"name": ALERTS, "day": day, "content": dict(asked)}])

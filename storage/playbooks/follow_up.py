"""Running plays as their follow-up asks for them: all of a scope, and what health was made of when each began."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, func, select

from domain.playbooks.plays import LIVE, Play
from storage.database import Transaction
from storage.importing import standing
from storage.later import later
from storage.playbooks import plays as storage_plays
from storage.scope import Scope
from storage.tables import accounts, factors, plays

NEAREST = 35
"""Days before the start in which a reading is surely kept: a month's end lies in them."""


def live(
    tx: Transaction, scope: Scope, playbook: str | None = None, *, numbers: Collection[int] | None = None
) -> list[tuple[Play, str | None]]:
    """By playbook and id, each with the country of its account; numbers: only of these accounts. One query."""
    query = (
        select(*storage_plays.COLUMNS, accounts.c.country)
        .join_from(plays, accounts, plays.c.account == accounts.c.number)
        .where(plays.c.status.in_(LIVE), scope.where())
        .order_by(plays.c.playbook, plays.c.play_id)
    )
    if playbook is not None:
        query = query.where(plays.c.playbook == playbook)
    if numbers is not None:
        query = standing.matching(tx, query, plays.c.account, numbers)
    return [(storage_plays.read(row), row["country"]) for row in tx.execute(query).mappings()]


def began(tx: Transaction, running: Collection[Play], scope: Scope) -> dict[str, dict[str, int]]:
    """By play: the points of each health measure in the newest reading by its start; one query."""
    starts = [(play.play_id, play.account, play.started_on) for play in running if play.started_on]
    if not starts:
        return {}
    names = {"play_id": plays.c.play_id, "account": plays.c.account, "since": plays.c.started_on}
    rows = standing.given(tx, starts, names)
    near = and_(factors.c.day <= rows.c.since, factors.c.day > later(rows.c.since, -NEAREST))
    newest = (
        select(rows.c.play_id, rows.c.account, func.max(factors.c.day).label("day"))
        .join_from(rows, factors, and_(factors.c.account == rows.c.account, near))
        .join(accounts, accounts.c.number == rows.c.account)
        .where(scope.where())
        .group_by(rows.c.play_id, rows.c.account)
        .subquery()
    )
    same = and_(factors.c.account == newest.c.account, factors.c.day == newest.c.day)
    query = select(newest.c.play_id, factors.c.measure, factors.c.points).join_from(newest, factors, same)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for play_id, measure, points in tx.execute(query):
        found[play_id][measure] = points
    return dict(found)

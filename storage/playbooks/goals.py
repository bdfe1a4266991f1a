"""Goals of plays, and those that files bring."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select, update

from domain.days import add_months
from domain.health.rules import Measure
from domain.playbooks.goals import Goal, Peers, reached
from domain.playbooks.plays import LIVE
from storage import changes
from storage.database import Transaction
from storage.facts import history
from storage.facts.asof import AsOf, undated
from storage.importing import aftermath, standing
from storage.importing.images import entity_key
from storage.scope import Scope, operator
from storage.tables import accounts, factors, goals, plays
from storage.within import Condition, Within, among, numbered

PLAIN = ("goal_id", "account", "kpi", "target", "due_on", "baseline", "owner", "playbook", "outcome_id", "statement")
NEAR = 15


def of_account(tx: Transaction, number: int, seen: AsOf, scope: Scope) -> list[Goal]:
    """The nearest due first; `current` as it was on the day."""
    return of_accounts(tx, [number], seen, scope).get(number, [])


def of_page(tx: Transaction, first: int, last: int, seen: AsOf, scope: Scope) -> dict[int, list[Goal]]:
    return known(tx, numbered(first, last, scope), seen)


def of_accounts(tx: Transaction, numbers: Collection[int], seen: AsOf, scope: Scope) -> dict[int, list[Goal]]:
    return known(tx, among(numbers, scope), seen)


def known(tx: Transaction, within: Within, seen: AsOf) -> dict[int, list[Goal]]:
    """By account, the nearest due first; `current` as it was on the day."""
    dated = history.read(tx, [("goals", "current")], within, seen).values("goals")
    found: dict[int, list[Goal]] = defaultdict(list)
    for row in within.ask(tx, _known, **seen.values).mappings():
        was = dated.get((row["account"], entity_key(goals, dict(row)), "current"))
        found[row["account"]].append(_goal(row, was, seen))
    return dict(found)


def _known(where: Condition) -> Select[Any]:
    query = select(goals).join_from(goals, accounts, goals.c.account == accounts.c.number)
    return query.where(where, undated(goals)).order_by(goals.c.due_on, goals.c.goal_id)


def get(tx: Transaction, goal_id: str, seen: AsOf, scope: Scope) -> Goal | None:
    owner = select(goals.c.account).where(goals.c.goal_id == goal_id).scalar_subquery()
    found = known(tx, Within(and_(accounts.c.number == owner, scope.where())), seen)
    return next((goal for those in found.values() for goal in those if goal.goal_id == goal_id), None)


def measure(
    tx: Transaction, goal: Goal, current: Decimal, *, who: str, at: datetime, origin: str, on: date
) -> int | None:
    """Say how far it is; the value is kept with its day, and the goal as achieved from the day that it gets there."""
    there = reached(replace(goal, current=current))
    values = {"current": current, "achieved_on": (goal.achieved_on or on) if there else None}
    return changes.edit(tx, "goals", {"goal_id": goal.goal_id}, values, who=who, at=at, origin=origin, on=on)


def of_live_plays(tx: Transaction, numbers: Collection[int], seen: AsOf) -> dict[int, list[Goal]]:
    """By account, of plays that run or are paused."""
    query = select(plays.c.goal_id).where(plays.c.status.in_(LIVE), plays.c.goal_id.is_not(None))
    wanted = set(tx.execute(standing.matching(tx, query, plays.c.account, numbers)).scalars())
    if not wanted:
        return {}
    found = known(tx, numbered(min(numbers), max(numbers), operator()), seen)
    return {number: [goal for goal in those if goal.goal_id in wanted] for number, those in found.items()}


def keep(tx: Transaction, measured: Collection[tuple[Goal, Decimal]], *, on: date) -> int:
    """What measures say of goals on a day, where it is another value; derived, so it is nobody's edit. How many."""
    moved = [(goal, value) for goal, value in measured if value != goal.current]
    rows = [
        {
            "goal_id": goal.goal_id,
            "account": goal.account,
            "current": value,
            "achieved_on": goal.achieved_on or (on if reached(replace(goal, current=value)) else None),
        }
        for goal, value in moved
    ]
    if not rows:
        return 0
    given = {name: bindparam(f"new_{name}", type_=goals.c[name].type) for name in ("current", "achieved_on")}
    statement = update(goals).where(goals.c.goal_id == bindparam("goal")).values(given)
    tx.execute(
        statement,
        [
            {"goal": row["goal_id"], "new_current": row["current"], "new_achieved_on": row["achieved_on"]}
            for row in rows
        ],
    )
    aftermath.keep_dated(tx, goals, rows, on)
    return len(rows)


def gains(
    tx: Transaction,
    measure: Measure,
    scope: Scope,
    *,
    today: date,
    days: int,
    segment: str | None,
    near: float | None = None,
) -> Peers:
    """How much the measure moved in accounts of the segment over `days`; near: only where it began within 15 of it.

    From the scores of the newest day and of the month end that is nearest to `days` before it.
    """
    newest = tx.execute(select(func.max(factors.c.day)).where(factors.c.day <= today)).scalar_one()
    if newest is None:
        return Peers(days=days)
    began = _month_end(newest - timedelta(days))
    was, now = factors.alias("was"), factors.alias("now")
    query = (
        select(now.c.value - was.c.value)
        .join_from(was, now, and_(now.c.account == was.c.account, now.c.measure == was.c.measure))
        .join(accounts, accounts.c.number == was.c.account)
        .where(was.c.day == began, now.c.day == newest, was.c.measure == measure, scope.where())
        .where(was.c.value.is_not(None), now.c.value.is_not(None))
    )
    if segment is not None:
        query = query.where(func.lower(accounts.c.segment) == segment.lower())
    if near is not None:
        query = query.where(was.c.value.between(near - NEAR, near + NEAR))
    return Peers(tuple(sorted(tx.execute(query).scalars())), (newest - began).days)


def _month_end(day: date) -> date:
    first = day.replace(day=1)
    ends = (first - timedelta(1), add_months(first, 1) - timedelta(1))
    return min(ends, key=lambda end: abs((end - day).days))


def _goal(row: Mapping[str, Any] | Any, was: history.Dated | None, seen: AsOf) -> Goal:
    value, day = was or (row["current"], row["known_on"])
    return Goal(
        **{name: row[name] for name in PLAIN},
        current=None if value is None else Decimal(value),
        current_on=None if value is None else min(day, seen.day),
        achieved_on=seen.then(row["achieved_on"]),
    )

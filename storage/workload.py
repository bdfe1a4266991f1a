"""How much there is to do, summed by the database: by owner, and by activity of a playbook."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, or_, select

from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, plays, tasks

WRITTEN: tuple[str | None, ...] = ("email", "chat", None)
"""Channels by which what is sent is all that is done."""
PRESENT = or_(tasks.c.play_id.is_(None), plays.c.status == "running")


@dataclass(frozen=True, slots=True)
class Sum:
    """Open tasks of one owner (None: nobody's); late: due before the day asked about."""

    owner: str | None
    tasks: int
    late: int
    hours: float


@dataclass(frozen=True, slots=True)
class Group:
    """Open front-stage tasks of one activity on several accounts."""

    playbook: str
    activity: str
    tasks: int


def by_owner(
    tx: Transaction, scope: Scope, *, today: date, until: date, owners: Collection[str] | None = None
) -> list[Sum]:
    """Open tasks due by `until`, the most hours first; the customer's own count, without hours."""
    late = func.sum(case((tasks.c.due_on < today, 1), else_=0))
    ours = func.sum(tasks.c.hours)
    query = (
        select(tasks.c.owner, func.count(), late, ours)
        .join_from(tasks, accounts, tasks.c.account == accounts.c.number)
        .outerjoin(plays, tasks.c.play_id == plays.c.play_id)
        .where(*_open(scope, until, owners))
        .group_by(tasks.c.owner)
        .order_by(ours.desc(), tasks.c.owner)
    )
    return [Sum(owner, n, int(behind or 0), float(hours or 0)) for owner, n, behind, hours in tx.execute(query)]


def by_activity(
    tx: Transaction, scope: Scope, *, until: date, owners: Collection[str] | None = None, least: int
) -> list[Group]:
    """Front-stage activities in writing that stand open on `least` accounts or more, the most first."""
    n = func.count()
    query = (
        select(plays.c.playbook, tasks.c.activity, n)
        .join_from(tasks, accounts, tasks.c.account == accounts.c.number)
        .join(plays, tasks.c.play_id == plays.c.play_id)
        .where(*_open(scope, until, owners), tasks.c.side == "front", tasks.c.activity.is_not(None))
        .where(or_(tasks.c.channel.is_(None), tasks.c.channel.in_(filter(None, WRITTEN))))
        .group_by(plays.c.playbook, tasks.c.activity)
        .having(n >= least)
        .order_by(n.desc(), plays.c.playbook, tasks.c.activity)
    )
    return [Group(playbook, activity, count) for playbook, activity, count in tx.execute(query)]


def _open(scope: Scope, until: date, owners: Collection[str] | None) -> list[ColumnElement[bool]]:
    found = [tasks.c.status == "open", PRESENT, tasks.c.due_on <= until, scope.where()]
    return found if owners is None else [*found, tasks.c.owner.in_([owner.lower() for owner in owners])]

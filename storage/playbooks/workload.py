"""How much there is to do, summed by the database: by person, and by activity of a playbook."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, or_, select

from storage.database import Transaction
from storage.playbooks.tasks import whose
from storage.scope import Scope
from storage.tables import accounts, plays, tasks

WRITTEN: tuple[str | None, ...] = ("email", "chat", None)
"""Channels by which what is sent is all that is done."""
PRESENT = or_(tasks.c.play_id.is_(None), plays.c.status == "running")


@dataclass(frozen=True, slots=True)
class Share:
    """Open tasks that one person has or takes part in (None: nobody's), and the hours they take that person."""

    who: str | None
    tasks: int
    hours: float


@dataclass(frozen=True, slots=True)
class Workload:
    """Open tasks, each once; late: due before the day asked about. shares: the most hours first."""

    tasks: int
    late: int
    shares: tuple[Share, ...]

    @property
    def hours(self) -> float:
        return sum(share.hours for share in self.shares)


@dataclass(frozen=True, slots=True)
class Group:
    """Open front-stage tasks of one activity on several accounts."""

    playbook: str
    activity: str
    tasks: int


def of(tx: Transaction, scope: Scope, *, today: date, until: date, owners: Collection[str] | None = None) -> Workload:
    """Open tasks due by `until`; the customer's own count, without hours. owners: whose shares alone are wanted."""
    late = func.sum(case((tasks.c.due_on < today, 1), else_=0))
    query = (
        select(tasks.c.owner, tasks.c.helpers, func.count(), late, func.sum(tasks.c.hours))
        .join_from(tasks, accounts, tasks.c.account == accounts.c.number)
        .outerjoin(plays, tasks.c.play_id == plays.c.play_id)
        .where(*_open(scope, until), *([] if owners is None else [whose(owners)]))
        .group_by(tasks.c.owner, tasks.c.helpers)
    )
    rows = tx.execute(query).all()
    asked = None if owners is None else {owner.lower() for owner in owners}
    counted: defaultdict[str | None, int] = defaultdict(int)
    hours: defaultdict[str | None, float] = defaultdict(float)
    for owner, helpers, n, _, taken in rows:
        for who in {owner, *helpers} if asked is None else asked & {owner, *helpers}:
            counted[who] += n
            hours[who] += float(taken or 0)
    shares = sorted((Share(who, n, hours[who]) for who, n in counted.items()), key=lambda s: (-s.hours, s.who or ""))
    return Workload(sum(row[2] for row in rows), int(sum(row[3] or 0 for row in rows)), tuple(shares))


def by_activity(
    tx: Transaction, scope: Scope, *, until: date, owners: Collection[str] | None = None, least: int
) -> list[Group]:
    """Front-stage activities in writing that stand open on `least` accounts or more, the most first.

    owners: of what these have; whoever only takes part writes no message.
    """
    n = func.count()
    query = (
        select(plays.c.playbook, tasks.c.activity, n)
        .join_from(tasks, accounts, tasks.c.account == accounts.c.number)
        .join(plays, tasks.c.play_id == plays.c.play_id)
        .where(*_open(scope, until), tasks.c.side == "front", tasks.c.activity.is_not(None))
        .where(*([] if owners is None else [tasks.c.owner.in_([owner.lower() for owner in owners])]))
        .where(or_(tasks.c.channel.is_(None), tasks.c.channel.in_(filter(None, WRITTEN))))
        .group_by(plays.c.playbook, tasks.c.activity)
        .having(n >= least)
        .order_by(n.desc(), plays.c.playbook, tasks.c.activity)
    )
    return [Group(playbook, activity, count) for playbook, activity, count in tx.execute(query)]


def _open(scope: Scope, until: date) -> list[ColumnElement[bool]]:
    return [tasks.c.status == "open", PRESENT, tasks.c.due_on <= until, scope.where()]

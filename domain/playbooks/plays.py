"""A play: a playbook that runs on one account; its tasks on two stages, and what becomes of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from domain.playbooks.playbooks import Playbook, Side
from domain.policies.policy_experience import Channel

Status = Literal["waiting", "held_out", "running", "paused", "ended", "stopped"]
Assigned = Literal["rule", "hold_out", "capacity", "chosen"]
TaskStatus = Literal["open", "done", "skipped"]
Result = Literal["reached", "partly", "missed", "moot"]
LIVE: tuple[Status, ...] = ("running", "paused")
OVER: tuple[Status, ...] = ("ended", "stopped")
LEARN = "learn_outcome"
"""The activity that stands in no file: put first where the account has no required outcome."""


@dataclass(frozen=True, slots=True)
class Play:
    """subject: what tells two plays of one playbook apart: a contact's id, a term's decision date, a quarter, or ''.

    contact_id: the person that it is about. owner: the CSM who answers for it. Dates count as PLAYBOOKS.md says:
    D from started_on, E from event_on, R from decision_on. score_before, kpi_before, potential (what
    its wave was ordered by): when it was eligible.
    """

    play_id: str
    account: int
    playbook: str
    version: int
    status: Status
    assigned: Assigned
    eligible_on: date
    subject: str = ""
    reason: str | None = None
    wave: int | None = None
    contact_id: str | None = None
    owner: str | None = None
    started_on: date | None = None
    event_on: date | None = None
    decision_on: date | None = None
    paused_on: date | None = None
    ended_on: date | None = None
    result: Result | None = None
    note: str | None = None
    goal_id: str | None = None
    score_before: int | None = None
    kpi_before: Decimal | None = None
    potential: float | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One activity on one day; without a play, somebody's own. title: only where no playbook names it.

    turn: which of a recurrence, from 1. owner: of ours; of the customer's own tasks, who follows them up. contact_id:
    whom it is for, or of the customer who does it. hours: of each of ours, owner and helpers (who take part). at: where
    an hour is agreed.
    """

    task_id: str
    account: int
    side: Side
    due_on: date
    play_id: str | None = None
    activity: str | None = None
    turn: int = 1
    title: str | None = None
    function: str | None = None
    owner: str | None = None
    contact_id: str | None = None
    channel: Channel | None = None
    at: datetime | None = None
    hours: float = 0.0
    status: TaskStatus = "open"
    done_on: date | None = None
    done_by: str | None = None
    note: str | None = None
    helpers: tuple[str, ...] = ()

    @property
    def workers(self) -> tuple[str, ...]:
        """Whose hours it takes: the owner and the helpers, each once; nobody's where the customer does it."""
        ours = () if self.side == "customer" else (self.owner, *self.helpers)
        return tuple(dict.fromkeys(email for email in ours if email))


@dataclass(frozen=True, slots=True)
class Moved:
    """A task that is no longer what it was."""

    before: Task
    after: Task


Books = Mapping[int, Playbook]
"""Playbooks by their version."""


@dataclass(frozen=True, slots=True)
class Web:
    """Who needs whom among the tasks of one play, at first hand."""

    tasks: tuple[Task, ...]
    needs: Mapping[str, tuple[Task, ...]]

    def all_needs(self, task: Task) -> tuple[Task, ...]:
        """Needs of needs too, the earliest due first."""
        found: dict[str, Task] = {}
        ahead = list(self.needs.get(task.task_id, ()))
        while ahead:
            need = ahead.pop()
            if need.task_id not in found:
                found[need.task_id] = need
                ahead += self.needs.get(need.task_id, ())
        return tuple(sorted(found.values(), key=by_day))


def by_day(task: Task) -> tuple[date, str]:
    return task.due_on, task.task_id


def web(tasks: Iterable[Task], playbook: Playbook) -> Web:
    """Of two activities that repeat equally often, each turn needs the same turn of the other.

    Of one that repeats otherwise, those turns are needed that come by then, the first of them in any case. Needs on
    activities of which the play has no task are left out.
    """
    here = tuple(tasks)
    turns: dict[str, list[Task]] = {}
    for task in here:
        turns.setdefault(task.activity or "", []).append(task)
    needs = {}
    for activity in playbook.plan:
        mine = turns.get(activity.id, ())
        for task in mine:
            needed = (_needed(task, len(mine), turns[name]) for name in activity.needs if name in turns)
            needs[task.task_id] = tuple(need for those in needed for need in those)
    return Web(here, needs)


def _needed(task: Task, turns: int, of_need: Sequence[Task]) -> list[Task]:
    if len(of_need) == 1 or len(of_need) == turns:
        return [need for need in of_need if len(of_need) == 1 or need.turn == task.turn]
    first = min(need.turn for need in of_need)
    return [need for need in of_need if need.turn == first or need.due_on <= task.due_on]

"""Is the stage set: what a task still needs before it may be lived by the customer, and who owns it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.playbooks import Playbook
from domain.plays import Task

State = Literal["ready", "in_doubt", "not_ready"]
Lack = Literal["need_open", "need_overdue", "need_skipped", "no_contingency", "no_owner", "owner_away"]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing: a need (`task`), or of the task itself; owner: who has to see to it, None: nobody yet."""

    lack: Lack
    task: Task
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """What keeps it from being ready stands first."""

    state: State
    missing: tuple[Missing, ...] = ()


def needs_of(task: Task, tasks: Collection[Task], playbook: Playbook) -> tuple[Task, ...]:
    """Every task of the same play that must be done before it, those of needs too; the earliest due first.

    Of two activities that repeat equally often, each turn needs the same turn of the other.
    """
    raise NotImplementedError


def readiness(
    task: Task, tasks: Iterable[Task], playbook: Playbook | None, *, today: date, away: Collection[str] = ()
) -> Readiness:
    """Of one task among those of its play; away: owners who are absent, or no longer of ours.

    not_ready: a need is open and overdue, or open when the day has come, or it is public without a contingency.
    in_doubt: needs open in time, or left out on purpose; nobody owns what is open, or they are away. ready: all done.
    """
    raise NotImplementedError

"""Moving dates: of a task with what depends on it, of the event, of a whole play; what moved is a value."""

from dataclasses import dataclass
from datetime import date

from domain.playbooks import Playbook
from domain.plays import Moved, Play, Task
from domain.schedule import Cast, Plan
from domain.situations import Situation
from domain.workdays import Workdays


def move(task_id: str, to: date, tasks: tuple[Task, ...], playbook: Playbook, workdays: Workdays) -> tuple[Moved, ...]:
    """The task to this day; what needs it forward, what it needs back, as far as needed; what is done stays."""
    raise NotImplementedError


def move_event(
    play: Play, to: date, tasks: tuple[Task, ...], playbook: Playbook, workdays: Workdays
) -> tuple[Play, tuple[Moved, ...]]:
    """The event of the play, with every open task that is counted from it."""
    raise NotImplementedError


def pause(play: Play, today: date) -> Play:
    raise NotImplementedError


def resume(
    play: Play, tasks: tuple[Task, ...], playbook: Playbook, workdays: Workdays, today: date
) -> tuple[Play, tuple[Moved, ...]]:
    """Open dates shift by the pause; those counted from the decision date stay, as that does."""
    raise NotImplementedError


def hand_over(play: Play, tasks: tuple[Task, ...], *, owner: str) -> tuple[Play, tuple[Moved, ...]]:
    """The open tasks of the present owner, and the play, to another."""
    raise NotImplementedError


def close(
    play: Play, tasks: tuple[Task, ...], status: str, result: str, note: str, today: date
) -> tuple[Play, tuple[Moved, ...]]:
    """Ended or stopped, with a written result; what is open is skipped."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Renewed:
    """A play on another version of its playbook: tasks that stayed, came, went or changed."""

    play: Play
    plan: Plan
    added: tuple[Task, ...]
    removed: tuple[Task, ...]
    moved: tuple[Moved, ...]


def renew(
    play: Play, tasks: tuple[Task, ...], playbook: Playbook, version: int, cast: Cast, known: Situation, today: date
) -> Renewed:
    """Done tasks stay as they are; open ones are planned anew."""
    raise NotImplementedError

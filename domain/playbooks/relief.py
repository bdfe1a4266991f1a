"""Hours that are left this week, and which tasks could wait where they do not suffice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.playbooks.capacity import TOLERANCE, WEEK, left_of_week, monday
from domain.playbooks.moving import move
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Room:
    """Hours: due today and late; a week's; those of the week's remaining days that nothing later takes."""

    due: float
    weekly: float
    free: float

    @property
    def over(self) -> float:
        left = self.due - self.free
        return left if left > TOLERANCE else 0.0


def room(due: float, weekly: float, later: float, today: date, workdays: Workdays) -> Room:
    """`later`: hours due on the days of this week after today. Free: weekly × days left ÷ days, less those."""
    return Room(due, weekly, max(weekly * left_of_week(today, workdays) - later, 0.0))


def next_week(today: date, workdays: Workdays) -> date:
    """Its first working day."""
    return workdays.next(monday(today) + timedelta(WEEK))


def could_wait(
    tasks: Iterable[Task],
    plays: Mapping[str, tuple[Playbook, tuple[Task, ...]]],
    to: date,
    over: float,
    workdays: Workdays,
) -> tuple[Task, ...]:
    """As few as bring the hours down by `over`, and of those the shortest; what the customer does not see first.

    plays: playbook and tasks by play_id. Left where they are: what has an hour, and what would take along something
    that the customer sees, or that another task needs before `to`.
    """
    movable = [task for task in tasks if _may_wait(task, plays, to, workdays)]
    found: list[Task] = []
    for seen in (False, True):
        pool = sorted((t for t in movable if (t.side == "front") is seen), key=lambda t: (t.hours, t.task_id))
        while pool and over > TOLERANCE:
            chosen = next((task for task in pool if task.hours >= over - TOLERANCE), pool[-1])
            pool.remove(chosen)
            found.append(chosen)
            over -= chosen.hours
    return tuple(found)


def _may_wait(task: Task, plays: Mapping[str, tuple[Playbook, tuple[Task, ...]]], to: date, workdays: Workdays) -> bool:
    if task.status != "open" or task.side == "customer" or task.hours <= 0 or task.at is not None:
        return False
    if task.play_id is None or task.play_id not in plays:
        return True
    book, beside = plays[task.play_id]
    if all(each.task_id != task.task_id for each in beside):
        return False
    return len(move(task.task_id, to, beside, book, workdays)) == 1

"""Is the stage set: what a task still needs before it may be lived by the customer, and who owns it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Task, Web, web
from domain.reasons import PARAMETERS, Reason

State = Literal["ready", "in_doubt", "not_ready"]
Lack = Literal["need_open", "need_overdue", "need_skipped", "no_contingency", "no_owner", "owner_away"]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing: a need (`task`), or of the task itself; owner: who has to see to it, None: nobody yet."""

    lack: Lack
    task: Task
    owner: str | None = None

    @property
    def reason(self) -> Reason:
        """For `clause`; who shows it may put the activity's title in place of its id."""
        code = f"lack_{self.lack}"
        said = {"activity": self.task.activity or self.task.title, "due_on": self.task.due_on}
        return Reason(code, {name: said[name] for name in PARAMETERS[code]})


@dataclass(frozen=True, slots=True)
class Readiness:
    """What keeps it from being ready stands first."""

    state: State
    missing: tuple[Missing, ...] = ()


GRAVE: frozenset[Lack] = frozenset({"need_overdue", "no_contingency"})


def readiness(
    task: Task, tasks: Iterable[Task], playbook: Playbook | None, *, today: date, away: Collection[str] = ()
) -> Readiness:
    """Of one task among those of its play; away: owners who are absent, or no longer of ours.

    not_ready: a need is open and overdue, or open when the day has come, or it is public without a contingency.
    in_doubt: needs open in time, or left out on purpose; nobody owns what is open, or they are away. ready: all done.
    """
    known = web(tasks, playbook) if playbook else Web((), {})
    return of_web(task, known, playbook, today=today, away=away)


def of_web(task: Task, known: Web, playbook: Playbook | None, *, today: date, away: Collection[str] = ()) -> Readiness:
    """As `readiness`, for many tasks of one play."""
    found = sorted(_missing(task, known, playbook, today, away), key=lambda each: each.lack not in GRAVE)
    if not found:
        return Readiness("ready")
    return Readiness("not_ready" if found[0].lack in GRAVE else "in_doubt", tuple(found))


def held_ready(tasks: Iterable[Task], playbook: Playbook, first: date, last: date) -> tuple[bool, ...]:
    """Of each front-stage task of one play that was held in those days: whether every need was done by then."""
    known = web(tasks, playbook)
    return tuple(
        all(_done_by(need, task.done_on) for need in known.all_needs(task))
        for task in known.tasks
        if task.side == "front" and task.status == "done" and task.done_on and first <= task.done_on <= last
    )


def _done_by(need: Task, day: date | None) -> bool:
    return need.status == "done" and (need.done_on is None or day is None or need.done_on <= day)


def _missing(
    task: Task, known: Web, playbook: Playbook | None, today: date, away: Collection[str]
) -> Iterator[Missing]:
    activity = playbook.activities.get(task.activity or "") if playbook else None
    if activity and activity.public and activity.contingency is None:
        yield Missing("no_contingency", task, task.owner)
    yield from _ownerless(task, away)
    for need in known.all_needs(task):
        if need.status == "open":
            late = need.due_on < today or task.due_on <= today
            yield Missing("need_overdue" if late else "need_open", need, need.owner)
            yield from _ownerless(need, away)
        elif need.status == "skipped":
            yield Missing("need_skipped", need, need.owner)


def _ownerless(task: Task, away: Collection[str]) -> Iterator[Missing]:
    """Nobody of ours sees to what is open; of the customer's own tasks, nobody of theirs."""
    if task.status == "open" and task.side == "customer" and task.contact_id is None:
        yield Missing("no_owner", task, task.owner)
    elif task.status == "open" and task.owner is None:
        yield Missing("no_owner", task)
    elif task.status == "open" and task.owner in away:
        yield Missing("owner_away", task, task.owner)

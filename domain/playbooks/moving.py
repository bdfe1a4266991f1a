"""Moving dates: of a task with what depends on it, of the event, of a whole play; what moved is a value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from domain.fact_kinds import Situation
from domain.playbooks.playbooks import Activity, Playbook
from domain.playbooks.plays import LEARN, Moved, Play, Result, Task, by_day, web
from domain.playbooks.schedule import Cast, Plan, counted, day_of, plan, settle
from domain.playbooks.workdays import Workdays

Tasks = Sequence[Task]
SAME_TERM = timedelta(150)
"""A decision that is so far from the one before is that of another term."""


def reschedule(
    play: Play, moved: str, to: date, tasks: Tasks, playbook: Playbook, workdays: Workdays, today: date
) -> tuple[Play, tuple[Moved, ...]]:
    """A task to this day: `move`, or `move_event` where it is the event itself. Raises KeyError as `move` does."""
    asked = next((task for task in tasks if task.task_id == moved), None)
    if asked is not None and asked.status == "open" and is_event(asked, playbook):
        return move_event(play, to, tasks, playbook, workdays, today)
    return play, move(moved, to, tasks, playbook, workdays)


def move(moved: str, to: date, tasks: Tasks, playbook: Playbook, workdays: Workdays) -> tuple[Moved, ...]:
    """The task to this day; what needs it forward, what it needs back, as far as needed; what is done stays.

    The day is taken as it is; dependants that must go forward go to the first working day from it on. Raises KeyError
    where no such task is open.
    """
    now = {task.task_id: task for task in tasks}
    if moved not in now or now[moved].status != "open":
        raise KeyError(moved)
    now[moved] = replace(now[moved], due_on=to)
    _push(moved, now, _dependants(tasks, playbook), workdays)
    return _moved(tasks, settle(list(now.values()), playbook))


def move_event(
    play: Play, to: date, tasks: Tasks, playbook: Playbook, workdays: Workdays, today: date
) -> tuple[Play, tuple[Moved, ...]]:
    """The event of the play, with every open task that is counted from it; a recurrence keeps its distance.

    Nothing is moved into the past: what should have been done by now is due today.
    """
    after = replace(play, event_on=to)
    return after, _counted_anew(play, after, tasks, playbook, workdays, today)


def move_decision(
    play: Play, to: date, tasks: Tasks, playbook: Playbook, workdays: Workdays, today: date
) -> tuple[Play, tuple[Moved, ...]]:
    """The decision date of the renewal, with every open task that is counted from it; it stays the same term's play."""
    term = play.decision_on.isoformat() if play.decision_on else None
    after = replace(play, decision_on=to, subject=to.isoformat() if play.subject == term else play.subject)
    return after, _counted_anew(play, after, tasks, playbook, workdays, today)


def decision_moved(play: Play, playbook: Playbook, decision_on: date) -> bool:
    """A play that is counted from its decision runs, and that is on another day now; one far off is the next term's."""
    moments = (*(day for activity in playbook.plan for day in activity.day), *playbook.follow_up.days)
    if play.status != "running" or play.decision_on is None or not any(moment[0] == "R" for moment in moments):
        return False
    return decision_on != play.decision_on and abs(decision_on - play.decision_on) < SAME_TERM


def is_event(task: Task, playbook: Playbook) -> bool:
    """It is the event itself: to move it is to move the event."""
    activity = playbook.activities.get(task.activity or "")
    return activity is not None and activity.day in {("E",), ("E+0",), ("E-0",)}


def pause(play: Play, today: date) -> Play:
    """One that waits already does so since its own day."""
    return play if play.status == "paused" else replace(play, status="paused", paused_on=today)


def resume(
    play: Play, tasks: Tasks, playbook: Playbook, workdays: Workdays, today: date
) -> tuple[Play, tuple[Moved, ...]]:
    """Open dates shift by the pause; those counted from the decision date stay, as that does.

    So does the start, from which the end of the play and its follow-up are counted.
    """
    waited = max(today - (play.paused_on or today), timedelta(0))
    after = replace(
        play,
        status="running",
        paused_on=None,
        started_on=play.started_on and play.started_on + waited,
        event_on=play.event_on and play.event_on + waited,
    )
    shifted = [_shifted(task, waited, playbook, workdays) for task in tasks]
    return after, _moved(tasks, settle(shifted, playbook))


def hand_over(play: Play, tasks: Tasks, *, owner: str) -> tuple[Play, tuple[Moved, ...]]:
    """The open tasks of the present owner, those that nobody owns, and the play, to another; also as a helper."""
    given = [_given_over(task, play.owner, owner) if task.status == "open" else task for task in tasks]
    return replace(play, owner=owner), _moved(tasks, given)


def _given_over(task: Task, before: str | None, owner: str) -> Task:
    has = owner if task.owner in {before, None} else task.owner
    helpers = dict.fromkeys(owner if email == before else email for email in task.helpers)
    return replace(task, owner=has, helpers=tuple(email for email in helpers if email != has))


def close(
    play: Play, tasks: Tasks, status: Literal["ended", "stopped"], *, result: Result | None, note: str, today: date
) -> tuple[Play, tuple[Moved, ...]]:
    """Ended or stopped, with a written result; what is open is skipped. Raises ValueError without a word of why."""
    if not note.strip():
        raise ValueError("a play ends with a written result")
    after = replace(play, status=status, result=result, note=note.strip(), ended_on=today, paused_on=None)
    given = [replace(task, status="skipped") if task.status == "open" else task for task in tasks]
    return after, _moved(tasks, given)


def moot(tasks: Tasks, playbook: Playbook) -> tuple[Task, ...]:
    """Open tasks that were only to be done while another was open, and it is not any more."""
    still = {task.activity for task in tasks if task.status == "open"}
    only = {a.id: a.only_if_open for a in playbook.plan if a.only_if_open}
    return tuple(t for t in tasks if t.status == "open" and only.get(t.activity or "", t.activity) not in still)


@dataclass(frozen=True, slots=True)
class Renewed:
    """A play on another version of its playbook: tasks that came, went or changed; the others stayed."""

    play: Play
    plan: Plan
    added: tuple[Task, ...]
    removed: tuple[Task, ...]
    moved: tuple[Moved, ...]


def renew(
    play: Play, tasks: Tasks, playbook: Playbook, version: int, cast: Cast, known: Situation, today: date
) -> Renewed:
    """What is done or skipped stays as it is; what is open is planned anew, and not into the past.

    An owner, an hour or a note that a person gave stays. `playbook` is that of the new `version`.
    """
    after = replace(play, version=version)
    planned = plan(playbook, after, cast, known)
    wanted = {task.task_id: task for task in planned.tasks}
    stood = {task.task_id: task for task in tasks}
    own = {task.task_id for task in tasks if task.status != "open" or task.activity in {None, LEARN}}
    ahead = cast.workdays.next(today)
    fresh = {name: replace(task, due_on=max(task.due_on, ahead)) for name, task in wanted.items() if name not in stood}
    changed = [_taken_over(task, wanted.get(task.task_id), ahead) for task in tasks if task.task_id not in own]
    kept = [task for task in tasks if task.task_id in own]
    removed = tuple(t for t in tasks if t.task_id not in own and t.task_id not in wanted)
    gone = {task.task_id for task in removed}
    settled = settle([*kept, *(t for t in changed if t.task_id not in gone), *fresh.values()], playbook)
    added = tuple(sorted((t for t in settled if t.task_id in fresh), key=by_day))
    return Renewed(after, planned, added, removed, _moved([t for t in tasks if t.task_id not in gone], settled))


def _taken_over(task: Task, planned: Task | None, ahead: date) -> Task:
    if planned is None:
        return task
    owner, due_on = task.owner or planned.owner, max(planned.due_on, ahead)
    helpers = tuple(email for email in planned.helpers if email != owner)
    return replace(planned, due_on=due_on, owner=owner, helpers=helpers, at=task.at, note=task.note)


def _dependants(tasks: Tasks, playbook: Playbook) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, needs in web(tasks, playbook).needs.items():
        for need in needs:
            found.setdefault(need.task_id, []).append(name)
    return {name: tuple(those) for name, those in found.items()}


def _push(moved: str, now: dict[str, Task], dependants: Mapping[str, tuple[str, ...]], workdays: Workdays) -> None:
    ahead = [moved]
    while ahead:
        need = now[ahead.pop()]
        for name in dependants.get(need.task_id, ()):
            if now[name].status == "open" and now[name].due_on < need.due_on:
                now[name] = replace(now[name], due_on=workdays.next(need.due_on))
                ahead.append(name)


def _counted_anew(
    before: Play, after: Play, tasks: Tasks, playbook: Playbook, workdays: Workdays, today: date
) -> tuple[Moved, ...]:
    """Each where its own moment says, of those whose anchor has moved; turns of a recurrence by as many days."""
    given = []
    for task in tasks:
        activity = playbook.activities.get(task.activity or "")
        day = _anew(task, activity, before, after, workdays) if activity and task.status == "open" else None
        stays = day is None or day == task.due_on
        given.append(task if stays else replace(task, due_on=max(day or today, workdays.next(today))))
    return _moved(tasks, settle(given, playbook))


def _anew(task: Task, activity: Activity, before: Play, after: Play, workdays: Workdays) -> date | None:
    moment = activity.day[0 if activity.repeats else min(task.turn, len(activity.day)) - 1]
    was, now = counted(moment, before), counted(moment, after)
    if was is None or now is None or was == now:
        return None
    return workdays.previous(task.due_on + (now - was)) if activity.repeats else day_of(moment, after, workdays)


def _shifted(task: Task, waited: timedelta, playbook: Playbook, workdays: Workdays) -> Task:
    activity = playbook.activities.get(task.activity or "")
    fixed = activity is not None and activity.day[0][0] == "R"
    if task.status != "open" or fixed:
        return task
    return replace(task, due_on=workdays.next(task.due_on + waited))


def _moved(before: Tasks, after: Iterable[Task]) -> tuple[Moved, ...]:
    now = {task.task_id: task for task in after}
    pairs = ((task, now.get(task.task_id, task)) for task in before)
    return tuple(Moved(was, became) for was, became in pairs if was != became)

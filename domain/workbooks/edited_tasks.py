"""Tasks as an edited plan leaves them: what it says of each, and what moves or becomes moot with that."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.playbooks.moving import is_event, moot, reschedule
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Moved, Play, Task
from domain.playbooks.workdays import Workdays
from domain.workbooks.edited_plans import Values


def tasks_after(
    tasks: Iterable[Task],
    plays: Mapping[str, Play],
    books: Mapping[str, Playbook],
    edits: Mapping[str, Values],
    *,
    workdays: Workdays,
    today: date,
    who: str,
) -> tuple[tuple[Moved, ...], tuple[Play, ...]]:
    """Every task that is no longer what it was, and the plays whose event moved.

    tasks: all of the plays and of none; edits: by task, due_on, owner, hours, status, note. Days are moved as by hand:
    what depends on them follows, the event first, then by day. What is only to be done while another is open is left
    out with it.
    """
    stood = {task.task_id: task for task in tasks}
    now = {name: _said(task, edits.get(name, {}), today, who) for name, task in stood.items()}
    running = dict(plays)
    for name in sorted((n for n in edits if "due_on" in edits[n]), key=lambda n: _order(now[n], books, edits[n])):
        _move(name, edits[name]["due_on"], now, running, books, workdays, today)
    for play_id, book in books.items():
        still = [task for task in now.values() if task.play_id == play_id]
        for task in moot(still, book) if any(edits.get(t.task_id, {}).get("status") for t in still) else ():
            now[task.task_id] = replace(task, status="skipped", done_on=today)
    moved = tuple(Moved(stood[name], task) for name, task in now.items() if task != stood[name])
    return moved, tuple(play for name, play in running.items() if play != plays[name])


def _said(task: Task, values: Values, today: date, who: str) -> Task:
    """All but the day."""
    given: dict[str, Any] = {name: value for name, value in values.items() if name in {"owner", "note", "status"}}
    if "hours" in values:
        given["hours"] = float(str(values["hours"] or 0))
    if "status" in values:
        done = values["status"] != "open"
        given |= {"done_on": today if done else None, "done_by": who if done else None}
    return replace(task, **given)


def _order(task: Task, books: Mapping[str, Playbook], values: Values) -> tuple[bool, str, str]:
    book = books.get(task.play_id or "")
    return not (book and is_event(task, book)), str(values["due_on"]), task.task_id


def _move(
    name: str,
    to: Any,
    now: dict[str, Task],
    plays: dict[str, Play],
    books: Mapping[str, Playbook],
    workdays: Workdays,
    today: date,
) -> None:
    task = now[name]
    play, book = plays.get(task.play_id or ""), books.get(task.play_id or "")
    if play is None or book is None or task.status != "open":
        now[name] = replace(task, due_on=to)
        return
    beside = [each for each in now.values() if each.play_id == task.play_id]
    after, moved = reschedule(play, name, to, beside, book, workdays, today)
    plays[play.play_id] = after
    now |= {each.after.task_id: each.after for each in moved}

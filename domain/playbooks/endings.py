"""When a play ends by itself and with what result; what is still open when its time is over is asked about first."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from domain.playbooks import follow_up
from domain.playbooks.goals import Goal, progress, reached
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play, Result, Task
from domain.playbooks.workdays import Workdays

Why = Literal["finished", "time_over"]
HALF = 50


def is_over(play: Play, playbook: Playbook, today: date) -> bool:
    """It runs, and the days that it lasts have passed."""
    return play.status == "running" and today > _last_day(play, playbook)


def may_end(play: Play, playbook: Playbook, workdays: Workdays, today: date) -> bool:
    """It could have ended, whatever its tasks: nothing is looked at now, and nothing is to come or its time is over."""
    if play.status != "running" or play.started_on is None:
        return False
    days = follow_up.looks(play, playbook, workdays)
    if follow_up.due(days, today) is not None:
        return False
    return follow_up.coming(days, today) is None or is_over(play, playbook, today)


def ending(play: Play, playbook: Playbook, tasks: Iterable[Task], workdays: Workdays, today: date) -> Why | None:
    """finished: all is done or left out and the last look is over, with its week; time_over: so are its days.

    With work open it is asked for a week whether it is to be closed (`open_at_end`), longer while some is still ahead.
    """
    if not may_end(play, playbook, workdays, today):
        return None
    still = [task for task in tasks if task.status == "open"]
    if not still:
        return "time_over" if follow_up.coming(follow_up.looks(play, playbook, workdays), today) else "finished"
    waited = today > _last_day(play, playbook) + follow_up.WITHIN
    return "time_over" if waited and all(task.due_on < today for task in still) else None


def open_at_end(play: Play, playbook: Playbook, tasks: Iterable[Task], today: date) -> tuple[Task, ...]:
    """What is open though its time is over: to be done, moved, or left out by closing it."""
    return tuple(task for task in tasks if task.status == "open") if is_over(play, playbook, today) else ()


def result(goal: Goal | None) -> Result | None:
    """partly: at least half of the way; None where nobody can tell."""
    if goal is None:
        return None
    if reached(goal):
        return "reached"
    done = progress(goal)
    if done is None:
        return None
    return "partly" if done >= HALF else "missed"


def _last_day(play: Play, playbook: Playbook) -> date:
    return (play.started_on or play.eligible_on) + timedelta(playbook.lasts)

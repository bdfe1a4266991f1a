"""When a running play is to be looked at, and what its playbook's follow-up says of it then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.conditions import all_hold
from domain.fact_kinds import Situation, Value
from domain.playbooks.goals import Goal, progress, reached
from domain.playbooks.playbooks import Look, Playbook
from domain.playbooks.plays import Play, Task
from domain.playbooks.schedule import day_of
from domain.playbooks.workdays import Workdays
from domain.policies.policy_experience import Channel

WITHIN = timedelta(7)
TWO_WAY: tuple[Channel, ...] = ("meeting", "call", "visit")
"""Who was met or called has answered."""

Points = Mapping[str, int]
"""Of each health measure."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A play with what its follow-up asks of it.

    goal: as it is today; spoken_on: the last two-way touch with each contact, '' for anybody of the account; began,
    now: points of the health measures at its start and today, empty where they are not known.
    """

    play: Play
    book: Playbook
    tasks: tuple[Task, ...] = ()
    goal: Goal | None = None
    spoken_on: Mapping[str, date] | None = None
    began: Points | None = None
    now: Points | None = None


def looks(play: Play, playbook: Playbook, workdays: Workdays) -> tuple[date, ...]:
    """The days of its follow-up, those whose anchor has no date left out."""
    found = (day_of(moment, play, workdays) for moment in playbook.follow_up.days)
    return tuple(sorted({day for day in found if day is not None}))


def last(days: tuple[date, ...], today: date) -> date | None:
    """The newest of them that has come: before the first, a rule would speak of what is not yet to be expected."""
    return max((day for day in days if day <= today), default=None)


def due(days: tuple[date, ...], today: date) -> date | None:
    """The day on which it was to be looked at, for a week from then on."""
    day = last(days, today)
    return day if day is not None and today < day + WITHIN else None


def coming(days: tuple[date, ...], today: date) -> date | None:
    return min((day for day in days if day > today), default=None)


def verdict(followed: Followed, known: Situation, today: date) -> Look | None:
    """The first rule that holds of the account and of the play; None where none does."""
    facts = {**known, **of_play(followed, today)}
    rules = followed.book.follow_up.rules
    return next((rule for rule in rules if rule.when is None or all_hold(rule.when, facts)), None)


def of_play(followed: Followed, today: date) -> dict[str, Value]:
    """Every fact of fact_kinds.OF_PLAY; None where it is not known."""
    play, goal = followed.play, followed.goal
    way = progress(goal) if goal else None
    still = [task for task in followed.tasks if task.status == "open"]
    return {
        "progress": None if way is None else float(way),
        "reached": None if goal is None else reached(goal),
        "open": frozenset(task.activity for task in still if task.activity),
        "play_days": None if play.started_on is None else float((today - play.started_on).days),
        "late_days": float(max(((today - task.due_on).days for task in still if task.due_on < today), default=0)),
        "unanswered": float(sum(_unanswered(task, followed.spoken_on or {}) for task in followed.tasks)),
        "gained": _gained(followed.began or {}, followed.now or {}),
        "done": _done(followed.tasks, today),
    }


def _unanswered(task: Task, spoken_on: Mapping[str, date]) -> bool:
    """Said on the front stage to somebody who has not spoken to us since."""
    if task.side != "front" or task.status != "done" or task.done_on is None or task.channel in TWO_WAY:
        return False
    heard = spoken_on.get(task.contact_id or "")
    return heard is None or heard < task.done_on


def _gained(began: Points, now: Points) -> float | None:
    both = began.keys() & now.keys()
    return float(sum(now[measure] > began[measure] for measure in both)) if both else None


def _done(tasks: tuple[Task, ...], today: date) -> float | None:
    """In %, of those due so far; what was left out on purpose counts on neither side."""
    asked = [task for task in tasks if task.due_on <= today and task.status != "skipped"]
    return sum(task.status == "done" for task in asked) / len(asked) * 100 if asked else None

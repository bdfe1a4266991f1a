"""A playbook made of what runs on an account: the activities as they stand there, their days counted from the start."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import Contact
from domain.playbooks.playbooks import Activity, Playbook
from domain.playbooks.plays import Play, Task

INITIALS: Mapping[str, str] = {"front": "F", "back": "B", "customer": "C"}
MOST_IDS = 99
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ran:
    """One play with its tasks; the playbook in the version that it was started with."""

    play: Play
    book: Playbook
    tasks: tuple[Task, ...]


def playbook_of(
    name: str, title: str, ran: Sequence[Ran], own: Iterable[Task], contacts: Mapping[str, Contact], tier: str | None
) -> Content:
    """As a file holds it: KPI, clients, goal and follow-up of the first play, the activities of all.

    What was left out stays out, and nothing needs it any more. own: somebody's own tasks of the account, which become
    activities too, counted from the first play's start. Raises ValueError where nothing has started.
    """
    first = ran[0] if ran else None
    if first is None or first.play.started_on is None:
        raise ValueError("no play has started")
    content = first.book.model_dump(mode="json", exclude_unset=True)
    plan: list[Content] = []
    for each in ran:
        plan += _activities(each, {activity["id"] for activity in plan}, tier)
    for task in sorted(own, key=lambda task: (task.due_on, task.task_id)):
        plan.append(_own(task, first.play.started_on, contacts, {activity["id"] for activity in plan}))
    return {**content, "name": name, "title": {"en": title, "es": title}, "plan": plan}


def _activities(ran: Ran, taken: set[str], tier: str | None) -> list[Content]:
    """Under ids that are not taken; needs on activities that stand no longer are dropped."""
    kept = [(activity, those) for activity in ran.book.plan if (those := _tasks(ran, activity))]
    names: dict[str, str] = {}
    for activity, _ in kept:
        names[activity.id] = _free(activity.id[0], {*taken, *names.values()}, activity.id)
    effort = ran.book.priority.tier(tier).effort
    return [_activity(ran, activity, those, names, effort) for activity, those in kept]


def _tasks(ran: Ran, activity: Activity) -> list[Task]:
    return [task for task in ran.tasks if task.activity == activity.id and task.status != "skipped"]


def _activity(ran: Ran, activity: Activity, those: Sequence[Task], names: Mapping[str, str], effort: float) -> Content:
    found: Content = activity.model_dump(mode="json", exclude_unset=True)
    found["id"] = names[activity.id]
    days = [_moment(task.due_on, ran.play.started_on or task.due_on) for task in those]
    found["day"] = days[:1] if activity.repeats else list(dict.fromkeys(days))
    found["needs"] = [names[need] for need in activity.needs if need in names]
    if activity.only_if_open is not None:
        found["only_if_open"] = names.get(activity.only_if_open)
    hours = those[0].hours
    if activity.side != "customer" and effort and hours != round(activity.hours * effort, 2):
        found["hours"] = round(hours / effort, 2)
    return {name: value for name, value in found.items() if value not in (None, [])}


def _own(task: Task, start: date, contacts: Mapping[str, Contact], taken: set[str]) -> Content:
    title = " ".join((task.title or "").replace("{", "(").replace("}", ")").split()) or task.task_id
    found: Content = {
        "id": _free(INITIALS[task.side], taken),
        "side": task.side,
        "title": {"en": title, "es": title},
        "day": [_moment(task.due_on, start)],
        "hours": task.hours,
    }
    contact = contacts.get(task.contact_id or "")
    role = contact.role if contact and contact.role and contact.role != "other" else None
    if task.side == "customer":
        found["contact"] = role or "champion"
    else:
        found |= {"owner": "csm", **({"contact": role} if role else {})}
    return {**found, **({"channel": task.channel} if task.channel else {})}


def _moment(day: date, start: date) -> str:
    days = (day - start).days
    return f"D{max(min(days, 999), -999):+d}" if days else "D"


def _free(initial: str, taken: set[str], wanted: str = "") -> str:
    """The id itself, else the next of its letter."""
    if wanted and wanted not in taken:
        return wanted
    return next(name for n in range(1, MOST_IDS + 1) if (name := f"{initial}{n}") not in taken)

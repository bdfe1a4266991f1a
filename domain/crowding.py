"""How much of us one contact gets to see: messages of two plays that come too near, and room made between them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.moving import is_event, move
from domain.playbooks import Playbook
from domain.plays import Moved, Play, Task
from domain.policy_playbooks import PlaybookPolicy
from domain.workdays import Workdays

MOST_MOVES = 60
RENEWAL = "R"


@dataclass(frozen=True, slots=True)
class Crowded:
    """A front-stage task that comes too soon before or after another play's to the same contact; free from `until`."""

    task: Task
    by: Task
    until: date


@dataclass(frozen=True, slots=True)
class Staged:
    """A play that runs, or is about to; new: it begins with what is planned."""

    play: Play
    playbook: Playbook
    new: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """moved: tasks with the day that they go to; because: of those that were too near, what they yield to, the others
    hang on one of them. clashes: too near still, for their day stands."""

    moved: tuple[Moved, ...] = ()
    because: Mapping[str, Crowded] = field(default_factory=dict)
    clashes: tuple[Crowded, ...] = ()


def places(names: Mapping[str, str], policy: PlaybookPolicy) -> dict[str, tuple[int, ...]]:
    """By play_id, from the names of their playbooks: whose front stage wins, the smallest first."""
    last = len(policy.front_first)
    order = {name: place for place, name in enumerate(policy.front_first)}
    return {play_id: (order.get(name, last),) for play_id, name in names.items()}


def crowded(
    tasks: Iterable[Task],
    places: Mapping[str, tuple[int, ...]],
    policy: PlaybookPolicy,
    workdays: Workdays,
    *,
    fixed: Collection[str] = (),
) -> tuple[Crowded, ...]:
    """Of the open and done tasks of one account; places: of plays, as `places` gives them; fixed: ids of tasks.

    What is done always wins; then what is fixed; then by place; then the earlier. Those that yield leave their place.
    """
    last = (len(policy.front_first),)

    def first(task: Task) -> tuple[bool, bool, tuple[int, ...], date, str]:
        place = places.get(task.play_id or "", last)
        return task.status != "done", task.task_id not in fixed, place, heard_on(task), task.task_id

    held: dict[str, list[Task]] = {}
    found = []
    for task in sorted(filter(_is_message, tasks), key=first):
        others = held.setdefault(task.contact_id or "", [])
        near = [o for o in others if o.play_id != task.play_id and _too_near(task, o, policy, workdays)]
        if task.status == "open" and near:
            by = max(near, key=heard_on)
            found.append(Crowded(task, by, workdays.forward(heard_on(by), policy.front_cap_days)))
        else:
            others.append(task)
    return tuple(sorted(found, key=lambda each: (each.task.due_on, each.task.task_id)))


def heard_on(task: Task) -> date:
    return task.done_on or task.due_on


def _is_message(task: Task) -> bool:
    """What reaches the contact on the front stage; what was skipped never did."""
    return task.side == "front" and task.contact_id is not None and task.status != "skipped"


def _too_near(task: Task, other: Task, policy: PlaybookPolicy, workdays: Workdays) -> bool:
    early, late = sorted((heard_on(task), heard_on(other)))
    return late < workdays.forward(early, policy.front_cap_days)


def make_room(tasks: Sequence[Task], staged: Mapping[str, Staged], policy: PlaybookPolicy, workdays: Workdays) -> Room:
    """What comes too near because of the plays that begin goes on until nobody is crowded, each with what hangs on it.

    tasks: of one account; staged: by play_id. What stood too near before is left as it was agreed. A task whose day
    stands, or that would push such a one, or its renewal's decision, is a clash.
    """
    order = _places(staged, policy)
    fixed = {task.task_id for task in tasks if _stands(task, staged.get(task.play_id or ""))}
    new = {name for name, each in staged.items() if each.new}
    touched = {task.task_id for task in tasks if task.play_id in new}
    now = {task.task_id: task for task in tasks}
    because: dict[str, Crowded] = {}
    stuck: dict[str, Crowded] = {}
    for _ in range(MOST_MOVES):
        found = crowded(now.values(), order, policy, workdays, fixed={*fixed, *stuck})
        ours = [each for each in found if {each.task.task_id, each.by.task_id} & touched]
        stuck |= {each.task.task_id: each for each in ours if each.task.task_id in fixed}
        movable = next((each for each in ours if each.task.task_id not in {*fixed, *stuck}), None)
        if movable is None:
            break
        moved = _moved_on(movable, now, staged, workdays)
        if moved is None or any(each.before.task_id in fixed for each in moved):
            stuck[movable.task.task_id] = movable
            continue
        because[movable.task.task_id] = movable
        touched |= {each.after.task_id for each in moved}
        now.update({each.after.task_id: each.after for each in moved})
    changed = tuple(Moved(task, now[task.task_id]) for task in tasks if task != now[task.task_id])
    return Room(changed, because, tuple(stuck.values()))


def _places(staged: Mapping[str, Staged], policy: PlaybookPolicy) -> dict[str, tuple[int, ...]]:
    """Of the same place, those that win over another one here go first; then what stood before what begins."""
    here = {each.playbook.name for each in staged.values()}
    ordered = places({name: each.playbook.name for name, each in staged.items()}, policy)
    return {
        name: (*ordered[name], -len(here.intersection(each.playbook.wins_over)), int(each.new))
        for name, each in staged.items()
    }


def _stands(task: Task, staged: Staged | None) -> bool:
    """It has been agreed with the customer, others have been told of it, or it is somebody's own."""
    if staged is None or task.at is not None:
        return True
    activity = staged.playbook.activities.get(task.activity or "")
    return activity is not None and (activity.public or is_event(task, staged.playbook))


def _moved_on(
    each: Crowded, now: Mapping[str, Task], staged: Mapping[str, Staged], workdays: Workdays
) -> tuple[Moved, ...] | None:
    """Its task to the first free day, with what hangs on it; None where that would pass the decision it is before."""
    task = each.task
    of = staged[task.play_id or ""]
    own = [other for other in now.values() if other.play_id == task.play_id]
    moved = move(task.task_id, workdays.next(each.until), own, of.playbook, workdays)
    return None if any(_past_decision(one, of) for one in moved) else moved


def _past_decision(moved: Moved, of: Staged) -> bool:
    decision_on, activity = of.play.decision_on, of.playbook.activities.get(moved.after.activity or "")
    if decision_on is None or activity is None or activity.day[0][0] != RENEWAL:
        return False
    return moved.before.due_on <= decision_on < moved.after.due_on


def planned_anew(tasks: Iterable[Task], room: Room) -> tuple[Task, ...]:
    """These tasks on the days that room was made with."""
    days = {each.after.task_id: each.after for each in room.moved}
    return tuple(days.get(task.task_id, task) for task in tasks)

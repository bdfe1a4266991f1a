"""How much of us one contact gets to see: messages of two plays that come too near, and room made between them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.playbooks.moving import is_event, move
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Moved, Play, Task
from domain.playbooks.workdays import Workdays
from domain.policies.policy_playbooks import PlaybookPolicy

MOST_MOVES = 60
FARTHEST = timedelta(21)
"""Whoever would wait longer is not what was planned any more: a person decides."""
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
    stands, or that would push such a one, or pass its renewal's decision, or wait for weeks, is a clash.
    """
    calendar = _Calendar(tasks, staged, policy, workdays)
    stuck: dict[str, Crowded] = {}
    while True:
        room, clash = calendar.attempt(stuck)
        if clash is None:
            return room
        stuck[clash.task.task_id] = clash


class _Calendar:
    """Of one account: what may move there."""

    def __init__(
        self, tasks: Sequence[Task], staged: Mapping[str, Staged], policy: PlaybookPolicy, workdays: Workdays
    ) -> None:
        self._tasks = {task.task_id: task for task in tasks}
        self._staged, self._policy, self._workdays = staged, policy, workdays
        self._places = _places(staged, policy)
        new = {name for name, each in staged.items() if each.new}
        self._new = {task.task_id for task in tasks if task.play_id in new}
        self._fixed = {task.task_id for task in tasks if _stands(task, staged.get(task.play_id or ""))}

    def attempt(self, stuck: Mapping[str, Crowded]) -> tuple[Room, Crowded | None]:
        """The room that there is if these stay; or one that has to stay too."""
        now, touched, because = dict(self._tasks), set(self._new), {}
        for _ in range(MOST_MOVES):
            found = crowded(now.values(), self._places, self._policy, self._workdays, fixed=self._fixed - self._new)
            ours = [each for each in found if {each.task.task_id, each.by.task_id} & touched]
            each = next((each for each in ours if each.task.task_id not in stuck), None)
            if each is None:
                break
            moved = self._moved_on(each, now)
            if moved is None:
                return Room(), each
            because[each.task.task_id] = each
            touched |= {one.after.task_id for one in moved}
            now.update({one.after.task_id: one.after for one in moved})
        changed = tuple(Moved(task, now[name]) for name, task in self._tasks.items() if task != now[name])
        return Room(changed, because, tuple(stuck.values())), None

    def _moved_on(self, each: Crowded, now: Mapping[str, Task]) -> tuple[Moved, ...] | None:
        """Its task to the first free day, with what hangs on it; None where it has to stay."""
        task = each.task
        of = self._staged.get(task.play_id or "")
        if of is None or task.task_id in self._fixed:
            return None
        own = [other for other in now.values() if other.play_id == task.play_id]
        moved = move(task.task_id, self._workdays.next(each.until), own, of.playbook, self._workdays)
        return None if any(self._has_to_stay(one.after, of) for one in moved) else moved

    def _has_to_stay(self, after: Task, of: Staged) -> bool:
        before = self._tasks[after.task_id]
        far = after.due_on - before.due_on > FARTHEST
        return far or after.task_id in self._fixed or _past_decision(before, after, of)


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


def _past_decision(before: Task, after: Task, of: Staged) -> bool:
    decision_on, activity = of.play.decision_on, of.playbook.activities.get(after.activity or "")
    if decision_on is None or activity is None or activity.day[0][0] != RENEWAL:
        return False
    return before.due_on <= decision_on < after.due_on


def planned_anew(tasks: Iterable[Task], room: Room) -> tuple[Task, ...]:
    """These tasks on the days that room was made with."""
    days = {each.after.task_id: each.after for each in room.moved}
    return tuple(days.get(task.task_id, task) for task in tasks)

"""May a play start: re-run, overlap and cool-down; and how much of us one contact gets to see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.moving import move
from domain.playbooks import Playbook
from domain.plays import LIVE, OVER, Moved, Play, Task
from domain.policy_playbooks import PlaybookPolicy
from domain.reasons import Reason
from domain.workdays import Workdays

MOST_MOVES = 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """waivable: whoever starts it by hand, with a reason, may do so all the same."""

    reason: Reason
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """pauses: running plays of the account that would wait while this one runs."""

    refused: tuple[Refusal, ...] = ()
    pauses: tuple[Play, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refused


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that a play may start on: plays: all of its own, past ones too; began_on: its first paid day, or that
    of its return; contact_id, decision_on: what the play would be about."""

    plays: tuple[Play, ...] = ()
    tasks: tuple[Task, ...] = ()
    leaving: bool = False
    began_on: date | None = None
    contact_id: str | None = None
    decision_on: date | None = None
    country: str | None = None


def subject_of(playbook: Playbook, candidate: Candidate, today: date) -> str:
    """What tells its plays apart: the contact's id, the decision date, the quarter (2026-Q4), or ''."""
    match playbook.again.per:
        case "contact":
            return candidate.contact_id or ""
        case "term":
            return candidate.decision_on.isoformat() if candidate.decision_on else ""
        case "quarter":
            return f"{today.year}-Q{(today.month + 2) // 3}"
        case _:
            return ""


def may_start(
    playbook: Playbook, candidate: Candidate, books: Mapping[int, Playbook], policy: PlaybookPolicy, today: date
) -> Ruling:
    """books: the playbooks of the candidate's plays by version."""
    subject = subject_of(playbook, candidate, today)
    same = [play for play in candidate.plays if play.playbook == playbook.name]
    refused = [
        *_of_itself(same, subject),
        *_again(playbook, [p for p in same if p.status in OVER], subject, candidate.began_on, today),
        *_leaving(playbook, candidate),
        *_paused_by_others(playbook, candidate.plays, books),
        *_of_contact(candidate, policy, today),
    ]
    running = [p for p in candidate.plays if p.status == "running" and p.playbook in playbook.pauses]
    return Ruling(tuple(refused), tuple(running))


def _of_itself(same: Iterable[Play], subject: str) -> Iterator[Refusal]:
    """It runs, or the draw keeps the account from it: then a start is chosen, and the effect cannot count it."""
    for play in same:
        since = {"since": play.started_on or play.eligible_on}
        if play.subject == subject and play.status in LIVE:
            yield Refusal(Reason("play_running", since))
        elif play.status == "held_out":
            yield Refusal(Reason("play_held_out", since), waivable=True)


def _again(
    playbook: Playbook, over: Iterable[Play], subject: str, began_on: date | None, today: date
) -> Iterator[Refusal]:
    mine = [play for play in over if play.subject == subject and play.started_on]
    last = max((play.ended_on for play in mine if play.ended_on), default=None)
    if last is None:
        return
    again = playbook.again
    if again.per in {"term", "quarter"}:
        yield Refusal(Reason("play_this_time"), waivable=True)
    elif again.after_days is None:
        if not (again.unless_new and began_on and began_on > last):
            yield Refusal(Reason("play_once"))
    elif today < (until := last + timedelta(again.after_days)):
        yield Refusal(Reason("play_cooling", {"days": (until - today).days, "until": until}), waivable=True)


def _leaving(playbook: Playbook, candidate: Candidate) -> Iterator[Refusal]:
    if candidate.leaving and not playbook.clients.leavers:
        yield Refusal(Reason("play_leaving"))


def _paused_by_others(playbook: Playbook, plays: Iterable[Play], books: Mapping[int, Playbook]) -> Iterator[Refusal]:
    """A running play of the account would only pause it again."""
    for play in plays:
        other = books.get(play.version)
        if play.status == "running" and other is not None and playbook.name in other.pauses:
            yield Refusal(Reason("play_paused_by", {"playbook": play.playbook}), waivable=True)


def _of_contact(candidate: Candidate, policy: PlaybookPolicy, today: date) -> Iterator[Refusal]:
    """The person that it would be about has heard from another play just now."""
    days = Workdays(candidate.country)
    spoken = [
        task.done_on
        for task in candidate.tasks
        if task.contact_id and task.contact_id == candidate.contact_id and task.done_on and _is_message(task)
    ]
    if spoken and today < (until := days.forward(max(spoken), policy.front_cap_days)):
        yield Refusal(Reason("play_contact_busy", {"until": until}), waivable=True)


def _is_message(task: Task) -> bool:
    """What reaches the contact on the front stage; what was skipped never did."""
    return task.side == "front" and task.contact_id is not None and task.status != "skipped"


@dataclass(frozen=True, slots=True)
class Crowded:
    """A front-stage task that comes too soon before or after another play's to the same contact; free from `until`."""

    task: Task
    by: Task
    until: date


def crowded(
    tasks: Iterable[Task], names: Mapping[str, str], policy: PlaybookPolicy, workdays: Workdays
) -> tuple[Crowded, ...]:
    """Of the open and done tasks of one account; names: playbook by play_id. Who wins stands in policy.front_first.

    What is done always wins; then the first of front_first; then the earlier. Those that yield leave their place.
    """

    def first(task: Task) -> tuple[bool, int, date, str]:
        name = names.get(task.play_id or "", "")
        order = policy.front_first.index(name) if name in policy.front_first else len(policy.front_first)
        return task.status != "done", order, task.done_on or task.due_on, task.task_id

    held: dict[str, list[Task]] = {}
    found = []
    for task in sorted(filter(_is_message, tasks), key=first):
        others = held.setdefault(task.contact_id or "", [])
        near = [o for o in others if o.play_id != task.play_id and _too_near(task, o, policy, workdays)]
        if task.status == "open" and near:
            by = max(near, key=_heard_on)
            found.append(Crowded(task, by, workdays.forward(_heard_on(by), policy.front_cap_days)))
        else:
            others.append(task)
    return tuple(sorted(found, key=lambda each: (each.task.due_on, each.task.task_id)))


def _heard_on(task: Task) -> date:
    return task.done_on or task.due_on


def _too_near(task: Task, other: Task, policy: PlaybookPolicy, workdays: Workdays) -> bool:
    early, late = sorted((_heard_on(task), _heard_on(other)))
    return late < workdays.forward(early, policy.front_cap_days)


def make_room(
    tasks: Sequence[Task], names: Mapping[str, str], books: Mapping[str, Playbook], policy: PlaybookPolicy,
    workdays: Workdays,
) -> tuple[Moved, ...]:  # fmt: skip
    """What `crowded` finds, moved on until nobody is crowded, each with what depends on it in its own play.

    books: playbook by play_id. A task that would have to be moved over and over stays where it came to.
    """
    now = {task.task_id: task for task in tasks}
    for _ in range(MOST_MOVES):
        found = crowded(now.values(), names, policy, workdays)
        if not found:
            break
        task, until = found[0].task, workdays.next(found[0].until)
        own = [other for other in now.values() if other.play_id == task.play_id]
        playbook = books.get(task.play_id or "")
        moved = move(task.task_id, until, own, playbook, workdays) if playbook else (Moved(task, _on(task, until)),)
        now.update({each.after.task_id: each.after for each in moved})
    return tuple(Moved(task, now[task.task_id]) for task in tasks if task != now[task.task_id])


def _on(task: Task, day: date) -> Task:
    return replace(task, due_on=day)

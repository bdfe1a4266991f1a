"""What only alerts ask of accounts, loaded and decided a page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.playbooks import follow_up
from domain.playbooks.goals import Goal, behind
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play, Task, Web, web
from domain.playbooks.readiness import Lack, of_web
from domain.playbooks.workdays import Workdays
from domain.policies.policy import Policy
from domain.seen import Watch
from storage import policies
from storage.alerts import watching
from storage.database import Transaction
from storage.facts import facts as storage_facts
from storage.facts import features
from storage.facts.asof import AsOf
from storage.playbooks import goals, playbooks, tasks
from storage.scope import Scope

SOON = timedelta(3)
WEEKLY = ("change_7d", "held_above_risk", "held_above_green")
OF_PLAYS = ("running", "unready_days", "goals_behind", "follow_up_days")
UNSET: frozenset[Lack] = frozenset({"need_open", "need_overdue", "no_contingency", "no_owner"})


@dataclass(frozen=True)
class Ground:
    """The same for every page of a day. version: of the policy, None before the first score; week_on: whose scores
    are those of a week ago; facts: those that will be asked, None: any; books: playbooks by version, as they are met.
    """

    policy: Policy
    day: date
    in_use: frozenset[str]
    version: int | None
    week_on: date | None
    core: frozenset[str]
    facts: frozenset[str] | None = None
    books: dict[int, Playbook] = field(default_factory=dict)

    def asks(self, *facts: str) -> bool:
        """One of them will be asked: what it is made of is to be loaded."""
        return self.facts is None or not self.facts.isdisjoint(facts)


def ground(tx: Transaction, policy: Policy, day: date, facts: frozenset[str] | None = None) -> Ground:
    return Ground(
        policy,
        day,
        in_use=storage_facts.in_use(tx, policy=policy),
        version=policies.current(tx, policy),
        week_on=watching.week_before(tx, day),
        core=frozenset(features.core(tx, policy.core_features)),
        facts=facts,
    )


def watches(
    tx: Transaction, on: Ground, ran: Mapping[int, Sequence[Play]], countries: Mapping[int, str | None], *,
    first: int, last: int, scope: Scope,
) -> dict[int, Watch]:  # fmt: skip
    """By account numbered first…last, of whom there is anything to say; ran: all plays of each; countries: whose days
    off count there."""
    was: Mapping[int, int] = {}
    if on.version is not None and on.week_on is not None and on.asks(*WEEKLY):
        was = watching.scores_on(tx, first, last, on.week_on, on.version, scope)
    gone = None
    if on.core and on.asks("abandoned_features"):
        gone = watching.abandoned(tx, first, last, on.day, on.core, scope)
    running = {play.play_id: play for plays in ran.values() for play in plays if play.status == "running"}
    _know_books(tx, on, running.values())
    unready = _unready(tx, on, running, first=first, last=last, scope=scope) if on.asks("unready_days") else {}
    off = _behind(tx, on, ran, first=first, last=last, scope=scope) if on.asks("goals_behind") else {}
    looked = _looked_at(on, running.values(), countries) if on.asks("follow_up_days") else {}
    numbers = {*was, *(gone or ()), *unready, *off, *looked}
    return {
        number: Watch(
            was.get(number), None if gone is None else gone.get(number, 0), off.get(number, 0), unready.get(number),
            looked.get(number),
        )
        for number in numbers
    }  # fmt: skip


def _know_books(tx: Transaction, on: Ground, plays: Iterable[Play]) -> None:
    on.books.update(playbooks.of_versions(tx, {play.version for play in plays} - set(on.books)))


def _unready(
    tx: Transaction, on: Ground, running: Mapping[str, Play], *, first: int, last: int, scope: Scope
) -> dict[int, date]:
    """The nearest day of a front-stage task within three days whose stage is not set."""
    soon = watching.on_stage_soon(tx, first, last, on.day, on.day + SOON, scope)
    found: dict[int, date] = {}
    for name, those in tasks.of_plays(tx, soon, scope).items():
        book = on.books.get(running[name].version) if name in running else None
        drawn = web(those, book) if book else Web((), {})
        for task in those:
            if _is_soon(task, on.day) and _lacks(task, drawn, book, on.day):
                found[task.account] = min(task.due_on, found.get(task.account, task.due_on))
    return found


def _is_soon(task: Task, day: date) -> bool:
    return task.side == "front" and task.status == "open" and day <= task.due_on <= day + SOON


def _lacks(task: Task, drawn: Web, book: Playbook | None, day: date) -> bool:
    return any(missing.lack in UNSET for missing in of_web(task, drawn, book, today=day).missing)


def _behind(
    tx: Transaction, on: Ground, ran: Mapping[int, Sequence[Play]], *, first: int, last: int, scope: Scope
) -> dict[int, int]:
    """Open goals off their line: those of plays that run, and those of files, which have no start."""
    began = {play.goal_id: play for plays in ran.values() for play in plays if play.goal_id}
    found = {}
    for number, those in goals.of_page(tx, first, last, AsOf(on.day, on.day), scope).items():
        if n := sum(1 for goal in those if _runs(goal, began) and behind(goal, _start(goal, began), on.day)):
            found[number] = n
    return found


def _runs(goal: Goal, began: Mapping[str, Play]) -> bool:
    return goal.goal_id not in began or began[goal.goal_id].status == "running"


def _start(goal: Goal, began: Mapping[str, Play]) -> date | None:
    return began[goal.goal_id].started_on if goal.goal_id in began else None


def _looked_at(on: Ground, running: Iterable[Play], countries: Mapping[int, str | None]) -> dict[int, date]:
    """The newest day by now on which a play's KPI was to be looked at."""
    found: dict[int, date] = {}
    for play in running:
        book = on.books.get(play.version)
        days = follow_up.looks(play, book, Workdays(countries.get(play.account))) if book else ()
        past = follow_up.last(days, on.day)
        if past is not None:
            found[play.account] = max(past, found.get(play.account, past))
    return found

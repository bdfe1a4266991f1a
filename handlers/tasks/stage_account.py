"""The two stages of one account: its running plays, and what is done on which side of the line of visibility."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.accounts import Account, Contact
from domain.playbooks.goals import Goal, progress
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import LIVE, Play, Task
from domain.playbooks.readiness import Readiness
from handlers.ask import Ask
from handlers.blocks import Block, actions, button, context, named, section
from handlers.outcomes.measuring import amount
from handlers.playbooks.play_steer import buttons
from handlers.tasks.task_matter import (
    NAMED,
    SIGNS,
    STATES,
    Absences,
    absences,
    books_of,
    first_name,
    lacking,
    readiness_of,
    said_day,
)
from handlers.tasks.task_naming import task_title
from handlers.tasks.tasks_card import duration, when
from storage.database import Transaction
from storage.playbooks import goals, plays, tasks
from words import N_, Words

AHEAD, BEHIND = timedelta(45), timedelta(7)
SHOWN, PLAYS = 6, 6
BAR = 10
OURS = {None, "csm", "lead"}
LANES: Mapping[str, str] = {
    "customer": N_("Customer"),
    "front": N_("Front stage"),
    "back": N_("Back stage"),
    "support": N_("Support"),
}
Shown = Sequence[tuple[Task, Readiness]]


@dataclass(frozen=True)
class Blueprint:
    """Tasks by day; ready: of those on the front stage that are open."""

    account: Account
    plays: tuple[Play, ...]
    books: Mapping[str, Playbook]
    tasks: tuple[Task, ...]
    ready: Mapping[str, Readiness]
    goals: Mapping[str, Goal] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    ours: Mapping[str, str] = field(default_factory=dict)

    def title(self, words: Words, task: Task) -> str:
        return task_title(words, task, self.books.get(task.play_id or ""))

    def of_lane(self, lane: str, today: date) -> list[Task]:
        """What is open in the time ahead or late, and what was done in the last week."""
        near = (t for t in self.tasks if lane_of(t) == lane)
        return [task for task in near if _near(task, today)]


def blueprint(tx: Transaction, ask: Ask, account: Account) -> Blueprint:
    """A constant number of queries."""
    number = account.number
    known = goals.of_account(tx, number, ask.seen, ask.scope)
    cast = tasks.casts(tx, [number], ask.scope).get(number)
    return replace(
        staged(tx, ask, account),
        goals={goal.goal_id: goal for goal in known},
        contacts={contact.contact_id: contact for contact in cast.contacts} if cast else {},
    )


def staged(tx: Transaction, ask: Ask, account: Account) -> Blueprint:
    """Without goals and contacts, which no card of another matter shows; few queries where nothing is on stage."""
    live = tuple(play for play in plays.of_account(tx, account.number, ask.scope) if play.status in LIVE)
    books = books_of(tx, live)
    every = [t for t in tasks.of_account(tx, account.number, ask.scope) if t.play_id is None or t.play_id in books]
    absent = absences(tx) if live or every else Absences({})
    ready = front_readiness(every, books, absent, ask.today)
    return Blueprint(account, live, books, tuple(every), ready, ours=absent.names)


def front_readiness(
    every: Sequence[Task], books: Mapping[str, Playbook], absent: Absences, today: date
) -> dict[str, Readiness]:
    """Of the open front-stage tasks of several plays, and of none."""
    of_play: dict[str | None, list[Task]] = {}
    for task in every:
        of_play.setdefault(task.play_id, []).append(task)
    ready: dict[str, Readiness] = {}
    for name, those in of_play.items():
        asked = [task for task in those if task.side == "front" and task.status == "open"]
        ready |= readiness_of(those, books.get(name or ""), asked, absent, today)
    return ready


def lane_of(task: Task) -> str:
    """Back stage is the CSM's and the lead's; what others do for them is support."""
    if task.side != "back":
        return task.side
    return "back" if task.function in OURS else "support"


def _near(task: Task, today: date) -> bool:
    if task.status == "open":
        return task.due_on <= today + AHEAD
    return task.status == "done" and task.done_on is not None and task.done_on >= today - BEHIND


def blocks(ask: Ask, found: Blueprint) -> Iterator[Block]:
    words = ask.words
    yield section(f"*{named(found.account.name)}* · {words._('two stages')}")
    for play in found.plays[:PLAYS]:
        yield section(*_play(words, found, play))
        newest = ask.desk.playbooks.playbooks.get(play.playbook)
        newer = newest is not None and newest.digest != found.books[play.play_id].digest
        yield actions(*buttons(words, play, newer=newer))
    if not found.plays:
        yield section(words._("No playbook runs here."))
    said = {lane: list(_lane(ask, found, lane)) for lane in LANES}
    for lane, lines in said.items():
        if lane == "back" and any(said.values()):
            yield context(f"── ── ── {words._('line of visibility: the customer sees nothing below')} ── ── ──")
        if lines:
            yield section(f"*{words._(LANES[lane])}*", *lines)
    yield actions(*_steps_on(words, found))


def _play(words: Words, found: Blueprint, play: Play) -> Iterator[str]:
    mine = [task for task in found.tasks if task.play_id == play.play_id]
    done = sum(task.status != "open" for task in mine)
    sign = "▶" if play.status == "running" else "⏸"
    title = named(found.books[play.play_id].title.of(words.language))
    parts = [f"{sign} *{title}*", words._("{done} of {n} tasks", done=words.number(done), n=words.number(len(mine)))]
    if play.event_on:
        parts.append(words._("on {day}", day=words.weekday(play.event_on)))
    owner = first_name(found.ours, play.owner)
    yield " · ".join([*parts, *([owner] if owner else [])])
    goal = found.goals.get(play.goal_id or "")
    if goal:
        yield _goal(words, goal)


def _goal(words: Words, goal: Goal) -> str:
    """In words, how far, until when."""
    way = progress(goal)
    said = [named(goal.statement or "", 200)] if goal.statement else []
    if way is not None:
        full = max(0, min(BAR, round(float(way) / BAR)))
        said.append(f"{'▓' * full}{'░' * (BAR - full)} {words.percent(way / 100)}")
    else:
        said.append(words._("target {target}", target=amount(words, goal.kpi, goal.target) or ""))
    return " · ".join([*said, words._("by {day}", day=words.day(goal.due_on))])


def _lane(ask: Ask, found: Blueprint, lane: str) -> Iterator[str]:
    those = found.of_lane(lane, ask.today)
    for task in those[:SHOWN]:
        yield from _task(ask, found, task)
    yield from ask.words.and_more(len(those) - SHOWN)


def _task(ask: Ask, found: Blueprint, task: Task) -> Iterator[str]:
    words = ask.words
    state = found.ready.get(task.task_id)
    sign = "☑" if task.status == "done" else SIGNS[state.state] if state else "☐"
    day = said_day(ask, task.done_on) if task.status == "done" and task.done_on else when(ask, task)
    parts = [f"{sign} {day}", found.title(words, task), *_who(words, found, task)]
    if state:
        parts.append(f"*{words._(STATES[state.state])}*")
    yield " · ".join(parts)
    if state and state.missing:
        what = lacking(ask, state.missing[:NAMED], found.books.get(task.play_id or ""), found.ours)
        yield f"↳ {words._('missing: {what}', what='; '.join(what))}"


def _who(words: Words, found: Blueprint, task: Task) -> Iterator[str]:
    contact = found.contacts.get(task.contact_id or "")
    if contact and task.side != "back":
        yield named(contact.name, 60)
    if task.side != "customer":
        names = [first_name(found.ours, who) for who in (task.owner, *task.helpers) if who]
        yield " + ".join(names) or words._("nobody yet")
    if task.hours and task.side == "back":
        yield duration(words, task.hours)


def _steps_on(words: Words, found: Blueprint) -> Iterator[Block]:
    account_id = found.account.account_id
    if found.tasks:
        yield button(words._("As a picture"), "ask", f"stage {account_id} picture")
    else:
        yield button(words._("All playbooks"), "ask", "playbook list")
    yield button(words._("Add a task…"), "form", f"task-add {account_id}")
    yield button(words._("How they are"), "ask", f"health {account_id}")
    yield button(words._("My tasks"), "ask", "tasks")

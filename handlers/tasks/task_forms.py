"""Forms of a task: to another day with what depends on it, left out with a reason, one of one's own, some to later."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.alerts.digests import workdays as workdays_of
from domain.days import is_too_far
from domain.playbooks.moving import reschedule
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Moved, Play, Task, web
from domain.playbooks.relief import next_week
from handlers.arguments import the_account
from handlers.ask import Ask, Form, Invalid, Reply, refusal
from handlers.blocks import (
    Block,
    actions,
    button,
    choice,
    context,
    day,
    field,
    hour,
    line,
    lines,
    modal,
    named,
    number,
    section,
    ticks,
)
from handlers.gestures import BY_FORM, as_one, by_form
from handlers.tasks.task_matter import TaskMatter, books_of, moved_lines, open_matter, said_day
from handlers.tasks.task_naming import task_title
from handlers.tasks.task_room import plays_of, relief
from handlers.undo import undo_button
from storage import changes
from storage.database import Transaction
from storage.playbooks import plays, tasks
from storage.playbooks.tasks import Due
from words import Words

TITLE, REASON, TYPED, SHOWN, OFFERED, LONGEST_HOURS = 200, 500, 120, 8, 10, 40


@dataclass(frozen=True)
class Later:
    to: date
    at: time | None
    why: str


def view_later(ask: Ask) -> Block:
    with ask.database.transaction() as tx:
        found = open_matter(tx, ask, ask.text.strip())
    words, task = ask.words, found.task
    to = found.workdays.next(max(ask.today, task.due_on) + timedelta(1))
    hours = [field(words._("At what hour"), "at", hour(_said_at(ask, task)), optional=True,
                   hint=words._("In your own time."))] if task.side == "front" else []  # fmt: skip
    blocks = [
        _heading(ask, found),
        *_depending(ask, found, to),
        field(words._("To which day"), "to", day(to)),
        *hours,
        field(words._("Why"), "why", lines(REASON), optional=True),
    ]
    return modal("task-later", words._("Move a task"), words._("Move"), words._("Cancel"), blocks)


def _heading(ask: Ask, found: TaskMatter) -> Block:
    due = said_day(ask, found.task.due_on)
    return section(f"*{found.title(ask.words)}*", f"{named(found.account.name)} · {due}")


def _said_at(ask: Ask, task: Task) -> str:
    return task.at.astimezone(_zone(ask)).strftime("%H:%M") if task.at else ""


def _zone(ask: Ask) -> ZoneInfo:
    return ZoneInfo(ask.caller.time_zone or ask.policy.time_zone)


def _depending(ask: Ask, found: TaskMatter, to: date) -> Iterator[Block]:
    """What moves with it on the day that is proposed, and what else needs it."""
    words = ask.words
    _play, moved = _moves(found, to, ask.today)
    rest = [move for move in moved if move.after.task_id != found.task.task_id]
    if rest:
        said = words._("To {day} there move with it:", day=said_day(ask, to))
        yield section(said, *moved_lines(ask, rest, found.book))
    known = {move.after.task_id for move in rest}
    after = [task for task in dependants(found) if task.task_id not in known]
    if after:
        needing = [
            words._("{task}, {day}", task=task_title(words, task, found.book), day=said_day(ask, task.due_on))
            for task in after[:SHOWN]
        ]
        yield context(words._("It moves along if you go past its day: {tasks}", tasks="; ".join(needing)))


def dependants(found: TaskMatter) -> list[Task]:
    """Open tasks that need this one, at first hand."""
    if found.book is None:
        return []
    needs = web(found.tasks, found.book).needs
    mine = found.task.task_id
    return [t for t in found.tasks if t.status == "open" and any(n.task_id == mine for n in needs.get(t.task_id, ()))]


def _moves(found: TaskMatter, to: date, today: date) -> tuple[Play | None, tuple[Moved, ...]]:
    if found.play is None or found.book is None:
        return None, (Moved(found.task, replace(found.task, due_on=to)),) if to != found.task.due_on else ()
    return reschedule(found.play, found.task.task_id, to, found.tasks, found.book, found.workdays, today)


def read_later(words: Words, today: date, entered: Mapping[str, Any]) -> Later:
    to = date.fromisoformat(entered["to"])
    if to < today:
        raise Invalid({"to": words._("This day has passed.")})
    if is_too_far(to, today):
        raise Invalid({"to": words._("Choose a day within ten years.")})
    at = entered.get("at")
    return Later(to, time.fromisoformat(at) if at else None, (entered.get("why") or "").strip())


def save_later(ask: Ask, entered: Later) -> Reply:
    words = ask.words
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        found = open_matter(tx, ask, ask.text.strip())
        play, moved = _moves(found, entered.to, ask.today)
        moved = _with_hours(found.task, moved, _agreed_at(ask, found.task, entered), entered.why)
        made = _write(tx, ask, found.play, play, moved)
    said = words._("Moved to {day}: {task} · {name}", day=said_day(ask, entered.to), task=found.title(words),
                   name=named(found.account.name))  # fmt: skip
    rest = [m for m in moved if m.after.task_id != found.task.task_id]
    shown = [section(f"➜ {said}", *moved_lines(ask, rest, found.book))]
    if found.account.country and found.workdays.off(entered.to):
        shown.append(context(words._("That day is a day off there.")))
    return Reply(said, (*shown, _after(ask, found, made)))


def _agreed_at(ask: Ask, task: Task, entered: Later) -> datetime | None:
    """Only of what the customer lives is the hour asked."""
    if task.side != "front":
        return task.at and task.at + (entered.to - task.due_on)
    return datetime.combine(entered.to, entered.at, _zone(ask)) if entered.at else None


def _with_hours(task: Task, moved: Sequence[Moved], at: datetime | None, why: str) -> tuple[Moved, ...]:
    """An hour that was agreed goes with its day; that of the task asked about is as it was entered."""
    pairs = {move.after.task_id: move for move in moved}
    mine = pairs.pop(task.task_id, Moved(task, task))
    own = replace(mine, after=replace(mine.after, at=at, note=why or mine.after.note))
    others = [replace(move, after=_shifted(move)) for move in pairs.values()]
    return tuple(move for move in (own, *others) if move.before != move.after)


def _shifted(move: Moved) -> Task:
    by = move.after.due_on - move.before.due_on
    return replace(move.after, at=move.after.at + by) if move.after.at and by else move.after


def _write(tx: Transaction, ask: Ask, was: Play | None, play: Play | None, moved: Sequence[Moved]) -> int | None:
    """As one gesture with whatever else is written under the same token."""
    if play is not None:
        return plays.write(tx, play, moved, was=was, **by_form(ask))
    return max((made for made in plays.write_tasks(tx, moved, as_one(ask)) if made is not None), default=None)


def _after(ask: Ask, found: TaskMatter, made: int | None) -> Block:
    see = button(ask.words._("My tasks"), "ask", "tasks")
    stage = button(ask.words._("See the two stages"), "ask", f"stage {found.account.account_id}")
    return actions(see, stage, undo_button(ask.words, made))


def view_skip(ask: Ask) -> Block:
    with ask.database.transaction() as tx:
        found = open_matter(tx, ask, ask.text.strip())
    words = ask.words
    needing = [task_title(words, task, found.book) for task in dependants(found)]
    doubt = words._("It is needed by: {tasks}. That will stand in doubt.", tasks="; ".join(needing[:SHOWN]))
    blocks = [
        _heading(ask, found),
        *([context(doubt)] if needing else []),
        field(words._("Why it is left out"), "why", lines(REASON)),
    ]
    return modal("task-skip", words._("Leave a task out"), words._("Leave it out"), words._("Cancel"), blocks)


def read_skip(words: Words, _today: date, entered: Mapping[str, Any]) -> str:
    why = (entered["why"] or "").strip()
    if not why:
        raise Invalid({"why": words._("Write a reason: whoever reads it later has nothing else.")})
    return why


def save_skip(ask: Ask, why: str) -> Reply:
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        found = open_matter(tx, ask, ask.text.strip())
        made = tasks.finish(tx, found.task, "skipped", note=why, playbook=found.book, **by_form(ask))
    said = ask.words._("Left out: {task} · {name}", task=found.title(ask.words), name=named(found.account.name))
    return Reply(said, (section(f"– {said}"), _after(ask, found, made)))


@dataclass(frozen=True)
class Own:
    account: str
    title: str
    side: str
    due_on: date
    hours: float


def offer_add(ask: Ask, typed: str = "") -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    words = ask.words
    value, said = "task-add", words._("Add a task of your own:")
    if typed:
        account = the_account(ask, typed, before="add" if ask.capability == "tasks" else "")
        value = f"task-add {account.account_id}"
        said = words._("Add a task of your own for {name}:", name=named(account.name))
    return Reply(said, (section(said), actions(button(words._("Add a task…"), "form", value, style="primary"))))


def again_add(ask: Ask) -> Reply:
    return offer_add(ask, ask.text)


def view_add(ask: Ask) -> Block:
    words = ask.words
    known = the_account(ask, ask.text).name if ask.text.strip() else ""
    sides = [("back", words._("Back stage")), ("front", words._("Front stage"))]
    blocks = [
        field(words._("Account"), "account", line(TYPED, initial=known)),
        field(words._("What is to be done"), "title", line(TITLE)),
        field(words._("Side"), "side", choice(sides, kind="radio_buttons", chosen="back")),
        field(words._("By when"), "due_on", day(ask.today)),
        field(words._("Hours"), "hours", number(), optional=True),
    ]
    return modal("task-add", words._("Add a task"), words._("Add"), words._("Cancel"), blocks)


def read_add(words: Words, today: date, entered: Mapping[str, Any]) -> Own:
    wrong = {}
    title, account = (entered["title"] or "").strip(), (entered["account"] or "").strip()
    due_on, hours = date.fromisoformat(entered["due_on"]), float(entered.get("hours") or 0)
    if not title:
        wrong["title"] = words._("Write what is to be done.")
    if not account:
        wrong["account"] = words._("Write the account's name.")
    if due_on < today:
        wrong["due_on"] = words._("This day has passed.")
    if is_too_far(due_on, today):
        wrong["due_on"] = words._("Choose a day within ten years.")
    if not 0 <= hours <= LONGEST_HOURS:
        wrong["hours"] = words._("Between 0 and {most} hours.", most=words.number(LONGEST_HOURS))
    if wrong:
        raise Invalid(wrong)
    return Own(account, title, entered["side"], due_on, hours)


def save_add(ask: Ask, entered: Own) -> Reply:
    account = the_account(ask, entered.account)
    task = Task(
        task_id=f"T{ask.token}",
        account=account.number,
        side="front" if entered.side == "front" else "back",
        due_on=entered.due_on,
        title=entered.title,
        owner=ask.caller.email.lower(),
        hours=entered.hours,
    )
    with ask.database.changing() as tx:
        made = tasks.add(tx, task, who=ask.caller.email, at=ask.now, origin=BY_FORM, on=ask.today)
    words = ask.words
    said = words._("On your list: {task} · {name}, {day}", task=named(entered.title, 120), name=named(account.name),
                   day=said_day(ask, entered.due_on))  # fmt: skip
    return Reply(said, (section(f"☐ {said}"), _after(ask, TaskMatter(task, account, (task,)), made)))


@dataclass(frozen=True)
class Relieved:
    chosen: tuple[str, ...]
    to: date


def view_relieve(ask: Ask) -> Block:
    with ask.database.transaction() as tx:
        offered = relief(tx, ask)[:OFFERED]
        books = books_of(tx, plays_of(tx, ask, offered).values())
    words = ask.words
    if not offered:
        raise refusal(words._("Your hours suffice now: nothing has to move."))
    options = [(due.task.task_id, _option(words, due, books.get(due.task.play_id or ""))) for due in offered]
    workdays = workdays_of(ask.caller, ask.policy)
    to = next_week(workdays.next(ask.today), workdays)
    blocks = [
        section(words._("Nothing that the customer expects moves with these. You decide which.")),
        field(words._("Which ones"), "chosen", ticks(options)),
        field(words._("To which day"), "to", day(to)),
    ]
    return modal("task-relieve", words._("Make room"), words._("Move"), words._("Cancel"), blocks)


def _option(words: Words, due: Due, book: Playbook | None) -> str:
    hours = words.number(round(due.task.hours, 2))
    return f"{named(due.account_name, 24)} · {named(task_title(words, due.task, book), 36)} · {hours} h"


def read_relieve(words: Words, today: date, entered: Mapping[str, Any]) -> Relieved:
    to = date.fromisoformat(entered["to"])
    if to <= today:
        raise Invalid({"to": words._("Choose a day that is still to come.")})
    return Relieved(tuple(entered.get("chosen") or ()), to)


def save_relieve(ask: Ask, entered: Relieved) -> Reply:
    """Each with what it takes along, all as one gesture."""
    words = ask.words
    made: list[int | None] = []
    moved: list[str] = []
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        for task_id in entered.chosen:
            found = open_matter(tx, ask, task_id)
            play, moves = _moves(found, entered.to, ask.today)
            made.append(_write(tx, ask, found.play, play, _with_hours(found.task, moves, found.task.at, "")))
            moved.append(f"• {found.title(words)} · {named(found.account.name)}")
    said = words.ngettext("{n} task moved to {day}", "{n} tasks moved to {day}", len(moved),
                          day=said_day(ask, entered.to))  # fmt: skip
    change = max((each for each in made if each is not None), default=None)
    see = button(words._("My tasks"), "ask", "tasks")
    return Reply(said, (section(f"➜ {said}", *moved), actions(see, undo_button(words, change))))


LATER = Form(view_later, read_later, save_later)
SKIP = Form(view_skip, read_skip, save_skip)
ADD = Form(view_add, read_add, save_add)
RELIEVE = Form(view_relieve, read_relieve, save_relieve)


def again(ask: Ask) -> Reply:
    """Typed instead of clicked: the list that has the buttons."""
    said = ask.words._("Its buttons stand beside each task on `/tasks`.")
    return Reply(said, (section(said),), answered=False, offered=("tasks",))

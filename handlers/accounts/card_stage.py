"""What is on stage, for the cards of an account: the next front-stage event, what runs, and the playbook that fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from domain.accounts import Account
from domain.playbooks.moving import is_event
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Task, web
from domain.playbooks.readiness import Readiness
from handlers.accounts.portrait import Portrait
from handlers.ask import Ask
from handlers.blocks import Block, button, named, section
from handlers.tasks.stage_account import Blueprint, staged
from handlers.tasks.task_matter import SIGNS, STATES, first_name, lacking, said_day
from storage.alerts import alerts
from storage.database import Transaction
from words import Words

TASKS, MISSING = 4, 2


@dataclass(frozen=True)
class Scene:
    """lines: of the next event; start: the button of the playbook that fits best."""

    lines: tuple[str, ...] = ()
    start: Block | None = None


EMPTY = Scene()


def scene(tx: Transaction, ask: Ask, shown: Portrait) -> Scene:
    account = shown.account
    found = staged(tx, ask, account)
    book = _proposed(tx, ask, shown)
    ahead = next_event(found, ask.today)
    start = None
    if book:
        label = ask.words._("Start “{title}”", title=named(book.title.of(ask.words.language), 50))
        start = button(label, "form", f"play-start {book.name} {account.account_id}")
    return Scene(tuple(_lines(ask, found, ahead)) if ahead else (), start)


def next_event(found: Blueprint, today: date) -> Task | None:
    """The next open task that the customer lives, of a play that runs or of none."""
    waiting = {play.play_id for play in found.plays if play.status != "running"}
    ahead = (
        task
        for task in found.tasks
        if task.side == "front" and task.status == "open" and task.due_on >= today and task.play_id not in waiting
    )
    return min(ahead, key=lambda task: (task.due_on, task.task_id), default=None)


def _proposed(tx: Transaction, ask: Ask, shown: Portrait) -> Playbook | None:
    """What the gravest of its open alerts asks for, where it does not run yet: the night has looked who fits."""
    for listed in alerts.of_account(tx, shown.account.number, ask.scope, day=ask.today):
        book = ask.desk.playbooks.playbooks.get(listed.alert.playbook or "")
        if book and not listed.answered:
            return book
    return None


def _lines(ask: Ask, found: Blueprint, task: Task) -> Sequence[str]:
    words = ask.words
    state = found.ready[task.task_id]
    book = found.books.get(task.play_id or "")
    title = named(book.title.of(words.language)) if book and is_event(task, book) else found.title(words, task)
    said = words._("all set") if state.state == "ready" else _doubt(words, found, task, state, book)
    first = " · ".join([title, _when(ask, task), f"{SIGNS[state.state]} {said}"])
    missing = lacking(ask, state.missing[:MISSING], book, found.ours)
    rows = [f"*{words._('Front stage')}* {first}"]
    return [*rows, words._("*Missing*: {what}", what="; ".join(missing))] if missing else rows


def _doubt(words: Words, found: Blueprint, task: Task, state: Readiness, book: Playbook | None) -> str:
    """With how many of its needs are done."""
    said = words._(STATES[state.state])
    needs = web([t for t in found.tasks if t.play_id == task.play_id], book).needs.get(task.task_id, ()) if book else ()
    if not needs:
        return said
    done = sum(need.status == "done" for need in needs)
    return words._("{state}: {done} of {n}", state=said, done=words.number(done), n=words.number(len(needs)))


def _when(ask: Ask, task: Task) -> str:
    words = ask.words
    day = f"{words.weekday(task.due_on).partition(' ')[0]} {words.short_day(task.due_on)}"
    if task.at is None:
        return day
    return f"{day} {task.at.astimezone(ZoneInfo(ask.caller.time_zone or ask.policy.time_zone)).strftime('%H:%M')}"


def running(ask: Ask, account: Account) -> list[Block]:
    """The plays that run, and what is to be done next."""
    words = ask.words
    with ask.database.transaction() as tx:
        found = staged(tx, ask, account)
    rows = [
        " · ".join([
            f"{'▶' if play.status == 'running' else '⏸'} {named(found.books[play.play_id].title.of(words.language))}",
            *([words._("since {day}", day=words.short_day(play.started_on))] if play.started_on else []),
        ])
        for play in found.plays
    ]  # fmt: skip
    ahead = [task for task in found.tasks if task.status == "open"][:TASKS]
    next_ = [
        " · ".join(filter(None, [said_day(ask, t.due_on), found.title(words, t), first_name(found.ours, t.owner)]))
        for t in ahead
    ]
    if not rows and not next_:
        return []
    return [section(f"*{words._('On stage')}*", *rows, *(f"• {row}" for row in next_))]

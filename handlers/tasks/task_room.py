"""The caller's hours: what is due against what the week leaves, and which tasks could wait."""

from collections.abc import Sequence
from datetime import date, timedelta

from domain.alerts.digests import workdays as workdays_of
from domain.playbooks.capacity import monday
from domain.playbooks.plays import Play
from domain.playbooks.relief import Room, could_wait, next_week, room
from handlers.ask import Ask
from handlers.tasks.task_matter import beside, books_of
from storage.database import Transaction
from storage.playbooks import plays, tasks, workload
from storage.playbooks.tasks import Due

WEEK = timedelta(7)
MOST = 200


def room_of(tx: Transaction, ask: Ask) -> Room:
    """Of the caller: what is due today and late against what the week leaves; on its last days off, the next one."""
    today, mine, workdays = ask.today, ask.caller.email.lower(), workdays_of(ask.caller, ask.policy)
    start = workdays.next(today)
    due = workload.of(tx, ask.scope, today=today, until=today, owners=(mine,)).hours
    weekly = next((person.hours for person in tasks.staff(tx) if person.email == mine), None)
    taken = tasks.taken(tx, since=today + timedelta(1), until=max(week_end(start), today + timedelta(1)))
    later = sum(hours for (who, week), hours in taken.items() if who == mine and week <= monday(start))
    hours = ask.policy.playbooks.weekly_hours if weekly is None else weekly
    return room(due, hours, later, start, workdays)


def relief(tx: Transaction, ask: Ask, space: Room | None = None) -> list[Due]:
    """Of the caller's own tasks those that I would move to next week; none where the hours suffice."""
    space = space or room_of(tx, ask)
    due = tasks.due(tx, ask.scope, until=ask.today, owners=(ask.caller.email,), limit=MOST)
    running = plays_of(tx, ask, due)
    books, webs = books_of(tx, running.values()), beside(tx, list(running), ask.scope)
    known = {name: (book, webs[name]) for name, book in books.items() if name in webs}
    workdays = workdays_of(ask.caller, ask.policy)
    chosen = could_wait(
        [d.task for d in due if d.task.owner == ask.caller.email.lower()],
        known,
        next_week(workdays.next(ask.today), workdays),
        space.over,
        workdays,
    )
    wait = {task.task_id for task in chosen}
    return [each for each in due if each.task.task_id in wait]


def plays_of(tx: Transaction, ask: Ask, page: Sequence[Due]) -> dict[str, Play]:
    numbers = sorted({due.task.account for due in page if due.task.play_id})
    return {play.play_id: play for those in plays.of_accounts(tx, numbers, ask.scope).values() for play in those}


def this_week_ends(ask: Ask) -> date:
    """The Sunday of the week at work: on its last days off, of the next one."""
    return week_end(workdays_of(ask.caller, ask.policy).next(ask.today))


def week_end(day: date) -> date:
    """The Sunday of its week."""
    return monday(day) + WEEK - timedelta(1)

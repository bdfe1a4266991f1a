"""Room between plays: what a start moves so that no contact hears from us too often, and how that is shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.playbooks.crowding import Crowded, Room, Staged, heard_on, make_room, planned_anew
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Moved, Play, Task
from domain.playbooks.starts import Refusal
from domain.playbooks.workdays import Workdays
from domain.reasons import Plain, Reason
from handlers.ask import Ask
from handlers.blocks import Block, bullets, context, named, section
from handlers.playbooks.audience import Guest
from handlers.playbooks.play_plan import Planned
from handlers.tasks.task_matter import MOVED, said_day, said_move
from handlers.tasks.task_naming import task_title
from storage.database import Transaction
from storage.playbooks import playbooks, tasks

BACK = timedelta(90)


@dataclass(frozen=True)
class Placed:
    """A start with the days that room was made with; theirs: tasks of other plays that move for it; beside: the plays
    of the account by id."""

    guest: Guest
    plan: Planned
    room: Room
    theirs: tuple[Moved, ...]
    beside: Mapping[str, Staged]


def placed(tx: Transaction, ask: Ask, plans: Sequence[tuple[Guest, Planned]]) -> list[Placed]:
    """As many queries as for one; several starts of a playbook on one account make room for each other."""
    numbers = sorted({guest.account.number for guest, _plan in plans})
    work = tasks.of_accounts(tx, numbers, ask.scope, since=ask.today - BACK)
    books = playbooks.of_versions(tx, {play.version for guest, _plan in plans for play in _running(guest)})
    together: dict[tuple[int, str], list[tuple[Guest, Planned]]] = {}
    for guest, plan in plans:
        together.setdefault((guest.account.number, plan.start.playbook.name), []).append((guest, plan))
    found: dict[int, Placed] = {}
    for (number, _book), those in together.items():
        beside = {play.play_id: Staged(play, books[play.version]) for guest, _plan in those for play in _running(guest)}
        beside |= {each.start.play.play_id: Staged(each.start.play, each.start.playbook, new=True) for _, each in those}
        heard = [task for task in work.get(number, ()) if task.status == "done" or _present(task, beside)]
        new = [task for _guest, plan in those for task in plan.start.tasks]
        room = make_room((*heard, *new), beside, ask.policy.playbooks, Workdays(those[0][0].account.country))
        found |= {id(plan): _placed(guest, plan, room, beside, ask.words.language) for guest, plan in those}
    return [found[id(plan)] for _guest, plan in plans]


def _running(guest: Guest) -> list[Play]:
    """Those of its account that go on speaking to people when this one has begun."""
    waiting = {play.play_id for play in guest.ruling.pauses}
    return [play for play in guest.plays if play.status == "running" and play.play_id not in waiting]


def _present(task: Task, beside: Mapping[str, Staged]) -> bool:
    return task.play_id is None or task.play_id in beside


def _placed(guest: Guest, plan: Planned, room: Room, beside: Mapping[str, Staged], language: str) -> Placed:
    start = replace(plan.start, tasks=planned_anew(plan.start.tasks, room))
    theirs = tuple(each for each in room.moved if not beside[each.after.play_id or ""].new)
    refused = tuple(_refusal(clash, beside, language) for clash in room.clashes)
    ruling = replace(guest.ruling, refused=(*guest.ruling.refused, *refused))
    return Placed(replace(guest, ruling=ruling), replace(plan, start=start), room, theirs, beside)


def _refusal(clash: Crowded, beside: Mapping[str, Staged], language: str) -> Refusal:
    """Whoever knows why the day stands may start it all the same."""
    mine, other = clash.task, clash.by
    if not _is_new(mine, beside):
        mine, other = other, mine
    of = beside.get(other.play_id or "")
    said: dict[str, Plain] = {"activity": mine.activity or "", "on": mine.due_on, "other": heard_on(other)}
    if of is None:
        return Refusal(Reason("play_day_near_task", said), waivable=True)
    return Refusal(Reason("play_day_stands", {**said, "playbook": of.playbook.title.of(language)}), waivable=True)


def _is_new(task: Task, beside: Mapping[str, Staged]) -> bool:
    of = beside.get(task.play_id or "")
    return of is not None and of.new


def moves(ask: Ask, starts: Sequence[Placed], book: Playbook) -> Iterator[Block]:
    """What moves, from which day to which, and why; of several accounts each with its name."""
    words = ask.words
    rooms = {each.guest.account.number: each for each in starts}
    several = len(starts) > 1
    rows = [
        (f"{named(each.guest.account.name, 40)}: " if several else "") + _move(ask, each, moved, book)
        for each in rooms.values()
        for moved in each.room.moved
    ]
    if not rows:
        return
    yield section(f"*{words._('These days move, so that nobody hears from us too often')}*",
                  *bullets(ask.words, rows, MOVED))  # fmt: skip
    cap = ask.policy.playbooks.front_cap_days
    yield context(
        words.ngettext("At least {n} working day lies between messages of two plays to one person.",
                       "At least {n} working days lie between messages of two plays to one person.", cap)
    )  # fmt: skip


def _move(ask: Ask, each: Placed, moved: Moved, book: Playbook) -> str:
    words, of = ask.words, each.beside[moved.after.play_id or ""].playbook
    title = task_title(words, moved.after, of)
    if of.name != book.name:
        title = f"{named(of.title.of(words.language), 60)}, {title}"
    return f"{said_move(ask, moved, title)} · {_because(ask, each, moved)}"


def _because(ask: Ask, each: Placed, moved: Moved) -> str:
    words, near = ask.words, each.room.because.get(moved.after.task_id)
    if near is None:
        return words._("it comes after another that moves")
    contacts = {contact.contact_id: contact.name for contact in each.guest.facts.contacts}
    who = named(contacts.get(near.task.contact_id or "", ""), 60) or words._("the same person")
    of = each.beside.get(near.by.play_id or "")
    values = {"who": who, "day": said_day(ask, heard_on(near.by))}
    if of is None:
        return words._("{who} hears from us on {day}", **values)
    return words._("{who} hears from “{playbook}” on {day}", **values,
                   playbook=named(of.playbook.title.of(words.language), 60))  # fmt: skip

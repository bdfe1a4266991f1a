"""/tasks: what is to be done today and what is late, by account and side; done by a click."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from secrets import token_hex

from domain.folding import fold
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Task
from domain.playbooks.readiness import Readiness
from domain.roles import may
from domain.scopes import Filter
from handlers.arguments import Selection, selection
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, named, section
from handlers.gestures import check_may_write
from handlers.playbooks import capacity, merge_list
from handlers.tasks import calendar_file, task_forms
from handlers.tasks.task_matter import absences, beside, books_of, matter, names, readiness_of, seen_to
from handlers.tasks.task_room import WEEK, plays_of, relief, room_of, this_week_ends
from handlers.tasks.tasks_card import AFTER, Agenda, Wanted, shown
from handlers.undo import undo_button
from storage import changes
from storage.database import Transaction
from storage.playbooks import tasks, workload
from storage.playbooks.tasks import Cursor
from storage.playbooks.workload import Group

PAGE, SOON = 7, 5
LEAST_TOGETHER = 3
BY_CLICK = "modal"
VERBS: Mapping[str, str] = {
    **dict.fromkeys(("done", "hecha", "hecho", "listo", "lista"), "done"),
    **dict.fromkeys(("add", "new", "agregar", "nueva", "anadir", "crear"), "add"),
    **dict.fromkeys(("merge", "mailing", "combinar", "envio"), "merge"),
    **dict.fromkeys(("ics", "calendar", "calendario", "agenda"), "ics"),
}
THIS_WEEK = {"week", "semana"}


def answer(ask: Ask) -> Reply:
    first, _, rest = ask.text.strip().partition(" ")
    verb = VERBS.get(fold(first))
    return ANSWERS[verb](ask, rest.strip()) if verb else _list(ask)


def _list(ask: Ask, first: Sequence[Block] = (), said: str = "") -> Reply:
    wanted = _wanted(ask)
    with ask.database.transaction() as tx:
        found = _agenda(tx, ask, wanted)
    return shown(ask, wanted, found, first, said)


def _wanted(ask: Ask) -> Wanted:
    """A CSM's own tasks, wherever they are; of another scope the tasks of its accounts, whoever has them."""
    typed = ask.text.split()
    after = next((word for word in typed if word.startswith(AFTER)), "")
    week = any(fold(word) in THIS_WEEK for word in typed)
    scope = " ".join(word for word in typed if word != after and fold(word) not in THIS_WEEK)
    chosen = selection(ask.about(scope), periods=False)
    mine = chosen.filters == (Filter("own"),)
    if mine:
        chosen = Selection(ask.scope, chosen.filters, None)
    until = this_week_ends(ask) if week else ask.today
    asked = " ".join([*scope.split(), *(["week"] if week else [])])
    return Wanted(chosen, (ask.caller.email,) if mine else None, until, _cursor(after), asked)


def _cursor(typed: str) -> Cursor | None:
    day, _, task_id = typed.removeprefix(AFTER).partition(",")
    try:
        return (date.fromisoformat(day), task_id) if task_id else None
    except ValueError:
        return None


def _agenda(tx: Transaction, ask: Ask, wanted: Wanted) -> Agenda:
    scope, owners = wanted.selection.scope, wanted.owners
    page = tasks.due(tx, scope, until=wanted.until, owners=owners, after=wanted.after, limit=PAGE + 1)
    soon = [] if page else tasks.due(tx, scope, until=ask.today + WEEK, owners=owners, limit=SOON)
    running = plays_of(tx, ask, [*page, *soon])
    books = books_of(tx, running.values())
    ours = names(tx)
    work = workload.of(tx, scope, today=ask.today, until=wanted.until, owners=owners)
    space = room_of(tx, ask) if owners else None
    return Agenda(
        page[:PAGE],
        len(page) > PAGE,
        soon,
        work,
        [
            group
            for group in workload.by_activity(tx, scope, until=this_week_ends(ask), owners=owners, least=LEAST_TOGETHER)
            if _has_message(ask, group)
        ],
        books,
        _readiness(tx, ask, [due.task for due in page[:PAGE]], books),
        _contacts(tx, ask, [due.task for due in page[:PAGE]]),
        ours,
        space,
        len(relief(tx, ask, space)) if space and space.over else 0,
        capacity.outlook(tx, ask, scope) if _shares_out(ask, wanted) else None,
    )


def _shares_out(ask: Ask, wanted: Wanted) -> bool:
    """Whoever decides who does what sees the hours of a scope, above its first page."""
    return not wanted.owners and not wanted.after and (may(ask.caller.role, "decide") or ask.caller.role == "operator")


def _has_message(ask: Ask, group: Group) -> bool:
    book = ask.desk.playbooks.playbooks.get(group.playbook)
    activity = book.activities.get(group.activity) if book else None
    return activity is not None and activity.message is not None


def _readiness(tx: Transaction, ask: Ask, page: Sequence[Task], books: Mapping[str, Playbook]) -> dict[str, Readiness]:
    """Of the front-stage tasks of a page."""
    front = [task for task in page if task.side == "front" and task.play_id in books]
    webs = beside(tx, sorted({task.play_id or "" for task in front}), ask.scope)
    absent = absences(tx)
    ready: dict[str, Readiness] = {}
    for name, those in webs.items():
        asked = [task for task in front if task.play_id == name]
        ready |= readiness_of(those, books[name], asked, absent, ask.today)
    return ready


def _contacts(tx: Transaction, ask: Ask, page: Sequence[Task]) -> dict[str, str]:
    """Names of those whom the tasks are for."""
    casts = tasks.casts(tx, sorted({task.account for task in page if task.contact_id}), ask.scope)
    return {contact.contact_id: contact.name for cast in casts.values() for contact in cast.contacts}


def _done(ask: Ask, typed: str) -> Reply:
    """By one click: whoever clicks second is told who was first."""
    task_id, _, rest = typed.partition(" ")
    words = ask.words
    check_may_write(ask.caller, words)
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        found = matter(tx, ask, task_id)
        if found.task.status != "open":
            said, made = seen_to(tx, words, found), None
        else:
            made = tasks.finish(
                tx, found.task, "done", playbook=found.book, token=token_hex(8), who=ask.caller.email, at=ask.now,
                origin=BY_CLICK, on=ask.today,
            )  # fmt: skip
            said = words._("Done: {task} · {name}", task=found.title(words), name=named(found.account.name))
    sign = "✓" if made else "•"
    first = [section(f"{sign} {said}"), *([actions(undo_button(words, made))] if made else [])]
    return _list(ask.about(rest), first, said)


ANSWERS: Mapping[str, Callable[[Ask, str], Reply]] = {
    "done": _done,
    "add": task_forms.offer_add,
    "merge": merge_list.answer,
    "ics": calendar_file.answer,
}

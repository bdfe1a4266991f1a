"""/stage: one account's front and back stage, as lanes or as a picture; of a book the curtain calls ahead."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from domain.accounts import Account
from domain.playbooks.playbooks import Playbook
from domain.playbooks.readiness import Readiness
from domain.scopes import NotAScope
from domain.scopes import take as take_scope
from handlers.arguments import option, selected, selection, the_account
from handlers.ask import Ask, File, Reply
from handlers.blocks import Block, actions, button, named, section
from handlers.tasks.stage_account import Blueprint, blocks, blueprint, front_readiness, lane_of
from handlers.tasks.task_matter import NAMED, SIGNS, absences, beside, books_of, first_name, lacking
from handlers.tasks.task_naming import task_title
from handlers.tasks.task_room import plays_of
from handlers.tasks.tasks_card import when
from reports import blueprint as picture
from storage.database import Transaction
from storage.playbooks import tasks
from storage.playbooks.tasks import Due
from storage.scope import Scope
from words import Words

PICTURE = ("picture", "imagen", "dibujo", "png")
AHEAD = timedelta(14)
PAGE, MOST = 8, 400
FIRST = ("not_ready", "in_doubt", "ready")


def answer(ask: Ask) -> Reply:
    typed, page = ask.paged()
    name, wanted = option(ask, typed.text, PICTURE)
    if _is_scope(typed.text):
        return _curtain_calls(typed, page)
    account = the_account(ask, name, then=PICTURE[0] if wanted else "")
    with ask.database.transaction() as tx:
        found = blueprint(tx, ask, account)
    if wanted:
        return _drawn(ask, account, found)
    said = ask.words._("{name}: two stages", name=named(account.name))
    return Reply(said, tuple(blocks(ask, found)))


def _is_scope(typed: str) -> bool:
    try:
        return not take_scope(typed.split())[1]
    except NotAScope:
        return True


@dataclass(frozen=True)
class Calls:
    """Front-stage tasks of the days ahead, what is not ready first."""

    due: Sequence[Due]
    ready: Mapping[str, Readiness]
    books: Mapping[str, Playbook]
    ours: Mapping[str, str]


def _curtain_calls(ask: Ask, page: int) -> Reply:
    words, chosen = ask.words, selection(ask, periods=False)
    with ask.database.transaction() as tx:
        found = calls(tx, ask, chosen.scope, ask.today + AHEAD)
    n = words.ngettext("{n} curtain call in 14 days", "{n} curtain calls in 14 days", len(found.due))
    said = " · ".join([n, *_counted(words, found), selected(words, chosen)])
    shown = found.due[page * PAGE : (page + 1) * PAGE]
    more = button(words._("Next page"), "turn", ask.page_after(page)) if len(found.due) > (page + 1) * PAGE else None
    rows = [_call(ask, due, found) for due in shown]
    return Reply(said, (section(f"*{said}*"), *rows, actions(more, button(words._("My tasks"), "ask", "tasks"))))


def _counted(words: Words, found: Calls) -> Iterator[str]:
    states = Counter(found.ready[due.task.task_id].state for due in found.due)
    if states["not_ready"]:
        yield words.ngettext("{n} not ready", "{n} not ready", states["not_ready"])
    if states["in_doubt"]:
        yield words.ngettext("{n} in doubt", "{n} in doubt", states["in_doubt"])
    if found.due and states["ready"] == len(found.due):
        yield words._("all set")


def calls(tx: Transaction, ask: Ask, scope: Scope, until: date) -> Calls:
    due = tasks.due(tx, scope, since=ask.today, until=until, sides=["front"], limit=MOST)
    books = books_of(tx, plays_of(tx, ask, due).values())
    webs = beside(tx, sorted({each.task.play_id for each in due if each.task.play_id}), ask.scope)
    every = [task for those in webs.values() for task in those]
    every += [each.task for each in due if each.task.play_id is None]
    absent = absences(tx)
    ready = front_readiness(every, books, absent, ask.today)
    order = sorted(due, key=lambda each: (FIRST.index(ready[each.task.task_id].state), each.cursor))
    return Calls(order, ready, books, absent.names)


def _call(ask: Ask, due: Due, found: Calls) -> Block:
    words, task = ask.words, due.task
    state, book = found.ready[task.task_id], found.books.get(task.play_id or "")
    who = first_name(found.ours, task.owner) or words._("nobody yet")
    parts = [f"{SIGNS[state.state]} {when(ask, task)}", f"*{named(due.account_name, 60)}*"]
    rows = [" · ".join([*parts, task_title(words, task, book), who])]
    if state.missing:
        what = lacking(ask, state.missing[:NAMED], book, found.ours)
        rows.append(f"{words._('missing: {what}', what='; '.join(what))}")
    else:
        rows[0] += f" · {words._('all set')}"
    return section(*rows, accessory=button(words._("Two stages"), "ask", f"stage {due.account_id}"))


def _drawn(ask: Ask, account: Account, found: Blueprint) -> Reply:
    """Drawn on the pool of exports; without the plotting library the lanes are shown, and it is said."""
    words = ask.words
    if not picture.available():
        said = words._("I cannot draw here: the extra “charts” is not installed. These are the lanes:")
        return Reply(said, (section(said), *blocks(ask, found)))
    title = words._("{name}: two stages", name=named(account.name))
    marks = list(_marks(words, ask, found))
    if not marks:
        said = words._("No playbook runs here.")
        return Reply(said, (section(said),))
    said = words._("The picture of {name} is on its way to your direct messages.", name=named(account.name))
    draw = partial(picture.blueprint_png, title, marks, words, ask.today)
    return Reply(said, (section(said),), files=(File(f"{account.account_id}-stage.png", "image/png", draw),))


def _marks(words: Words, ask: Ask, found: Blueprint) -> Iterator[picture.Mark]:
    for task in found.tasks:
        lane = lane_of(task)
        if task not in found.of_lane(lane, ask.today):
            continue
        state = found.ready.get(task.task_id)
        late = task.status == "open" and task.due_on < ask.today
        said = "done" if task.status == "done" else state.state if state else "late" if late else "open"
        yield picture.Mark(lane, task.due_on, found.title(words, task), said)

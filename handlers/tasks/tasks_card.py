"""How a list of tasks reads: by account and side, with hours against hours, and what a click can do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Task
from domain.playbooks.readiness import Readiness
from domain.playbooks.relief import Room
from handlers.arguments import Selection, selected
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, menu, named, section
from handlers.playbooks import capacity
from handlers.playbooks.capacity import Outlook
from handlers.tasks.task_matter import NAMED, SIDES, SIGNS, called, first_name, lacking, said_day
from handlers.tasks.task_naming import task_title
from storage.playbooks.tasks import Cursor, Due
from storage.playbooks.workload import Group, Share, Workload
from words import Words
from words.terms import CHANNELS, term

OVERLOADED = 4
STEP = 5
AFTER = "after:"
ORDER = ("front", "back", "customer")


@dataclass(frozen=True)
class Wanted:
    """owners None: whoever has them; asked: the words that ask for the same again."""

    selection: Selection
    owners: tuple[str, ...] | None
    until: date
    after: Cursor | None
    asked: str

    @property
    def here(self) -> str:
        """With the page that is shown."""
        return f"{self.asked} {cursor_said(self.after)}".strip() if self.after else self.asked


@dataclass(frozen=True)
class Agenda:
    """A page of what is due, with all that its lines say; soon: what comes next where nothing is due."""

    page: Sequence[Due]
    more: bool
    soon: Sequence[Due]
    work: Workload
    groups: Sequence[Group]
    books: Mapping[str, Playbook]
    ready: Mapping[str, Readiness]
    contacts: Mapping[str, str]
    ours: Mapping[str, str]
    room: Room | None
    relief: int
    outlook: Outlook | None


def cursor_said(cursor: Cursor) -> str:
    day, task_id = cursor
    return f"{AFTER}{day.isoformat()},{task_id}"


def shown(ask: Ask, wanted: Wanted, found: Agenda, first: Sequence[Block], said: str) -> Reply:
    words = ask.words
    heading = _heading(words, wanted, found)
    blocks = [*first, section(f"*{heading}*"), *_hours(ask, found)]
    if found.outlook:
        blocks += capacity.blocks(words, found.outlook)
    for _account, due in groupby(sorted(found.page, key=_by_account(found.page)), key=lambda each: each.account_id):
        blocks += _of_account(ask, list(due), found, wanted)
    if not found.page:
        blocks += _nothing(words, found)
    return Reply(said or heading, (*blocks, actions(*_steps_on(words, wanted, found))))


def _by_account(page: Sequence[Due]) -> Callable[[Due], tuple[int, int, date]]:
    """Accounts in the order of their earliest task; within one, front before back before theirs."""
    place: dict[str, int] = {}
    for due in page:
        place.setdefault(due.account_id, len(place))
    return lambda due: (place[due.account_id], ORDER.index(due.task.side), due.task.due_on)


def _heading(words: Words, wanted: Wanted, found: Agenda) -> str:
    n, late = found.work.tasks, found.work.late
    whose = words._("my tasks") if wanted.owners else selected(words, wanted.selection)
    parts = [words.ngettext("{n} task", "{n} tasks", n)]
    if hours := found.work.hours:
        parts.append(words._("about {hours}", hours=duration(words, hours)))
    if late:
        parts.append(words.ngettext("{n} late", "{n} late", late))
    return " · ".join([*parts, whose])


def duration(words: Words, hours: float) -> str:
    """0.5 is 30 min, 1.5 is 1 h 30; by 5 minutes."""
    minutes = max(round(hours * 60 / STEP) * STEP, STEP)
    whole, rest = divmod(minutes, 60)
    if not whole:
        return words._("{minutes} min", minutes=words.number(rest))
    return f"{words.number(whole)} h {rest:02}" if rest else f"{words.number(whole)} h"


def _hours(ask: Ask, found: Agenda) -> Iterator[Block]:
    """Hours against hours; what I would move is offered, never moved by itself."""
    words, space = ask.words, found.room
    if space is None:
        if over := [line for each in found.work.shares[:OVERLOADED] if (line := _load(words, each, found))]:
            yield context(" · ".join(over))
        return
    free = duration(words, space.free)
    if not found.relief:
        yield context(words._("{free} free this week, of {weekly}", free=free, weekly=duration(words, space.weekly)))
        return
    said = words.ngettext(
        "It is {due} and you have {free} free: I suggest moving {n}",
        "It is {due} and you have {free} free: I suggest moving {n}",
        found.relief, due=duration(words, space.due), free=free,
    )  # fmt: skip
    yield section(f"⚠ {said}", accessory=button(words._("See which…"), "form", "task-relieve today"))


def _load(words: Words, each: Share, found: Agenda) -> str:
    if each.who is None:
        return words.ngettext("{n} of nobody", "{n} of nobody", each.tasks)
    return f"{first_name(found.ours, each.who)}: {words.number(each.tasks)}, {duration(words, each.hours)}"


def _of_account(ask: Ask, due: Sequence[Due], found: Agenda, wanted: Wanted) -> Iterator[Block]:
    words, account = ask.words, due[0]
    see = button(words._("Two stages"), "ask", f"stage {account.account_id}")
    yield section(f"*{named(account.account_name)}*", accessory=see)
    for each in due:
        yield section(*_lines(ask, each, found, wanted))
        yield actions(*_choices(words, each.task, found, wanted))


def _lines(ask: Ask, due: Due, found: Agenda, wanted: Wanted) -> Iterator[str]:
    words, task = ask.words, due.task
    book = found.books.get(task.play_id or "")
    parts = [f"☐ {task_title(words, task, book)}"]
    if task.hours and task.side != "customer":
        parts.append(duration(words, task.hours))
    parts.append(when(ask, task))
    yield " · ".join(parts)
    yield " · ".join(_about(words, task, found, book, wanted))
    state = found.ready.get(task.task_id)
    if state and state.state != "ready":
        what = lacking(ask, state.missing[:NAMED], book, found.ours)
        yield f"{SIGNS[state.state]} {words._('missing: {what}', what='; '.join(what))}"


def when(ask: Ask, task: Task) -> str:
    """Its day, its hour where one is agreed, and whether it has passed."""
    words = ask.words
    said = said_day(ask, task.due_on)
    if task.at:
        said = f"{said} {words.moment(task.at, ask.caller.time_zone or ask.policy.time_zone).rpartition(' ')[2]}"
    if task.due_on < ask.today:
        return f"*{words._('late')}*: {said}"
    return words._("today") + (f" {said.rpartition(' ')[2]}" if task.at else "") if task.due_on == ask.today else said


def _about(words: Words, task: Task, found: Agenda, book: Playbook | None, wanted: Wanted) -> Iterator[str]:
    yield words._(SIDES[task.side])
    if task.channel:
        yield term(words, CHANNELS, task.channel)
    if task.contact_id and task.contact_id in found.contacts:
        yield named(found.contacts[task.contact_id], 60)
    if not wanted.owners:
        yield called(found.ours, task.owner) or words._("nobody yet")
    if others := [who for who in (task.owner, *task.helpers) if who and who not in (wanted.owners or (task.owner,))]:
        yield words._("with {names}", names=words.listed(called(found.ours, who) for who in others))
    if book:
        yield f"_{named(book.title.of(words.language))}_"


def _choices(words: Words, task: Task, found: Agenda, wanted: Wanted) -> Iterator[Block | None]:
    book = found.books.get(task.play_id or "")
    activity = book.activities.get(task.activity or "") if book else None
    yield button(words._("✓ Done"), "turn", " ".join(f"tasks done {task.task_id} {wanted.here}".split()))
    if activity and task.side != "back" and activity.message:
        yield button(words._("Message…"), "form", f"task-message {task.task_id}")
    if activity and task.side != "back" and activity.script:
        yield button(words._("Script…"), "form", f"task-script {task.task_id}")
    yield menu("form", [
        (f"task-later {task.task_id}", words._("Later…")),
        (f"task-skip {task.task_id}", words._("Leave it out…")),
    ])  # fmt: skip


def _nothing(words: Words, found: Agenda) -> Iterator[Block]:
    if not found.soon:
        yield section(words._("Nothing is due, and nothing in the next 7 days."))
        return
    lines = [
        f"• {words.weekday(due.task.due_on)} · {named(due.account_name, 60)} · "
        f"{task_title(words, due.task, found.books.get(due.task.play_id or ''))}"
        for due in found.soon
    ]
    yield section(words._("Nothing is due today. Next:"), *lines)


def _steps_on(words: Words, wanted: Wanted, found: Agenda) -> Iterator[Block | None]:
    if found.more:
        asked = " ".join(f"tasks {wanted.asked} {cursor_said(found.page[-1].cursor)}".split())
        yield button(words._("Next page"), "turn", asked)
    for group in found.groups[:2]:
        label = words.ngettext("{n} alike: one list", "{n} alike: one list", group.tasks)
        yield button(label, "ask", " ".join(f"tasks merge {group.playbook} {group.activity} {wanted.asked}".split()))
    yield button(words._("Add a task…"), "form", "task-add")
    if "week" not in wanted.asked.split():
        yield button(words._("This week"), "turn", " ".join(f"tasks {wanted.asked} week".split()))
    yield button(words._("Curtain calls"), "ask", "stage")

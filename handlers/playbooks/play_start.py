"""Starting a playbook on one account, as somebody chose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.accounts import Account
from domain.days import is_too_far
from domain.playbooks.capacity import hours_of
from domain.playbooks.goals import Verdict
from domain.playbooks.moving import pause
from domain.playbooks.playbooks import Playbook
from handlers.arguments import the_account
from handlers.ask import Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, context, day, field, lines, modal, named, number, section
from handlers.entries import day_of, figure
from handlers.gestures import as_one, by_form
from handlers.playbooks.audience import Guest, invited
from handlers.playbooks.play_plan import Planned, Terms, planned
from handlers.playbooks.play_room import Placed, moves, placed
from handlers.playbooks.playbook_card import told
from handlers.undo import undo_button
from storage.database import Transaction
from storage.playbooks import plays, tasks
from storage.playbooks.plays import Start
from words import N_, Words
from words.phrases import clause

REASON = 500
LETTERS: Mapping[str, str] = {
    "specific": N_("specific"),
    "measurable": N_("measurable"),
    "achievable": N_("achievable"),
    "realistic": N_("realistic"),
    "relevant": N_("relevant"),
    "time_bound": N_("time-bound"),
}


@dataclass(frozen=True)
class Entered:
    """target None: as the playbook says; why: needed where the account does not fit, or something speaks against it."""

    why: str
    target: Decimal | None
    due_on: date | None
    event_on: date | None


def offer(ask: Ask, book: Playbook, typed: str) -> Reply:
    """What would start, and the button that asks for it."""
    account = the_account(ask, typed, before=f"start {book.name}")
    with ask.database.transaction() as tx:
        made, fit = _read(tx, ask, book, account, Terms(ask.token, "chosen"))
    _check_may_start(ask, book, made.guest)
    words = ask.words
    said = words._("“{title}” on {name}:", title=book.title.of(words.language), name=named(account.name))
    go = button(words._("Start…"), "form", f"play-start {book.name} {account.account_id}", style="primary")
    blocks = (section(f"*{said}*"), *_preview(ask, made, fit), actions(go))
    return Reply(said, blocks, pending=True)


def _read(tx: Transaction, ask: Ask, book: Playbook, account: Account, terms: Terms) -> tuple[Placed, bool]:
    """What would start; and whether the account is one of its clients."""
    guest, fit = invited(tx, account, book, ask.policy, ask.scope, ask.today)
    cast = tasks.casts(tx, [account.number], ask.scope)[account.number]
    return placed(tx, ask, [(guest, planned(tx, ask, book, guest, cast, terms))])[0], fit


def _check_may_start(ask: Ask, book: Playbook, guest: Guest) -> None:
    """Raises Refused for what no reason can put aside."""
    if blocking := [no for no in guest.ruling.refused if not no.waivable]:
        why = "; ".join(clause(ask.words, no.reason.code, no.reason.params) for no in blocking)
        text = ask.words._("“{title}” cannot start on {name}: {why}.", title=book.title.of(ask.words.language),
                           name=named(guest.account.name), why=why)  # fmt: skip
        raise refusal(text)


def _preview(ask: Ask, made: Placed, fit: bool) -> Iterator[Block]:
    words, guest, plan = ask.words, made.guest, made.plan
    why = [clause(words, reason.code, reason.params) for reason in (told(guest) if fit else guest.fitting.why)]
    if not fit:
        lacking = words._("What speaks against it: {why}", why=" · ".join(why)) if why else ""
        said = words._("It is not one of the clients that the playbook is for.")
        yield section(said, *filter(None, (lacking,)))
    elif why:
        yield section(" · ".join(why))
    yield from _goal(words, plan)
    yield from moves(ask, [made], plan.start.playbook)
    yield context("\n".join(_said_of(words, guest, plan)))


def _goal(words: Words, plan: Planned) -> Iterator[Block]:
    goal = plan.start.goal
    if goal is None:
        yield section(words._("No goal can be set: its measure is not known for this account."))
        return
    yield section(f"*{words._('Goal')}* {goal.statement}", *(_verdict(words, one) for one in plan.verdicts))


def _verdict(words: Words, one: Verdict) -> str:
    sign = {True: "✓", False: "✗", None: "·"}[one.holds]
    return f"{sign} {words._(LETTERS[one.letter])}: {clause(words, one.reason.code, one.reason.params)}"


def _said_of(words: Words, guest: Guest, plan: Planned) -> Iterator[str]:
    """How much work it is, what else would wait, what somebody has to see to."""
    made = plan.start.tasks
    hours = sum(hours_of(made).values())
    last = max((task.due_on for task in made), default=None)
    yield words.ngettext("{n} task, {hours} h of ours, until {day}", "{n} tasks, {hours} h of ours, until {day}",
                         len(made), hours=words.number(round(hours, 1)),
                         day=words.day(last) if last else "")  # fmt: skip
    for play in guest.ruling.pauses:
        yield words._("Waits meanwhile: {playbook}", playbook=play.playbook)
    for no in guest.ruling.refused:
        yield f"⚠ {clause(words, no.reason.code, no.reason.params)}"
    for note in plan.notes:
        yield clause(words, note.reason.code, note.reason.params)


def view(ask: Ask) -> Block:
    book, account = _asked(ask)
    with ask.database.transaction() as tx:
        made, fit = _read(tx, ask, book, account, Terms(ask.token, "chosen"))
    words, play, goal = ask.words, made.plan.start.play, made.plan.start.goal
    needs_why = not fit or bool(made.guest.ruling.refused)
    hint = words._("It is kept: by it the effect is told.")
    blocks = [
        section(f"*{named(account.name)}* · {book.title.of(words.language)}"),
        *_preview(ask, made, fit),
        field(words._("Why now"), "why", lines(REASON), hint=hint, optional=not needs_why),
        *([field(words._("Target"), "target", number(goal.target), optional=True)] if goal else []),
        *([field(words._("Due"), "due_on", day(goal.due_on))] if goal else []),
        *([field(words._("Day of the event"), "event_on", day(play.event_on))] if play.event_on else []),
    ]  # fmt: skip
    return modal("play-start", words._("Start a playbook"), words._("Start"), words._("Cancel"), blocks)


def _asked(ask: Ask) -> tuple[Playbook, Account]:
    book, typed = named_playbook(ask)
    return book, the_account(ask, typed)


def named_playbook(ask: Ask) -> tuple[Playbook, str]:
    """The playbook that a form is about, and what follows its name; raises Refused where its file is gone."""
    name, _, rest = ask.text.partition(" ")
    book = ask.desk.playbooks.playbooks.get(name)
    if book is None:
        raise refusal(ask.words._("I know no playbook “{typed}”.", typed=named(name, 60)))
    return book, rest


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    event_on, due_on = (day_of(entered.get(name)) for name in ("event_on", "due_on"))
    for name, on in (("event_on", event_on), ("due_on", due_on)):
        if on is not None and on < today:
            raise Invalid({name: words._("This day has passed.")})
        if on is not None and is_too_far(on, today):
            raise Invalid({name: words._("Choose a day within ten years.")})
    wrong: dict[str, str] = {}
    target = figure(words, "target", entered.get("target"), wrong)
    if wrong:
        raise Invalid(wrong)
    return Entered((entered.get("why") or "").strip(), target, due_on, event_on)


def save(ask: Ask, entered: Entered) -> Reply:
    book, account = _asked(ask)
    terms = Terms(ask.token, "chosen", reason=entered.why, event_on=entered.event_on)
    with ask.database.changing() as tx:
        made, _fit = _read(tx, ask, book, account, terms)
        _check_may_start(ask, book, made.guest)
        agreed = replace(made, plan=replace(made.plan, start=_agreed(made.plan.start, entered)))
        change = write(tx, ask, [agreed])
    return _started(ask, agreed, change)


def _agreed(start: Start, entered: Entered) -> Start:
    """With the target and the day that were entered."""
    if start.goal is None:
        return start
    target = start.goal.target if entered.target is None else entered.target
    return replace(start, goal=replace(start.goal, target=target, due_on=entered.due_on or start.goal.due_on))


def write(
    tx: Transaction, ask: Ask, starts: Sequence[Placed], others: Sequence[Start] = (), reason: str = ""
) -> int | None:
    """As one gesture, so that it can be taken back as one; who waited for it waits no more. others: nothing begins.

    Raises changes.Overtaken where a task that makes room is no longer what it was.
    """
    by = by_form(ask)
    begun = [_reasoned(each.plan.start, reason) for each in starts]
    made: list[int | None] = [*plays.start(tx, [*begun, *others], **by)]
    if any(made):
        pauses = {play.play_id: play for each in starts for play in each.guest.ruling.pauses}
        made += [plays.write(tx, pause(play, ask.today), was=play, **by) for play in pauses.values()]
        theirs = {moved.after.task_id: moved for each in starts for moved in each.theirs}
        made += plays.write_tasks(tx, theirs.values(), as_one(ask))
    return max((change for change in made if change is not None), default=None)


def _reasoned(start: Start, reason: str) -> Start:
    return replace(start, play=replace(start.play, reason=reason)) if reason else start


def _started(ask: Ask, made: Placed, change: int | None) -> Reply:
    words, book, account = ask.words, made.plan.start.playbook, made.guest.account
    said = words._("“{title}” runs on {name}.", title=book.title.of(words.language), name=named(account.name))
    see = button(words._("See the two stages"), "ask", f"stage {account.account_id}")
    shown = (section(f"▶ {said}"), *moves(ask, [made], book))
    return Reply(said, (*shown, actions(see, undo_button(words, change))))


FORM = Form(view, read, save)


def again(ask: Ask) -> Reply:
    """Typed instead of clicked: the way that shows what would be done."""
    said = ask.words._("Start it by `/playbook show NAME`: it shows whom it fits, and its buttons start it.")
    return Reply(said, (section(said),), answered=False, offered=("playbook list",))

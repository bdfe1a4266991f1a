"""Starting a playbook: on one account as somebody chose, or on a wave of those it fits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.accounts import Account
from domain.capacity import Wanted, fits, hours_of
from domain.days import is_too_far
from domain.effect import held_out
from domain.goals import Verdict
from domain.moving import pause
from domain.playbooks import Playbook
from domain.plays import Play
from handlers.arguments import selection, the_account
from handlers.ask import Ask, Form, Invalid, Reply, refusal
from handlers.audience import Guest, audience, invited
from handlers.blocks import Block, actions, button, context, day, field, lines, modal, named, number, section
from handlers.goal_forms import figure
from handlers.play_plan import Planned, Terms, held_back, planned, waits
from handlers.playbook_card import told
from handlers.undo import undo_button
from storage import plays, tasks
from storage.database import Transaction
from storage.plays import Start
from words import N_, Words
from words.phrases import clause

REASON, NAMED = 500, 6
BY_FORM = "modal"
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
    guest, fit, plan = _planned(ask, book, account)
    words = ask.words
    said = words._("“{title}” on {name}:", title=book.title.of(words.language), name=named(account.name))
    if blocking := [no for no in guest.ruling.refused if not no.waivable]:
        why = "; ".join(clause(words, no.reason.code, no.reason.params) for no in blocking)
        text = words._("“{title}” cannot start on {name}: {why}.", title=book.title.of(words.language),
                       name=named(account.name), why=why)  # fmt: skip
        raise refusal(text)
    go = button(words._("Start…"), "form", f"play-start {book.name} {account.account_id}", style="primary")
    blocks = (section(f"*{said}*"), *_preview(words, guest, fit, plan), actions(go))
    return Reply(said, blocks, pending=True)


def _planned(ask: Ask, book: Playbook, account: Account, terms: Terms | None = None) -> tuple[Guest, bool, Planned]:
    with ask.database.transaction() as tx:
        return _read(tx, ask, book, account, terms or Terms(ask.token, "chosen"))


def _read(tx: Transaction, ask: Ask, book: Playbook, account: Account, terms: Terms) -> tuple[Guest, bool, Planned]:
    guest, fit = invited(tx, account, book, ask.policy, ask.scope, ask.today)
    cast = tasks.casts(tx, [account.number], ask.scope)[account.number]
    return guest, fit, planned(tx, ask, book, guest, cast, terms)


def _preview(words: Words, guest: Guest, fit: bool, plan: Planned) -> Iterator[Block]:
    why = [clause(words, reason.code, reason.params) for reason in (told(guest) if fit else guest.fitting.why)]
    if not fit:
        lacking = words._("What speaks against it: {why}", why=" · ".join(why)) if why else ""
        said = words._("It is not one of the clients that the playbook is for.")
        yield section(said, *filter(None, (lacking,)))
    elif why:
        yield section(" · ".join(why))
    yield from _goal(words, plan)
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
    guest, fit, plan = _planned(ask, book, account)
    words, goal = ask.words, plan.start.goal
    needs_why = not fit or bool(guest.ruling.refused)
    hint = words._("It is kept: by it the effect is told.")
    blocks = [
        section(f"*{named(account.name)}* · {book.title.of(words.language)}"),
        *_preview(words, guest, fit, plan),
        field(words._("Why now"), "why", lines(REASON), hint=hint, optional=not needs_why),
        *([field(words._("Target"), "target", number(goal.target), optional=True)] if goal else []),
        *([field(words._("Due"), "due_on", day(goal.due_on))] if goal else []),
        *([field(words._("Day of the event"), "event_on", day(plan.start.play.event_on))]
          if plan.start.play.event_on else []),
    ]  # fmt: skip
    return modal("play-start", words._("Start a playbook"), words._("Start"), words._("Cancel"), blocks)


def _asked(ask: Ask) -> tuple[Playbook, Account]:
    name, _, typed = ask.text.partition(" ")
    book = ask.desk.playbooks.playbooks.get(name)
    if book is None:
        said = ask.words._("I know no playbook “{typed}”.", typed=named(name, 60))
        raise refusal(said)
    return book, the_account(ask, typed)


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    event_on, due_on = (_day(entered.get(name)) for name in ("event_on", "due_on"))
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


def _day(typed: str | None) -> date | None:
    return date.fromisoformat(typed) if typed else None


def save(ask: Ask, entered: Entered) -> Reply:
    book, account = _asked(ask)
    terms = Terms(ask.token, "chosen", reason=entered.why, event_on=entered.event_on)
    with ask.database.changing() as tx:
        guest, _fit, plan = _read(tx, ask, book, account, terms)
        if blocking := [no for no in guest.ruling.refused if not no.waivable]:
            why = "; ".join(clause(ask.words, no.reason.code, no.reason.params) for no in blocking)
            text = ask.words._("“{title}” cannot start on {name}: {why}.", title=book.title.of(ask.words.language),
                               name=named(account.name), why=why)  # fmt: skip
            raise refusal(text)
        made = _write(tx, ask, [_agreed(plan.start, entered)], guest.ruling.pauses)
    return _started(ask, book, account, made)


def _agreed(start: Start, entered: Entered) -> Start:
    """With the target and the day that were entered."""
    if start.goal is None:
        return start
    target = start.goal.target if entered.target is None else entered.target
    return replace(start, goal=replace(start.goal, target=target, due_on=entered.due_on or start.goal.due_on))


def _write(tx: Transaction, ask: Ask, starts: Sequence[Start], pauses: Iterable[Play]) -> int | None:
    """As one gesture, so that it can be taken back as one; who waited for it waits no more."""
    by: dict[str, Any] = {
        "token": ask.token, "who": ask.caller.email, "at": ask.now, "origin": BY_FORM, "on": ask.today
    }  # fmt: skip
    made: list[int | None] = [*plays.start(tx, starts, **by)]
    made += [plays.write(tx, pause(play, ask.today), was=play, **by) for play in pauses if any(made)]
    return max((change for change in made if change is not None), default=None)


def _started(ask: Ask, book: Playbook, account: Account, made: int | None) -> Reply:
    words = ask.words
    said = words._("“{title}” runs on {name}.", title=book.title.of(words.language), name=named(account.name))
    see = button(words._("See the two stages"), "ask", f"stage {account.account_id}")
    return Reply(said, (section(f"▶ {said}"), actions(see, undo_button(words, made))))


FORM = Form(view, read, save)


@dataclass(frozen=True)
class Wave:
    """now: planned starts; wait: no hours for them yet; held: left out at random; number: which wave it is."""

    book: Playbook
    now: tuple[tuple[Guest, Planned], ...]
    wait: tuple[Guest, ...]
    held: tuple[Guest, ...]


def wave(tx: Transaction, ask: Ask, book: Playbook, scope_typed: str, token: str) -> Wave:
    """The first of the audience that the hours of everybody concerned allow."""
    scope = selection(ask.about(scope_typed), periods=False).scope
    found = [g for g in audience(tx, book, ask.policy, scope, ask.today).guests if g.ruling.allowed]
    asked, held = _drawn(book, found)
    casts = tasks.casts(tx, [guest.account.number for guest in asked], ask.scope)
    plans = [(g, planned(tx, ask, book, g, casts[g.account.number], _terms(book, g, token))) for g in asked]
    until = ask.today + timedelta(weeks=ask.policy.playbooks.fit_weeks)
    wanted = [Wanted(place, -place, hours_of(plan.start.tasks)) for place, (_guest, plan) in enumerate(plans)]
    room = fits(
        wanted,
        tasks.taken(tx, since=ask.today, until=until),
        tasks.staff(tx),
        default=ask.policy.playbooks.weekly_hours,
        until=until,
    )
    return Wave(book, tuple(plans[i] for i in room.now), tuple(plans[i][0] for i in room.wait), tuple(held))


def _drawn(book: Playbook, found: Iterable[Guest]) -> tuple[list[Guest], list[Guest]]:
    """The first of the wave, and who is held out beside them: of the same ranks, so that they are alike."""
    asked: list[Guest] = []
    held: list[Guest] = []
    for guest in found:
        if len(asked) == book.clients.wave:
            break
        (held if _held_out(book, guest) else asked).append(guest)
    return asked, held


def _held_out(book: Playbook, guest: Guest) -> bool:
    drawn, chance = guest.account.parent_id or guest.account.account_id, book.clients.hold_out
    return chance.reaches(guest.account.tier) and held_out(book.name, drawn, share=chance.share)


def _terms(book: Playbook, guest: Guest, token: str) -> Terms:
    """By the draw only where it could have kept the account out."""
    return Terms(token, "hold_out" if book.clients.hold_out.reaches(guest.account.tier) else "capacity", wave=1)


def view_wave(ask: Ask) -> Block:
    book, scope = _book(ask)
    with ask.database.transaction() as tx:
        found = wave(tx, ask, book, scope, ask.token)
    words = ask.words
    blocks = [
        section(f"*{book.title.of(words.language)}*"),
        *_listed(words, words._("Start now"), [guest for guest, _ in found.now]),
        *_listed(words, words._("Wait for free hours"), found.wait),
        *_listed(words, words._("Left out at random, to tell the effect"), found.held),
        field(words._("Why now"), "why", lines(REASON), optional=True),
    ]
    return modal("play-wave", words._("Start a wave"), words._("Start"), words._("Cancel"), blocks)


def _listed(words: Words, heading: str, guests: Sequence[Guest]) -> list[Block]:
    if not guests:
        return []
    names = [named(guest.account.name, 60) for guest in guests[:NAMED]]
    more = len(guests) - len(names)
    rest = [words.ngettext("and {n} more", "and {n} more", more)] if more > 0 else []
    return [section(f"*{heading}* ({words.number(len(guests))})", " · ".join([*names, *rest]))]


def _book(ask: Ask) -> tuple[Playbook, str]:
    name, _, rest = ask.text.partition(" ")
    book = ask.desk.playbooks.playbooks.get(name)
    if book is None:
        said = ask.words._("I know no playbook “{typed}”.", typed=named(name, 60))
        raise refusal(said)
    return book, rest


def read_wave(_words: Words, _today: date, entered: Mapping[str, Any]) -> Entered:
    return Entered((entered.get("why") or "").strip(), None, None, None)


def save_wave(ask: Ask, entered: Entered) -> Reply:
    book, scope = _book(ask)
    with ask.database.changing() as tx:
        found = wave(tx, ask, book, scope, ask.token)
        wait = [guest for guest in found.wait if not waits(book, guest, ask.today)]
        numbers = [guest.account.number for guest in (*wait, *found.held)]
        casts = tasks.casts(tx, numbers, ask.scope)
        waiting, held = (Terms(ask.token, "capacity", entered.why), Terms(ask.token, "hold_out", entered.why))
        others = [
            held_back(tx, ask, book, guest, casts[guest.account.number], terms)
            for guests, terms in ((wait, waiting), (found.held, held))
            for guest in guests
        ]
        starts = [plan.start for _guest, plan in found.now]
        pauses = [play for guest, _plan in found.now for play in guest.ruling.pauses]
        made = _write(tx, ask, [*starts, *others], pauses)
    words = ask.words
    said = words.ngettext("“{title}” runs on {n} account.", "“{title}” runs on {n} accounts.", len(found.now),
                          title=book.title.of(words.language))  # fmt: skip
    later = words.ngettext("{n} waits for free hours", "{n} wait for free hours", len(found.wait))
    tail = [later] if found.wait else []
    see = button(words._("My tasks"), "ask", "tasks")
    return Reply(said, (section(f"▶ {said}", *tail), actions(see, undo_button(words, made))))


WAVE = Form(view_wave, read_wave, save_wave)


def again(ask: Ask) -> Reply:
    """Typed instead of clicked: the way that shows what would be done."""
    said = ask.words._("Start it by `/playbook show NAME`: it shows whom it fits, and its buttons start it.")
    return Reply(said, (section(said),), answered=False, offered=("playbook list",))

"""Starting a wave of a playbook: the first of those it fits, as far as hours, the draw and the contacts' ears allow."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.effects.effect import held_out
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Assigned
from domain.scopes import Filter
from handlers.arguments import Selection, selected, selection
from handlers.ask import Ask, Form, Refused, Reply, refusal
from handlers.blocks import Block, actions, button, context, field, lines, modal, named, section
from handlers.gestures import as_one
from handlers.playbooks.audience import Audience, Guest, audience, waits
from handlers.playbooks.fitting import fitting, hours_ahead
from handlers.playbooks.play_plan import Terms, held_back, planned
from handlers.playbooks.play_room import Placed, moves, placed
from handlers.playbooks.play_start import REASON, named_playbook, write
from handlers.playbooks.playbook_card import empty
from handlers.undo import undo_button
from storage import changes
from storage.database import Transaction
from storage.playbooks import plays, tasks
from words import Words

NAMED = 6


@dataclass(frozen=True)
class Wave:
    """now: planned starts; wait: no hours for them yet; held: left out at random; clash: a day that cannot move is too
    near another play's; number: which wave of this version it is."""

    book: Playbook
    number: int
    now: tuple[Placed, ...]
    wait: tuple[Guest, ...]
    held: tuple[Guest, ...]
    clash: tuple[Guest, ...]


def wave(tx: Transaction, ask: Ask, book: Playbook, typed: str) -> Wave:
    """The first of the audience that the hours of everybody concerned allow; raises Refused where there is nobody."""
    chosen = selection(ask.about(typed), periods=False)
    found = audience(tx, book, ask.policy, chosen.scope, ask.today)
    if not found.guests:
        raise nobody(ask, book, found, chosen)
    number = plays.waves_begun(tx, book.digest) + 1
    asked, held = drawn(book, found.guests)
    casts = tasks.casts(tx, [guest.account.number for guest in asked], ask.scope)
    plans = placed(
        tx,
        ask,
        [(g, planned(tx, ask, book, g, casts[g.account.number], _terms(book, g, ask.token, number))) for g in asked],
    )
    fitted = fitting(ask, hours_ahead(tx, ask), plans)
    return Wave(
        book,
        number,
        tuple(each.start for each in fitted if each.opening.now),
        tuple(each.start.guest for each in fitted if not each.opening.now),
        tuple(held),
        tuple(each.guest for each in plans if each.room.clashes),
    )


def nobody(ask: Ask, book: Playbook, found: Audience, chosen: Selection) -> Refused:
    """Nobody fits: how many were looked at, and where else one could look."""
    words = ask.words
    text = words._(
        "“{title}” fits nobody here, so there is no wave to start.", title=named(book.title.of(words.language))
    )
    looked = words.ngettext("{n} account looked at", "{n} accounts looked at", found.looked_at)
    lines_ = [text, f"{looked} · {selected(words, chosen)}", *empty(words, found)]
    wider, label = f"playbook show {book.name} all", words._("Look at all accounts")
    choices = () if Filter("all") in chosen.filters else (button(label, "ask", wider),)
    shelf = button(words._("All playbooks"), "ask", "playbook list")
    return refusal("\n".join(lines_), *choices, shelf, offered=(wider,) if choices else ("playbook list",))


def drawn(book: Playbook, found: Iterable[Guest]) -> tuple[list[Guest], list[Guest]]:
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


def _terms(book: Playbook, guest: Guest, token: str, number: int) -> Terms:
    """By the draw only where it could have kept the account out."""
    assigned: Assigned = "hold_out" if book.clients.hold_out.reaches(guest.account.tier) else "capacity"
    return Terms(token, assigned, wave=number)


def view(ask: Ask) -> Block:
    book, typed = named_playbook(ask)
    with ask.database.transaction() as tx:
        found = wave(tx, ask, book, typed)
    words = ask.words
    heading = words._("wave {n}", n=words.number(found.number))
    blocks = [
        section(f"*{named(book.title.of(words.language))}* · {heading}"),
        *_nobody_now(words, found),
        *_listed(words, words._("Start now"), [each.guest for each in found.now]),
        *moves(ask, found.now, book),
        *_listed(words, words._("Wait for free hours"), found.wait),
        *_listed(words, words._("Left out at random, to tell the effect"), found.held),
        *_listed(words, words._("A day that cannot move is too near another play's"), found.clash),
        field(words._("Why now"), "why", lines(REASON), optional=True),
    ]
    return modal("play-wave", words._("Start a wave"), words._("Start"), words._("Cancel"), blocks)


def _nobody_now(words: Words, found: Wave) -> Iterator[Block]:
    if not found.now:
        yield context(*_why_nobody(words, found))


def _why_nobody(words: Words, found: Wave) -> Iterator[str]:
    """Those of a wave in which nobody starts: what holds each kind, and what would help."""
    yield words._("Nobody can start today.")
    if found.wait:
        yield words._("Those who would do the work have no hours free in the next weeks: make room in `/tasks`, or "
                      "hand plays over. The accounts are noted as waiting.")  # fmt: skip
    if found.held:
        yield words._("Who is left out at random stays out, so that the effect can be told.")
    if found.clash:
        yield words._("Where a day cannot move, start it on the account by itself, with a reason.")


def _listed(words: Words, heading: str, guests: Sequence[Guest]) -> list[Block]:
    if not guests:
        return []
    names = [named(guest.account.name, 60) for guest in guests[:NAMED]]
    names += words.and_more(len(guests) - NAMED)
    return [section(f"*{heading}* ({words.number(len(guests))})", " · ".join(names))]


def read(_words: Words, _today: date, entered: Mapping[str, Any]) -> str:
    return (entered.get("why") or "").strip()


def save(ask: Ask, why: str) -> Reply:
    """Sent twice, it is one wave: the second time nobody else is started."""
    book, typed = named_playbook(ask)
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        if changes.stands(tx, as_one(ask)["origin"]):
            raise refusal(ask.words._("This wave has been started already."))
        found = wave(tx, ask, book, typed)
        made = write(tx, ask, [*found.now], _others(tx, ask, found, why), why)
    return _started(ask, found, made)


def _others(tx: Transaction, ask: Ask, found: Wave, why: str) -> list[plays.Start]:
    """Who waits, and whom the draw keeps out: in the wave whose turn it was."""
    wait = [guest for guest in found.wait if not waits(found.book, guest, ask.today)]
    casts = tasks.casts(tx, [guest.account.number for guest in (*wait, *found.held)], ask.scope)
    waiting = Terms(ask.token, "capacity", why, found.number)
    held = replace(waiting, assigned="hold_out")
    return [
        held_back(tx, ask, found.book, guest, casts[guest.account.number], terms)
        for guests, terms in ((wait, waiting), (found.held, held))
        for guest in guests
    ]


def _started(ask: Ask, found: Wave, made: int | None) -> Reply:
    words = ask.words
    title, number = named(found.book.title.of(words.language)), words.number(found.number)
    if found.now:
        said = words.ngettext(
            "“{title}” runs on {n} account: wave {number}.",
            "“{title}” runs on {n} accounts: wave {number}.",
            len(found.now), title=title, number=number,
        )  # fmt: skip
    else:
        said = words._("“{title}” starts on nobody.", title=title)
    later = words.ngettext("{n} waits for free hours", "{n} wait for free hours", len(found.wait))
    tail = [*([later] if found.wait else []), *([] if found.now else _why_nobody(words, found))]
    see = button(words._("My tasks"), "ask", "tasks")
    shown = [section(f"▶ {said}" if found.now else said, *tail), *moves(ask, found.now, found.book)]
    return Reply(said, (*shown, actions(see, undo_button(words, made))))


FORM = Form(view, read, save)

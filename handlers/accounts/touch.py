"""Logging a touch: what was said, with whom, by which way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from domain.accounts import Contact
from handlers.accounts.portrait import portrait
from handlers.arguments import the_account
from handlers.ask import Ask, Form, Invalid, Reply
from handlers.blocks import Block, actions, button, choice, day, field, line, lines, modal, named, section, whole_number
from handlers.undo import undo_button
from storage.facts import touches
from storage.facts.touches import Touch
from words import N_, Words
from words.terms import CHANNELS, DIRECTIONS, capital, term

SUBJECT, NOTE, LINK, LONGEST_MINUTES, CONTACTS = 200, 3000, 500, 24 * 60, 100
SIDES: Mapping[str, str] = {
    "front": N_("With the customer (front stage)"),
    "back": N_("Among ourselves (back stage)"),
}


@dataclass(frozen=True)
class Entered:
    on: date
    channel: str
    direction: str
    subject: str
    contacts: tuple[str, ...]
    minutes: int | None
    note: str
    side: str = "front"


def answer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    account = the_account(ask, ask.text)
    said = ask.words._("Log a touch with {name}:", name=named(account.name))
    log = button(ask.words._("Log a touch"), "form", f"touch {account.account_id}", style="primary")
    return Reply(said, (section(said), actions(log)))


def view(ask: Ask) -> Block:
    account = the_account(ask, ask.text)
    people = portrait(ask, account).facts.contacts
    words = ask.words
    never_seen = words._("For ourselves: the customer never sees it.")
    spoke = choice(_named(words, DIRECTIONS), kind="radio_buttons", chosen="both")
    blocks = [
        section(f"*{named(account.name)}*"),
        field(words._("When"), "on", day(ask.today)),
        field(words._("How"), "channel", choice(_named(words, CHANNELS), chosen="call")),
        field(words._("Who spoke"), "direction", spoke),
        field(words._("About"), "subject", line(SUBJECT)),
        *_whom(words, people),
        field(words._("Minutes"), "minutes", whole_number(LONGEST_MINUTES), optional=True),
        field(words._("Where"), "side", choice(_sides(words), kind="radio_buttons", chosen="front")),
        field(words._("Note"), "note", lines(NOTE, initial=ask.given.get("note", "")), hint=never_seen, optional=True),
        *_link(ask),
    ]
    return modal("touch", words._("Log a touch"), words._("Save"), words._("Cancel"), blocks)


def _sides(words: Words) -> list[tuple[str, str]]:
    return [(code, words._(said)) for code, said in SIDES.items()]


def _link(ask: Ask) -> list[Block]:
    """Of the message that became a touch."""
    link = ask.given.get("link", "")
    return [field(ask.words._("Message"), "link", line(LINK, initial=link), optional=True)] if link else []


def _named(words: Words, names: Mapping[str, str]) -> list[tuple[str, str]]:
    said = {code: term(words, names, code) for code in names}
    return [(code, capital(name)) for code, name in said.items()]


def _whom(words: Words, people: Sequence[Contact]) -> list[Block]:
    options = [(c.contact_id, named(c.name, 70)) for c in people if c.left_on is None and len(c.contact_id) <= 150]
    if not options:
        return []
    chosen = choice(options[:CONTACTS], kind="multi_static_select")
    return [field(words._("With whom"), "contacts", chosen, optional=True)]


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    on = date.fromisoformat(entered["on"])
    if on > today:
        raise Invalid({"on": words._("A touch is logged when it has been: this day is still to come.")})
    subject = (entered["subject"] or "").strip()
    if not subject:
        raise Invalid({"subject": words._("Write what it was about.")})
    return Entered(
        on=on,
        channel=entered["channel"],
        direction=entered["direction"],
        subject=subject,
        contacts=tuple(entered.get("contacts") or ()),
        minutes=_minutes(words, entered.get("minutes")),
        note="\n".join(filter(None, ((entered.get(name) or "").strip() for name in ("note", "link"))))[:NOTE],
        side=entered.get("side") or "front",
    )


def _minutes(words: Words, typed: str | None) -> int | None:
    if not typed:
        return None
    if not typed.isdecimal() or int(typed) > LONGEST_MINUTES:
        raise Invalid({"minutes": words._("Whole minutes, at most {most}.", most=words.number(LONGEST_MINUTES))})
    return int(typed)


def save(ask: Ask, touch: Entered) -> Reply:
    account = the_account(ask, ask.text)
    made = Touch(
        touch_id=ask.token,
        at=_moment(ask, touch.on),
        channel=touch.channel,
        direction=touch.direction,
        csm=ask.caller.email,
        contacts=touch.contacts,
        subject=touch.subject,
        minutes=touch.minutes,
        side=touch.side,
        note=touch.note or None,
    )
    with ask.database.changing() as tx:
        change = touches.add(
            tx, account.number, made, who=ask.caller.email, at=ask.now, origin="modal", today=ask.today
        )
    said = ask.words._("Logged with {name}: {subject}", name=named(account.name), subject=named(touch.subject))
    again = button(ask.words._("See the card"), "ask", f"health {account.account_id}")
    notified = ask.words._("Logged with {name}", name=named(account.name))
    return Reply(notified, (section(f"✓ {said}"), actions(again, undo_button(ask.words, change))))


def _moment(ask: Ask, on: date) -> datetime:
    """Now for today; noon for a day gone by."""
    if on == ask.today:
        return ask.now
    return datetime.combine(on, time(12), ZoneInfo(ask.policy.time_zone))


FORM = Form(view, read, save)

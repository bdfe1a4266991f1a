"""Whom nobody has spoken to for longest, and a message to them: edited and copied here, sent by a person, logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import Account, Contact
from domain.health.evidence import sides
from domain.scopes import Filter
from handlers.accounts import mail
from handlers.accounts.portrait import Portrait, portrait
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Reply, refusal
from handlers.blocks import Block, actions, button, named, section
from handlers.undo import undo_button
from storage import scores
from storage.facts import touches
from storage.facts.touches import Touch
from words import LANGUAGES, Words
from words.phrases import clause

MEASURE = "sponsor"


@dataclass(frozen=True)
class Waiting:
    """The sponsor or the champion, whoever waits longer, and for how many days."""

    contact: Contact
    role: str
    days: int


@dataclass(frozen=True)
class Sent:
    contact_id: str
    subject: str
    text: str


def suggested(ask: Ask) -> list[Block]:
    """Of the caller's own accounts the one whose sponsor or champion waits longest; nothing where nobody waits."""
    words = ask.words
    with ask.database.transaction() as tx:
        found = scores.highest(tx, ask.scope.narrowed(Filter("own")), MEASURE)
    if found is None:
        return []
    account = the_account(ask, found)
    waits = waiting(portrait(ask, account))
    if waits is None:
        return []
    why = clause(words, "sponsor_silent", {"role": waits.role, "days": waits.days})
    said = words._("If you have 15 minutes: {name} · {why}.", name=named(account.name, 60), why=why)
    write = button(words._("Prepare a message…"), "form", f"greeting {account.account_id}")
    return [section(said, accessory=write)]


def waiting(found: Portrait) -> Waiting | None:
    factor = next((each for each in found.health.factors if each.measure == MEASURE), None)
    parts = factor.reading.parts if factor else {}
    if not parts.get("days"):
        return None
    role = str(parts["role"])
    people = (sides(found.facts) or {}).get(role, [])
    known = [person for person in people if person.last_touch_on]
    if not known:
        return None
    last = max(known, key=lambda person: person.last_touch_on or date.min)
    return Waiting(last, last.role or role, int(str(parts["days"])))


def answer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    account = the_account(ask, ask.text)
    said = ask.words._("Prepare a message to {name}:", name=named(account.name))
    write = button(ask.words._("Prepare a message…"), "form", f"greeting {account.account_id}", style="primary")
    return Reply(said, (section(said), actions(write)))


def view(ask: Ask) -> Block:
    account, words = the_account(ask, ask.text), ask.words
    waits = waiting(portrait(ask, account))
    if waits is None:
        raise refusal(words._("Nobody of {name} waits for a word of ours.", name=named(account.name)))
    theirs = _theirs(ask, account)
    blocks = [
        section(f"*{named(account.name)}* · {mail.addressed(words, waits.contact)}"),
        *mail.fields(words, theirs._("15 minutes, when it suits you"), _text(ask, theirs, account, waits)),
    ]
    return mail.form(words, "greeting", blocks, memory=waits.contact.contact_id)


def _theirs(ask: Ask, account: Account) -> Words:
    """The account's language, else the organisation's."""
    language = (account.language or "").partition("-")[0].lower()
    return Words(language if language in LANGUAGES else ask.policy.language, account.country)


def _text(ask: Ask, theirs: Words, account: Account, waits: Waiting) -> str:
    """Nothing in it but what is known: who, since when."""
    last = waits.contact.last_touch_on or ask.today
    paragraphs = (
        theirs._("Hello {name},", name=waits.contact.name.partition(" ")[0]),
        theirs._("We last spoke on {day}. I would like to hear from you what matters most at {account} now, and "
                 "whether what we do serves it.", day=theirs.spoken_day(last), account=account.name),
        theirs._("Would 15 minutes suit you this week or the next?"),
        ask.caller.name,
    )  # fmt: skip
    return "\n\n".join(filter(None, paragraphs))


def read(words: Words, _today: date, entered: Mapping[str, Any]) -> Sent:
    return Sent(entered.get(SEEN) or "", *mail.read(words, entered))


def save(ask: Ask, sent: Sent) -> Reply:
    account, words = the_account(ask, ask.text), ask.words
    touch = Touch(
        touch_id=ask.token,
        at=ask.now,
        channel="email",
        direction="out",
        csm=ask.caller.email,
        contacts=(sent.contact_id,) if sent.contact_id else (),
        subject=sent.subject,
        side="front",
        note=sent.text or None,
    )
    with ask.database.changing() as tx:
        change = touches.add(tx, account.number, touch, who=ask.caller.email, at=ask.now, origin="modal",
                             today=ask.today)  # fmt: skip
    said = words._("Logged as sent: {task} · {name}", task=named(sent.subject), name=named(account.name))
    see = button(words._("See the card"), "ask", f"health {account.account_id}")
    return Reply(said, (section(f"✓ {said}"), actions(see, undo_button(words, change))))


FORM = Form(view, read, save)

"""The CSM's own sentiment: dated, beside the score and never inside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import Account
from domain.facts import Feeling, Sentiment
from handlers import meanwhile
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Refused, Reply, refusal
from handlers.blocks import Block, actions, button, choice, field, lines, modal, named, section
from handlers.undo import undo_button
from storage import people
from storage.facts import sentiments
from words import Words
from words.terms import SENTIMENTS, term

NOTE = 1000


@dataclass(frozen=True)
class Given:
    value: Feeling
    note: str
    mark: str | None = None


def answer(ask: Ask) -> Reply:
    account = the_account(ask, ask.text)
    said = ask.words._("How do you feel about {name}?", name=named(account.name))
    give = button(ask.words._("Give my sentiment"), "form", f"sentiment {account.account_id}", style="primary")
    return Reply(said, (section(said), actions(give)))


def view(ask: Ask) -> Block:
    account, words = the_account(ask, ask.text), ask.words
    feelings = [(code, term(words, SENTIMENTS, code).capitalize()) for code in SENTIMENTS]
    hint = words._("It stands beside the score with today's date, and never changes the score.")
    blocks = [
        section(words._("How do you feel about *{name}*?", name=named(account.name))),
        field(words._("Sentiment"), "value", choice(feelings, kind="radio_buttons"), hint=hint),
        field(words._("Why"), "note", lines(NOTE), optional=True),
    ]
    return modal(
        "sentiment", words._("My sentiment"), words._("Save"), words._("Cancel"), blocks, memory=meanwhile.seen(ask)
    )


def read(_words: Words, _today: date, entered: Mapping[str, Any]) -> Given:
    return Given(entered["value"], (entered.get("note") or "").strip(), entered.get(SEEN))


def save(ask: Ask, given: Given) -> Reply:
    account = the_account(ask, ask.text)
    try:
        with ask.database.changing() as tx:
            meanwhile.check(tx, ask, account, "sentiments", given.mark)
            change = sentiments.give(
                tx, account.number, given.value, by=ask.caller.email, at=ask.now, origin="modal",
                note=given.note or None, today=ask.today,
            )  # fmt: skip
    except sentiments.Taken as taken:
        raise _taken(ask, account, taken.given) from None
    feeling = term(ask.words, SENTIMENTS, given.value)
    said = ask.words._("Your sentiment about {name}: {value}", name=named(account.name), value=feeling)
    again = button(ask.words._("See the card"), "ask", f"health {account.account_id}")
    return Reply(said, (section(f"✓ {said}"), actions(again, undo_button(ask.words, change))))


def _taken(ask: Ask, account: Account, given: Sentiment) -> Refused:
    """One sentiment a day is kept: that of who said it first stands."""
    with ask.database.transaction() as tx:
        person = people.by_email(tx, given.csm or "")
    said = ask.words._(
        "{who} already gave today's sentiment about {name}: “{value}”. I kept that; yours can be given tomorrow.",
        who=named(person.name if person else given.csm or ""),
        name=named(account.name),
        value=term(ask.words, SENTIMENTS, given.value),
    )
    again = button(ask.words._("See the card"), "ask", f"health {account.account_id}")
    return refusal(said, again)


FORM = Form(view, read, save)

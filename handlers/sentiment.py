"""The CSM's own sentiment: dated, beside the score and never inside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.accounts import Account
from handlers.arguments import the_account
from handlers.ask import Ask, Form, Reply
from handlers.blocks import Block, actions, button, choice, field, modal, named, section
from storage import accounts, changes
from words.terms import SENTIMENTS, term

NOTE = 1000


@dataclass(frozen=True)
class Given:
    account: Account
    value: str
    note: str


def answer(ask: Ask) -> Reply:
    account = the_account(ask, ask.text)
    said = ask.words._("How do you feel about {name}?", name=named(account.name))
    give = button(ask.words._("Give my sentiment"), "form", f"sentiment {account.account_id}", style="primary")
    return Reply(said, (section(said), actions(give)))


def view(ask: Ask) -> Block:
    account, words = the_account(ask, ask.text), ask.words
    feelings = [(code, term(words, SENTIMENTS, code).capitalize()) for code in SENTIMENTS]
    blocks = [
        section(words._("How do you feel about *{name}*?", name=named(account.name))),
        field(words._("Sentiment"), "value", choice(feelings, kind="radio_buttons"),
              hint=words._("It stands beside the score with today's date, and never changes the score.")),
        field(words._("Why"), "note", {"type": "plain_text_input", "multiline": True, "max_length": NOTE}, optional=True),
    ]  # fmt: skip
    return modal("sentiment", words._("My sentiment"), words._("Save"), words._("Cancel"), blocks)


def read(ask: Ask, entered: Mapping[str, Any]) -> Given:
    return Given(the_account(ask, ask.text), entered["value"], (entered.get("note") or "").strip())


def save(ask: Ask, given: Given) -> Reply:
    key = {"account": given.account.number, "given_on": ask.today}
    values = {"csm": ask.caller.email, "value": given.value, "note": given.note or None}
    with ask.database.changing() as tx:
        if accounts.get(tx, given.account.number, ask.scope):
            changes.edit(tx, "sentiments", key, values, who=ask.caller.email, at=ask.now, origin="modal")
    feeling = term(ask.words, SENTIMENTS, given.value)
    said = ask.words._("Your sentiment about {name}: {value}", name=named(given.account.name), value=feeling)
    again = button(ask.words._("See the card"), "ask", f"health {given.account.account_id}")
    return Reply(said, (section(f"✓ {said}"), actions(again)))


FORM = Form(view, read, save)

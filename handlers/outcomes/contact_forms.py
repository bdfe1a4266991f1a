"""The forms of a stakeholder: write somebody down, change their role, say that they left."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from domain.accounts import Account, Contact
from domain.folding import fold
from handlers import meanwhile
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, choice, context, day, field, line, modal, named, section
from handlers.entries import Entered, day_of
from handlers.undo import undo_button
from storage import accounts, changes
from storage.facts import contacts
from words import Words
from words.terms import ROLES, term

ADD, EDIT = "stakeholder", "stakeholder-edit"
LONGEST, LISTED, REMEMBERED = 200, 20, 2000
LONG_AHEAD = timedelta(366)
COLUMNS = ("name", "email", "department", "role", "left_on")


def offer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    account = the_account(ask, ask.text)
    said = ask.words._("The stakeholders of {name}:", name=named(account.name))
    opens = button(ask.words._("Stakeholders…"), "form", f"{ADD} {account.account_id}", style="primary")
    return Reply(said, (section(said), actions(opens)))


def again(ask: Ask) -> Reply:
    account, contact = _matter(ask)
    said = f"{named(account.name)}: {named(contact.name, 60)}"
    opens = button(ask.words._("Edit"), "form", f"{EDIT} {contact.contact_id}")
    return Reply(said, (section(said), actions(opens)))


def view_new(ask: Ask) -> Block:
    account, words = the_account(ask, ask.text), ask.words
    with ask.database.transaction() as tx:
        known = contacts.of_account(tx, account.number, ask.seen, ask.scope)
    blank = Contact("", "")
    blocks = [section(f"*{named(account.name)}*", words._("Somebody new:")), *_fields(words, blank)]
    blocks += [section(_said(words, each), accessory=_edit(words, each)) for each in known[:LISTED]]
    blocks += [context(more) for more in words.and_more(len(known) - LISTED)]
    names = _remembered([fold(each.name) for each in known])
    return _modal(ask, ADD, words._("Stakeholder"), blocks, {"names": names})


def _remembered(names: Sequence[str]) -> list[str]:
    """As many as a form may remember."""
    kept: list[str] = []
    for name in names:
        if len(json.dumps([*kept, name])) > REMEMBERED:
            break
        kept.append(name)
    return kept


def _said(words: Words, contact: Contact) -> str:
    parts = [named(contact.name, 60), term(words, ROLES, contact.role) if contact.role else ""]
    if contact.left_on:
        parts.append(words._("left on {day}", day=words.day(contact.left_on)))
    return " · ".join(filter(None, parts))


def _edit(words: Words, contact: Contact) -> Block:
    return button(words._("Edit"), "form", f"{EDIT} {contact.contact_id}")


def view_edit(ask: Ask) -> Block:
    account, contact = _matter(ask)
    blocks = [section(f"*{named(account.name)}*"), *_fields(ask.words, contact)]
    return _modal(ask, EDIT, ask.words._("Stakeholder"), blocks, {})


def _modal(ask: Ask, callback: str, title: str, blocks: Sequence[Block], memory: Mapping[str, Any]) -> Block:
    kept = json.dumps({"mark": meanwhile.seen(ask), **memory})
    return modal(callback, title, ask.words._("Save"), ask.words._("Cancel"), blocks, memory=kept)


def _fields(words: Words, contact: Contact) -> list[Block]:
    roles = [(code, term(words, ROLES, code).capitalize()) for code in ROLES]
    left = words._("From that day on they count as gone, and what rests on them is looked at anew.")
    return [
        field(words._("Name"), "name", line(LONGEST, initial=contact.name[:LONGEST])),
        field(words._("Role"), "role", choice(roles, chosen=contact.role or ""), optional=True),
        field(words._("E-mail"), "email", line(LONGEST, initial=(contact.email or "")[:LONGEST]), optional=True),
        field(words._("Department"), "department", line(LONGEST, initial=(contact.department or "")[:LONGEST]),
              optional=True),
        field(words._("Left on"), "left_on", day(contact.left_on), hint=left, optional=True),
    ]  # fmt: skip


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    """What the fields say, with every refusal beside its field at once."""
    memory, wrong = json.loads(entered.get(SEEN) or "{}"), dict[str, str]()
    said = {name: " ".join((entered.get(name) or "").split()) or None for name in ("name", "email", "department")}
    if not said["name"]:
        wrong["name"] = words._("Write their name.")
    elif fold(said["name"]) in memory.get("names", ()):
        wrong["name"] = words._("Somebody of that name is there already: press “Edit” beside them.")
    if said["email"] and not _is_address(said["email"]):
        wrong["email"] = words._("That is no e-mail address.")
    left_on = day_of(entered.get("left_on"))
    if left_on and left_on > today + LONG_AHEAD:
        wrong["left_on"] = words._("Choose a day within a year.")
    if wrong:
        raise Invalid(wrong)
    return Entered({**said, "role": entered.get("role") or None, "left_on": left_on}, memory.get("mark", ""))


def _is_address(text: str) -> bool:
    local, at, domain = text.partition("@")
    return bool(local and at and "." in domain and " " not in text and "@" not in domain)


def save_new(ask: Ask, entered: Entered) -> Reply:
    account = the_account(ask, ask.text)
    return _saved(ask, account, ask.token, {"account": account.number, **entered.values}, entered.mark)


def save_edit(ask: Ask, entered: Entered) -> Reply:
    account, contact = _matter(ask)
    return _saved(ask, account, contact.contact_id, entered.values, entered.mark)


def _saved(ask: Ask, account: Account, contact_id: str, values: Mapping[str, Any], mark: str) -> Reply:
    words, key = ask.words, {"contact_id": contact_id}
    with ask.database.changing() as tx:
        meanwhile.check(tx, ask, account, "contacts", mark, key=key)
        change = changes.edit(
            tx, "contacts", key, values, who=ask.caller.email, at=ask.now, origin="modal", on=ask.today
        )
    who = " · ".join(filter(None, (named(values["name"], 60), term(words, ROLES, values["role"]))))
    said = words._("Saved for {name}: {statement}", name=named(account.name), statement=who)
    see = button(words._("Who they are"), "ask", f"account {account.account_id}")
    text = words._("Saved for {name}", name=named(account.name))
    return Reply(text, (section(f"✓ {said}"), actions(see, undo_button(words, change))))


def _matter(ask: Ask) -> tuple[Account, Contact]:
    """Raises Refused where there is nobody like that in sight."""
    with ask.database.transaction() as tx:
        number = contacts.account_of(tx, ask.text, ask.scope)
        account = None if number is None else accounts.get(tx, number, ask.scope)
        known = [] if account is None else contacts.of_account(tx, account.number, ask.seen, ask.scope)
    contact = next((each for each in known if each.contact_id == ask.text), None)
    if account is None or contact is None:
        said = ask.words._("I know nobody “{typed}” whom you may see.", typed=named(ask.text, 60))
        raise refusal(said)
    return account, contact


NEW, EDITED = Form(view_new, read, save_new), Form(view_edit, read, save_edit)

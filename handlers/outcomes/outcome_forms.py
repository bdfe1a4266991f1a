"""The forms of a required outcome: write it down or change it, record how far it is, have it confirmed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from domain.accounts import Account, Contact
from domain.facts import Outcome
from domain.health.evidence import present
from domain.outcomes import feature_words, is_at_target, questioned
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Invalid, Refused, Reply, refusal
from handlers.blocks import Block, actions, button, choice, day, field, line, modal, named, number, section, tick
from handlers.entries import Entered, day_of, figure
from handlers.undo import undo_button
from storage import accounts, changes, people
from storage.facts import contacts, features, outcomes
from storage.facts.outcomes import Kept
from words import Words
from words.terms import ROLES, term

STATEMENT, MEASURE, LONGEST, OPTIONS, OPTION_VALUE = 300, 100, 3000, 100, 150
ADD, EDIT, PROGRESS, CONFIRM = "outcome", "outcome-edit", "outcome-progress", "outcome-confirm"
FIGURES = ("baseline", "current", "target")
SURE = "sure"
# Of the 3,000 characters that a form remembers; a name holds no sign but letters and figures.
REMEMBERED, BESIDE = 2000, "|"


@dataclass(frozen=True)
class Matter:
    kept: Kept
    account: Account
    contacts: Sequence[Contact]


def offer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    account = the_account(ask, ask.text)
    said = ask.words._("What {name} wants to achieve:", name=named(account.name))
    return Reply(said, (section(said), actions(add_button(ask.words, account))))


def offer_of(ask: Ask) -> Reply:
    """The same for a form about one outcome."""
    found = _matter(ask)
    said = f"{named(found.account.name)}: {named(found.kept.outcome.statement, 200)}"
    titles = {EDIT: ask.words._("Edit"), PROGRESS: ask.words._("Record progress"), CONFIRM: ask.words._("Confirmed")}
    opens = button(titles[ask.capability], "form", f"{ask.capability} {ask.text}")
    return Reply(said, (section(said), actions(opens)))


def add_button(words: Words, account: Account) -> Block:
    return button(words._("Add an outcome"), "form", f"{ADD} {account.account_id}")


def _matter(ask: Ask) -> Matter:
    with ask.database.transaction() as tx:
        kept = outcomes.get(tx, ask.text, ask.seen, ask.scope)
        account = accounts.get(tx, kept.account, ask.scope) if kept else None
        known = contacts.of_account(tx, kept.account, ask.seen, ask.scope) if kept else []
    if kept is None or account is None:
        said = ask.words._("I know no required outcome “{typed}” that you may see.", typed=named(ask.text, 60))
        raise refusal(said)
    return Matter(kept, account, known)


def _memory(kept: Kept) -> str:
    """What `read` and `save` need of the row that the form showed."""
    outcome = kept.outcome
    days = {"due_on": outcome.due_on, "achieved_on": outcome.achieved_on}
    return json.dumps({"mark": kept.mark, **{name: str(on) for name, on in days.items() if on}})


def _remembered(entered: Mapping[str, Any]) -> dict[str, str]:
    return json.loads(entered[SEEN]) if entered.get(SEEN) else {}


def view_new(ask: Ask) -> Block:
    account = the_account(ask, ask.text)
    with ask.database.transaction() as tx:
        known = contacts.of_account(tx, account.number, ask.seen, ask.scope)
    fields = _fields(ask, Outcome("", ""), known)
    title = ask.words._("Add an outcome")
    return _modal(ask, ADD, title, account, fields, json.dumps(_features(ask, account)))


def view_edit(ask: Ask) -> Block:
    found = _matter(ask)
    fields = _fields(ask, found.kept.outcome, found.contacts)
    memory = json.dumps({**json.loads(_memory(found.kept)), **_features(ask, found.account)})
    return _modal(ask, EDIT, ask.words._("Edit the outcome"), found.account, fields, memory)


def _features(ask: Ask, account: Account) -> dict[str, str]:
    """What `read` has to know of the company's features, as far as Slack lets a form remember it."""
    with ask.database.transaction() as tx:
        names = features.names(tx, account.number, ask.scope, ask.policy.core_features)
    said = list(dict.fromkeys(filter(None, map(feature_words, names))))
    sizes = accumulate(len(json.dumps(json.dumps(each))) for each in said)
    return {"features": BESIDE.join(each for each, size in zip(said, sizes, strict=True) if size <= REMEMBERED)}


def _modal(ask: Ask, callback: str, title: str, account: Account, fields: Iterable[Block], memory: str) -> Block:
    blocks = [section(f"*{named(account.name)}*"), *fields]
    return modal(callback, title, ask.words._("Save"), ask.words._("Cancel"), blocks, memory=memory)


def _fields(ask: Ask, outcome: Outcome, known: Sequence[Contact]) -> list[Block]:
    words = ask.words
    wish = words._("Something of theirs that gets better: what they would tell their own boss.")
    unit = words._("What the figures count: days to close, % of jobs on time …")
    sure = words._("Yes, this is what they want")
    return [
        field(words._("What they want to achieve"), "statement", _line(STATEMENT, outcome.statement),
              hint=wish),
        field(words._("If I question it"), SURE, tick(SURE, sure), optional=True),
        *_whose(ask, words._("Who expects it"), "contact_id", known, outcome.contact_id, optional=True),
        field(words._("Measured in"), "measure", _line(MEASURE, outcome.measure or ""), hint=unit,
              optional=True),
        field(words._("Where they started"), "baseline", number(outcome.baseline), optional=True),
        field(words._("Where they are today"), "current", number(outcome.current), optional=True),
        field(words._("Where they want to be"), "target", number(outcome.target), optional=True),
        field(words._("By when"), "due_on", day(outcome.due_on), optional=True),
    ]  # fmt: skip


def _line(longest: int, text: str) -> Block:
    """What stands there already is not cut, however long."""
    return line(longest if len(text) <= longest else LONGEST, initial=text[:LONGEST])


def _whose(
    ask: Ask, title: str, block_id: str, known: Sequence[Contact], chosen: str | None, *, optional: bool = False
) -> list[Block]:
    """A select of the people who are there, and of whoever stands there already, known or not."""
    here = [c for c in known if (present(c, ask.today) or c.contact_id == chosen) and len(c.contact_id) <= OPTION_VALUE]
    here.sort(key=lambda contact: contact.contact_id != chosen)
    options = [(c.contact_id, _person(ask.words, c)) for c in here[: OPTIONS - 1]]
    if chosen and len(chosen) <= OPTION_VALUE and all(value != chosen for value, _ in options):
        options.insert(0, (chosen, named(chosen, 70)))
    return [field(title, block_id, choice(options, chosen=chosen or ""), optional=optional)] if options else []


def _person(words: Words, contact: Contact) -> str:
    role = term(words, ROLES, contact.role)
    return f"{named(contact.name, 50)} · {role}" if role else named(contact.name, 70)


def read_outcome(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    """What the fields say, with every refusal beside its field at once."""
    memory, wrong = _remembered(entered), dict[str, str]()
    statement = " ".join((entered["statement"] or "").split())
    if not statement:
        wrong["statement"] = words._("Write what they want to achieve.")
    elif questioned(statement, memory.get("features", "").split(BESIDE)) and SURE not in (entered.get(SURE) or ()):
        wrong["statement"] = words._(
            "That is a use of the product. What do they get from it? If it is what they want, tick “Yes” below."
        )
    figures = {name: figure(words, name, entered.get(name), wrong) for name in FIGURES}
    if figures["target"] is not None and figures["target"] == figures["baseline"]:
        wrong["target"] = words._("The target is where they started: nothing would have to change.")
    due_on = day_of(entered.get("due_on"))
    if due_on and due_on < today and due_on.isoformat() != memory.get("due_on"):
        wrong["due_on"] = words._("This day has passed: choose one still to come.")
    if wrong:
        raise Invalid(wrong)
    values = {"statement": statement, "measure": (entered.get("measure") or "").strip() or None, "due_on": due_on}
    values |= figures | ({"contact_id": entered["contact_id"]} if "contact_id" in entered else {})
    if is_at_target(figures["baseline"], figures["target"], figures["current"]) and "achieved_on" not in memory:
        values["achieved_on"] = today
    return Entered(values, memory.get("mark", ""))


def view_progress(ask: Ask) -> Block:
    found, words = _matter(ask), ask.words
    outcome = found.kept.outcome
    hint = words._("Empty: I set today's date when the figure is at its target.")
    fields = [
        section(_statement(outcome)),
        field(_today(words, outcome), "current", number(outcome.current), optional=True),
        field(words._("Reached on"), "achieved_on", day(outcome.achieved_on), hint=hint, optional=True),
    ]
    return _modal(ask, PROGRESS, words._("Record progress"), found.account, fields, _progress_memory(found.kept))


def _progress_memory(kept: Kept) -> str:
    figures = {"baseline": kept.outcome.baseline, "target": kept.outcome.target}
    given = {name: str(value) for name, value in figures.items() if value is not None}
    return json.dumps({**json.loads(_memory(kept)), **given})


def _statement(outcome: Outcome) -> str:
    return f"_{named(outcome.statement, 300)}_"


def _today(words: Words, outcome: Outcome) -> str:
    unit = f" ({named(outcome.measure, 60)})" if outcome.measure else ""
    return f"{words._('Where they are today')}{unit}"


def read_progress(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    memory, wrong = _remembered(entered), dict[str, str]()
    current = figure(words, "current", entered.get("current"), wrong)
    achieved_on = day_of(entered.get("achieved_on"))
    if achieved_on and achieved_on > today:
        wrong["achieved_on"] = words._("It is reached when it has been: this day is still to come.")
    if current is None and achieved_on is None and not wrong:
        wrong["current"] = words._("Write where they are, or when it was reached.")
    if wrong:
        raise Invalid(wrong)
    baseline, target = (Decimal(memory[name]) if name in memory else None for name in ("baseline", "target"))
    if achieved_on is None and is_at_target(baseline, target, current):
        achieved_on = today
    return Entered({"current": current, "achieved_on": achieved_on}, memory.get("mark", ""))


def view_confirm(ask: Ask) -> Block:
    found, words = _matter(ask), ask.words
    outcome = found.kept.outcome
    known = {contact.contact_id for contact in found.contacts}
    chosen = outcome.confirmed_by or (outcome.contact_id if outcome.contact_id in known else None)
    whom = _whose(ask, words._("Confirmed by"), "confirmed_by", found.contacts, chosen)
    hint = words._("The customer's word, not ours.")
    fields = [
        section(_statement(outcome), hint),
        *(whom or [field(words._("Confirmed by"), "confirmed_by", line(OPTION_VALUE))]),
        field(words._("Confirmed on"), "confirmed_on", day(outcome.confirmed_on or ask.today)),
    ]
    return _modal(ask, CONFIRM, words._("Confirmed"), found.account, fields, _memory(found.kept))


def read_confirmation(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    memory, wrong = _remembered(entered), dict[str, str]()
    on, by = date.fromisoformat(entered["confirmed_on"]), (entered["confirmed_by"] or "").strip()
    reached = day_of(memory.get("achieved_on"))
    if on > today:
        wrong["confirmed_on"] = words._("It is confirmed when it has been: this day is still to come.")
    elif reached and on < reached:
        wrong["confirmed_on"] = words._(
            "It was reached on {day}: it cannot be confirmed before.", day=words.day(reached)
        )
    if not by:
        wrong["confirmed_by"] = words._("Write who confirmed it.")
    if wrong:
        raise Invalid(wrong)
    return Entered({"confirmed_by": by, "confirmed_on": on, "achieved_on": reached or on}, memory.get("mark", ""))


def save_new(ask: Ask, entered: Entered) -> Reply:
    account = the_account(ask, ask.text)
    values = {"account": account.number, **entered.values}
    return _saved(ask, account, ask.token, values, entered)


def save_changed(ask: Ask, entered: Entered) -> Reply:
    found = _matter(ask)
    return _saved(ask, found.account, ask.text, entered.values, entered)


def _saved(ask: Ask, account: Account, outcome_id: str, values: Mapping[str, Any], entered: Entered) -> Reply:
    words, see = ask.words, button(ask.words._("See the outcomes"), "ask", f"outcomes {account.account_id}")
    try:
        with ask.database.changing() as tx:
            change = outcomes.write(
                tx,
                outcome_id,
                values,
                mark=entered.mark or None,
                who=ask.caller.email,
                at=ask.now,
                origin="modal",
                on=ask.today,
            )
            kept = outcomes.get(tx, outcome_id, ask.seen, ask.scope)
    except changes.Overtaken:
        raise _overtaken(ask, outcome_id, see) from None
    statement = named(kept.outcome.statement if kept else "", 200)
    said = words._("Saved for {name}: {statement}", name=named(account.name), statement=statement)
    lines = [f"✓ {said}", *([_reached(words)] if values.get("achieved_on") and "confirmed_on" not in values else [])]
    text = words._("Saved for {name}", name=named(account.name))
    return Reply(text, (section(*lines), actions(see, undo_button(words, change))))


def _reached(words: Words) -> str:
    return words._("It is reached, in our words: ask them to confirm it.")


def _overtaken(ask: Ask, outcome_id: str, see: Block) -> Refused:
    """Another saved first: whose word stands, and the way to look and try again."""
    with ask.database.transaction() as tx:
        newest = changes.latest(tx, "outcomes", {"outcome_id": outcome_id})
        person = people.by_email(tx, newest.who) if newest else None
    said = ask.words._("The outcome was changed while your form was open, so I kept that and did not overwrite it.")
    if newest and person:
        said = ask.words._(
            "{who} saved this outcome while your form was open, so I kept theirs and did not overwrite it.",
            who=named(person.name),
        )
    again = ask.words._("Look at it, and enter yours again if it still holds.")
    return Refused(Reply(said, (section(said, again), actions(see)), answered=False))


NEW = Form(view_new, read_outcome, save_new)
EDITED = Form(view_edit, read_outcome, save_changed)
PROGRESSED = Form(view_progress, read_progress, save_changed)
CONFIRMED = Form(view_confirm, read_confirmation, save_changed)

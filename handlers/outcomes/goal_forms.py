"""The forms of a goal that no playbook has set: from where to where, by when; and how far it is."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.accounts import Account
from domain.facts import Outcome
from domain.health.rules import MEASURES
from domain.playbooks.goals import RESULT, Goal
from domain.seen import Seen
from domain.situations import Asked
from handlers import meanwhile
from handlers.accounts.portrait import portrait
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, choice, context, day, field, line, modal, named, number, section
from handlers.entries import Entered, figure
from handlers.outcomes import measuring
from handlers.outcomes.goal_progress import goal_values
from handlers.outcomes.measuring import measure_name
from handlers.undo import undo_button
from storage import accounts, changes
from storage.facts import outcomes
from storage.playbooks import goals
from words import Words
from words.metrics import METRICS

ADD, EDIT = "goal", "goal-edit"
STATEMENT, OPTION_VALUE, OPTIONS, LISTED = 300, 150, 99, 10


def offer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    account = the_account(ask, ask.text)
    said = ask.words._("The goals of {name}:", name=named(account.name))
    opens = button(ask.words._("Goals…"), "form", f"{ADD} {account.account_id}", style="primary")
    return Reply(said, (section(said), actions(opens)))


def again(ask: Ask) -> Reply:
    account, goal = _matter(ask)
    said = f"{named(account.name)}: {named(goal.statement or '', 200)}"
    return Reply(said, (section(said), actions(button(ask.words._("Edit"), "form", f"{EDIT} {goal.goal_id}"))))


def view_new(ask: Ask) -> Block:
    account, words = the_account(ask, ask.text), ask.words
    with ask.database.transaction() as tx:
        known = [g for g in goals.of_account(tx, account.number, ask.seen, ask.scope) if g.achieved_on is None]
        wanted = outcomes.of_account(tx, account.number, ask.seen, ask.scope)
    measures = [(kpi, measure_name(words, kpi)) for kpi in (RESULT, *MEASURES, *METRICS)]
    begun = words._("Empty: what the measure says today.")
    blocks = [
        section(f"*{named(account.name)}*", words._("A new goal:")),
        field(words._("What will be so"), "statement", line(STATEMENT)),
        field(words._("Measure"), "kpi", choice(measures[:OPTIONS], chosen=RESULT)),
        field(words._("Where it begins"), "baseline", number(), hint=begun, optional=True),
        field(words._("Target"), "target", number(), hint=words._("Of what is reached or not: leave it empty."),
              optional=True),
        field(words._("By when"), "due_on", day()),
        *_serves(words, wanted),
        *(section(_said(words, each), accessory=_edit(words, each)) for each in known[:LISTED]),
    ]  # fmt: skip
    blocks += [context(more) for more in words.and_more(len(known) - LISTED)]
    return _modal(ask, ADD, blocks)


def _serves(words: Words, wanted: Sequence[Outcome]) -> list[Block]:
    options = [(o.outcome_id, named(o.statement, 70)) for o in wanted if len(o.outcome_id) <= OPTION_VALUE][:OPTIONS]
    return [field(words._("What it serves"), "outcome_id", choice(options), optional=True)] if options else []


def _said(words: Words, goal: Goal) -> str:
    due = words._("due {day}", day=words.day(goal.due_on))
    return f"{named(goal.statement or measure_name(words, goal.kpi), 200)} · {due}"


def _edit(words: Words, goal: Goal) -> Block:
    return button(words._("Edit"), "form", f"{EDIT} {goal.goal_id}")


def view_edit(ask: Ask) -> Block:
    (account, goal), words = _matter(ask), ask.words
    blocks = [
        section(f"*{named(account.name)}*", measure_name(words, goal.kpi)),
        field(words._("What will be so"), "statement", line(STATEMENT, initial=(goal.statement or "")[:STATEMENT])),
        field(words._("Where it is today"), "current", number(goal.current), optional=True),
        field(words._("Target"), "target", number(goal.target)),
        field(words._("By when"), "due_on", day(goal.due_on)),
    ]
    return _modal(ask, EDIT, blocks, due_on=goal.due_on.isoformat())


def _modal(ask: Ask, callback: str, blocks: Sequence[Block], **memory: str) -> Block:
    kept = json.dumps({"mark": meanwhile.seen(ask), **memory})
    return modal(callback, ask.words._("Goal"), ask.words._("Save"), ask.words._("Cancel"), blocks, memory=kept)


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    """What the fields say, with every refusal beside its field at once."""
    memory, wrong = json.loads(entered.get(SEEN) or "{}"), dict[str, str]()
    statement, due_on = " ".join((entered["statement"] or "").split()), date.fromisoformat(entered["due_on"])
    if not statement:
        wrong["statement"] = words._("Write what will be so.")
    if due_on <= today and due_on.isoformat() != memory.get("due_on"):
        wrong["due_on"] = words._("This day has passed: choose one still to come.")
    figures = {name: figure(words, name, entered[name], wrong) for name in ("baseline", "current", "target")
               if name in entered}  # fmt: skip
    kpi = entered.get("kpi")
    if kpi == RESULT:
        figures = {"baseline": Decimal(0), "target": Decimal(1)}
    elif figures.get("target") is None and "target" not in wrong:
        wrong["target"] = words._("Write where it is to be.")
    elif kpi and figures["target"] == figures["baseline"]:
        wrong["target"] = words._("The target is where it begins: nothing would have to change.")
    if wrong:
        raise Invalid(wrong)
    more = {"kpi": kpi, "outcome_id": entered.get("outcome_id") or None} if kpi else {}
    return Entered({"statement": statement, "due_on": due_on, **figures, **more}, memory.get("mark", ""))


def save_new(ask: Ask, entered: Entered) -> Reply:
    account, values = the_account(ask, ask.text), dict(entered.values)
    if values["baseline"] is None:
        values["baseline"] = _today(ask, account, values["kpi"])
    if values["baseline"] == values["target"]:
        said = ask.words._("It is at this target today: nothing would have to change.")
        raise refusal(said)
    values |= {"account": account.number, "current": values["baseline"], "owner": ask.caller.email}
    return _saved(ask, account, ask.token, values, entered)


def _today(ask: Ask, account: Account, kpi: str) -> Decimal | None:
    """What the measure says of the account today."""
    shown = portrait(ask, account)
    with ask.database.transaction() as tx:
        known = Asked(Seen(shown.facts, shown.case, ask.policy))
        return measuring.value(tx, ask, kpi, shown.facts, known)


def save_edit(ask: Ask, entered: Entered) -> Reply:
    account, goal = _matter(ask)
    return _saved(ask, account, goal.goal_id, dict(goal_values(goal, entered.values, ask.today)), entered)


def _saved(ask: Ask, account: Account, goal_id: str, values: Mapping[str, Any], entered: Entered) -> Reply:
    words, key = ask.words, {"goal_id": goal_id}
    with ask.database.changing() as tx:
        meanwhile.check(tx, ask, account, "goals", entered.mark, key=key)
        change = changes.edit(tx, "goals", key, values, who=ask.caller.email, at=ask.now, origin="modal", on=ask.today)
    statement = named(entered.values["statement"], 200)
    said = words._("Saved for {name}: {statement}", name=named(account.name), statement=statement)
    see = button(words._("See the card"), "ask", f"health {account.account_id}")
    text = words._("Saved for {name}", name=named(account.name))
    return Reply(text, (section(f"✓ {said}"), actions(see, undo_button(words, change))))


def _matter(ask: Ask) -> tuple[Account, Goal]:
    """Raises Refused where there is no such goal in sight."""
    with ask.database.transaction() as tx:
        goal = goals.get(tx, ask.text, ask.seen, ask.scope)
        account = accounts.get(tx, goal.account, ask.scope) if goal else None
    if goal is None or account is None:
        said = ask.words._("I know no goal “{typed}” that you may see.", typed=named(ask.text, 60))
        raise refusal(said)
    return account, goal


NEW, EDITED = Form(view_new, read, save_new), Form(view_edit, read, save_edit)

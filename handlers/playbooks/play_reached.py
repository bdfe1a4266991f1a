"""Saying that a goal is reached whose result only a person can see; every other goal follows its measure."""

from decimal import Decimal

from domain.accounts import Account
from domain.playbooks.goals import RESULT, Goal, reached
from handlers.ask import Ask, Form, Reply, refusal
from handlers.blocks import Block, actions, modal, named, section
from handlers.entries import nothing
from handlers.gestures import as_one
from handlers.undo import undo_button
from storage import accounts
from storage.database import Transaction
from storage.playbooks import goals, plays

THERE = Decimal(1)


def can_be_said(goal: Goal | None) -> bool:
    return goal is not None and goal.kpi == RESULT and not reached(goal)


def view(ask: Ask) -> Block:
    with ask.database.transaction() as tx:
        account, goal = _matter(tx, ask)
    words = ask.words
    blocks = [section(f"*{named(account.name)}*", goal.statement or "")]
    return modal("play-reached", words._("The goal is reached"), words._("Reached"), words._("Cancel"), blocks)


def _matter(tx: Transaction, ask: Ask) -> tuple[Account, Goal]:
    """Raises Refused where there is no such play in sight, or its goal is not one of these."""
    play = plays.get(tx, ask.text.strip(), ask.scope)
    account = accounts.get(tx, play.account, ask.scope) if play else None
    goal = goals.get(tx, play.goal_id, ask.seen, ask.scope) if play and play.goal_id else None
    if account is None or goal is None or not can_be_said(goal):
        said = ask.words._("There is nothing to say here any more.")
        raise refusal(said)
    return account, goal


def save(ask: Ask, _entered: None) -> Reply:
    with ask.database.changing() as tx:
        account, goal = _matter(tx, ask)
        made = goals.measure(tx, goal, THERE, **as_one(ask))
    said = ask.words._("The goal on {name} is reached.", name=named(account.name))
    return Reply(said, (section(f"✓ {said}"), actions(undo_button(ask.words, made))))


FORM = Form(view, nothing, save)

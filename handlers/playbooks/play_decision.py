"""The decision on a renewal has moved under a play: every open date that is counted from it, shown and moved along."""

from dataclasses import dataclass
from datetime import date

from domain.accounts import Account
from domain.playbooks.goals import Goal
from domain.playbooks.moving import decision_moved, move_decision
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Moved, Play
from domain.playbooks.schedule import day_of
from domain.playbooks.workdays import Workdays
from handlers.accounts.situations import of_range
from handlers.ask import Ask, Form, Reply, refusal
from handlers.blocks import Block, actions, button, modal, named, section
from handlers.entries import nothing
from handlers.gestures import as_one, by_form
from handlers.tasks.task_matter import moved_lines
from handlers.undo import undo_button
from storage import changes
from storage.database import Transaction
from storage.playbooks import goals, playbooks, plays, tasks
from words import Words


@dataclass(frozen=True)
class _Matter:
    """was, play: before and after; goal_on: the goal's new day, where it is counted from the decision too."""

    account: Account
    book: Playbook
    was: Play
    play: Play
    moved: tuple[Moved, ...]
    goal: Goal | None
    goal_on: date | None


def _matter(tx: Transaction, ask: Ask) -> _Matter:
    """Raises Refused where there is no such play in sight, or its decision is where it was."""
    play = plays.get(tx, ask.text.strip(), ask.scope)
    found = of_range(tx, ask.policy, ask.scope, ask.today, first=play.account, last=play.account) if play else []
    book = playbooks.of_versions(tx, [play.version])[play.version] if play else None
    renewal = found[0].seen.case.renewal if found else None
    if play is None or book is None or renewal is None or not decision_moved(play, book, renewal.decision_on):
        raise refusal(ask.words._("The decision is where this play has it."))
    account = found[0].facts.account
    workdays, mine = Workdays(account.country), tasks.of_plays(tx, [play.play_id], ask.scope).get(play.play_id, [])
    after, moved = move_decision(play, renewal.decision_on, mine, book, workdays, ask.today)
    goal = goals.get(tx, play.goal_id, ask.seen, ask.scope) if play.goal_id else None
    goal_on = _goal_on(goal, book, play, after, workdays) if goal else None
    return _Matter(account, book, play, after, moved, goal, goal_on)


def _goal_on(goal: Goal, book: Playbook, was: Play, after: Play, workdays: Workdays) -> date | None:
    """None where a person has given it another day, or it is counted from something else."""
    for aim in (book.goal, *book.goal.instead):
        if day_of(aim.due, was, workdays) == goal.due_on:
            day = day_of(aim.due, after, workdays)
            return None if day == goal.due_on else day
    return None


def view(ask: Ask) -> Block:
    with ask.database.transaction() as tx:
        found = _matter(tx, ask)
    words = ask.words
    title = f"*{named(found.account.name)}* · {named(found.book.title.of(words.language))}"
    blocks = [section(title, _decision(words, found)), section(*_moves(ask, found))]
    return modal("play-decision", words._("Move its dates"), words._("Move"), words._("Cancel"), blocks)


def _decision(words: Words, found: _Matter) -> str:
    was, now = (words.day(on) if on else "?" for on in (found.was.decision_on, found.play.decision_on))
    return words._(
        "It counts from a decision on {before}; the account's next one is on {after}.", before=was, after=now
    )


def _moves(ask: Ask, found: _Matter) -> list[str]:
    words, rows = ask.words, moved_lines(ask, found.moved, found.book)
    if found.goal and found.goal_on:
        before, after = words.day(found.goal.due_on), words.day(found.goal_on)
        rows.append(f"• {words._('the goal: {before} → {after}', before=before, after=after)}")
    return rows or [words._("No open date is counted from it.")]


def save(ask: Ask, _entered: None) -> Reply:
    words = ask.words
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        found = _matter(tx, ask)
        made = [plays.write(tx, found.play, found.moved, was=found.was, **by_form(ask))]
        if found.goal and found.goal_on:
            key = {"goal_id": found.goal.goal_id}
            made.append(changes.edit(tx, "goals", key, {"due_on": found.goal_on}, **as_one(ask)))
    change = max((each for each in made if each is not None), default=None)
    said = f"{named(found.account.name)}: {_decision(words, found)}"
    see = button(words._("See the two stages"), "ask", f"stage {found.account.account_id}")
    return Reply(said, (section(f"➜ {said}", *_moves(ask, found)), actions(see, undo_button(words, change))))


FORM = Form(view, nothing, save)

"""Steering a play that runs: stopping it with a written result, pausing, going on, handing over, a new version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from domain.accounts import Account
from domain.playbooks.moving import close, hand_over, pause, renew, resume
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import LIVE, Moved, Play, Result, Task
from domain.playbooks.workdays import Workdays
from domain.roles import may
from handlers.accounts.situations import of_range
from handlers.arguments import the_account
from handlers.ask import Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, choice, context, day, field, lines, modal, named, section
from handlers.entries import day_of, nothing
from handlers.gestures import by_form
from handlers.tasks.task_matter import moved_lines
from handlers.undo import undo_button
from storage import accounts, people
from storage.database import Transaction
from storage.playbooks import playbooks, plays, tasks
from words import N_, Words

NOTE, PEOPLE = 1000, 100
INTERVIEW_AFTER = timedelta(7)
GONE = {"leaving", "former"}
RESULTS: Mapping[str, str] = {
    "reached": N_("the goal was reached"),
    "partly": N_("reached in part"),
    "missed": N_("not reached"),
    "moot": N_("no longer needed"),
}
ASKED: Mapping[str, str] = {
    "stop": N_("Stop…"),
    "pause": N_("Pause…"),
    "resume": N_("Go on…"),
    "hand": N_("Hand over…"),
}
FITTING: Mapping[str, tuple[str, ...]] = {"stop": LIVE, "pause": ("running",), "resume": ("paused",)}


@dataclass(frozen=True)
class Matter:
    """A play with its tasks, and the playbook in the version that it was started with."""

    account: Account
    play: Play
    book: Playbook
    tasks: tuple[Task, ...]
    leaving: bool


def offer(ask: Ask, verb: str, book: Playbook, typed: str) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    account = the_account(ask, typed, before=f"{verb} {book.name}")
    with ask.database.transaction() as tx:
        mine = [p for p in plays.of_account(tx, account.number, ask.scope) if p.playbook == book.name]
    found = next((play for play in mine if play.status in FITTING[verb]), None)
    title = book.title.of(ask.words.language)
    if found is None:
        said = ask.words._("“{title}” is not running on {name}.", title=title, name=named(account.name))
        raise refusal(said)
    said = ask.words._("“{title}” on {name}:", title=title, name=named(account.name))
    go = button(ask.words._(ASKED[verb]), "form", f"play-{verb} {found.play_id}")
    return Reply(said, (section(said), actions(go)), pending=True)


def buttons(words: Words, play: Play, *, newer: bool) -> list[Block]:
    """What can be done with a play, wherever it is shown."""
    verbs = ["stop", "pause" if play.status == "running" else "resume", "hand"]
    shown = [button(words._(ASKED[verb]), "form", f"play-{verb} {play.play_id}") for verb in verbs]
    return [
        *shown,
        *([button(words._("Take the new version…"), "form", f"play-renew {play.play_id}")] if newer else []),
    ]


def _matter(tx: Transaction, ask: Ask) -> Matter:
    """Raises Refused where there is no such play, or it is over, or out of sight."""
    play = plays.get(tx, ask.text.strip(), ask.scope)
    account = accounts.get(tx, play.account, ask.scope) if play else None
    if play is None or account is None or play.status not in LIVE:
        said = ask.words._("This play does not run any more.")
        raise refusal(said)
    book = playbooks.of_versions(tx, [play.version])[play.version]
    mine = tuple(tasks.of_plays(tx, [play.play_id], ask.scope).get(play.play_id, ()))
    state = of_range(tx, ask.policy, ask.scope, ask.today, first=account.number, last=account.number)
    return Matter(account, play, book, mine, bool(state) and state[0].weekly[0].get("colour") in GONE)


def _loaded(ask: Ask) -> Matter:
    with ask.database.transaction() as tx:
        return _matter(tx, ask)


def _heading(words: Words, found: Matter) -> Block:
    return section(f"*{named(found.account.name)}* · {named(found.book.title.of(words.language))}")


def _modal(words: Words, verb: str, title: str, submit: str, blocks: Iterable[Block]) -> Block:
    return modal(f"play-{verb}", title, submit, words._("Cancel"), list(blocks))


def view_stop(ask: Ask) -> Block:
    found, words = _loaded(ask), ask.words
    results = [(code, words._(said)) for code, said in RESULTS.items()]
    still = sum(task.status == "open" for task in found.tasks)
    hint = words._("What was it: product, fit, habit, sponsor, price? What should the next one know?")
    interview = field(
        words._("Closing interview"), "interview_on", day(ask.today + INTERVIEW_AFTER),
        hint=words._("They are leaving: ask them why, in their words. It becomes a task."), optional=True,
    )  # fmt: skip
    blocks = [
        _heading(words, found),
        context(words.ngettext("{n} open task is skipped", "{n} open tasks are skipped", still)),
        field(words._("Result"), "result", choice(results, kind="radio_buttons")),
        field(words._("What came of it"), "note", lines(NOTE), hint=hint),
        *([interview] if found.leaving else []),
    ]
    return _modal(words, "stop", words._("Stop the play"), words._("Stop"), blocks)


@dataclass(frozen=True)
class Ending:
    result: Result
    note: str
    interview_on: date | None


def read_stop(words: Words, today: date, entered: Mapping[str, Any]) -> Ending:
    note = (entered.get("note") or "").strip()
    if not note:
        raise Invalid({"note": words._("A play ends with a written result.")})
    interview_on = day_of(entered.get("interview_on"))
    if interview_on and interview_on < today:
        raise Invalid({"interview_on": words._("This day has passed.")})
    return Ending(cast("Result", entered["result"]), note, interview_on)


def save_stop(ask: Ask, entered: Ending) -> Reply:
    with ask.database.changing() as tx:
        found = _matter(tx, ask)
        play, moved = close(
            found.play, found.tasks, "stopped", result=entered.result, note=entered.note, today=ask.today
        )
        made = plays.write(tx, play, moved, added=_interview(ask, found, entered), **by_form(ask))
    said = ask.words._("“{title}” ended on {name}: {result}.", title=found.book.title.of(ask.words.language),
                       name=named(found.account.name), result=ask.words._(RESULTS[entered.result]))  # fmt: skip
    return _done(ask, found, f"■ {said}", made)


def _interview(ask: Ask, found: Matter, entered: Ending) -> list[Task]:
    if entered.interview_on is None:
        return []
    title = ask.words._("Closing interview: why they leave, in their words")
    return [
        Task(
            task_id=f"{found.play.play_id}-interview",
            account=found.account.number,
            side="front",
            due_on=Workdays(found.account.country).next(entered.interview_on),
            title=title,
            owner=found.play.owner,
            channel="call",
            hours=0.5,
        )
    ]


def view_pause(ask: Ask) -> Block:
    found, words = _loaded(ask), ask.words
    said = words._("Its open dates shift by as long as it waits; those counted from the decision date stay.")
    return _modal(words, "pause", words._("Pause the play"), words._("Pause"), [_heading(words, found), section(said)])


def save_pause(ask: Ask, _entered: None) -> Reply:
    with ask.database.changing() as tx:
        found = _matter(tx, ask)
        made = plays.write(tx, pause(found.play, ask.today), **by_form(ask))
    said = ask.words._("“{title}” waits on {name}.", title=found.book.title.of(ask.words.language),
                       name=named(found.account.name))  # fmt: skip
    return _done(ask, found, f"⏸ {said}", made)


def view_resume(ask: Ask) -> Block:
    found, words = _loaded(ask), ask.words
    rows = moved_lines(ask, _resumed(ask, found)[1], found.book)
    return _modal(words, "resume", words._("Go on with the play"), words._("Go on"),
                  [_heading(words, found), *([section(*rows)] if rows else [])])  # fmt: skip


def _resumed(ask: Ask, found: Matter) -> tuple[Play, tuple[Moved, ...]]:
    return resume(found.play, found.tasks, found.book, Workdays(found.account.country), ask.today)


def save_resume(ask: Ask, _entered: None) -> Reply:
    with ask.database.changing() as tx:
        found = _matter(tx, ask)
        play, moved = _resumed(ask, found)
        made = plays.write(tx, play, moved, **by_form(ask))
    said = ask.words._("“{title}” goes on for {name}.", title=found.book.title.of(ask.words.language),
                       name=named(found.account.name))  # fmt: skip
    return _done(ask, found, f"▶ {said}", made)


def view_hand(ask: Ask) -> Block:
    found, words = _loaded(ask), ask.words
    with ask.database.transaction() as tx:
        ours = [person for person in people.every(tx) if may(person.role, "write")]
    options = [(person.email, named(person.name, 70)) for person in ours if len(person.email) <= 150][:PEOPLE]
    said = words._("With it go the open tasks of its owner, and those that nobody owns.")
    blocks = [_heading(words, found), section(said), field(words._("To whom"), "owner", choice(options))]
    return _modal(words, "hand", words._("Hand the play over"), words._("Hand over"), blocks)


def save_hand(ask: Ask, owner: str) -> Reply:
    with ask.database.changing() as tx:
        found = _matter(tx, ask)
        person = people.by_email(tx, owner)
        play, moved = hand_over(found.play, found.tasks, owner=owner)
        made = plays.write(tx, play, moved, **by_form(ask))
    said = ask.words._("“{title}” on {name} is {person}'s now.", title=found.book.title.of(ask.words.language),
                       name=named(found.account.name), person=named(person.name if person else owner, 60))  # fmt: skip
    return _done(ask, found, f"➜ {said}", made)


def view_renew(ask: Ask) -> Block:
    found, words = _loaded(ask), ask.words
    said = words._("What is done stays; what is open is planned anew by the playbook as it is today.")
    return _modal(words, "renew", words._("Take the new version"), words._("Take it"),
                  [_heading(words, found), section(said)])  # fmt: skip


def save_renew(ask: Ask, _entered: None) -> Reply:
    with ask.database.changing() as tx:
        found = _matter(tx, ask)
        book = ask.desk.playbooks.playbooks.get(found.play.playbook)
        if book is None:
            said = ask.words._("There is no file of this playbook any more.")
            raise refusal(said)
        number = found.account.number
        cast_ = tasks.casts(tx, [number], ask.scope)[number]
        known = of_range(tx, ask.policy, ask.scope, ask.today, first=number, last=number)[0].weekly[0]
        version = playbooks.version(tx, book, day=ask.today)
        new = renew(found.play, found.tasks, book, version, cast_, known, ask.today)
        made = plays.write(tx, new.play, new.moved, added=new.added, removed=new.removed, playbook=book, **by_form(ask))
    counts = {"came": len(new.added), "went": len(new.removed), "moved": len(new.moved)}
    said = ask.words._("The new version runs: {came} tasks came, {went} went, {moved} changed.", **counts)
    return _done(ask, found, f"↻ {said}", made)


def _done(ask: Ask, found: Matter, said: str, made: int | None) -> Reply:
    see = button(ask.words._("See the two stages"), "ask", f"stage {found.account.account_id}")
    return Reply(said, (section(said), actions(see, undo_button(ask.words, made))))


def _owner(_words: Words, _today: date, entered: Mapping[str, Any]) -> str:
    return str(entered["owner"])


FORMS: Mapping[str, Form] = {
    "stop": Form(view_stop, read_stop, save_stop),
    "pause": Form(view_pause, nothing, save_pause),
    "resume": Form(view_resume, nothing, save_resume),
    "hand": Form(view_hand, _owner, save_hand),
    "renew": Form(view_renew, nothing, save_renew),
}


def again(ask: Ask) -> Reply:
    """Typed instead of clicked: the way that shows which plays there are."""
    said = ask.words._("Steer a play by `/playbook stop NAME ACCOUNT`, or by the buttons where it is shown.")
    return Reply(said, (section(said),), answered=False, offered=("playbook list",))

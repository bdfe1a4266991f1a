"""A message ready to be sent, or what to say in a call: edited and copied here, sent by a person, logged at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.playbooks.plays import Task
from handlers.accounts import mail
from handlers.ask import Ask, Form, Reply, refusal
from handlers.blocks import (
    Block,
    actions,
    button,
    choice,
    clipped,
    code,
    context,
    field,
    lines,
    modal,
    named,
    section,
)
from handlers.gestures import as_one, by_form
from handlers.playbooks.message_text import Kind, Text, mends, texts, too_soon
from handlers.tasks.task_matter import NAMED, TaskMatter, absences, called, lacking, open_matter
from handlers.undo import undo_button
from storage import changes
from storage.database import Transaction
from storage.facts import touches
from storage.facts.touches import Touch
from storage.playbooks import tasks
from storage.playbooks.workload import WRITTEN
from words import Words

NOTE = 1000
ANYWAY = "anyway"


@dataclass(frozen=True)
class Sent:
    """text: what was sent, or what came of the call; open: it only invites, the task itself is still to come."""

    subject: str
    text: str
    open: bool = False


def view_message(ask: Ask) -> Block:
    """Refused, with what to do, where a field is not known; opened all the same where that was asked."""
    said, warned = _loaded(ask, "message")
    words, found = ask.words, said.found
    invites = found.task.channel not in WRITTEN or found.task.side == "customer"
    ends = [("done", words._("the task is done")), ("open", words._("it only invites: the task stays open"))]
    blocks = [
        _to(words, said),
        *warned,
        *mail.fields(words, said.subject, said.text),
        field(words._("Once it is sent"), "ends",
              choice(ends, kind="radio_buttons", chosen="open" if invites else "done")),
    ]  # fmt: skip
    return mail.form(words, "task-message", blocks)


def view_script(ask: Ask) -> Block:
    said, warned = _loaded(ask, "script")
    words = ask.words
    blocks = [
        _to(words, said),
        *warned,
        section(code(clipped(said.text, mail.TEXT - 100).splitlines())),
        field(words._("What came of it"), "text", lines(NOTE), optional=True,
              hint=words._("For ourselves: the customer never sees it.")),
    ]  # fmt: skip
    return modal("task-script", words._("What to say"), words._("Done, log it"), words._("Cancel"), blocks)


def _loaded(ask: Ask, kind: Kind) -> tuple[Text, list[Block]]:
    task_id, _, more = ask.text.strip().partition(" ")
    with ask.database.transaction() as tx:
        found = open_matter(tx, ask, task_id)
        activity = found.activity
        if activity is None or (activity.message if kind == "message" else activity.script) is None:
            raise refusal(ask.words._("The playbook has no words for this task."))
        said = texts(tx, ask, [found], kind)[0]
        warned = [context(*lines_) for lines_ in [list(_warnings(tx, ask, found))] if lines_]
    if said.lacking and more != ANYWAY:
        raise _gaps(ask, said, kind)
    return said, [*warned, *([context(_gap(ask.words, said))] if said.lacking else [])]


def _gaps(ask: Ask, said: Text, kind: Kind) -> Exception:
    words = ask.words
    text = words._("Something is missing for “{task}”:", task=said.found.title(words))
    open_it = button(words._("Open it with gaps…"), "form", f"task-{kind} {said.found.task.task_id} {ANYWAY}")
    rows = "\n".join([text, *(f"• {row}" for row in mends(words, said.lacking))])
    return refusal(rows, open_it)


def _gap(words: Words, said: Text) -> str:
    return words._("⚠ Fill the gaps (…): {fields}", fields=", ".join(said.lacking))


def _to(words: Words, said: Text) -> Block:
    nobody = words._("⚠ nobody: the account has no contact with that role")
    whom = mail.addressed(words, said.contact) if said.contact else nobody
    return section(f"*{said.found.title(words)}*", f"{named(said.found.account.name)} · {whom}")


def _warnings(tx: Transaction, ask: Ask, found: TaskMatter) -> Iterator[str]:
    """The stage is not set, or the contact hears too much of us."""
    words, absent = ask.words, absences(tx)
    ours, state = absent.names, found.readiness(ask.today, absent)
    if state.missing:
        what = "; ".join(lacking(ask, state.missing[:NAMED], found.book, ours))
        yield words._("⚠ Needs still open: {what}", what=what)
    near = too_soon(tx, ask, found)
    if near:
        yield words._("⚠ Another play speaks to the same person: {name} on {day}. Free again from {until}.",
                      name=called(ours, near.by.owner), day=words.weekday(near.by.done_on or near.by.due_on),
                      until=words.weekday(near.until))  # fmt: skip


def read_message(words: Words, _today: date, entered: Mapping[str, Any]) -> Sent:
    return Sent(*mail.read(words, entered), open=entered["ends"] == "open")


def read_script(_words: Words, _today: date, entered: Mapping[str, Any]) -> Sent:
    return Sent("", (entered.get("text") or "").strip())


def save_message(ask: Ask, sent: Sent) -> Reply:
    return _save(ask, sent, channel="email", direction="out")


def save_script(ask: Ask, sent: Sent) -> Reply:
    return _save(ask, sent, channel=None, direction="both")


def _save(ask: Ask, sent: Sent, *, channel: str | None, direction: str) -> Reply:
    """The task and the touch in one gesture."""
    words = ask.words
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        found = open_matter(tx, ask, ask.text.partition(" ")[0])
        if channel is None and found.task.channel:
            channel = found.task.channel
        subject = sent.subject or found.title(words)
        touch = touch_of(ask, found.task, ask.token, subject, sent.text, channel or "call", direction)
        by = as_one(ask)
        made = touches.add(tx, found.account.number, touch, today=by.pop("on"), **by)
        if not sent.open:
            done = tasks.finish(tx, found.task, "done", playbook=found.book, **by_form(ask))
            made = max((change for change in (made, done) if change is not None), default=None)
    values = {"task": found.title(words), "name": named(found.account.name)}
    said = words._("Logged as sent: {task} · {name}", **values) if direction == "out" else words._(
        "Done and logged: {task} · {name}", **values
    )  # fmt: skip
    stays = [words._("The task stays open until {day}.", day=words.weekday(found.task.due_on))] if sent.open else []
    see = button(words._("My tasks"), "ask", "tasks")
    stage = button(words._("See the two stages"), "ask", f"stage {found.account.account_id}")
    return Reply(said, (section(f"✓ {said}", *stays), actions(see, stage, undo_button(words, made))))


def touch_of(ask: Ask, task: Task, token: str, subject: str, note: str, channel: str, direction: str) -> Touch:
    return Touch(
        touch_id=token,
        at=ask.now,
        channel=channel,
        direction=direction,
        csm=ask.caller.email,
        contacts=(task.contact_id,) if task.contact_id else (),
        subject=subject,
        side="front",
        note=note or None,
    )


MESSAGE = Form(view_message, read_message, save_message)
SCRIPT = Form(view_script, read_script, save_script)

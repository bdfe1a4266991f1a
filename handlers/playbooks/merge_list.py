"""/tasks merge: one message to many small accounts, as a file of recipients and texts; then logged as sent to all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from domain.playbooks.moving import moot
from domain.playbooks.playbooks import Activity, Playbook
from domain.playbooks.plays import Moved
from handlers.arguments import selection
from handlers.ask import Ask, File, Form, Refused, Reply, refusal
from handlers.blocks import Block, actions, button, context, modal, named, section
from handlers.entries import nothing
from handlers.gestures import as_one
from handlers.playbooks.message_text import Text, texts
from handlers.playbooks.play_message import touch_of
from handlers.tasks.task_matter import TaskMatter, absences, beside, books_of, lacking
from handlers.tasks.task_room import this_week_ends
from handlers.undo import undo_button
from storage import accounts, changes, exports
from storage.database import Transaction
from storage.facts import touches
from storage.facts.touches import Touch
from storage.playbooks import plays, tasks
from storage.playbooks.workload import WRITTEN
from words import Words

MOST, READ, NAMED = 200, 2000, 5
MARKS = 8


@dataclass(frozen=True)
class Mailing:
    """One activity on many accounts; left: not in it; more: others wait for the next list; mark: names these tasks."""

    book: Playbook
    activity: Activity
    texts: tuple[Text, ...]
    left: tuple[Text, ...]
    doubts: Mapping[str, str]
    more: bool = False

    @property
    def mark(self) -> str:
        return sha256("\n".join(sorted(t.found.task.task_id for t in self.texts)).encode()).hexdigest()[:MARKS]


def answer(ask: Ask, typed: str) -> Reply:
    words = ask.words
    found, asked = _asked(ask, typed)
    if not found.texts:
        said = words._("Nobody can be written to:")
        raise Refused(Reply(said, (section(said), *_left(words, found)), answered=False))
    title = found.activity.title.of(words.language)
    said = words.ngettext("{n} recipient of “{task}”", "{n} recipients of “{task}”", len(found.texts), task=title)
    file = File(f"{_plain(title)} · {ask.today.isoformat()}.csv", "text/csv", lambda: _handed(ask, found))
    people = [f"• {named(t.found.account.name, 50)}: {named(t.contact.name if t.contact else '', 50)}"
              for t in found.texts[:NAMED]]  # fmt: skip
    all_sent = button(words._("Sent to all…"), "form", f"task-merged {asked} {found.mark}", style="primary")
    blocks = [
        section(f"*{said}*", *people, *words.and_more(len(found.texts) - NAMED)),
        *_left(words, found),
        context(words._("The list is on its way to your direct messages. I send nothing: your mail does.")),
        actions(all_sent, button(words._("My tasks"), "ask", "tasks")),
    ]
    return Reply(said, tuple(blocks), files=(file,), pending=True)


def _handed(ask: Ask, found: Mailing) -> bytes:
    """Names and addresses of many accounts leave: recorded as every export is."""
    accounts_named = [text.found.account.account_id for text in found.texts]
    content = {"playbook": found.book.name, "activity": found.activity.id, "accounts": accounts_named}
    with ask.database.changing() as tx:
        exports.record(
            tx, account=None, kind="merge", who=ask.caller.email or "operator", made_at=ask.now, customer_safe=False,
            content=content,
        )  # fmt: skip
    return _csv(ask, found)


def _left(words: Words, found: Mailing) -> list[Block]:
    """Who is not on the list, and whose stage is not set."""
    lines = [f"• {named(t.found.account.name, 50)}: {_why(words, t)}" for t in found.left[:NAMED]]
    if lines:
        lines.insert(0, words.ngettext("{n} is left out:", "{n} are left out:", len(found.left)))
    if found.doubts:
        lines.append(words.ngettext("⚠ {n} needs something first; the list says what.",
                                    "⚠ {n} need something first; the list says what.", len(found.doubts)))  # fmt: skip
    if found.more:
        lines.append(words._("These are the first; log them, then ask for the next."))
    return [context("\n".join(lines))] if lines else []


def _why(words: Words, text: Text) -> str:
    if text.contact is None:
        return words._("no contact with that role")
    if not text.contact.email:
        return words._("no e-mail address")
    return words._("not known: {fields}", fields=", ".join(text.lacking))


def _asked(ask: Ask, typed: str) -> tuple[Mailing, str]:
    name, activity_id, *rest = typed.split() if len(typed.split()) > 1 else (typed, "")
    book = ask.desk.playbooks.playbooks.get(name)
    activity = book.activities.get(activity_id.upper()) if book else None
    if book is None or activity is None or activity.message is None:
        text = ask.words._("Name a playbook and one of its messages: `/tasks merge low-adoption F3`.")
        raise refusal(text, offered=("playbook list",))
    scope = " ".join(word for word in rest if word not in {"week", "semana"})
    with ask.database.transaction() as tx:
        found = _mailing(tx, ask, book, activity, scope)
    if not found.texts and not found.left:
        raise refusal(ask.words._("No open task of that kind is due this week."))
    return found, " ".join([book.name, activity.id, *scope.split()])


def _mailing(tx: Transaction, ask: Ask, book: Playbook, activity: Activity, typed: str) -> Mailing:
    """Of the caller's tasks, or those of a scope's accounts, due by the end of the week."""
    chosen = selection(ask.about(typed), periods=False)
    mine = chosen.filters[0].kind == "own"
    scope, owners = (ask.scope, (ask.caller.email,)) if mine else (chosen.scope, None)
    due = tasks.due(tx, scope, until=this_week_ends(ask), owners=owners, sides=["front"], limit=READ)
    wanted = [
        each.task
        for each in due
        if each.task.activity == activity.id and each.task.channel in WRITTEN
        and (owners is None or each.task.owner == ask.caller.email.lower())
    ]  # fmt: skip
    numbers = sorted({task.account for task in wanted})
    running = {play.play_id: play for those in plays.of_accounts(tx, numbers, scope).values() for play in those}
    of_book = [t for t in wanted if t.play_id in running and running[t.play_id].playbook == book.name][:MOST]
    books = books_of(tx, [running[task.play_id or ""] for task in of_book])
    webs = beside(tx, sorted({task.play_id or "" for task in of_book}), scope)
    known = accounts.some(tx, sorted({task.account for task in of_book}), scope)
    found = [
        TaskMatter(task, known[task.account], webs[task.play_id or ""], running[task.play_id or ""],
                   books[task.play_id or ""])
        for task in of_book
    ]  # fmt: skip
    said = texts(tx, ask, [each for each in found if each.activity and each.activity.message], "message")
    able = tuple(text for text in said if text.contact and text.contact.email and not text.lacking)
    left = tuple(text for text in said if text not in able)
    more = len(due) == READ or len(of_book) == MOST
    return Mailing(book, activity, able, left, _doubts(tx, ask, able), more)


def _doubts(tx: Transaction, ask: Ask, able: Sequence[Text]) -> dict[str, str]:
    """By task: what is still open that it needs."""
    absent = absences(tx)
    ours = absent.names
    states = {text.found.task.task_id: (text, text.found.readiness(ask.today, absent)) for text in able}
    return {
        name: "; ".join(lacking(ask, state.missing, text.found.book, ours))
        for name, (text, state) in states.items()
        if state.missing
    }


def _csv(ask: Ask, found: Mailing) -> bytes:
    from reports.merge_list import merge_csv  # noqa: PLC0415  it loads what writes workbooks

    words = ask.words
    header = [words._("account"), words._("name"), words._("e-mail"), words._("subject"), words._("text"),
              words._("still missing")]  # fmt: skip
    return merge_csv(header, [
        [t.found.account.name, t.contact.name if t.contact else "", (t.contact.email if t.contact else "") or "",
         t.subject, t.text, found.doubts.get(t.found.task.task_id, "")]
        for t in found.texts
    ])  # fmt: skip


def _plain(title: str) -> str:
    return " ".join("".join(c if c.isalnum() or c in " -_." else " " for c in title).split())[:80]


def view(ask: Ask) -> Block:
    words = ask.words
    found = _marked(ask)
    said = words.ngettext(
        "{n} message was sent, by you and not by me.",
        "{n} messages were sent, by you and not by me.",
        len(found.texts),
    )
    then = words._("Each becomes a done task and a touch of its contact. One click takes all of it back.")
    blocks = [section(f"*{named(found.book.title.of(words.language))}*", said, then)]
    return modal("task-merged", words._("Sent to all"), words._("Log them all"), words._("Cancel"), blocks)


def _marked(ask: Ask) -> Mailing:
    """Only of the list that was looked at."""
    asked, _, mark = ask.text.strip().rpartition(" ")
    found, _ = _asked(ask, asked)
    if found.mark != mark:
        raise refusal(
            ask.words._("The list has changed since. Look at it anew, then log it."),
            button(ask.words._("Look again"), "ask", f"tasks merge {asked}"),
        )
    return found


def save(ask: Ask, _entered: None) -> Reply:
    words = ask.words
    found = _marked(ask)
    by = as_one(ask)
    moved = [move for text in found.texts for move in _done(ask, text.found)]
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        try:
            made = plays.write_tasks(tx, moved, by)
        except changes.Overtaken:
            raise refusal(words._("The list has changed since. Look at it anew, then log it.")) from None
        made += touches.add_all(tx, [(text.found.account.number, _touch(ask, text)) for text in found.texts], **by)
    said = words.ngettext("{n} message logged as sent", "{n} messages logged as sent", len(found.texts))
    change = max((each for each in made if each is not None), default=None)
    return Reply(said, (section(f"✓ {said}"), actions(button(words._("My tasks"), "ask", "tasks"),
                                                      undo_button(words, change))))  # fmt: skip


def _done(ask: Ask, found: TaskMatter) -> list[Moved]:
    """The task, and what was only to be done while it was open."""
    said = replace(found.task, status="done", done_on=ask.today, done_by=ask.caller.email)
    after = [said if each.task_id == said.task_id else each for each in found.tasks]
    needless = moot(after, found.book) if found.book else ()
    return [Moved(found.task, said), *(Moved(t, replace(t, status="skipped", done_on=ask.today)) for t in needless)]


def _touch(ask: Ask, text: Text) -> Touch:
    task = text.found.task
    return touch_of(ask, task, f"{ask.token}-{task.task_id}", text.subject, text.text, "email", "out")


FORM = Form(view, nothing, save)


def again(ask: Ask) -> Reply:
    """Typed instead of clicked: the list that is looked at first."""
    return answer(ask, ask.text)

"""One task with all that is decided of it: its account, its play, and the playbook that names it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.accounts import Account, Person
from domain.playbooks.playbooks import Activity, Playbook
from domain.playbooks.plays import Moved, Play, Task, Web, web
from domain.playbooks.readiness import Missing, Readiness, of_web
from domain.playbooks.workdays import Workdays
from handlers.ask import Ask, refusal
from handlers.blocks import bullets, named
from handlers.tasks.task_naming import task_title
from storage import accounts, people
from storage.database import Transaction
from storage.playbooks import playbooks, plays, tasks
from storage.scope import Scope
from words import N_, Words

SIDES: Mapping[str, str] = {"front": N_("front stage"), "back": N_("back stage"), "customer": N_("theirs")}
SIGNS: Mapping[str, str] = {"ready": "✅", "in_doubt": "🔸", "not_ready": "🔴"}
STATES: Mapping[str, str] = {"ready": N_("ready"), "in_doubt": N_("in doubt"), "not_ready": N_("not ready")}
NAMED, MOVED = 3, 8
NEAR = 10


@dataclass(frozen=True)
class TaskMatter:
    """`tasks`: all of the play, or the task alone; the playbook is in the version of the play."""

    task: Task
    account: Account
    tasks: tuple[Task, ...]
    play: Play | None = None
    book: Playbook | None = None

    @property
    def activity(self) -> Activity | None:
        return self.book.activities.get(self.task.activity or "") if self.book else None

    @property
    def workdays(self) -> Workdays:
        return Workdays(self.account.country)

    def title(self, words: Words) -> str:
        return task_title(words, self.task, self.book)

    def readiness(self, today: date, absent: "Absences") -> Readiness:
        return readiness_of(self.tasks, self.book, [self.task], absent, today)[self.task.task_id]


def matter(tx: Transaction, ask: Ask, task_id: str) -> TaskMatter:
    """Raises Refused where there is no such task, or its account is out of sight."""
    task = tasks.get(tx, task_id, ask.scope)
    account = accounts.get(tx, task.account, ask.scope) if task else None
    if task is None or account is None:
        raise refusal(ask.words._("There is no such task any more."))
    play = plays.get(tx, task.play_id, ask.scope) if task.play_id else None
    if play is None:
        return TaskMatter(task, account, (task,))
    book = playbooks.of_versions(tx, [play.version])[play.version]
    beside = tasks.of_plays(tx, [play.play_id], ask.scope)[play.play_id]
    return TaskMatter(task, account, tuple(beside), play, book)


def open_matter(tx: Transaction, ask: Ask, task_id: str) -> TaskMatter:
    """Raises Refused also where somebody has seen to it already, and says who and when."""
    found = matter(tx, ask, task_id)
    if found.task.status != "open":
        raise refusal(seen_to(tx, ask.words, found))
    return found


def seen_to(tx: Transaction, words: Words, found: TaskMatter) -> str:
    task = found.task
    who = called(names(tx), task.done_by)
    values = {"task": found.title(words), "who": who, "day": words.short_day(task.done_on) if task.done_on else ""}
    if task.status == "done" and who:
        return words._("“{task}” is done already: {who}, {day}.", **values)
    if who:
        return words._("“{task}” was left out already: {who}, {day}.", **values)
    return words._("“{task}” is not open any more.", **values)


def names(tx: Transaction) -> dict[str, str]:
    """Of everybody of ours, by e-mail."""
    return absences(tx).names


def called(of_ours: Mapping[str, str], email: str | None) -> str:
    """A person by name; by the e-mail where nobody has it."""
    return named(of_ours.get(email.lower(), email), 60) if email else ""


def first_name(of_ours: Mapping[str, str], email: str | None) -> str:
    said = called(of_ours, email)
    return said if "@" in said else said.partition(" ")[0]


def lacking(ask: Ask, missing: Sequence[Missing], book: Playbook | None, of_ours: Mapping[str, str]) -> list[str]:
    """What is missing, whose it is, and by when; the gravest first."""
    return [_lack(ask, each, book, of_ours) for each in missing]


def _lack(ask: Ask, missing: Missing, book: Playbook | None, of_ours: Mapping[str, str]) -> str:
    words = ask.words
    title = task_title(words, missing.task, book)
    if missing.lack == "no_contingency":
        return words._("{task} can fail in public and has no plan B", task=title)
    if missing.lack == "no_owner":
        return words._("nobody has “{task}”", task=title)
    who = first_name(of_ours, missing.owner) or words._("nobody yet")
    if missing.lack == "owner_away":
        return words._("{who}, who has “{task}”, is away", who=who, task=title)
    if missing.lack == "need_skipped":
        return words._("{task} was left out", task=title)
    return " · ".join([title, who, words._("by {day}", day=said_day(ask, missing.task.due_on))])


def said_day(ask: Ask, day: date) -> str:
    """The day of the week while it is near enough to be told by it."""
    return ask.words.weekday(day) if abs((day - ask.today).days) <= NEAR else ask.words.short_day(day)


def moved_lines(ask: Ask, moved: Iterable[Moved], book: Playbook | None) -> list[str]:
    """Of each task that goes to another day: from which to which."""
    rows = [move for move in moved if move.before.due_on != move.after.due_on]
    return bullets(ask.words, [said_move(ask, move, task_title(ask.words, move.after, book)) for move in rows], MOVED)


def said_move(ask: Ask, move: Moved, title: str) -> str:
    before, after = (said_day(ask, task.due_on) for task in (move.before, move.after))
    return ask.words._("{task}: {before} → {after}", task=title, before=before, after=after)


@dataclass(frozen=True)
class Absences:
    """Who of ours there is, by e-mail."""

    ours: Mapping[str, Person]

    @property
    def names(self) -> dict[str, str]:
        """By e-mail."""
        return {email: person.name for email, person in self.ours.items()}

    def of(self, those: Iterable[Task], today: date) -> frozenset[str]:
        """Owners of open tasks who are no longer of ours, or away on the day of one of them."""
        named_ = ((task.owner, max(task.due_on, today)) for task in those if task.owner and task.status == "open")
        return frozenset(email for email, day in named_ if email not in self.ours or self.ours[email].away(day))


def readiness_of(
    beside: Sequence[Task], book: Playbook | None, asked: Iterable[Task], absent: Absences, today: date
) -> dict[str, Readiness]:
    """Of some tasks of one play, its web drawn once; who is away counts on the days of what each needs."""
    known = web(beside, book) if book else Web((), {})
    return {
        task.task_id: of_web(task, known, book, today=today, away=absent.of((task, *known.all_needs(task)), today))
        for task in asked
    }


def absences(tx: Transaction) -> Absences:
    return Absences(people.directory(tx))


def books_of(tx: Transaction, running: Iterable[Play]) -> dict[str, Playbook]:
    """By play_id."""
    known = list(running)
    versions = playbooks.of_versions(tx, {play.version for play in known})
    return {play.play_id: versions[play.version] for play in known}


def beside(tx: Transaction, ids: Collection[str], scope: Scope) -> dict[str, tuple[Task, ...]]:
    return {name: tuple(those) for name, those in tasks.of_plays(tx, ids, scope).items()}

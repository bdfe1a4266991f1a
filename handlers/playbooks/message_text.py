"""What is said to a customer in a task: the playbook's message or script, filled in, in the customer's language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.accounts import Contact
from domain.playbooks.crowding import Crowded, crowded, places
from domain.playbooks.goals import Goal
from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays
from domain.scopes import Filter
from handlers.accounts.situations import Situated, of_range
from handlers.ask import Ask
from handlers.playbooks import merging
from handlers.tasks.task_matter import TaskMatter, names
from storage.database import Transaction
from storage.playbooks import goals, plays, tasks
from words import LANGUAGES, N_, Words
from words.templates import missing, render

Kind = Literal["message", "script"]
GAP = "…"
MENDS: Mapping[str, str] = {
    "contact": N_("give the account a contact with that role"),
    "subject": N_("the play is about nobody: start it for a contact"),
    "champion": N_("name a champion among the contacts"),
    "sponsor": N_("name a sponsor or a decision maker among the contacts"),
    "me": N_("give the task an owner"),
    "csm": N_("give the account a CSM"),
    "goal": N_("the play has no goal, or its value is not known"),
    "outcome": N_("write the required outcome: /outcomes"),
    "licences": N_("usage and contracts have not come"),
    "features": N_("usage and features have not come"),
    "use": N_("usage has not come, or it did not fall"),
    "renewal": N_("there is no end of contract ahead, or no call on it"),
    "growth": N_("no growth possible is known for the account"),
    "ticket": N_("no serious ticket is open: say it otherwise"),
    "answer": N_("no survey answer is known"),
    "departure": N_("no reason of leaving is known"),
    "event": N_("the play has no day of the event: move it there"),
    "similar": N_("too few similar accounts to say"),
}
OTHERWISE = N_("not known: write it yourself")


@dataclass(frozen=True)
class Text:
    """`lacking`: fields that are not known; in their place stands a gap."""

    found: TaskMatter
    contact: Contact | None
    words: Words
    subject: str
    text: str
    lacking: tuple[str, ...]


def texts(tx: Transaction, ask: Ask, of_tasks: Collection[TaskMatter], kind: Kind) -> list[Text]:
    """Of tasks whose activity has one; as many queries as for one."""
    numbers = sorted({found.account.number for found in of_tasks})
    if not numbers:
        return []
    only = ask.scope.narrowed(Filter("numbers", " ".join(map(str, numbers))))
    page = of_range(tx, ask.policy, only, ask.today, first=numbers[0], last=numbers[-1])
    seen = {each.facts.account.number: each for each in page}
    theirs = goals.of_accounts(tx, numbers, ask.seen, ask.scope)
    known, ours = {goal.goal_id: goal for mine in theirs.values() for goal in mine}, names(tx)
    return [_text(ask, found, seen[found.account.number], known, ours, kind) for found in of_tasks]


def _text(
    ask: Ask, found: TaskMatter, seen: Situated, known: Mapping[str, Goal], ours: Mapping[str, str], kind: Kind
) -> Text:
    words, play = customers_words(ask, found), found.play
    goal = known.get(play.goal_id or "") if play else None
    told = merging.Matter(seen.facts, seen.seen.case, play, goal, found.task, names=ours)
    fields = merging.fields(words, told)
    subject, text = _said(found, words.language, kind)
    lacking = tuple(dict.fromkeys((*missing(subject, fields), *missing(text, fields))))
    fields |= dict.fromkeys(lacking, GAP)
    contact = next((c for c in seen.facts.contacts if c.contact_id == found.task.contact_id), None)
    return Text(found, contact, words, render(subject, fields), render(text, fields), lacking)


def customers_words(ask: Ask, found: TaskMatter) -> Words:
    """The account's language, else the organisation's."""
    language = (found.account.language or "").partition("-")[0].lower()
    return Words(language if language in LANGUAGES else ask.policy.language, found.account.country)


def _said(found: TaskMatter, language: str, kind: Kind) -> tuple[str, str]:
    activity = found.activity
    if activity and kind == "message" and activity.message:
        return activity.message.subject.of(language), activity.message.paragraphs(language)
    if activity and kind == "script" and activity.script:
        return "", activity.script.of(language)
    return "", ""


def mends(words: Words, lacking: Collection[str]) -> list[str]:
    """The missing fields, those of one kind together, and what can be done about them."""
    groups: dict[str, list[str]] = {}
    for name in lacking:
        groups.setdefault(name.partition(".")[0], []).append(name)
    return [f"{', '.join(those)}: {words._(MENDS.get(group, OTHERWISE))}" for group, those in groups.items()]


def too_soon(tx: Transaction, ask: Ask, found: TaskMatter) -> Crowded | None:
    """Another play's message to the same contact is too near."""
    number = found.account.number
    every: list[Task] = tasks.of_account(tx, number, ask.scope)
    called = {play.play_id: play.playbook for play in plays.of_account(tx, number, ask.scope)}
    policy = ask.policy.playbooks
    near = crowded(every, places(called, policy), policy, Workdays(found.account.country))
    return next((each for each in near if each.task.task_id == found.task.task_id), None)

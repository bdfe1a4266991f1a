"""A question and its answer: what every capability takes and gives, whoever asks and wherever."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from domain.accounts import Person
from domain.policies.policy import Policy
from handlers.blocks import Block, actions, section
from handlers.figures import Figures
from handlers.shelf import Shelf
from storage.database import Database
from storage.facts.asof import AsOf
from storage.scope import Scope
from words import Words

if TYPE_CHECKING:
    from handlers.assistant.assistant import Assistant

PAGED = "page:"
SEEN, OBSTACLE = "seen", "obstacle"


@dataclass(frozen=True)
class Desk:
    """What every question needs, built once by bot.py; `clock` is the business clock and may be moved.

    sources: the addresses of SQL sources, passwords and all, by the variable that holds them.
    assistant: a language model, where one is set up.
    """

    database: Database
    policy: Policy
    clock: Callable[[], datetime]
    exports: Executor
    capabilities: Mapping[str, "Capability"]
    prefix: str = "cs"
    names: Mapping[str, str] = field(default_factory=dict)
    playbooks: Shelf = field(default_factory=Shelf)
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    figures: Figures = field(default_factory=Figures)
    assistant: "Assistant | None" = None

    @property
    def today(self) -> date:
        return self.clock().astimezone(ZoneInfo(self.policy.time_zone)).date()


@dataclass(frozen=True)
class Ask:
    """One question of one person, on one day: `text` is what follows the capability's word, as typed.

    `token` is the same for a form that is submitted twice; `given` fills fields of a form, by their names.
    """

    desk: Desk
    caller: Person
    words: Words
    text: str = ""
    capability: str = ""
    token: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    def about(self, text: str) -> "Ask":
        """The same question about something else."""
        return replace(self, text=text)

    def paged(self) -> tuple["Ask", int]:
        """The question without its page (`page:2`), and that page counted from 0."""
        *rest, last = self.text.split() or [""]
        number = last.removeprefix(PAGED)
        if last == number or not number.isdecimal():
            return self, 0
        return self.about(" ".join(rest)), max(int(number) - 1, 0)

    def page_after(self, page: int) -> str:
        """The command that asks for the page after this one."""
        return " ".join(f"{self.capability} {self.text} {PAGED}{page + 2}".split())

    @property
    def database(self) -> Database:
        return self.desk.database

    @property
    def policy(self) -> Policy:
        return self.desk.policy

    @property
    def today(self) -> date:
        return self.desk.today

    @property
    def now(self) -> datetime:
        return self.desk.clock()

    @property
    def seen(self) -> AsOf:
        """Today, with all that is known by now."""
        return AsOf(self.today, self.today, self.policy.time_zone)

    @property
    def scope(self) -> Scope:
        """All that the caller may see."""
        return Scope(self.caller, self.policy.visibility)


@dataclass(frozen=True)
class File:
    """A file for the caller alone; `build` is called where it may take its time."""

    name: str
    type: str
    build: Callable[[], bytes]


@dataclass(frozen=True)
class Reply:
    """What is said: `text` for notifications and terminals, `blocks` for Slack; `offered` are canonical commands.

    pending: a write awaits a click.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()
    offered: tuple[str, ...] = ()
    answered: bool = True
    pending: bool = False


class Refused(Exception):
    """What the person can mend: the reply says what was wrong and what to do; the reason is for the figures."""

    def __init__(self, reply: Reply, reason: str = "input") -> None:
        super().__init__(reply.text)
        self.reply = reply
        self.reason = reason


def refusal(said: str, *choices: Block, offered: tuple[str, ...] = ()) -> Refused:
    """A sentence that says what to mend, with the buttons that help."""
    blocks = (section(said), *([actions(*choices)] if choices else []))
    return Refused(Reply(said, blocks, offered=offered, answered=False))


@dataclass(frozen=True)
class Form:
    """A modal about `ask.text`: `view` draws it, `read` checks what was entered (raises Invalid), `save` keeps it.

    `read` has Slack's three seconds, so it gets no more than the reader's words, the day and the fields; under `SEEN`
    stands what the view wrote into its private_metadata, such as the mark of the row that it shows. room: the field
    that names a channel; why nothing may be posted there, if anything, stands under `OBSTACLE`. own: it is about
    oneself alone, so that who may only read may fill it in too.
    """

    view: Callable[[Ask], Block]
    read: Callable[[Words, date, Mapping[str, Any]], Any]
    save: Callable[[Ask, Any], Reply]
    room: str = ""
    own: bool = False


class Invalid(Exception):
    """Input that a form refuses: a sentence for each field that is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Capability:
    """One word of the product: what it answers, and how its help reads."""

    answer: Callable[[Ask], Reply]
    usage: str
    help: str
    more: tuple[str, ...] = ()
    form: Form | None = None
    hidden: bool = False


def sentence(text: str) -> Reply:
    """One sentence instead of an answer."""
    return Reply(text, (section(text),), answered=False)

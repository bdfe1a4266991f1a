"""The whole house on the sample: a fake workspace in front, a real database behind, signed HTTP between."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Condition
from typing import Any

from sqlalchemy import update

import bot
from domain.accounts import Person
from handlers import terminal
from handlers.answers import answer
from handlers.ask import Desk, Reply
from handlers.legible import shown
from handlers.verbs.scoring import score
from playground import Actor, Message, Playground
from sample.shift import ANCHOR
from storage import people
from storage.database import Database
from storage.importing import imports
from storage.tables import people as people_rows
from words import Words

HOUSE = Path(__file__).parent.parent
# How long a machine under load may take for what has an end; waiting ends as soon as it is there.
PATIENCE_S = 20
TODAY = ANCHOR


def settings(database: Database, **more: object) -> bot.Settings:
    given = {"database_url": database.url, "policy": HOUSE / "sample" / "policy.yaml", "host": "127.0.0.1", "port": 0}
    return bot.Settings(_env_file=None, **given | more)


def fill(database: Database, day: date = TODAY) -> None:
    """The sample, imported and scored."""
    at = bot.desk(settings(database), day)
    terminal.prepare(at.database)
    sample = HOUSE / "sample"
    now = datetime.now(UTC)
    report = imports.run(at.database, [sample], policy=at.policy, who="tests", now=now, today=at.today)
    assert report.ok, report
    score(at.database, at.policy, day=at.today)
    at.exports.shutdown()
    at.database.close()


@dataclass
class Stage:
    """`failing`: methods of Slack that a test lets fail; any other refusal fails the test."""

    slack: Playground
    desk: Desk
    work: "Work"
    failing: set[str] = field(default_factory=set)

    def answer(self, person: str, command: str, text: str = "", *, channel: str | None = None) -> Message:
        """What a person sees after a command, in the bot's direct message unless a channel is given."""
        return self.after(person, lambda hands: hands.command(command, text, channel=channel), channel=channel)

    def after(self, person: str, act: Callable[[Actor], object], *, channel: str | None = None) -> Message:
        """The bot's next message there that the person sees, after what they do; files come when they are made.

        It is seen before all is done: what is kept of a question, counted and noted follows the answer.
        """
        hands = self.slack.as_user(person)
        before = {message.ts for message in self._said(hands, channel)}
        act(hands)
        self.slack.wait(lambda: {message.ts for message in self._said(hands, channel)} - before)
        self.settle()
        return self._said(hands, channel)[-1]

    def settle(self) -> None:
        """Wait until nothing that was let in is under way, except the making of files."""
        self.work.settle()

    def _said(self, hands: Actor, channel: str | None) -> list[Message]:
        seen = self.slack.messages(channel, seen_by=hands.person.id)
        return [message for message in seen if message.user == self.slack.workspace.app.id and not message.files]


class Work:
    """What a pool is given from now on, until it has ended."""

    def __init__(self, pool: Executor) -> None:
        self._submit, pool.submit = pool.submit, self._follow
        self._under_way = 0
        self._changed = Condition()

    def _follow(self, task: Callable[..., Any], *given: Any, **named: Any) -> Future[Any]:
        self._count(1)
        future = self._submit(task, *given, **named)
        future.add_done_callback(lambda _: self._count(-1))
        return future

    def _count(self, more: int) -> None:
        with self._changed:
            self._under_way += more
            self._changed.notify_all()

    def settle(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: not self._under_way, 3 * PATIENCE_S), "it does not end"


@contextmanager
def raised(database: Database, day: date = TODAY, *, socket: bool = False, **more: object) -> Iterator[Stage]:
    """The curtain is up: bot and workspace run, over HTTP or Socket Mode; nobody has set a language of their own."""
    with database.changing() as tx:
        tx.execute(update(people_rows).values(language=None))
    chosen = settings(database, **more)
    at = bot.desk(chosen, day)
    with bot.box(at, "en", ack_seconds=PATIENCE_S) as slack:
        boxed = bot.boxed(chosen, slack, socket=socket)
        opened = bot.open_house(boxed, at)
        slack.app_url = f"http://127.0.0.1:{opened.web.port}/slack/events"
        if socket:
            slack.wait(lambda: slack.sockets.connected)
        stage = Stage(slack, at, Work(opened.pools[0]))
        try:
            yield stage
            assert not [refused for refused in slack.refused if refused.method not in stage.failing]
        finally:
            opened.close()


@dataclass
class Counter:
    """Questions asked without Slack between: of the function that every way in ends in."""

    desk: Desk

    def person(self, email: str) -> Person:
        with self.desk.database.transaction() as tx:
            found = people.by_email(tx, email)
        assert found, email
        return found

    def asked(self, text: str, *, by: str = "ana@example.com", lang: str = "en") -> Reply:
        caller = self.person(by)
        return answer(self.desk, caller, Words(lang, caller.country), text)[1]


def read(reply: Reply) -> list[str]:
    """What a reader sees of an answer, line by line, without marks of formatting."""
    return shown(reply).splitlines()

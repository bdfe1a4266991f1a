"""The whole house on the sample: a fake workspace in front, a real database behind, signed HTTP between."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import bot
from handlers import cli
from handlers.ask import Desk
from handlers.scoring import score
from playground import Message, Playground
from sample.shift import ANCHOR
from storage import imports
from storage.database import Database

HOUSE = Path(__file__).parent.parent
TODAY = ANCHOR


def settings(database: Database, **more: object) -> bot.Settings:
    given = {"database_url": database.url, "policy": HOUSE / "sample" / "policy.yaml", "host": "127.0.0.1", "port": 0}
    return bot.Settings(_env_file=None, **given | more)


def fill(database: Database, day: date = TODAY) -> None:
    """The sample, imported and scored."""
    at = bot.desk(settings(database), day)
    cli.prepare(at.database)
    sample = HOUSE / "sample"
    now = datetime.now(UTC)
    report = imports.run(at.database, [sample], policy=at.policy, who="tests", now=now, today=at.today)
    assert report.ok, report
    score(at.database, at.policy, day=at.today)
    at.exports.shutdown()
    at.database.close()


@dataclass
class Stage:
    slack: Playground
    desk: Desk

    def answer(self, person: str, command: str, text: str = "", *, channel: str | None = None) -> Message:
        """What a person sees after a command, in the bot's direct message unless a channel is given."""
        actor = self.slack.as_user(person)
        before = len(self.slack.messages(channel, seen_by=actor.person.id))
        actor.command(command, text, **({"channel": channel} if channel else {}))
        self.slack.wait(lambda: len(self.slack.messages(channel, seen_by=actor.person.id)) > before)
        return self.slack.last(channel, seen_by=actor.person.id)


@contextmanager
def raised(database: Database, day: date = TODAY, *, socket: bool = False) -> Iterator[Stage]:
    """The curtain is up: bot and workspace run, over HTTP or Socket Mode."""
    chosen = settings(database)
    at = bot.desk(chosen, day)
    with bot.box(at, "en") as slack:
        boxed = bot.boxed(chosen, slack, socket=socket)
        opened = bot.open_house(boxed, at)
        slack.app_url = f"http://127.0.0.1:{opened.web.port}/slack/events"
        if socket:
            slack.wait(lambda: slack.sockets.connected)
        try:
            yield Stage(slack, at)
            assert not slack.refused, slack.refused
        finally:
            opened.close()

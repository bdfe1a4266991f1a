"""What every verb of the terminal shares: exit codes, options, a desk to ask at, and how an answer is printed."""

import json
import logging
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from domain.accounts import Person
from handlers.ask import Desk
from storage import people, schema
from storage.database import FAILURES, Database, Unreachable
from words import LANGUAGES, Words, spoken

DONE, REFUSED, USAGE, ENVIRONMENT = 0, 1, 2, 3
OPERATOR = Person(email="", name="", role="operator")

DAY = click.DateTime(["%Y-%m-%d"])
AS = click.option("--as", "name", metavar="USER", help="E-mail or Slack id; without it the operator, who sees all.")
LANG = click.option("--lang", type=click.Choice(LANGUAGES), help="Of the answer; else the person's, or the policy's.")
DATE = click.option("--date", "day", type=DAY, metavar="YYYY-MM-DD", help="The business day; today if not given.")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON on stdout, everything else on stderr.")


class Unusable(click.ClickException):
    """The surroundings are not as they must be."""

    exit_code = ENVIRONMENT


class NotAllowed(click.ClickException):
    """The question is refused."""

    exit_code = REFUSED


@contextmanager
def surroundings() -> Any:
    try:
        yield
    except Unreachable as error:
        raise Unusable(str(error)) from None
    except FAILURES as error:
        raise Unusable(f"DATABASE_URL: {getattr(error, 'orig', error)}") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unusable(f"{error.filename}: {error.strerror}" if error.filename else str(error)) from None


@contextmanager
def seated(context: click.Context, day: datetime | None = None) -> Any:
    """A desk on a migrated database, closed again at the end."""
    with surroundings():
        desk: Desk = context.obj(day.date() if day else None)
        try:
            prepare(desk.database)
            yield desk
        finally:
            desk.exports.shutdown()
            desk.database.close()


def prepare(database: Database) -> None:
    """Bring the database to today's tables."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    schema.migrate(database)


def caller_of(desk: Desk, name: str | None) -> Person:
    if not name:
        return OPERATOR
    with desk.database.transaction() as tx:
        found = people.by_email(tx, name) or people.by_slack_id(tx, name)
    if found is None:
        raise NotAllowed(f"nobody in the people file is {name}")
    return found


def words_of(desk: Desk, caller: Person, language: str | None) -> Words:
    country = caller.country or desk.policy.country
    return spoken(language, caller.language, country=country, default=desk.policy.language)


def as_text(content: Any) -> str:
    """JSON as it is printed."""
    return json.dumps(content, ensure_ascii=False, indent=2)


def say(lines: Iterable[str], content: Any, *, as_json: bool) -> None:
    if as_json:
        click.echo(as_text(content))
        return
    for line in lines:
        click.echo(line)

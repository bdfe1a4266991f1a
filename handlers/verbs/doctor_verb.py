"""bot.py doctor, the verb."""

import sys
from collections.abc import Callable

import click

from handlers import cli
from handlers.verbs import doctor
from handlers.verbs.doctor import Surroundings
from handlers.verbs.operating import say
from words import Words


def verb(surroundings: Callable[[], Surroundings]) -> click.Command:
    """`surroundings`: what the bot was given."""

    @click.command("doctor", help="What is wrong, and how to mend it; changes nothing. Exit code 1 if anything is.")
    @cli.LANG
    @cli.JSON
    def doctoring(lang: str | None, *, as_json: bool) -> None:
        words = Words(lang or "en")
        found = doctor.examine(surroundings(), words)
        say(doctor.lines(found, words), doctor.as_json(found, words), as_json=as_json)
        sys.exit(cli.REFUSED if any(finding.state == "bad" for finding in found) else cli.DONE)

    return doctoring

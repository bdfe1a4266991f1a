"""bot.py doctor, the verb."""

import sys
from collections.abc import Callable

import click

from handlers import terminal
from handlers.verbs import doctor
from handlers.verbs.doctor import Surroundings
from words import Words


def verb(surroundings: Callable[[], Surroundings]) -> click.Command:
    """`surroundings`: what the bot was given."""

    @click.command("doctor", help="What is wrong, and how to mend it; changes nothing. Exit code 1 if anything is.")
    @terminal.LANG
    @terminal.JSON
    def doctoring(lang: str | None, *, as_json: bool) -> None:
        words = Words(lang or "en")
        found = doctor.examine(surroundings(), words)
        terminal.say(doctor.lines(found, words), doctor.as_json(found, words), as_json=as_json)
        sys.exit(terminal.REFUSED if any(finding.state == "bad" for finding in found) else terminal.DONE)

    return doctoring

"""The command line: every verb of bot.py."""

from collections.abc import Callable
from datetime import date

import click

from handlers import terminal
from handlers.ask import Desk
from handlers.verbs import asking, nightly, operating
from handlers.workbooks import plan_verb

SERVE = """Answer in Slack, and do what is due, until told to stop.

On SQLite there is one at a time: a second ends with exit code 3. On PostgreSQL several share the work."""


def verbs(*, open_desk: Callable[[date | None], Desk], serve: Callable[[], None]) -> click.Group:
    """Every verb that needs no more than `open_desk`, which builds what a question needs on a business day; `serve`."""

    @click.group(help="Apuntador: an assistant for Customer Success Managers.")
    @click.pass_context
    def group(context: click.Context) -> None:
        context.obj = open_desk

    for verb in (*asking.VERBS, *nightly.VERBS, *operating.VERBS, plan_verb.verb):
        group.add_command(verb)
    group.add_command(click.Command("serve", callback=lambda: _serve(serve), help=SERVE))
    return group


def _serve(serve: Callable[[], None]) -> None:
    with terminal.surroundings():
        serve()

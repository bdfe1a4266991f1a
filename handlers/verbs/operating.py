"""The verbs of whoever operates the house: what was changed, what is wrong, what the warehouse has that is new."""

import sys
from collections.abc import Sequence
from datetime import datetime

import click

from handlers import terminal
from handlers.arguments import the_account
from handlers.ask import Ask, Refused
from handlers.legible import shown
from handlers.questions import unclear
from handlers.verbs import audit as record
from handlers.verbs import sync as warehouse
from storage import questions

PAGE = 50
MOST = 10_000


@click.command(help="Who changed what, newest first. With --verify, whether the record is what was written.")
@click.option(
    "--verify",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[HASH]",
    help="Follow the chain of hashes; HASH: one that you kept, must still stand in it.",
)
@click.option("--account", default="", metavar="ACCOUNT")
@click.option("--who", default="", metavar="USER", help="E-mail of whoever made the changes.")
@click.option("--since", type=terminal.DAY, metavar="YYYY-MM-DD", help="From this day on.")
@click.option("--before", type=int, metavar="ID", help="The page after: changes older than this one.")
@click.option("--limit", type=click.IntRange(1, MOST), default=PAGE, show_default=True)
@terminal.LANG
@terminal.JSON
@click.pass_context
def audit(context: click.Context, verify: str | None, account: str, who: str, since: datetime | None,
          before: int | None, limit: int, lang: str | None, as_json: bool) -> None:  # fmt: skip
    with terminal.seated(context) as desk:
        words = terminal.words_of(desk, terminal.OPERATOR, lang)
        if verify is not None:
            walked = record.verified(desk.database, verify)
            terminal.say(record.verdict(walked, words), record.verdict_as_json(walked), as_json=as_json)
            sys.exit(terminal.DONE if walked.whole else terminal.REFUSED)
        ask = Ask(desk, terminal.OPERATOR, words, capability="audit")
        found = record.entries(
            ask,
            account=_account_id(ask, account),
            who=who,
            since=since.date() if since else None,
            before=before,
            limit=limit,
        )
    said = record.lines(found, words, desk.policy.time_zone, limit)
    terminal.say(said, record.as_json(found, limit), as_json=as_json)


def _account_id(ask: Ask, typed: str) -> str:
    try:
        return the_account(ask, typed).account_id if typed else ""
    except Refused as refused:
        raise terminal.NotAllowed(shown(refused.reply)) from None


@click.command(help="Pull the policy's SQL sources, or one. Each since what it gave last.")
@click.argument("source", required=False)
@click.option(
    "--since", type=terminal.DAY, metavar="YYYY-MM-DD", help="From this day on, instead of what it gave last."
)
@terminal.LANG
@terminal.DATE
@terminal.JSON
@click.pass_context
def sync(context: click.Context, source: str | None, since: datetime | None, lang: str | None, day: datetime | None,
         as_json: bool) -> None:  # fmt: skip
    with terminal.seated(context, day) as desk:
        words = terminal.words_of(desk, terminal.OPERATOR, lang)
        begin = since.date() if since else None
        names = (source,) if source else warehouse.names(desk)
        found = [warehouse.pull(desk, name, words, who="operator", since=begin) for name in names]
    terminal.say(warehouse.lines(found, words), warehouse.as_json(found, words), as_json=as_json)
    sys.exit(_ended(found))


def _ended(found: Sequence[warehouse.Pulled]) -> int:
    if any(each.failed and each.failed.code in warehouse.SURROUNDINGS for each in found):
        return terminal.ENVIRONMENT
    return terminal.DONE if all(each.ok for each in found) else terminal.REFUSED


@click.command(help="What was asked in vain, most asked first. Without anybody's name.")
@click.option("--limit", type=click.IntRange(1, MOST), default=PAGE, show_default=True)
@terminal.LANG
@terminal.JSON
@click.pass_context
def unanswered(context: click.Context, limit: int, lang: str | None, as_json: bool) -> None:
    with terminal.seated(context) as desk, desk.database.transaction() as tx:
        found = questions.unanswered(tx, limit=limit)
        words = terminal.words_of(desk, terminal.OPERATOR, lang)
    terminal.say(unclear.lines(found, words), unclear.as_json(found), as_json=as_json)


VERBS = (unanswered, audit, sync)

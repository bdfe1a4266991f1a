"""The verbs that ask: the same answers as in Slack, at the terminal."""

import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from handlers import terminal
from handlers.answers import answer, meant
from handlers.ask import Ask, File, Refused, Reply
from handlers.kpis import kpi as metrics
from handlers.legible import shown
from handlers.renewals import backtest as backtesting
from handlers.workbooks.export import LISTS
from storage.scope import Scope

LONGEST_NAME = 200
ONLY_HELP = ("help",)

EXPORT = """A workbook: a plan, the portfolio, renewals or metrics.

plan ACCOUNT, portfolio [SCOPE], renewals [PERIOD] [SCOPE] or kpis [PERIOD] [SCOPE]."""


@click.command(help="Any command (“/health acme”) or sentence. Prints the answer; with --json, its blocks.")
@click.argument("text")
@click.option("--after", default="", metavar="COMMAND", help="What was asked before: “and in Q1?” follows it.")
@terminal.AS
@terminal.LANG
@terminal.DATE
@terminal.JSON
@click.option(
    "--files", type=click.Path(file_okay=False, path_type=Path), help="Where files of the answer are written."
)
@click.pass_context
def ask(context: click.Context, text: str, after: str, name: str | None, lang: str | None, day: datetime | None,
        as_json: bool, files: Path | None) -> None:  # fmt: skip
    with terminal.seated(context, day) as desk:
        caller = terminal.caller_of(desk, name)
        words = terminal.words_of(desk, caller, lang)
        before = meant(desk, caller, words, after) if after else ""
        capability, reply = answer(desk, caller, words, text, after=before)
        written = [_written(file, files) for file in reply.files]
    if as_json:
        click.echo(terminal.as_text(_answer(capability, reply, written)))
    else:
        click.echo(shown(reply))
        for file in written:
            click.echo(f"{file['name']} ({file['bytes']:,} B) {file['path'] or ''}".rstrip(), err=True)
    readings = reply.offered if capability or not (text.startswith("/") or reply.offered == ONLY_HELP) else ()
    sys.exit(terminal.DONE if reply.answered or readings else terminal.REFUSED)


def _written(file: File, folder: Path | None) -> dict[str, Any]:
    content = file.build()
    path = None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _file_name(file.name)
        path.write_bytes(content)
    return {"name": file.name, "type": file.type, "bytes": len(content), "path": str(path) if path else None}


def _file_name(name: str) -> str:
    """Of one folder, whatever an account's name or id holds, and no longer than file systems take."""
    stem, dot, ending = re.sub(r"[/\\\x00-\x1f]", "-", name).rpartition(".")
    return f"{stem.encode()[:LONGEST_NAME].decode(errors='ignore')}{dot}{ending}"


def _answer(capability: str | None, reply: Reply, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "capability": capability,
        "answered": reply.answered,
        "offered": list(reply.offered),
        "pending": reply.pending,
        "text": reply.text,
        "blocks": list(reply.blocks),
        "files": files,
    }


@click.command(help="One metric, as in: kpi nrr 2026-Q3 segment:enterprise.")
@click.argument("words", nargs=-1, required=True, metavar="NAME [PERIOD] [SCOPE]")
@terminal.AS
@terminal.LANG
@terminal.DATE
@terminal.JSON
@click.pass_context
def kpi(context: click.Context, words: tuple[str, ...], name: str | None, lang: str | None, day: datetime | None,
        as_json: bool) -> None:  # fmt: skip
    with terminal.seated(context, day) as desk:
        caller = terminal.caller_of(desk, name)
        asked = Ask(desk, caller, terminal.words_of(desk, caller, lang), " ".join(words), "kpi")
        try:
            said = terminal.as_text(metrics.as_json(asked)) if as_json else ""
            said = said or shown(metrics.answer(asked))
        except Refused as refused:
            click.echo(shown(refused.reply), err=True)
            sys.exit(terminal.REFUSED)
    click.echo(said)


@click.command(help="How well health foretold your own renewals. Says whether to steer by it.")
@terminal.AS
@terminal.LANG
@terminal.DATE
@terminal.JSON
@click.pass_context
def backtest(context: click.Context, name: str | None, lang: str | None, day: datetime | None, as_json: bool) -> None:
    with terminal.seated(context, day) as desk:
        caller = terminal.caller_of(desk, name)
        words = terminal.words_of(desk, caller, lang)
        found = backtesting.run(desk, Scope(caller, desk.policy.visibility))
    if as_json:
        click.echo(terminal.as_text(backtesting.as_json(found, words)))
        return
    for line in backtesting.lines(found, words):
        click.echo(line)


@click.command(help=EXPORT)
@click.argument("what", type=click.Choice(["plan", *LISTS]))
@click.argument("words", nargs=-1, metavar="[ACCOUNT | PERIOD | SCOPE]...")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where it is written."
)
@click.option("--customer-safe", is_flag=True, help="Of a plan: the copy for the customer.")
@terminal.AS
@terminal.LANG
@terminal.DATE
@click.pass_context
def export(context: click.Context, what: str, words: tuple[str, ...], output: Path, customer_safe: bool,
           name: str | None, lang: str | None, day: datetime | None) -> None:  # fmt: skip
    if what == "plan" and not words:
        raise click.UsageError("a plan is of an account: name it")
    if customer_safe and what != "plan":
        raise click.UsageError("only a plan has a copy for the customer")
    with terminal.seated(context, day) as desk:
        caller = terminal.caller_of(desk, name)
        asked = " ".join(("export", what, *words)) + (" customer-safe" if customer_safe else "")
        _, reply = answer(desk, caller, terminal.words_of(desk, caller, lang), asked)
        if not reply.files:
            click.echo(shown(reply), err=True)
            sys.exit(terminal.REFUSED)
        written = _written(replace(reply.files[0], name=output.name), output.parent)
    click.echo(written["path"])


VERBS = (ask, kpi, backtest, export)

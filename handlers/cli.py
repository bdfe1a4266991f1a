"""The verbs of the command line: the same answers as in Slack, asked at the terminal."""

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from domain.accounts import Person
from domain.policies.policy import Policy, PolicyError
from domain.policies.policy import load as load_policy
from handlers import legible
from handlers.answers import answer, meant
from handlers.ask import Ask, Desk, File, Refused, Reply
from handlers.kpis import kpi as metrics
from handlers.problems import explained
from handlers.renewals import backtest as backtesting
from handlers.verbs import comparison
from handlers.verbs import imports as imported
from handlers.verbs.scoring import score as score_portfolio
from handlers.workbooks.export import LISTS
from storage import people, schema
from storage.database import Database, Unreachable
from storage.importing import imports
from storage.scope import Scope
from words import LANGUAGES, Words, spoken
from words.terms import SIGNS, STATES, term

DONE, REFUSED, USAGE, ENVIRONMENT = 0, 1, 2, 3
LONGEST_NAME = 200
ONLY_HELP = ("help",)
OPERATOR = Person(email="", name="", role="operator")

EXPORT = """A workbook: a plan, the portfolio, renewals or metrics.

plan ACCOUNT, portfolio [SCOPE], renewals [PERIOD] [SCOPE] or kpis [PERIOD] [SCOPE]."""
SERVE = """Answer in Slack, and do what is due, until told to stop.

On SQLite there is one at a time: a second ends with exit code 3. On PostgreSQL several share the work."""

DAY = click.DateTime(["%Y-%m-%d"])


class Unusable(click.ClickException):
    """The surroundings are not as they must be."""

    exit_code = ENVIRONMENT


class NotAllowed(click.ClickException):
    """The question is refused."""

    exit_code = REFUSED


def verbs(*, open_desk: Callable[[date | None], Desk], serve: Callable[[], None]) -> click.Group:
    """Every verb; `open_desk` builds what a question needs on a business day."""

    @click.group(help="Apuntador: an assistant for Customer Success Managers.")
    @click.pass_context
    def group(context: click.Context) -> None:
        context.obj = open_desk

    for verb in (ask, kpi, import_, score, backtest, export, migrate):
        group.add_command(verb)
    group.add_command(click.Command("serve", callback=lambda: _serve(serve), help=SERVE))
    return group


def _serve(serve: Callable[[], None]) -> None:
    with surroundings():
        serve()


@contextmanager
def surroundings() -> Any:
    try:
        yield
    except Unreachable as error:
        raise Unusable(str(error)) from None


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


AS = click.option("--as", "name", metavar="USER", help="E-mail or Slack id; without it the operator, who sees all.")
LANG = click.option("--lang", type=click.Choice(LANGUAGES), help="Of the answer; else the person's, or the policy's.")
DATE = click.option("--date", "day", type=DAY, metavar="YYYY-MM-DD", help="The business day; today if not given.")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON on stdout, everything else on stderr.")


@click.command(help="Any command (“/health acme”) or sentence. Prints the answer; with --json, its blocks.")
@click.argument("text")
@click.option("--after", default="", metavar="COMMAND", help="What was asked before: “and in Q1?” follows it.")
@AS
@LANG
@DATE
@JSON
@click.option(
    "--files", type=click.Path(file_okay=False, path_type=Path), help="Where files of the answer are written."
)
@click.pass_context
def ask(context: click.Context, text: str, after: str, name: str | None, lang: str | None, day: datetime | None,
        as_json: bool, files: Path | None) -> None:  # fmt: skip
    with seated(context, day) as desk:
        caller = caller_of(desk, name)
        words = words_of(desk, caller, lang)
        before = meant(desk, caller, words, after) if after else ""
        capability, reply = answer(desk, caller, words, text, after=before)
        written = [_written(file, files) for file in reply.files]
    if as_json:
        click.echo(json.dumps(_answer(capability, reply, written), ensure_ascii=False, indent=2))
    else:
        click.echo(shown(reply))
        for file in written:
            click.echo(f"{file['name']} ({file['bytes']:,} B) {file['path'] or ''}".rstrip(), err=True)
    readings = reply.offered if capability or not (text.startswith("/") or reply.offered == ONLY_HELP) else ()
    sys.exit(DONE if reply.answered or readings else REFUSED)


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


shown = legible.shown


@click.command(help="One metric, as in: kpi nrr 2026-Q3 segment:enterprise.")
@click.argument("words", nargs=-1, required=True, metavar="NAME [PERIOD] [SCOPE]")
@AS
@LANG
@DATE
@JSON
@click.pass_context
def kpi(context: click.Context, words: tuple[str, ...], name: str | None, lang: str | None, day: datetime | None,
        as_json: bool) -> None:  # fmt: skip
    with seated(context, day) as desk:
        caller = caller_of(desk, name)
        asked = Ask(desk, caller, words_of(desk, caller, lang), " ".join(words), "kpi")
        try:
            said = json.dumps(metrics.as_json(asked), ensure_ascii=False, indent=2) if as_json else ""
            said = said or shown(metrics.answer(asked))
        except Refused as refused:
            click.echo(shown(refused.reply), err=True)
            sys.exit(REFUSED)
    click.echo(said)


@click.command("import", help="Read the files of docs/data.md: CSV, XLSX, or folders.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--undo", type=int, metavar="ID", help="Take an import back; later edits stay and are named.")
@LANG
@DATE
@JSON
@click.pass_context
def import_(context: click.Context, paths: tuple[Path, ...], check: bool, undo: int | None, lang: str | None,
            day: datetime | None, as_json: bool) -> None:  # fmt: skip
    if bool(paths) == (undo is not None):
        raise click.UsageError("give either files to import or --undo ID")
    with seated(context, day) as desk:
        words = words_of(desk, OPERATOR, lang)
        report = _read(desk, paths, words, check=check) if undo is None else _take_back(desk, undo)
    said = json.dumps(imported.as_json(report, words), ensure_ascii=False, indent=2) if as_json else ""
    click.echo(said or imported.answer(report, words))
    sys.exit(DONE if report.ok else REFUSED)


def _read(desk: Desk, paths: tuple[Path, ...], words: Words, *, check: bool) -> imports.Report:
    with _progress() as progress:
        return imports.run(
            desk.database,
            paths,
            policy=desk.policy,
            who="operator",
            now=datetime.now(UTC),
            today=desk.today,
            check=check,
            progress=progress,
            reason=lambda refusal: imported.reason(refusal, words),
        )


def _take_back(desk: Desk, number: int) -> imports.Undone:
    return imports.undo(desk.database, number, who="operator", now=datetime.now(UTC), policy=desk.policy)


@contextmanager
def _progress() -> Any:
    """A bar on a terminal; nothing where the output is kept."""
    if not sys.stderr.isatty():
        yield None
        return
    bars: dict[str, Any] = {}

    def advance(file: str, done: int, total: int) -> None:
        if file not in bars:
            bars[file] = click.progressbar(length=total, label=file, file=sys.stderr)
            bars[file].__enter__()
        bar = bars[file]
        bar.update(done - bar.pos)
        if done >= total:
            bar.__exit__(None, None, None)

    yield advance


@click.command(help="Score the portfolio once. With --compare, only say who would change colour under --policy.")
@click.option("--policy", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="NEW.yaml")
@click.option("--compare", "comparing", is_flag=True, help="Write nothing: compare with the policy in use.")
@LANG
@DATE
@JSON
@click.pass_context
def score(context: click.Context, file: Path | None, comparing: bool, lang: str | None, day: datetime | None,
          as_json: bool) -> None:  # fmt: skip
    if comparing != (file is not None):
        raise click.UsageError("--policy and --compare go together")
    if file is not None:
        _compare(context, file, lang, day)
        return
    with seated(context, day) as desk:
        words = words_of(desk, OPERATOR, lang)
        run = score_portfolio(desk.database, desk.policy, day=desk.today, noticing=True)
    if as_json:
        click.echo(json.dumps({"day": desk.today.isoformat(), "states": dict(sorted(run.states.items()))}, indent=2))
        return
    click.echo(_states(words, run.states))


def _states(words: Words, states: Mapping[str, int]) -> str:
    said = [f"{SIGNS[state]} {term(words, STATES, state)} {words.number(states[state])}" for state in SIGNS
            if state in states]  # fmt: skip
    return " · ".join(said) or words._("There are no accounts.")


def _policy(file: Path, words: Words) -> Policy:
    try:
        return load_policy(file.read_text(encoding="utf-8"), name=file.name)
    except UnicodeDecodeError as error:
        raise NotAllowed(f"{file}: {error}") from None
    except PolicyError as error:
        raise NotAllowed("\n".join(explained(problem, words) for problem in error.problems)) from None


def _compare(context: click.Context, file: Path, lang: str | None, day: datetime | None) -> None:
    with seated(context, day) as desk:
        words = words_of(desk, OPERATOR, lang)
        found = comparison.compare(desk.database, desk.policy, _policy(file, words), day=desk.today)
        for line in comparison.lines(found, words):
            click.echo(line)


@click.command(help="How well health foretold your own renewals. Says whether to steer by it.")
@AS
@LANG
@DATE
@JSON
@click.pass_context
def backtest(context: click.Context, name: str | None, lang: str | None, day: datetime | None, as_json: bool) -> None:
    with seated(context, day) as desk:
        caller = caller_of(desk, name)
        words = words_of(desk, caller, lang)
        found = backtesting.run(desk, Scope(caller, desk.policy.visibility))
    if as_json:
        click.echo(json.dumps(backtesting.as_json(found, words), ensure_ascii=False, indent=2))
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
@AS
@LANG
@DATE
@click.pass_context
def export(context: click.Context, what: str, words: tuple[str, ...], output: Path, customer_safe: bool,
           name: str | None, lang: str | None, day: datetime | None) -> None:  # fmt: skip
    if what == "plan" and not words:
        raise click.UsageError("a plan is of an account: name it")
    if customer_safe and what != "plan":
        raise click.UsageError("only a plan has a copy for the customer")
    with seated(context, day) as desk:
        caller = caller_of(desk, name)
        asked = " ".join(("export", what, *words)) + (" customer-safe" if customer_safe else "")
        _, reply = answer(desk, caller, words_of(desk, caller, lang), asked)
        if not reply.files:
            click.echo(shown(reply), err=True)
            sys.exit(REFUSED)
        written = _written(replace(reply.files[0], name=output.name), output.parent)
    click.echo(written["path"])


@click.command(help="Bring the database to today's tables.")
@click.pass_context
def migrate(context: click.Context) -> None:
    with seated(context):
        click.echo("the tables are today's")

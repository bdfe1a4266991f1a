"""The verbs of a night: the tables brought to today's, files read, the portfolio scored."""

import sys
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from domain.policies.policy import Policy, PolicyError
from domain.policies.policy import load as load_policy
from handlers import terminal
from handlers.ask import Desk
from handlers.problems import explained
from handlers.verbs import comparison
from handlers.verbs import imports as imported
from handlers.verbs.scoring import score as score_portfolio
from storage.importing import imports
from words import Words
from words.terms import SIGNS, STATES, term


@click.command("import", help="Read the files of docs/data.md: CSV, XLSX, or folders.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--undo", type=int, metavar="ID", help="Take an import back; later edits stay and are named.")
@terminal.LANG
@terminal.DATE
@terminal.JSON
@click.pass_context
def import_(context: click.Context, paths: tuple[Path, ...], check: bool, undo: int | None, lang: str | None,
            day: datetime | None, as_json: bool) -> None:  # fmt: skip
    if bool(paths) == (undo is not None):
        raise click.UsageError("give either files to import or --undo ID")
    with terminal.seated(context, day) as desk:
        words = terminal.words_of(desk, terminal.OPERATOR, lang)
        report = _read(desk, paths, words, check=check) if undo is None else _take_back(desk, undo)
    said = terminal.as_text(imported.as_json(report, words)) if as_json else ""
    click.echo(said or imported.answer(report, words))
    sys.exit(terminal.DONE if report.ok else terminal.REFUSED)


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
@terminal.LANG
@terminal.DATE
@terminal.JSON
@click.pass_context
def score(context: click.Context, file: Path | None, comparing: bool, lang: str | None, day: datetime | None,
          as_json: bool) -> None:  # fmt: skip
    if comparing != (file is not None):
        raise click.UsageError("--policy and --compare go together")
    if file is not None:
        _compare(context, file, lang, day)
        return
    with terminal.seated(context, day) as desk:
        words = terminal.words_of(desk, terminal.OPERATOR, lang)
        run = score_portfolio(desk.database, desk.policy, day=desk.today, noticing=True)
    if as_json:
        click.echo(terminal.as_text({"day": desk.today.isoformat(), "states": dict(sorted(run.states.items()))}))
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
        raise terminal.NotAllowed(f"{file}: {error}") from None
    except PolicyError as error:
        raise terminal.NotAllowed("\n".join(explained(problem, words) for problem in error.problems)) from None


def _compare(context: click.Context, file: Path, lang: str | None, day: datetime | None) -> None:
    with terminal.seated(context, day) as desk:
        words = terminal.words_of(desk, terminal.OPERATOR, lang)
        found = comparison.compare(desk.database, desk.policy, _policy(file, words), day=desk.today)
        for line in comparison.lines(found, words):
            click.echo(line)


@click.command(help="Bring the database to today's tables.")
@click.pass_context
def migrate(context: click.Context) -> None:
    with terminal.seated(context):
        click.echo("the tables are today's")


VERBS = (import_, score, migrate)

"""`bot.py import-plan`: an edited account plan from a file, told first, written with --apply."""

import sys
from datetime import datetime
from pathlib import Path

import click

from handlers import terminal
from handlers.ask import Ask, Refused
from handlers.legible import shown
from handlers.workbooks import import_plan, plan_card, plan_json

LARGEST = 10 << 20


@click.command("import-plan", help="An edited plan: what changed, conflicts, refused cells.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applying", is_flag=True, help="Write what can be written; without it, only say.")
@terminal.AS
@terminal.LANG
@terminal.DATE
@terminal.JSON
@click.pass_context
def verb(context: click.Context, file: Path, applying: bool, name: str | None, lang: str | None,
         day: datetime | None, as_json: bool) -> None:  # fmt: skip
    with terminal.seated(context, day) as desk:
        caller = terminal.caller_of(desk, name)
        ask = Ask(desk, caller, terminal.words_of(desk, caller, lang), capability="import-plan")
        try:
            with file.open("rb") as source:
                sent, found = import_plan.check(ask, source.read(LARGEST + 1))
            made = None
            if applying:
                found, made = import_plan.apply(ask, sent)
        except Refused as refused:
            click.echo(shown(refused.reply), err=True)
            sys.exit(terminal.REFUSED)
        if as_json:
            said = terminal.as_text(plan_json.as_json(sent, found, applied=made is not None))
        elif applying:
            said = shown(plan_card.applied(ask, sent, found, made))
        else:
            said = shown(plan_card.summary(ask, sent, found, None))
    click.echo(said)
    sys.exit(terminal.DONE if found.clean else terminal.REFUSED)

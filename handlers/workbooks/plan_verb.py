"""`bot.py import-plan`: an edited account plan from a file, told first, written with --apply."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from handlers import cli
from handlers.ask import Ask, Refused
from handlers.workbooks import import_plan, plan_card, plan_json

LARGEST = 10 << 20


@click.command("import-plan", help="An edited plan: what changed, conflicts, refused cells.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applying", is_flag=True, help="Write what can be written; without it, only say.")
@cli.AS
@cli.LANG
@cli.DATE
@cli.JSON
@click.pass_context
def verb(context: click.Context, file: Path, applying: bool, name: str | None, lang: str | None,
         day: datetime | None, as_json: bool) -> None:  # fmt: skip
    with cli.seated(context, day) as desk:
        caller = cli.caller_of(desk, name)
        ask = Ask(desk, caller, cli.words_of(desk, caller, lang), capability="import-plan")
        try:
            with file.open("rb") as source:
                sent, found = import_plan.check(ask, source.read(LARGEST + 1))
            made = None
            if applying:
                found, made = import_plan.apply(ask, sent)
        except Refused as refused:
            click.echo(cli.shown(refused.reply), err=True)
            sys.exit(cli.REFUSED)
        if as_json:
            said = json.dumps(plan_json.as_json(sent, found, applied=made is not None), ensure_ascii=False, indent=2)
        elif applying:
            said = cli.shown(plan_card.applied(ask, sent, found, made))
        else:
            said = cli.shown(plan_card.summary(ask, sent, found, None))
    click.echo(said)
    sys.exit(cli.DONE if found.clean else cli.REFUSED)

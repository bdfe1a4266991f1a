"""bot.py audit: what was changed and exported, and whether the record of it is whole."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

import bot
from handlers import cli
from handlers.terminal import DONE, REFUSED
from handlers.verbs import operating
from storage.append_only import release
from storage.database import Database
from storage.tables import changes
from tests.stage import TODAY, Counter, settings


def run(database: Database, *arguments: str) -> Result:
    verbs = cli.verbs(open_desk=lambda day: bot.desk(settings(database), day or TODAY), serve=lambda: None)
    for verb in operating.VERBS:
        verbs.add_command(verb)
    return CliRunner().invoke(verbs, arguments)


@pytest.mark.parametrize("what", ["plan", "portfolio", "renewals", "kpis"])
def test_every_export_is_recorded(counter: Counter, what: str) -> None:
    counter.asked("export plan acme" if what == "plan" else f"export {what}").files[0].build()
    (made,) = json.loads(run(counter.desk.database, "audit", "--json").stdout)["changes"]
    assert (made["who"], made["entity"], made["after"]["kind"]) == ("ana@example.com", "exports", what)
    assert (made["account"] is None) == (what != "plan")


def test_tampering_ends_with_one_and_names_the_change(counter: Counter) -> None:
    database = counter.desk.database
    for what in ("portfolio", "kpis"):
        counter.asked(f"export {what}").files[0].build()
    whole = run(database, "audit", "--verify", "--json")
    assert whole.exit_code == DONE
    head = json.loads(whole.stdout)["head"]
    assert run(database, "audit", "--verify", head).exit_code == DONE
    with database.changing() as tx:
        release(tx, "changes")
        tx.execute(update(changes).where(changes.c.id == 1).values(who="luis@example.com"))
    found = run(database, "audit", "--verify")
    assert found.exit_code == REFUSED
    assert "change 1" in found.stdout
    assert "cambio 1" in run(database, "audit", "--verify", "--lang", "es").stdout
    assert json.loads(run(database, "audit", "--verify", "--json").stdout)["tampered"] == 1


def test_filters_and_pages(counter: Counter) -> None:
    database = counter.desk.database
    counter.asked("export plan acme").files[0].build()
    counter.asked("export kpis", by="sofia@example.com").files[0].build()
    assert "sofia@example.com" in run(database, "audit", "--who", "sofia@example.com").stdout
    assert "sofia" not in run(database, "audit", "--account", "acme corp").stdout
    assert "plan" in run(database, "audit", "--account", "acme corp").stdout
    assert run(database, "audit", "--account", "zzzqqq").exit_code == REFUSED
    assert run(database, "audit", "--since", "2030-01-01").stdout.strip() == "No changes."
    first = run(database, "audit", "--limit", "1")
    assert "--before 2" in first.stdout
    assert run(database, "audit", "--limit", "1", "--before", "2").stdout.startswith("1  ")

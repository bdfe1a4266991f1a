"""bot.py sync: the warehouse's news, as an import; what is wrong is said, and no password with it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

import bot
from domain.policies.policy import Source
from handlers import cli
from handlers.terminal import DONE, ENVIRONMENT, REFUSED
from handlers.verbs import operating, sync
from storage.database import Database
from tests.stage import TODAY, settings

QUERY = "select account_id, day, events from hits where day >= :since"


@pytest.fixture
def run(sample_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lake = tmp_path / "lake.db"
    with create_engine(f"sqlite:///{lake}").begin() as tx:
        tx.execute(text("create table hits (account_id text, day text, events integer)"))
        tx.execute(text("insert into hits values ('acme', '2026-11-20', 7), ('acme', '2026-11-21', 'many')"))
    monkeypatch.setenv("SOURCE_LAKE_URL", f"sqlite:///{lake}")
    monkeypatch.setenv("SOURCE_SEA_URL", "postgresql://u:hunter2@127.0.0.1:9/sea")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **sources: Source) -> Result:
        real = bot.policy
        with monkeypatch.context() as patched:
            patched.setattr(bot, "policy", lambda *a, **k: real(*a, **k).model_copy(update={"sources": sources}))
            verbs = cli.verbs(
                open_desk=lambda day: bot.desk(settings(sample_database), day or TODAY), serve=lambda: None
            )
            for verb in operating.VERBS:
                verbs.add_command(verb)
            return CliRunner().invoke(verbs, ["sync", *arguments])

    return run


def test_what_lands_and_what_is_refused(run) -> None:
    done = run("--json", lake=Source(file="usage", query=QUERY))
    (told,) = json.loads(done.stdout)
    assert (told["source"], told["files"][0]["added"], told["files"][0]["refused"]) == ("lake", 1, 1)
    assert done.exit_code == REFUSED
    assert Path(told["files"][0]["refused_file"]).read_text(encoding="utf-8-sig").count("many") > 0
    mended = Source(file="usage", query=QUERY + " and events <> 'many'")
    assert run("lake", lake=mended).exit_code == DONE


def test_one_that_fails_does_not_stop_the_others(run) -> None:
    sea = Source(file="usage", query=QUERY)
    done = run(lake=Source(file="usage", query="select account_id,\n dya from hits"), sea=sea)
    assert done.exit_code == ENVIRONMENT
    assert "lake: its query failed: no such column: dya" in done.stdout
    assert "sea: postgresql+psycopg://127.0.0.1:9/sea does not answer" in done.stdout
    assert "hunter2" not in done.output
    assert "hunter2" not in run("--json", sea=sea).output


def test_a_name_that_is_none_and_no_source_at_all(run) -> None:
    assert "lake" in run("laek", lake=Source(file="usage", query=QUERY)).stdout
    assert run("laek", lake=Source(file="usage", query=QUERY)).exit_code == REFUSED
    assert run().exit_code == DONE
    assert "no tiene ninguna fuente" in run("--lang", "es").stdout


def test_in_the_night_what_fails_is_logged_by_its_code(
    sample_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    desk = bot.desk(settings(sample_database), TODAY)
    rules = desk.policy.model_copy(update={"sources": {"sea": Source(file="usage", query=QUERY)}})
    addresses = {"SOURCE_SEA_URL": "postgresql://u:hunter2@127.0.0.1:9/sea"}
    sync.pull_all(replace(desk, policy=rules, sources=addresses))
    assert [record.getMessage() for record in caplog.records if record.name == "apuntador.sync"] == [
        "source sea gave nothing: unreachable (bot.py sync says why)"
    ]
    assert "hunter2" not in caplog.text
    desk.exports.shutdown()
    desk.database.close()

"""The contract of the command line, against which others script."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from sqlalchemy import event

import bot
from handlers import cli
from handlers.verbs import scoring
from storage.database import Database
from tests.stage import HOUSE, TODAY, settings

DAY = ("--date", TODAY.isoformat())
DONE, REFUSED, USAGE, ENVIRONMENT = 0, 1, 2, 3


def run(database: Database, *arguments: str) -> Result:
    def desk(day):
        return bot.desk(settings(database), day)

    return CliRunner().invoke(cli.verbs(open_desk=desk, serve=lambda: None), arguments)


def ask(database: Database, text: str, *more: str) -> Result:
    return run(database, "ask", text, *DAY, *more)


@pytest.fixture
def empty(sqlite_database: Database) -> Database:
    return sqlite_database


def test_json_stands_alone_on_stdout_with_the_keys_of_the_contract(sample_database: Database) -> None:
    done = ask(sample_database, "/health acme", "--json")
    said = json.loads(done.stdout)
    assert list(said) == ["capability", "answered", "offered", "pending", "text", "blocks", "files"]
    assert (said["capability"], said["answered"], said["offered"], said["pending"]) == ("health", True, [], False)
    assert said["files"] == []
    assert done.exit_code == DONE


@pytest.mark.parametrize(
    ("text", "code", "capability", "answered", "offered"),
    [
        ("/health acme", DONE, "health", True, 0), ("health", DONE, "health", True, 0),
        ("/cs health acme", DONE, "health", True, 0), ("/cs", DONE, "help", True, 0), ("", DONE, "help", True, 0),
        ("/health mirador", DONE, "health", False, 2), ("/health zzzzqqq", REFUSED, "health", False, 0),
        ("/nothing at all", REFUSED, None, False, 1), ("/helth acme", REFUSED, None, False, 1),
        ("/renewals wrong:x", REFUSED, "renewals", False, 0), ("/renewals nxt quarter", DONE, "renewals", False, 1),
    ],
)  # fmt: skip
def test_exit_codes_and_what_was_understood(sample_database, text, code, capability, answered, offered) -> None:
    done = ask(sample_database, text, "--json")
    said = json.loads(done.stdout)
    assert (said["capability"], said["answered"]) == (capability, answered)
    assert len(said["offered"]) >= offered
    assert done.exit_code == code


def test_as_somebody_in_a_language_on_a_day(sample_database: Database) -> None:
    as_ana = ask(sample_database, "/health acme", "--as", "ana@example.com")
    assert "tú dices" in as_ana.stdout
    assert "you say" in ask(sample_database, "/health acme", "--as", "ANA@example.com", "--lang", "en").stdout
    assert "the CSM says" in ask(sample_database, "/health acme", "--lang", "en").stdout
    assert "(in 127 days)" in run(sample_database, "ask", "health acme", "--date", "2026-11-24").stdout
    nobody = ask(sample_database, "/health acme", "--as", "nobody@example.com")
    assert nobody.exit_code == REFUSED
    assert "nobody@example.com" in nobody.stderr
    assert not nobody.stdout
    assert ask(sample_database, "/health", "--date", "31/02/2026").exit_code == USAGE
    assert ask(sample_database, "/health", "--lang", "fr").exit_code == USAGE


def test_a_slack_id_names_a_person_too(sample_database: Database) -> None:
    from datetime import UTC, datetime

    from storage import people

    with sample_database.changing() as tx:
        now = datetime.now(UTC)
        people.link_slack(tx, "ana@example.com", "U0ANA", at=now, on=now.date())
    assert "tú dices" in ask(sample_database, "/health acme", "--as", "U0ANA").stdout


def test_files_are_written_only_where_told(sample_database: Database, tmp_path: Path) -> None:
    told = json.loads(ask(sample_database, "/export plan acme", "--json").stdout)
    assert told["files"][0]["path"] is None
    assert told["files"][0]["bytes"] > 1000
    folder = tmp_path / "new" / "folder"
    told = json.loads(ask(sample_database, "/export plan acme", "--json", "--files", str(folder)).stdout)
    (file,) = told["files"]
    assert list(file) == ["name", "type", "bytes", "path"]
    assert Path(file["path"]).stat().st_size == file["bytes"]
    assert load_workbook(file["path"]).sheetnames


@pytest.mark.parametrize("hostile", ["../../outside", "/etc/outside", "a\\..\\b", "x" * 160, "株" * 150])
def test_no_account_s_id_leads_out_of_the_folder(sample_database, tmp_path: Path, hostile: str) -> None:
    pytest.importorskip("matplotlib")
    from sqlalchemy import update

    from storage.tables import accounts

    with sample_database.changing() as tx:
        tx.execute(update(accounts).where(accounts.c.account_id == "acme").values(account_id=hostile, name="株" * 400))
    folder = tmp_path / "files"
    for question in (f"health {hostile} history", f"export plan {hostile}"):
        done = ask(sample_database, question, "--files", str(folder))
        assert done.exit_code == DONE, done.output
    assert len(list(folder.iterdir())) == 2
    assert {path.name for path in tmp_path.iterdir()} <= {"files", "sample.db", "sample.db-wal", "sample.db-shm"}


def test_a_plan_is_exported_to_the_file_named(sample_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "plans" / "acme.xlsx"
    done = run(sample_database, "export", "plan", "acme corp", "-o", str(file), "--customer-safe", *DAY)
    assert done.exit_code == DONE, done.output
    assert done.stdout.strip() == str(file)
    assert load_workbook(file).sheetnames
    several = run(sample_database, "export", "plan", "mirador", "-o", str(tmp_path / "x.xlsx"), *DAY)
    assert several.exit_code == REFUSED
    assert "Grupo Mirador" in several.stderr
    assert not (tmp_path / "x.xlsx").exists()
    assert run(sample_database, "export", "plan", "acme").exit_code == USAGE
    assert run(sample_database, "export", "everything", "acme", "-o", "x").exit_code == USAGE


def test_an_import_is_checked_done_and_taken_back(empty: Database, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("account_id,name\nacme,Acme Corp\n", encoding="utf-8")

    def names() -> str:
        return ask(empty, "/health acme").stdout

    checked = run(empty, "import", str(tmp_path), "--check", *DAY)
    assert checked.exit_code == DONE
    assert "Acme" not in names()
    done = json.loads(run(empty, "import", str(tmp_path), "--json", *DAY).stdout)
    assert {"import_id", "ok", "files"} <= set(done)
    assert done["ok"]
    assert "Acme Corp" in names()
    undone = run(empty, "import", "--undo", str(done["import_id"]), *DAY)
    assert undone.exit_code == DONE, undone.output
    assert "Acme" not in names()
    assert run(empty, "import", "--undo", "999", *DAY).exit_code == REFUSED
    assert run(empty, "import", *DAY).exit_code == USAGE
    assert run(empty, "import", str(tmp_path), "--undo", "1").exit_code == USAGE
    assert run(empty, "import", str(tmp_path / "missing.csv"), *DAY).exit_code == REFUSED
    (tmp_path / "accounts.csv").write_text("account_id,name\nb,Bee\n,Nobody\n", encoding="utf-8")
    assert run(empty, "import", str(tmp_path), *DAY).exit_code == REFUSED, "refused in part"
    assert "Bee" in ask(empty, "/health bee").stdout


def test_migrate_and_score_on_a_new_database(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(scoring, "READINGS_OF_HISTORY", 0)
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert run(database, "migrate").exit_code == DONE
    assert run(database, "migrate").exit_code == DONE
    scored = run(database, "score", *DAY)
    assert (scored.exit_code, scored.stdout.strip()) == (DONE, "There are no accounts.")
    (tmp_path / "accounts.csv").write_text("account_id,name\na,Acme\nb,Beta\n", encoding="utf-8")
    assert run(database, "import", str(tmp_path / "accounts.csv"), *DAY).exit_code == DONE
    assert run(database, "score", *DAY).stdout.strip() == "▫️ not a customer yet 2"


def test_what_is_no_verb_is_usage(empty: Database) -> None:
    assert run(empty, "dance").exit_code == USAGE
    assert run(empty).exit_code in {DONE, USAGE}
    assert run(empty, "--help").exit_code == DONE
    for verb in ("ask", "import", "score", "export", "migrate", "serve"):
        assert verb in run(empty, "--help").stdout
        assert run(empty, verb, "--nonsense").exit_code == USAGE


def test_a_disk_without_room_is_the_environment(sample_database: Database) -> None:
    at = bot.desk(settings(sample_database), TODAY + timedelta(1))
    event.listen(at.database.engine, "connect", lambda opened, _: opened.execute("pragma max_page_count = 1"))
    done = CliRunner().invoke(cli.verbs(open_desk=lambda _day: at, serve=lambda: None), ["score"])
    assert (done.exit_code, done.stderr) == (ENVIRONMENT, "Error: DATABASE_URL: database or disk is full\n")


def test_a_place_where_nothing_can_be_written_is_the_environment(sample_database: Database, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    done = run(sample_database, "export", "kpis", "-o", str(tmp_path / "taken" / "kpis.xlsx"), *DAY)
    assert (done.exit_code, str(tmp_path / "taken") in done.stderr) == (ENVIRONMENT, True), done.output


def test_an_unreachable_database_is_the_environment() -> None:
    for url in ("sqlite:////nowhere/at/all.db", "postgresql://u:secret@127.0.0.1:1/none", "nonsense://x"):

        def desk(_day, url=url):
            return bot.desk(bot.Settings(_env_file=None, database_url=url, policy=HOUSE / "sample" / "policy.yaml"))

        done = CliRunner().invoke(cli.verbs(open_desk=desk, serve=lambda: None), ["ask", "/health"])
        assert done.exit_code == ENVIRONMENT, (url, done.output, done.exception)
        assert "secret" not in done.output
        assert "DATABASE_URL" in done.stderr


def test_a_list_is_written_where_it_is_wanted(sample_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "renewals.xlsx"
    done = run(
        sample_database, "export", "renewals", "2027-Q1", "team", "-o", str(file), "--as", "sofia@example.com", *DAY
    )
    assert (done.exit_code, done.stdout.strip()) == (DONE, str(file))
    assert load_workbook(file).sheetnames == ["Renovaciones", "Definiciones"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("plan",), USAGE), (("portfolio", "--customer-safe"), USAGE), (("everything",), USAGE),
        (("portfolio", "nonsense"), REFUSED),
    ],
)  # fmt: skip
def test_what_cannot_be_exported_leaves_no_file(sample_database: Database, tmp_path: Path, arguments, code) -> None:
    file = tmp_path / "out.xlsx"
    assert run(sample_database, "export", *arguments, "-o", str(file), *DAY).exit_code == code
    assert not file.exists()

"""What an import says, in both languages, and to scripts."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.policies.policy import Policy
from handlers.verbs import imports
from storage import accounts
from storage.database import Database
from storage.importing import imports as storage_imports
from storage.scope import operator
from storage.tables import people
from tests.stage import HOUSE
from tests.storage.sources.importing import ACCOUNTS, load, of, undo
from words import Words

STORAGE = HOUSE / "storage"
AMBIGUOUS = "day and month cannot be told apart; write this in the policy: sources: usage: dates: dmy (or mdy)"
MESSY = {
    "accounts": ACCOUNTS.replace("name\n", "name,segmnt\n"),
    "tickets": "ticket_id,account_id,opened_at,severity\nT1,A1,31/02/2026,high\nT2,A1,2026-11-01,hi\n"
    "T3,A9,2026-11-01,low\n",
    "usage": "account_id,day\nA1,03/04/2026\n",
    "features": b"",
    "notes.txt": "",
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def test_a_messy_import_is_told_in_words(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, MESSY)
    assert imports.answer(report, Words("en")).splitlines() == [
        "accounts.csv: 2 added",
        "  column “segmnt” is not known; did you mean segment?",
        "features.csv: it is empty",
        "tickets.csv: 1 parked (account not known yet), 2 refused",
        "  line 2: opened_at “31/02/2026”: there is no such day",
        "  line 3: severity “hi”: is none of: low, normal, high, and critical",
        f"  all refused rows, with the reason: {of(report, 'tickets').refused_file}",
        "usage.csv: 1 refused",
        f"  line 2: day “03/04/2026”: {AMBIGUOUS}",
        f"  all refused rows, with the reason: {of(report, 'usage').refused_file}",
        "Not data files, ignored: notes.txt",
        "Import 1. To take it back: bot.py import --undo 1",
    ]


def test_the_same_again_a_check_and_an_undo_are_told(database: Database, tmp_path: Path) -> None:
    files = {"accounts": ACCOUNTS}
    words = Words("en")
    checked = load(database, tmp_path, files, check=True)
    first = load(database, tmp_path, files)
    again = load(database, tmp_path, files)
    undone = undo(database, first)
    assert [imports.answer(report, words).splitlines()[-1] for report in (checked, first, again, undone)] == [
        "Only checked: nothing was written.",
        "Import 1. To take it back: bot.py import --undo 1",
        "These files were imported before; nothing changed. Import 2.",
        "Import 1 is undone: 2 rows removed, 0 restored.",
    ]
    assert imports.answer(undo(database, first), words) == "Import 1 was undone already."


def test_spanish_says_it_all(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, MESSY)
    said, english = (imports.answer(report, Words(language)) for language in ("es", "en"))
    assert not set(said.splitlines()) & set(english.splitlines())
    assert len(said.splitlines()) == len(english.splitlines())


def test_json_has_codes_beside_the_words(database: Database, tmp_path: Path) -> None:
    told = imports.as_json(load(database, tmp_path, MESSY), Words("en"))
    files = {file["name"]: file for file in told["files"]}
    assert (told["ok"], told["import_id"], told["ignored"]) == (False, 1, ["notes.txt"])
    assert files["features.csv"]["error"]["code"] == "empty"
    assert files["tickets.csv"]["refusals"][0] | {"reason": ""} == {
        "line": 2, "column": "opened_at", "value": "31/02/2026", "code": "no_such_day", "reason": "",
    }  # fmt: skip
    assert (files["tickets.csv"]["parked"], files["tickets.csv"]["refused"]) == (1, 2)


def test_every_code_has_its_words() -> None:
    code = r'(?:BadCell|problem|UnreadableFile|Warned|_Mismatch)\(\s*"(\w+)"'
    source = "\n".join(path.read_text(encoding="utf-8") for path in STORAGE.rglob("*.py"))
    used = set(re.findall(code, source))
    known = {*imports.REASONS, *imports.UNREADABLE, *imports.WARNINGS, *imports.NOT_UNDONE}
    assert used <= known
    assert {"required", "ambiguous_date", "missing_columns", "above_seats"} <= used


def test_an_import_that_was_scored_is_taken_back_whole(sample_database: Database) -> None:
    """Scores and the rule's renewal calls follow from the import: they do not hold its accounts back."""

    def undo() -> storage_imports.Undone:
        return storage_imports.undo(sample_database, 1, who="tests", now=datetime.now(UTC), policy=Policy())

    assert imports.answer(undo(), Words("es")).startswith("Sin la importación 1 no quedaría nadie que administre")
    another = {"email": "another@example.com", "role": "admin", "known_on": date(2026, 11, 1)}
    with sample_database.changing() as tx:
        tx.execute(people.insert().values(another))
    undone = undo()
    assert undone.ok
    assert not undone.left
    with sample_database.transaction() as tx:
        assert accounts.count(tx, operator()) == 0

"""What people changed stands against what an import tells again, and is named where both changed it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import changes, people
from storage.database import Database
from storage.tables import edited, history
from tests.storage.sources.importing import NOW, load, of, rows, undo

HEADER = "account_id,name,segment,csm\n"


def told(segment: str, csm: str = "a@x.com") -> dict[str, str]:
    return {"accounts": f"{HEADER}A1,Acme,{segment},{csm}\n"}


def edit(database: Database, **values: object) -> None:
    with database.changing() as tx:
        changes.edit(
            tx, "accounts", {"account_id": "A1"}, values, who="ana@x.com", at=NOW, origin="modal", on=NOW.date()
        )


def segment(database: Database) -> object:
    return rows(database, "accounts", "segment")[0][0]


def test_a_column_that_the_import_does_not_change_never_overwrites_an_edit(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, told("smb"))
    edit(database, segment="enterprise")
    report = load(database, tmp_path, told("smb", "b@x.com"))
    assert report.ok
    assert of(report, "accounts").changed == 1
    assert rows(database, "accounts", "segment", "csm") == [("enterprise", "b@x.com")]


def test_changed_on_both_sides_is_a_conflict_told_once_for_each_value(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, told("smb"))
    edit(database, segment="enterprise")
    reports = [of(load(database, tmp_path, told(each)), "accounts") for each in ("mid", "mid", "large", "smb")]
    assert [[(c.column, c.standing, c.imported) for c in report.conflicts] for report in reports] == [
        [("segment", "enterprise", "mid")], [], [("segment", "enterprise", "large")], [],
    ]  # fmt: skip
    assert segment(database) == "enterprise"


def test_an_edit_taken_back_lets_the_import_through(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, told("smb"))
    edit(database, segment="enterprise")
    edit(database, segment="smb")
    assert load(database, tmp_path, told("mid")).ok
    assert segment(database) == "mid"


def test_an_import_that_agrees_with_the_edit_is_followed_from_then_on(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, told("smb"))
    edit(database, segment="enterprise")
    assert load(database, tmp_path, told("enterprise")).ok
    assert load(database, tmp_path, told("mid")).ok
    assert segment(database) == "mid"


@pytest.mark.parametrize(
    ("file", "content", "key", "values"),
    [
        ("subscriptions", "subscription_id,account_id,starts_on,arr\nS1,A1,2026-01-01,1200.00\n",
         {"subscription_id": "S1", "starts_on": date(2026, 1, 1)}, {"annual": Decimal("1500.0")}),
        ("touches", "touch_id,account_id,at\nT1,A1,2026-01-05T10:00:00+02:00\n",
         {"touch_id": "T1"}, {"at": datetime(2026, 1, 6, 9, tzinfo=UTC)}),
    ],
)  # fmt: skip
def test_an_amount_or_a_moment_written_otherwise_is_the_same(
    database: Database, tmp_path: Path, file: str, content: str, key: dict[str, object], values: dict[str, object]
) -> None:
    load(database, tmp_path, {file: content})
    with database.changing() as tx:
        changes.edit(tx, file, key, values, who="ana@x.com", at=NOW, origin="modal", on=NOW.date())
    assert of(load(database, tmp_path, {file: content}), file).conflicts == ()


def test_an_edited_row_that_is_deleted_stays_and_is_named(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, told("smb"))
    edit(database, segment="enterprise")
    deleted = {"accounts": "account_id,name,deleted\nA1,,true\n"}
    reports = [of(load(database, tmp_path, deleted), "accounts") for _ in range(2)]
    assert [[conflict.column for conflict in report.conflicts] for report in reports] == [["deleted"], []]
    assert segment(database) == "enterprise"


def test_what_a_person_wrote_first_stands(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, told("smb"))
    number = rows(database, "accounts", "number")[0][0]
    with database.changing() as tx:
        key = {"account": number, "given_on": date(2026, 11, 20)}
        changes.edit(tx, "sentiments", key, {"value": "good"}, who="ana@x.com", at=NOW, origin="modal", on=NOW.date())
    content = {"sentiments": "account_id,given_on,value,note\nA1,2026-11-20,lost,from the file\n"}
    reports = [of(load(database, tmp_path, content, with_accounts=False), "sentiments") for _ in range(2)]
    assert [[conflict.column for conflict in report.conflicts] for report in reports] == [["value"], []]
    assert rows(database, "sentiments", "value", "note") == [("good", "from the file")]
    with database.transaction() as tx:
        assert tx.execute(select(edited.c.column, edited.c.reported)).all() == [("value", "lost")]


def test_a_stage_is_kept_with_the_day_on_which_it_was_told(database: Database, tmp_path: Path) -> None:
    """A first load cannot know since when; who never had one needs no date; an import is taken back with its date."""
    later = {"now": NOW + timedelta(3), "today": NOW.date() + timedelta(3)}
    load(database, tmp_path, {"accounts": "account_id,name,stage,customer_since\nA1,Acme,land,2025-01-01\nA2,B,,\n"})
    report = load(database, tmp_path, {"accounts": "account_id,name,stage\nA1,Acme,\nA2,B,adopt\n"}, **later)
    query = select(history.c.entity_key, history.c.day, history.c.value, history.c.assumed)
    query = query.where(history.c.field == "laer_stage").order_by(history.c.entity_key, history.c.day)

    def kept() -> list[tuple[object, ...]]:
        with database.transaction() as tx:
            return [tuple(row) for row in tx.execute(query)]

    first = ("A1", NOW.date(), "land", True)
    day = NOW.date() + timedelta(3)
    assert kept() == [first, ("A1", day, None, False), ("A2", day, "adopt", False)]
    assert undo(database, report).ok
    assert kept() == [first]


def test_a_person_s_own_settings_stand_against_the_people_file(database: Database, tmp_path: Path) -> None:
    header = "email,name,role,country,language\n"
    load(database, tmp_path, {"people": f"{header}a@x.com,Ana,csm,MX,es\n"})
    with database.changing() as tx:
        own = {"country": "ES", "language": "en", "digest_channel": "C1"}
        people.settle(tx, "a@x.com", own, at=NOW, on=NOW.date())
    assert load(database, tmp_path, {"people": f"{header}a@x.com,Ana R.,csm,MX,es\n"}).ok
    columns = ("name", "country", "language", "digest_channel")
    assert rows(database, "people", *columns) == [("Ana R.", "ES", "en", "C1")]

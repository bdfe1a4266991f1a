"""An import taken back leaves the state before it, and names what came later."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from domain.policies.policy import Policy
from storage import changes
from storage.database import Database
from storage.importing import imports
from storage.tables import before_images, dirty, sources
from tests.storage.sources.importing import ACCOUNTS, NOW, load, rows, state, undo

FIRST = {
    "accounts": "account_id,name,segment,csm\nA1,Acme,smb,a@x.com\nA2,Norte,smb,a@x.com\n",
    "tickets": "ticket_id,account_id,opened_at,severity\nT1,A1,2026-11-01,high\nT2,A2,2026-11-01,low\n",
    "usage": "account_id,day,active_users\nA1,2026-11-20,5\nA9,2026-11-20,1\n",
    "outcomes": "outcome_id,account_id,statement,current\nO1,A1,Close in 3 days,7\n",
}
SECOND = {
    "accounts": "account_id,name,segment,csm,deleted\nA1,Acme Corp,enterprise,b@x.com,\nA2,,,,yes\nA9,New,,,\n",
    "tickets": "ticket_id,account_id,opened_at,severity\nT1,A1,2026-11-02,low\nT3,A9,2026-11-03,low\n"
    "T4,A8,2026-11-03,\n",
    "usage": "account_id,day,active_users\nA1,2026-11-20,6\nA9,2026-11-20,2\nA1,2026-11-21,2\n",
    "outcomes": "outcome_id,account_id,statement,current\nO1,A1,Close in 3 days,5\n",
}


def test_undoing_leaves_the_state_before(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST)
    before = state(database)
    report = load(database, tmp_path, SECOND)
    assert report.landed == {"usage": 1}
    assert state(database) != before
    undone = undo(database, report)
    assert undone.ok
    assert undone.left == []
    assert state(database) == before
    with database.transaction() as tx:
        assert tx.execute(select(before_images).where(before_images.c.import_id == report.import_id)).all() == []
        assert tx.execute(select(sources.c.name)).all()
        assert tx.execute(select(dirty.c.what)).scalars().all()


def test_undoing_the_first_import_leaves_nothing_and_it_can_be_imported_again(
    database: Database, tmp_path: Path
) -> None:
    report = load(database, tmp_path, FIRST)
    after = state(database)
    undo(database, report)
    assert state(database) == {}
    with database.transaction() as tx:
        assert tx.execute(select(sources)).all() == []
    load(database, tmp_path, FIRST)
    assert state(database) == after


def test_later_edits_stay_and_are_named(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"accounts": FIRST["accounts"]})
    report = load(database, tmp_path, {"accounts": FIRST["accounts"].replace("smb,a@x.com\nA2", "mid,b@x.com\nA2")})
    with database.changing() as tx:
        changes.edit(
            tx, "accounts", {"account_id": "A1"}, {"csm": "c@x.com"}, who="x", at=NOW, origin="modal", on=NOW.date()
        )
    undone = undo(database, report)
    assert [(left.entity, left.key, left.because) for left in undone.left] == [("accounts", "A1", "edited")]
    assert rows(database, "accounts", "segment", "csm")[0] == ("smb", "c@x.com")


def test_a_row_that_was_added_and_edited_since_stays(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, {"accounts": ACCOUNTS})
    with database.changing() as tx:
        changes.edit(
            tx, "accounts", {"account_id": "A1"}, {"csm": "c@x.com"}, who="x", at=NOW, origin="modal", on=NOW.date()
        )
    undone = undo(database, report)
    assert [(left.key, left.because) for left in undone.left] == [("A1", "edited")]
    assert rows(database, "accounts", "account_id", "csm") == [("A1", "c@x.com")]


def test_a_later_import_stays_and_is_named(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST)
    second = load(database, tmp_path, {"tickets": FIRST["tickets"].replace("high", "low")}, with_accounts=False)
    load(database, tmp_path, {"tickets": FIRST["tickets"].replace("high", "critical")}, with_accounts=False)
    undone = undo(database, second)
    assert [(left.entity, left.key, left.because) for left in undone.left] == [("tickets", "T1", "later_import")]
    assert rows(database, "tickets", "severity")[0] == ("critical",)


def test_an_account_that_others_need_stays(database: Database, tmp_path: Path) -> None:
    first = load(database, tmp_path, {"accounts": FIRST["accounts"]})
    load(database, tmp_path, {"tickets": FIRST["tickets"]}, with_accounts=False)
    assert {(left.key, left.because) for left in undo(database, first).left} == {("A1", "needed"), ("A2", "needed")}
    assert len(rows(database, "accounts", "number")) == 2


def test_only_what_is_there_and_not_too_old_is_undone(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, FIRST)
    late = imports.undo(database, 1, who="x", now=NOW + timedelta(31), policy=Policy())
    undo(database, report)
    again, other = undo(database, report), imports.undo(database, 99, who="x", now=NOW, policy=Policy())
    assert [each.error and each.error.code for each in (late, again, other)] == [
        "too_late", "already_undone", "no_such_import",
    ]  # fmt: skip


def test_images_are_dropped_when_they_are_too_old(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST)
    load(database, tmp_path, SECOND)
    load(database, tmp_path, {"features": "feature\nX\n"}, with_accounts=False, now=NOW + timedelta(31))
    with database.transaction() as tx:
        assert tx.execute(select(before_images.c.import_id).distinct()).scalars().all() == [3]

"""Somebody administers, always; and the first comes with the people file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.policies.policy import Policy
from domain.roles import MAY, may
from storage import changes, people, tables
from storage.admins import LastAdmin
from storage.database import Database
from storage.importing import imports
from storage.importing.import_report import FileReport
from tests.storage.rows import TODAY

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY_TOM = {"who": "tom@x.com", "at": NOW, "origin": "modal", "on": TODAY}


def brought(database: Database, folder: Path, *lines: str, header: str = "email,name,role") -> FileReport:
    (folder / "people.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    report = imports.run(
        database, [folder / "people.csv"], policy=Policy(), who="operator", now=NOW, today=TODAY
    )  # fmt: skip
    return report.files[0]


def roles(database: Database) -> dict[str, str]:
    with database.transaction() as tx:
        return {person.email.partition("@")[0]: person.role for person in people.every(tx)}


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Database:
    assert brought(database, tmp_path, "tom@x.com,Tom,admin", "ana@x.com,Ana,csm").added == 2
    assert roles(database)["tom"] == "admin", "the first admin comes with the people file"
    return database


@pytest.mark.parametrize("row", ["tom@x.com,Tom,lead,", "tom@x.com,Tom,,", "tom@x.com,Tom,admin,yes"])
def test_an_import_does_not_take_the_last_admin(house: Database, tmp_path: Path, row: str) -> None:
    told = brought(house, tmp_path, row, "ben@x.com,Ben,csm,", header="email,name,role,deleted")
    assert (told.added, told.refused, told.changed, told.removed) == (1, 1, 0, 0)
    assert told.refusals[0].code == "last_admin"
    assert roles(house) == {"tom": "admin", "ana": "csm", "ben": "csm"}


def test_one_hands_over_to_another(house: Database, tmp_path: Path) -> None:
    assert not brought(house, tmp_path, "tom@x.com,Tom,lead", "ana@x.com,Ana,admin").refused
    assert roles(house) == {"tom": "lead", "ana": "admin"}


def test_both_at_once_do_not_go(house: Database, tmp_path: Path) -> None:
    brought(house, tmp_path, "ana@x.com,Ana,admin")
    told = brought(house, tmp_path, "tom@x.com,Tom,csm", "ana@x.com,Ana,csm")
    assert told.refused == 2
    assert not brought(house, tmp_path, "tom@x.com,Tom,csm").refused


def test_a_file_without_roles_takes_nobodys(house: Database, tmp_path: Path) -> None:
    assert not brought(house, tmp_path, "tom@x.com,Thomas", header="email,name").refused
    assert roles(house)["tom"] == "admin"


def test_an_edited_role_that_the_import_does_not_touch_is_no_demotion(house: Database, tmp_path: Path) -> None:
    """Ana was made admin by hand, and Tom csm: the old file says what it always said, and nothing changes."""
    with house.changing() as tx:
        changes.edit(tx, "people", {"email": "ana@x.com"}, {"role": "admin"}, **BY_TOM)
        changes.edit(tx, "people", {"email": "tom@x.com"}, {"role": "csm"}, **BY_TOM)
    told = brought(house, tmp_path, "tom@x.com,Tom,csm", "ana@x.com,Ana,csm")
    assert told.refused == 0
    assert roles(house) == {"tom": "csm", "ana": "admin"}


def test_an_edit_does_not_take_the_last_admin_either(house: Database) -> None:
    key = {"email": "tom@x.com"}
    with pytest.raises(LastAdmin), house.changing() as tx:
        changes.edit(tx, "people", key, {"role": "csm"}, **BY_TOM)
    with pytest.raises(LastAdmin), house.changing() as tx:
        changes.remove(tx, "people", key, **BY_TOM)
    with house.changing() as tx:
        assert changes.edit(tx, "people", key, {"name": "Thomas"}, **BY_TOM)
    assert roles(house)["tom"] == "admin"


def test_undoing_an_import_does_not_take_the_last_admin(house: Database, tmp_path: Path) -> None:
    def undo(number: int) -> imports.Undone:
        return imports.undo(house, number, who="operator", now=NOW, policy=Policy())

    refused = undo(1)
    assert refused.error is not None
    assert (refused.error.code, refused.removed) == ("last_admin", 0)
    assert roles(house) == {"tom": "admin", "ana": "csm"}
    brought(house, tmp_path, "ana@x.com,Ana,admin")
    assert undo(1).ok
    assert roles(house) == {"ana": "admin"}
    refused = undo(2)
    assert refused.error is not None, "what the import found is gone: without it Ana would be csm again, and alone"
    assert roles(house) == {"ana": "admin"}


def test_an_import_that_took_an_admin_is_undone_and_so_is_one_of_a_house_without(
    house: Database, tmp_path: Path
) -> None:
    def undo(number: int) -> bool:
        return imports.undo(house, number, who="operator", now=NOW, policy=Policy()).ok

    brought(house, tmp_path, "tom@x.com,Tom,lead", "ana@x.com,Ana,admin")
    assert undo(2)
    assert roles(house) == {"tom": "admin", "ana": "csm"}
    with house.changing() as tx:
        tx.execute(tables.people.update().values(role="csm"))
    assert undo(1)
    assert roles(house) == {}


def test_what_each_role_may() -> None:
    table = {role: "".join(act[0] for act in ("read", "write", "decide", "see_all", "administer") if may(role, act))
             for role in (*MAY, "nobody")}  # fmt: skip
    assert table == {"viewer": "r", "csm": "rw", "lead": "rwd", "admin": "rwdsa", "operator": "rwsa", "nobody": ""}

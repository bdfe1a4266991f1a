import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database, Unreachable
from storage.schema import configuration, is_current, migrate
from storage.tables import metadata


def test_a_migrated_database_has_the_tables_of_today(database: Database) -> None:
    assert is_current(database)
    with database.transaction() as tx:
        differences = compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)
    assert differences == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    assert is_current(database)


def test_a_database_of_another_version_is_left_alone(sqlite_database: Database) -> None:
    with sqlite_database.changing() as tx:
        tx.execute(text("update alembic_version set version_num = 'tomorrow'"))
    assert not is_current(sqlite_database)
    with pytest.raises(Unreachable, match="tomorrow"):
        migrate(sqlite_database)


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


@pytest.mark.parametrize("tampering", ["update changes set who = 'someone else'", "delete from changes"])
def test_the_record_of_changes_only_grows(database: Database, tampering: str) -> None:
    with database.changing() as tx:
        tx.execute(
            text(
                "insert into changes (who, at, origin, entity, entity_key, previous_hash, hash) "
                "values ('ana@example.com', '2026-11-23 09:00:00', 'modal', 'touches', 't1', '', 'h1')"
            )
        )
    with pytest.raises(DBAPIError, match="append-only"), database.changing() as tx:
        tx.execute(text(tampering))

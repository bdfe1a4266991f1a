"""Bringing a database to today's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from storage.database import Database, Unreachable


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> None:
    """Run the missing migrations; does nothing on a database of today. Raises Unreachable on one of tomorrow."""
    with database.changing() as connection:
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError as error:
            raise Unreachable(database.address, f"another version of this program made its tables: {error}") from error


def is_current(database: Database) -> bool:
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    with database.transaction() as tx:
        return MigrationContext.configure(tx).get_current_revision() == head

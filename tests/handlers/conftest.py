import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from storage.database import Database
from tests.stage import TODAY, Counter, Stage, fill, raised, settings


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


@pytest.fixture
def stage(sample_database: Database) -> Iterator[Stage]:
    with raised(sample_database) as stage:
        yield stage


@pytest.fixture
def counter(sample_database: Database) -> Iterator[Counter]:
    desk = bot.desk(settings(sample_database), TODAY)
    yield Counter(desk)
    desk.exports.shutdown()
    desk.database.close()

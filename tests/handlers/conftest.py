import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from sample.plays import put_on
from storage.database import Database
from tests.stage import TODAY, Counter, Stage, raised, settings


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


@pytest.fixture(scope="session")
def played(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with its plays under way."""
    file = tmp_path_factory.mktemp("played") / "played.db"
    shutil.copy(filled, file)
    database = Database(f"sqlite:///{file}")
    desk = bot.desk(settings(database), TODAY)
    put_on(desk)
    with desk.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.exports.shutdown()
    desk.database.close()
    database.close()
    return file


@pytest.fixture
def played_database(played: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(played, tmp_path / "played.db")
    database = Database(f"sqlite:///{tmp_path / 'played.db'}")
    yield database
    database.close()


@pytest.fixture
def on_stage(played_database: Database) -> Iterator[Stage]:
    with raised(played_database) as stage:
        yield stage


@pytest.fixture
def prompter(played_database: Database) -> Iterator[Counter]:
    """A counter whose plays are under way."""
    desk = bot.desk(settings(played_database), TODAY)
    yield Counter(desk)
    desk.exports.shutdown()
    desk.database.close()

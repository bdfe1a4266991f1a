import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.stage import Stage, fill, raised


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in a database, once for all tests of this process."""
    file = tmp_path_factory.mktemp("filled") / "apuntador.db"
    database = Database(f"sqlite:///{file}")
    fill(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


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

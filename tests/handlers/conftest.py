from collections.abc import Iterator

import pytest

import bot
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

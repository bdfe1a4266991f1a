from collections.abc import Callable, Iterator

import pytest

from storage.database import Database
from tests.faults.rig import Rig, scene, settle


@pytest.fixture
def rig(database: Database) -> Iterator[Rig]:
    settle(database)
    with scene() as slack:
        yield Rig(slack, database)


@pytest.fixture
def shared(postgres_database: Database) -> Iterator[Rig]:
    """On PostgreSQL, where replicas share the work."""
    settle(postgres_database)
    with scene() as slack:
        yield Rig(slack, postgres_database)


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """What was counted, told at the end of the run."""
    return lambda said: request.node.user_properties.append(("counted", said))

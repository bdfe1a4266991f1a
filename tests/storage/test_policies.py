from datetime import date

from domain.policies.policy import Policy
from storage import policies
from storage.database import Database


def test_the_content_of_a_version_is_kept(database: Database) -> None:
    with database.changing() as tx:
        version = policies.version(tx, Policy(currency="EUR"), day=date(2026, 1, 1))
    with database.transaction() as tx:
        assert policies.current(tx, Policy(currency="EUR")) == version
        assert policies.last_used(tx) is None

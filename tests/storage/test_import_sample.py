"""The sample company is imported whole."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from domain.policy import load
from sample.shift import ANCHOR, SAMPLE
from storage import imports
from storage.database import Database
from storage.tables import ENTITIES

POLICY = SAMPLE / "policy.yaml"


@pytest.mark.parametrize("again", [False, True])
def test_no_row_of_the_sample_is_refused_or_parked(sqlite_database: Database, again: bool) -> None:
    policy = load(POLICY.read_text(encoding="utf-8"))
    for _ in range(1 + again):
        report = imports.run(
            sqlite_database, sorted(SAMPLE.glob("*.csv")), policy=policy, who="test",
            now=datetime(2026, 11, 23, 9, tzinfo=UTC), today=ANCHOR,
        )  # fmt: skip
    assert report.ok
    assert not any(file.parked or file.unknown_columns for file in report.files)
    with sqlite_database.transaction() as tx:
        counts = {
            name: tx.execute(select(func.count()).select_from(table)).scalar_one() for name, table in ENTITIES.items()
        }
    assert counts == {file.entity: (file.unchanged if again else file.added) for file in report.files}
    assert all(counts.values())

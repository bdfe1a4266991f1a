"""The sample company is imported whole."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from domain.policies.policy import FILES, load
from sample.shift import ANCHOR, SAMPLE
from storage.database import Database
from storage.importing import imports
from storage.tables import ENTITIES

POLICY = SAMPLE / "policy.yaml"


def test_no_row_of_the_sample_is_refused_or_parked_and_none_changes_a_second_time(sqlite_database: Database) -> None:
    policy = load(POLICY.read_text(encoding="utf-8"))
    first, second = (
        imports.run(
            sqlite_database, sorted(SAMPLE.glob("*.csv")), policy=policy, who="test",
            now=datetime(2026, 11, 23, 9, tzinfo=UTC), today=ANCHOR,
        )
        for _ in range(2)
    )  # fmt: skip
    assert first.ok
    assert second.ok
    assert not any(file.parked or file.unknown_columns for file in first.files)
    with sqlite_database.transaction() as tx:
        counts = {name: tx.execute(select(func.count()).select_from(ENTITIES[name])).scalar_one() for name in FILES}
    assert counts == {file.entity: file.added for file in first.files}
    assert counts == {file.entity: file.unchanged for file in second.files}
    assert all(counts.values())

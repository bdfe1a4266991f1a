"""What happened and changed no row stands in the record of changes like any other."""

from datetime import UTC, datetime

from storage import audit, changes
from storage.database import Database

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_what_left_is_recorded_in_the_chain(database: Database) -> None:
    sent = {"endpoint": "model.example", "text": "how is «A1» doing"}
    with database.changing() as tx:
        first = changes.note(tx, "assistant", "choose", sent, who="ana@example.com", at=AT, origin="assistant")
        changes.note(tx, "assistant", "word", sent, who="ana@example.com", at=AT, origin="assistant")
    with database.transaction() as tx:
        assert changes.verify(tx) is None
        last, before = audit.entries(tx, who="ana@example.com", limit=5)
    assert (before.id, before.entity, before.entity_key, before.before) == (first, "assistant", "choose", None)
    assert (before.after, before.at, last.entity_key) == (sent, AT, "word")

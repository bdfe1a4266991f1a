"""What waits goes to another person, or at another time, only while nobody has begun to send it."""

from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.delivery import outbox
from storage.delivery.outbox import Message
from tests.storage.rows import TODAY

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


def test_another_reader(database: Database) -> None:
    with database.changing() as tx:
        waits = [Message(f"urgent:{n}", "urgent", TODAY, {}, NOW, person="ana@x.com") for n in (1, 2)]
        outbox.queue(tx, [*waits, Message("digest", "digest", TODAY, {}, NOW, person="ana@x.com")])
        assert [each.key for each in outbox.unbegun(tx, "urgent")] == ["urgent:1", "urgent:2"]
        assert outbox.move(tx, "urgent:1", NOW, person="ben@x.com")
        assert not outbox.move(tx, "urgent:1", NOW, person="ben@x.com"), "as it is already"
        held = outbox.claim(tx, due_by=NOW, now=NOW, holder="h", until=LATER)
        assert held
        assert held.message.person == "ben@x.com"
        assert not outbox.move(tx, "urgent:1", LATER, person="cleo@x.com"), "somebody sends it"
        assert outbox.put_off(tx, held, due_at=LATER, person="cleo@x.com")
        (again,) = [each for each in outbox.unbegun(tx, "urgent") if each.key == "urgent:1"]
        assert (again.person, again.due_at) == ("cleo@x.com", LATER)
        held = outbox.claim(tx, due_by=LATER, now=NOW, holder="h", until=LATER)
        assert held
        assert outbox.try_now(tx, held, now=NOW, until=LATER)
        assert outbox.release(tx, held, untried=False)
        assert held.message.key not in {each.key for each in outbox.unbegun(tx, "urgent")}, "Slack may have it"
        assert not outbox.move(tx, held.message.key, LATER, person="ben@x.com")

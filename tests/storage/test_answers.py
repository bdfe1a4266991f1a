"""What people did with alerts, as the record tells it, and where what was told of them stands; in both databases."""

from datetime import UTC, datetime, timedelta

from domain.alerts.alerts import Action, Signal
from storage import changes
from storage.alerts import alerts, answers, nights
from storage.alerts.answers import Answer
from storage.database import Database
from storage.delivery import outbox, posts
from storage.delivery.outbox import Message
from storage.tables import alerts as rows
from tests.storage.rows import TODAY, put_accounts, put_people

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANA, BEN = "ana@x.com", "ben@x.com"


def test_answers_since_a_change_are_told_with_who_gave_them(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        number = put_accounts(tx, "Acme", csm=ANA)[0]
        nights.write(tx, [Action("open", Signal(number, "at_risk", owner=ANA))], TODAY)
        alert = tx.execute(rows.select()).one().id
        by = {"at": NOW, "on": TODAY}
        assert (answers.newest(tx), answers.since(tx, 0)) == (0, [])
        taken = alerts.claim(tx, alert, who=BEN, **by)
        changes.edit(tx, "people", {"email": ANA}, {"name": "Ann"}, who=ANA, at=NOW, origin="modal", on=TODAY)
        alerts.release(tx, alert, who=BEN, **by)
        alerts.snooze(tx, alert, TODAY + timedelta(3), "later", who=ANA, **by)
        assert [(each.alert, each.who, each.put_off) for each in answers.since(tx, taken)] == [
            (alert, BEN, False), (alert, ANA, True),
        ]  # fmt: skip
        assert answers.since(tx, 0)[0] == Answer(taken, alert, BEN, put_off=False)
        assert answers.since(tx, answers.newest(tx)) == []


def test_what_waits_is_moved_and_what_stands_is_found_by_its_key(database: Database) -> None:
    waiting, standing = (Message(key, "digest", TODAY, {}, NOW, person=ANA) for key in ("waiting", "standing"))
    later = NOW + timedelta(hours=2)
    with database.changing() as tx:
        outbox.queue(tx, [standing])
        held = outbox.claim(tx, due_by=NOW, now=NOW, holder="h", until=later)
        outbox.posted(tx, held, channel="D1", ts="1.1", at=NOW)
        outbox.queue(tx, [waiting])
        assert [(told.message.key, told.channel, told.ts) for told in posts.told(tx, {"waiting", "standing"})] == [
            ("standing", "D1", "1.1")
        ]
        assert outbox.move(tx, "waiting", later)
        assert not outbox.move(tx, "waiting", later), "it is there already"
        assert not outbox.move(tx, "standing", later)
        assert outbox.waiting(tx, due_by=NOW) == []

"""Whoever edits the database by hand is found out, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from storage import audit, chain, changes, exports
from storage.append_only import release
from storage.database import Database, Transaction
from storage.tables import changes as recorded
from tests.storage.rows import TODAY, put_accounts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def edited(database: Database) -> Database:
    """Five changes: four names and an export."""
    with database.changing() as tx:
        put_accounts(tx, "Acme", csm="ana@x.com")
        for name in ("Acme Corp", "Acme SA", "Acme GmbH", "Acme Ltd"):
            who = {"who": "ana@x.com", "at": NOW, "origin": "modal", "on": TODAY}
            changes.edit(tx, "accounts", {"account_id": "id-Acme"}, {"name": name}, **who)
        exports.record(
            tx, account=None, kind="kpis", who="sofia@x.com", made_at=NOW, customer_safe=False, content={"day": "x"}
        )
    return database


def walked(database: Database, anchor: str = "", last: int | None = None) -> chain.Walked:
    with database.transaction() as tx:
        return chain.walk(tx, anchor=anchor, last=last)


@pytest.fixture
def unguarded(edited: Database) -> Database:
    """Somebody with the rights of the database's owner takes the trigger away; it is put back afterwards."""
    with edited.changing() as tx:
        if edited.is_sqlite:
            release(tx, "changes")
        else:
            tx.execute(text("alter table changes disable trigger all"))
    return edited


@pytest.mark.parametrize(
    "statement", [update(recorded).values(who="nobody"), delete(recorded)], ids=["edit", "removal"]
)
def test_the_database_itself_refuses_an_edit_and_a_removal(edited: Database, statement) -> None:
    with pytest.raises(DBAPIError, match="append-only"), edited.changing() as tx:
        tx.execute(statement)
    assert walked(edited).whole


def second(tx: Transaction, **values: object) -> None:
    tx.execute(update(recorded).where(recorded.c.id == 2).values(values))


def made_to_fit(tx: Transaction) -> None:
    """Edited, and its own hash with it: then the next one does not follow."""
    row = dict(tx.execute(recorded.select().where(recorded.c.id == 2)).mappings().one())
    row["who"] = "luis@x.com"
    second(tx, who=row["who"], hash=chain.hash_of(row))


TAMPERING: dict[str, tuple[Callable[[Transaction], object], int]] = {
    "what was written": (lambda tx: second(tx, after={"name": "Acme AG"}), 2),
    "who wrote it": (lambda tx: second(tx, who="luis@x.com"), 2),
    "when": (lambda tx: second(tx, at=datetime(2025, 1, 1, tzinfo=UTC)), 2),
    "with a hash that fits": (made_to_fit, 3),
    "one removed": (lambda tx: tx.execute(delete(recorded).where(recorded.c.id == 2)), 3),
    "the first removed": (lambda tx: tx.execute(delete(recorded).where(recorded.c.id == 1)), 2),
}


@pytest.mark.parametrize(("tamper", "found"), TAMPERING.values(), ids=TAMPERING)
def test_tampering_is_found_with_the_id(
    unguarded: Database, tamper: Callable[[Transaction], object], found: int
) -> None:
    with unguarded.changing() as tx:
        tamper(tx)
    seen = walked(unguarded)
    assert (seen.broken, seen.whole) == (found, False)


def test_what_is_taken_from_the_end_is_missed_by_the_hash_that_was_kept(unguarded: Database) -> None:
    head = walked(unguarded).head
    assert walked(unguarded, head).whole
    assert walked(unguarded, head[:12]).whole
    with unguarded.changing() as tx:
        tx.execute(delete(recorded).where(recorded.c.id == 5))
    assert walked(unguarded).whole, "a chain alone cannot tell"
    assert not walked(unguarded, head).whole


def test_a_later_change_leaves_the_kept_hash_in_its_place(edited: Database) -> None:
    head = walked(edited).head
    with edited.changing() as tx:
        values = {"who": "ana@x.com", "at": NOW, "origin": "modal", "on": TODAY}
        changes.edit(tx, "accounts", {"account_id": "id-Acme"}, {"name": "Acme"}, **values)
    assert walked(edited, head).whole
    assert not walked(edited, "0123456789").whole


def test_the_last_changes_alone(unguarded: Database) -> None:
    with unguarded.changing() as tx:
        second(tx, who="luis@x.com")
    assert walked(unguarded, last=3) == chain.Walked(3, walked(unguarded, last=3).head, None, anchored=True)
    assert walked(unguarded, last=4).broken == 2
    assert walked(unguarded, last=400).broken == 2


def test_changes_are_listed_newest_first_and_narrowed(edited: Database) -> None:
    with edited.transaction() as tx:
        assert [entry.id for entry in audit.entries(tx, limit=3)] == [5, 4, 3]
        assert [entry.id for entry in audit.entries(tx, limit=3, before=3)] == [2, 1]
        assert [entry.entity for entry in audit.entries(tx, who="SOFIA@x.com", limit=9)] == ["exports"]
        assert len(audit.entries(tx, account="id-Acme", limit=9)) == 4
        assert audit.entries(tx, since=datetime(2026, 11, 24, tzinfo=UTC), limit=9) == []
        (first,) = audit.entries(tx, before=2, limit=9)
    assert (first.before, first.after, first.account) == ({"name": "Acme"}, {"name": "Acme Corp"}, "id-Acme")

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from domain.policies.policy import Policy
from storage import changes, search
from storage.database import Database, Transaction
from storage.facts import facts, sentiments, touches
from storage.scope import operator
from storage.tables import changes as recorded
from storage.tables import contacts, dirty, edited, history, subscriptions
from tests.storage.rows import TODAY, put, put_accounts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY_ANA = {"who": "ana@x.com", "at": NOW, "origin": "modal", "on": TODAY}


@pytest.fixture
def acme(database: Database) -> int:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme", csm="ana@x.com")
        put(tx, "contacts", {"contact_id": "c1", "account": acme, "name": "Eva", "role": "user", "import_id": 7})
        put(
            tx,
            "subscriptions",
            {
                "subscription_id": "s",
                "account": acme,
                "starts_on": TODAY,
                "annual": Decimal(12),
                "currency": "USD",
                "import_id": 7,
            },
        )
    return acme


def rows(tx: Transaction) -> list[Any]:
    return list(tx.execute(select(recorded).order_by(recorded.c.id)))


def test_an_edit_is_written_and_recorded_with_what_was(database: Database, acme: int) -> None:
    with database.changing() as tx:
        made = changes.edit(tx, "contacts", {"contact_id": "c1"}, {"role": "champion", "name": "Eva"}, **BY_ANA)
        row = tx.execute(select(contacts)).mappings().one()
        (change,) = rows(tx)
        kept = tx.execute(select(edited)).mappings().all()
    assert (row["role"], row["import_id"]) == ("champion", None)
    assert (change.id, change.before, change.after, change.account) == (
        made,
        {"role": "user"},
        {"role": "champion"},
        acme,
    )
    assert [(k["entity_key"], k["column"], k["imported"]) for k in kept] == [("c1", "role", "user")]


def test_the_last_imported_value_is_kept_once_a_column(database: Database, acme: int) -> None:
    with database.changing() as tx:
        for values in ({"role": "champion"}, {"role": "sponsor"}, {"name": "Eve"}):
            changes.edit(tx, "contacts", {"contact_id": "c1"}, values, **BY_ANA)
        changes.edit(tx, "contacts", {"contact_id": "c2"}, {"account": acme, "name": "New"}, **BY_ANA)
        changes.edit(tx, "contacts", {"contact_id": "c2"}, {"name": "Newer"}, **BY_ANA)
        kept = tx.execute(select(edited.c.entity_key, edited.c.column, edited.c.imported)).all()
    assert sorted(tuple(k) for k in kept) == [("c1", "name", "Eva"), ("c1", "role", "user")]


def test_what_changes_nothing_is_not_recorded(database: Database, acme: int) -> None:
    with database.changing() as tx:
        assert changes.edit(tx, "contacts", {"contact_id": "c1"}, {"role": "user"}, **BY_ANA) is None
        assert changes.remove(tx, "contacts", {"contact_id": "none"}, **BY_ANA) is None
        assert rows(tx) == []


def test_an_edit_is_undone_unless_it_was_edited_again(database: Database, acme: int) -> None:
    key = {"subscription_id": "s", "starts_on": TODAY}
    with database.changing() as tx:
        made = changes.edit(
            tx, "subscriptions", key, {"annual": Decimal("24.50"), "ends_on": TODAY + timedelta(9)}, **BY_ANA
        )
        changes.undo(tx, made, who="ana@x.com", at=NOW, on=TODAY)
        row = tx.execute(select(subscriptions)).mappings().one()
        assert (row["annual"], row["ends_on"]) == (Decimal(12), None)
        again = changes.edit(tx, "subscriptions", key, {"annual": Decimal(30)}, **BY_ANA)
        changes.edit(tx, "subscriptions", key, {"annual": Decimal(31)}, **BY_ANA)
        with pytest.raises(changes.Overtaken):
            changes.undo(tx, again, who="ana@x.com", at=NOW, on=TODAY)
        gone = changes.remove(tx, "subscriptions", key, **BY_ANA)
        changes.undo(tx, gone, who="ana@x.com", at=NOW, on=TODAY)
        back = tx.execute(select(subscriptions)).mappings().one()
        assert (back["annual"], back["currency"]) == (Decimal(31), "USD")
        new = changes.edit(tx, "contacts", {"contact_id": "c9"}, {"account": acme, "name": "New"}, **BY_ANA)
        changes.undo(tx, new, who="ana@x.com", at=NOW, on=TODAY)
        assert tx.execute(select(contacts).where(contacts.c.contact_id == "c9")).all() == []
        assert changes.verify(tx) is None


def test_an_account_is_found_by_its_new_name(database: Database, acme: int) -> None:
    with database.changing() as tx:
        changes.edit(tx, "accounts", {"account_id": "id-Acme"}, {"name": "Súper Nova"}, **BY_ANA)
        assert search.find(tx, "super nvoa", scope=operator()).found.number == acme
        assert search.find(tx, "acme", scope=operator()).found is None


def test_what_is_said_in_the_evening_is_known_today(database: Database, acme: int) -> None:
    evening = datetime(2026, 11, 24, 1, tzinfo=UTC)
    spoken = touches.Touch("t1", evening, direction="both", contacts=("c1", "eva@x.com"), subject="Hi")
    with database.changing() as tx:
        assert touches.add(tx, acme, spoken, who="ana@x.com", at=evening, origin="modal", today=TODAY)
        assert touches.add(tx, acme, spoken, who="ana@x.com", at=evening, origin="modal", today=TODAY) is None
        sentiments.give(tx, acme, "worried", by="ana@x.com", at=evening, origin="modal", today=TODAY)
        sentiments.give(tx, acme, "good", by="ana@x.com", at=evening, origin="modal", today=TODAY, note="Better")
        policy = Policy(time_zone="America/Bogota")
        (known,) = facts.load(tx, first=acme, last=acme, day=TODAY, policy=policy, scope=operator())
        assert touches.of_account(tx, acme, operator()) == [spoken]
        assert [s.value for s in sentiments.of_account(tx, acme, operator())] == ["good"]
    assert (known.touched_on, known.sentiment.value, known.sentiment.note) == (TODAY, "good", "Better")


def test_an_edit_leaves_history_and_marks(database: Database, acme: int) -> None:
    with database.changing() as tx:
        changes.edit(tx, "accounts", {"account_id": "id-Acme"}, {"csm": "ben@x.com", "industry": "x"}, **BY_ANA)
        changes.edit(tx, "subscriptions", {"subscription_id": "s", "starts_on": TODAY}, {"seats": 5}, **BY_ANA)
        dated = tx.execute(select(history)).mappings().one()
        marks = tx.execute(select(dirty.c.account, dirty.c.what)).all()
        assert [c.account for c in rows(tx)] == [acme, acme]
    assert (dated["entity_key"], dated["field"], dated["value"], dated["day"]) == ("id-Acme", "csm", "ben@x.com", TODAY)
    assert [tuple(m) for m in marks] == [(acme, "revenue")]


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ('update changes set after = \'{"role": "x"}\' where id = 2', 2),
        ("update changes set who = 'eve' where id = 1", 1),
        ("delete from changes where id = 2", 3),
    ],
)
def test_tampering_breaks_the_chain(database: Database, acme: int, tampering: str, broken: int) -> None:
    with database.changing() as tx:
        for role in ("champion", "sponsor", "admin"):
            changes.edit(tx, "contacts", {"contact_id": "c1"}, {"role": role}, **BY_ANA)
        assert changes.verify(tx) is None
    with database.changing() as tx:
        unguard(tx)
        tx.execute(text(tampering))
        assert changes.verify(tx) == broken


def unguard(tx: Transaction) -> None:
    """As whoever holds the file could."""
    if tx.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            tx.execute(text(f"drop trigger changes_no_{verb}"))
    else:
        tx.execute(text("alter table changes disable trigger all"))


def test_writers_at_the_same_time_make_one_chain(database: Database, acme: int) -> None:
    def write(name: str) -> None:
        for number in range(5):
            with database.changing() as tx:
                changes.edit(
                    tx, "contacts", {"contact_id": f"{name}{number}"}, {"account": acme, "name": name}, **BY_ANA
                )

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as tx:
        assert changes.verify(tx) is None
        assert len(rows(tx)) == 20


def test_the_same_form_sent_twice_at_once_is_one_change(database: Database, acme: int) -> None:
    made: list[int | None] = []
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        with database.changing() as tx:
            values = {"account": acme, "at": NOW, "subject": "Check-in"}
            made.append(changes.edit(tx, "touches", {"touch_id": "V1"}, values, **BY_ANA))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(change is None for change in made) == [False, True, True, True]
    with database.transaction() as tx:
        assert len(rows(tx)) == 1
        assert changes.verify(tx) is None


def start_two(tx: Transaction, acme: int) -> list[int]:
    """A gesture of two entities: new rows, and an edit."""
    by_ana = BY_ANA | {"origin": changes.gesture("modal", "V1")}
    people = [{"contact_id": f"n{n}", "account": acme, "name": f"New {n}", "role": "user"} for n in (1, 2, 3)]
    made = changes.add(tx, "contacts", people, **by_ana)
    edited_ = changes.edit(tx, "contacts", {"contact_id": "n1"}, {"role": "champion"}, **by_ana)
    changes.edit(tx, "accounts", {"account_id": "id-Acme"}, {"industry": "mines"}, **by_ana)
    return [*made, edited_]


def test_what_one_gesture_made_is_taken_back_together(database: Database, acme: int) -> None:
    with database.changing() as tx:
        made = start_two(tx, acme)
        assert len(set(made)) == 4
        assert changes.accounts_of(tx, made[0]) == {acme}
        assert changes.verify(tx) is None
        changes.undo(tx, made[1], who="ana@x.com", at=NOW, on=TODAY)
        assert [row.contact_id for row in tx.execute(select(contacts))] == ["c1"]
        assert all(changes.find(tx, change).undone for change in made)
        assert changes.verify(tx) is None


def test_a_gesture_is_not_taken_back_in_part(database: Database, acme: int) -> None:
    with database.changing() as tx:
        made = start_two(tx, acme)
        changes.edit(tx, "contacts", {"contact_id": "n2"}, {"role": "sponsor"}, **BY_ANA)
    with pytest.raises(changes.Overtaken), database.changing() as tx:
        changes.undo(tx, made[0], who="ana@x.com", at=NOW, on=TODAY)
    with database.transaction() as tx:
        assert len(tx.execute(select(contacts)).all()) == 4
        assert changes.find(tx, made[0]).form == "modal"
        assert not changes.find(tx, made[0]).undone


def test_the_gesture_of_another_with_the_same_token_stays(database: Database, acme: int) -> None:
    with database.changing() as tx:
        made = start_two(tx, acme)
        by_ben = BY_ANA | {"who": "ben@x.com", "origin": changes.gesture("modal", "V1")}
        changes.edit(tx, "contacts", {"contact_id": "c1"}, {"role": "sponsor"}, **by_ben)
        changes.undo(tx, made[0], who="ana@x.com", at=NOW, on=TODAY)
        (row,) = tx.execute(select(contacts)).all()
    assert (row.contact_id, row.role) == ("c1", "sponsor")

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from domain.accounts import Person
from storage import changes
from storage.database import Database
from storage.facts import outcomes
from storage.facts.asof import AsOf
from storage.scope import Scope, operator
from storage.tables import changes as recorded
from storage.tables import history
from tests.storage.rows import TODAY, put, put_accounts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY_ANA = {"who": "ana@x.com", "at": NOW, "origin": "modal", "on": TODAY}
SEEN = AsOf(TODAY, TODAY)
GOAL = {"statement": "Close the month in 3 days", "baseline": Decimal(10), "target": Decimal(3), "current": Decimal(7)}


@pytest.fixture
def acme(database: Database) -> int:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme", csm="ana@x.com")
        outcomes.write(tx, "o1", {"account": acme, **GOAL}, mark=None, **BY_ANA)
    return acme


def kept(database: Database) -> outcomes.Kept:
    with database.transaction() as tx:
        found = outcomes.get(tx, "o1", SEEN, operator())
    assert found
    return found


def written(database: Database) -> int:
    with database.transaction() as tx:
        assert changes.verify(tx) is None
        return tx.execute(select(func.count()).select_from(recorded)).scalar_one()


def test_said_twice_is_said_once(database: Database, acme: int) -> None:
    with database.changing() as tx:
        assert outcomes.write(tx, "o1", {"account": acme, **GOAL}, mark=None, **BY_ANA) is None
    assert written(database) == 1


def test_a_form_that_saw_the_row_as_it_is_may_change_it_and_its_echo_is_silent(database: Database, acme: int) -> None:
    mark = kept(database).mark
    for made in (True, False):
        with database.changing() as tx:
            change = outcomes.write(tx, "o1", {"current": Decimal(5)}, mark=mark, **BY_ANA)
        assert (change is not None) is made
    assert kept(database).outcome.current == 5
    assert written(database) == 2
    with database.transaction() as tx:
        newest = tx.execute(select(history.c.value).where(history.c.entity == "outcomes", history.c.day == TODAY))
        assert Decimal(newest.scalar_one()) == 5, "health reads it from the dated values"


@pytest.mark.parametrize("late", [{"current": Decimal(4)}, {"statement": "Something else"}])
def test_a_form_opened_before_another_saved_does_not_overwrite(database: Database, acme: int, late: dict) -> None:
    mark = kept(database).mark
    with database.changing() as tx:
        outcomes.write(tx, "o1", {"current": Decimal(5)}, mark=mark, **BY_ANA | {"who": "ben@x.com"})
    with pytest.raises(changes.Overtaken), database.changing() as tx:
        outcomes.write(tx, "o1", late, mark=mark, **BY_ANA)
    assert kept(database).outcome.current == 5
    with database.transaction() as tx:
        newest = changes.latest(tx, "outcomes", {"outcome_id": "o1"})
    assert newest
    assert newest.who == "ben@x.com"


def test_an_import_between_counts_as_another(database: Database, acme: int) -> None:
    from sqlalchemy import update

    from storage.tables import outcomes as rows

    mark = kept(database).mark
    with database.changing() as tx:
        tx.execute(update(rows).values(import_id=7))
    assert kept(database).mark == mark, "the same values again are no change"
    with database.changing() as tx:
        tx.execute(update(rows).values(due_on=date(2027, 1, 1)))
    assert kept(database).mark != mark


def test_an_outcome_out_of_sight_is_none(database: Database, acme: int) -> None:
    ben = Person("ben@x.com", "Ben")
    with database.transaction() as tx:
        assert outcomes.get(tx, "o1", SEEN, Scope(ben, "own")) is None
        assert outcomes.get(tx, "o1", SEEN, Scope(ben, "all"))
        assert outcomes.get(tx, "o2", SEEN, operator()) is None


def test_who_confirmed_is_known_with_the_day(database: Database, acme: int) -> None:
    with database.changing() as tx:
        put(tx, "outcomes", {"outcome_id": "o2", "account": acme, "statement": "x", "achieved_on": TODAY,
                             "confirmed_by": "c1", "confirmed_on": TODAY})  # fmt: skip
    with database.transaction() as tx:
        now, before = (outcomes.get(tx, "o2", AsOf(day, TODAY), operator()) for day in (TODAY, TODAY - timedelta(1)))
    assert now
    assert before
    assert (now.outcome.confirmed_by, before.outcome.confirmed_by) == ("c1", None)


def test_a_change_knows_whether_it_was_undone(database: Database, acme: int) -> None:
    with database.changing() as tx:
        made = outcomes.write(tx, "o1", {"current": Decimal(5)}, mark=kept_mark(tx), **BY_ANA)
    assert made
    with database.changing() as tx:
        found = changes.find(tx, made)
        assert found
        assert (found.who, found.origin, found.account, found.undone) == ("ana@x.com", "modal", acme, False)
        changes.undo(tx, made, who="ana@x.com", at=NOW, on=TODAY)
        assert changes.find(tx, made).undone
        assert changes.find(tx, 99) is None
    assert kept(database).outcome.current == 7


def kept_mark(tx) -> str:
    found = outcomes.get(tx, "o1", SEEN, operator())
    assert found
    return found.mark

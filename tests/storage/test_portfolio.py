"""A page of the portfolio on both databases; rows in order that are too many to hold."""

import weakref
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, insert

from domain.policies.policy import Policy
from domain.portfolio import Earned
from storage import portfolio, tables
from storage.database import Database, Transaction
from storage.importing import runs
from storage.scope import Scope, operator
from tests.storage.rows import TODAY, at, put, put_accounts

SCORED = TODAY - timedelta(1)


def filled(database: Database) -> list[int]:
    with database.changing() as tx:
        numbers = put_accounts(tx, "Acme", "Globex", laer_stage="Adopt", extra={"x_region": "latam"})
        numbers += put_accounts(tx, "Initech", extra={"x_plan": "gold"}) + put_accounts(tx, "Umbrella")
        put(tx, "policies", {"version": 1, "digest": Policy().digest, "content": {}, "first_day": TODAY})
        for number in numbers[:2]:
            for back, score, points in ((0, 40, 2), (30, 70, 9)):
                row = {"account": number, "day": SCORED - timedelta(back)}
                put_plain(tx, "scores", row | {"score": score, "state": "red", "coverage": 90, "policy": 1})
                put_plain(tx, "factors", row | {"measure": "tickets", "points": points, "weight": 10, "value": 3.5})
        put(
            tx, "touches", {"touch_id": "t", "account": numbers[0], "at": at(TODAY - timedelta(3)), "direction": "both"}
        )
        put(tx, "subscriptions", {"subscription_id": "s", "account": numbers[0], "starts_on": TODAY - timedelta(9),
                                  "annual": Decimal(1200), "currency": "EUR", "product": "", "status": "active",
                                  "auto_renew": False})  # fmt: skip
    return numbers


def put_plain(tx: Transaction, name: str, row: dict[str, object]) -> None:
    """Of a table that does not say when a row became known."""
    tx.execute(insert(getattr(tables, name)).values(row))


def test_what_is_known_of_a_page(database: Database) -> None:
    acme, globex, initech, _ = numbers = filled(database)
    with database.transaction() as tx:
        found = portfolio.known(tx, numbers, day=TODAY, scored=SCORED, policy=Policy(), scope=operator())
        own = portfolio.own_columns(tx, scope=operator())
    assert found.earned == {number: (Earned("tickets", 2, 10, 3.5),) for number in (acme, globex)}
    assert (found.before[acme].score, dict(found.before[acme].points)) == (70, {"tickets": 9})
    assert (found.stages[acme], found.stages[initech]) == ("adopt", None)
    assert found.touched == {acme: TODAY - timedelta(3)}
    assert [version.subscription_id for version in found.versions[acme]] == ["s"]
    assert own == ["x_plan", "x_region"]


def test_a_page_of_any_length_takes_as_many_queries(database: Database) -> None:
    numbers = filled(database)
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: asked.append(1))
    with database.transaction() as tx:
        for some in (numbers[:1], numbers):
            asked.append(None)
            portfolio.known(tx, some, day=TODAY, scored=SCORED, policy=Policy(), scope=operator())
    one, all_ = "".join("q" if each else "|" for each in asked).split("|")[1:]
    assert len(one) == len(all_) <= 12


def test_nobody_sees_the_columns_of_others(database: Database) -> None:
    filled(database)
    with database.transaction() as tx:
        assert portfolio.own_columns(tx, scope=Scope(None)) == []


@given(st.lists(st.integers(), max_size=60), st.integers(1, 7))
def test_in_order_as_sorted(values: list[int], length: int) -> None:
    assert list(runs.in_order(values, lambda value: value, length=length)) == sorted(values)


@dataclass
class Big:
    number: int


def test_only_a_run_is_held_while_it_is_sorted() -> None:
    seen: list[weakref.ref[Big]] = []

    def values():
        for number in range(1000, 0, -1):
            yield (big := Big(number))
            seen.append(weakref.ref(big))

    ordered = runs.in_order(values(), lambda big: big.number, length=100)
    assert next(ordered).number == 1
    del ordered
    assert sum(ref() is not None for ref in seen) <= 101

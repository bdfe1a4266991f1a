"""Calls on renewals: the newest word of a voice last, only what was known, only what one may see."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from domain.facts import RenewalCall
from storage import changes
from storage.database import Database
from storage.facts import renewal_calls
from storage.scope import Scope, operator
from storage.tables import changes as record
from tests.storage.rows import TODAY, put, put_accounts

END = date(2027, 1, 20)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def said(by: str, call: str, back: int = 0, renewal_on: date = END, **more: object) -> RenewalCall:
    return RenewalCall(by, call, TODAY - timedelta(back), renewal_on, **more)


def known(database: Database, numbers: list[int], *, scope: Scope | None = None, day: date = TODAY) -> dict:
    with database.transaction() as tx:
        found = renewal_calls.of_accounts(tx, numbers, scope=scope or operator(), since=TODAY, day=day)
    return {number: [(call.by, call.call) for call in calls] for number, calls in found.items()}


def give(database: Database, number: int, call: RenewalCall) -> int | None:
    with database.changing() as tx:
        return renewal_calls.give(tx, number, call, who="ana@x.com", at=NOW, origin="modal")


def test_what_was_said_is_read_back_whole(database: Database) -> None:
    with database.changing() as tx:
        (one,) = put_accounts(tx, "One")
    call = said("final", "reduce", reason="fewer vans", annual=Decimal("48000.5"))
    give(database, one, call)
    with database.transaction() as tx:
        assert renewal_calls.of_accounts(tx, [one], scope=operator(), since=END, day=TODAY) == {one: [call]}
        row = tx.execute(select(record)).mappings().one()
        assert (row["entity"], row["account"], row["after"]["annual"]) == ("renewal_calls", one, "48000.5")
        assert changes.verify(tx) is None


def test_said_twice_on_a_day_the_later_word_stands_and_the_same_word_is_no_change(database: Database) -> None:
    with database.changing() as tx:
        (one,) = put_accounts(tx, "One")
    give(database, one, said("csm", "lose", reason="x", competitor="Rival"))
    assert give(database, one, said("csm", "renew"))
    assert give(database, one, said("csm", "renew")) is None
    assert known(database, [one]) == {one: [("csm", "renew")]}


def test_the_newest_comes_last_and_what_is_past_or_to_come_is_left_out(database: Database) -> None:
    with database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two")
        rows = [(one, said("rule", "renew", 40)), (one, said("rule", "at_risk", 3)),
                (one, said("csm", "lose", 400, TODAY - timedelta(300))), (two, said("csm", "renew", 1))]  # fmt: skip
        for number, call in rows:
            put(tx, "renewal_calls", {"account": number, "renewal_on": call.renewal_on, "given_on": call.given_on,
                                      "by": call.by, "call": call.call}, known_on=call.given_on)  # fmt: skip
    assert known(database, [one, two]) == {one: [("rule", "renew"), ("rule", "at_risk")], two: [("csm", "renew")]}
    assert known(database, [one], day=TODAY - timedelta(10)) == {one: [("rule", "renew")]}
    assert known(database, [one, two], scope=Scope(None)) == {}

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from domain import revenue as rules
from domain.money import Money
from storage.database import Database, Transaction, upsert
from storage.facts import subscriptions
from storage.renewals import revenue
from storage.scope import operator
from storage.tables import account_trigrams, accounts, dirty, revenue_changes
from storage.tables import subscriptions as versions
from storage.within import among
from tests.storage.rows import TODAY, put, put_accounts

GRACE = 30


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def contract(account: int, name: str, first: int, last: int | None, annual: int, **more: Any) -> dict[str, Any]:
    return {
        "subscription_id": name,
        "account": account,
        "product": "Core",
        "starts_on": ago(first),
        "annual": Decimal(annual),
        "ends_on": None if last is None else ago(last),
        "currency": "USD",
        "auto_renew": False,
        "status": "active",
        "known_on": ago(first),
        "notice_given_on": None,
        "cancelled_on": None,
    } | more


def mark(tx: Transaction, *numbers: int) -> None:
    upsert(tx, dirty, [{"account": number, "what": "revenue", "since": None} for number in numbers])


def rebuild(tx: Transaction, *, every: bool = False) -> int:
    return revenue.rebuild(tx, 0, 10**6, grace_days=GRACE, currency="USD", every=every)


def usd(amount: int) -> dict[str, Money]:
    return {"USD": Money(Decimal(amount), "USD")} if amount else {}


def test_only_dirty_accounts_are_rebuilt(database: Database) -> None:
    with database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two")
        put(tx, "subscriptions", contract(one, "a", 100, None, 1200), contract(two, "b", 50, None, 12000))
        mark(tx, one)
        assert rebuild(tx) == 1
        assert revenue.annual_on(tx, TODAY, scope=operator()) == usd(1200)
        mark(tx, two)
        assert rebuild(tx) == 1
        assert revenue.annual_on(tx, TODAY, scope=operator()) == usd(13200)
        assert revenue.annual_on(tx, ago(60), scope=operator()) == usd(1200)
        assert revenue.by_account(tx, TODAY, scope=operator()) == {one: usd(1200), two: usd(12000)}
        assert tx.execute(select(dirty)).all() == []


def test_an_ended_contract_becomes_churn_when_its_grace_is_over_without_any_import(database: Database) -> None:
    with database.changing() as tx:
        (one,) = put_accounts(tx, "One")
        put(tx, "subscriptions", contract(one, "a", 365, -10, 1200))
        mark(tx, one)
        rebuild(tx)
        end = TODAY + timedelta(10)
        for day, amount in (
            (end - timedelta(1), 1200),
            (end, 1200),
            (end + timedelta(GRACE - 1), 1200),
            (end + timedelta(GRACE), 0),
        ):
            assert revenue.annual_on(tx, day, scope=operator()) == usd(amount), day
        later = end + timedelta(GRACE)
        assert revenue.annual_on(tx, end, scope=operator(), seen_on=later) == {}
        moves = list(revenue.changes(tx, scope=operator(), after=ago(30), last=later, seen_on=later))
    assert [(number, change.day, change.delta.amount) for number, change in moves] == [(one, end, -1200)]


def test_monthly_figures_and_currencies_stay_apart(database: Database) -> None:
    with database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two", currency="EUR")
        put(
            tx,
            "mrr",
            *(
                {"account": one, "month": m, "annual": Decimal(a), "currency": c}
                for m, a, c in ((date(2026, 1, 1), 1200, None), (date(2026, 6, 1), 2400, None))
            ),
        )
        put(tx, "subscriptions", contract(two, "b", 50, None, 600))
        mark(tx, one, two)
        rebuild(tx)
        found = revenue.annual_on(tx, TODAY, scope=operator())
    assert found == usd(600) | {"EUR": Money(Decimal(2400), "EUR")}


VERSION = st.fixed_dictionaries(
    {
        "account": st.integers(0, 1),
        "name": st.sampled_from(["a", "b"]),
        "first": st.integers(0, 500),
        "length": st.sampled_from([30, 90, 365, None]),
        "annual": st.integers(0, 5).map(lambda n: n * 100),
        "auto_renew": st.booleans(),
        "late": st.integers(0, 60),
        "notice": st.sampled_from([None, None, 20]),
        "cancel": st.sampled_from([None, None, 25]),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(st.lists(VERSION, max_size=3), min_size=1, max_size=4))
def test_night_by_night_equals_from_scratch(sqlite_database: Database, nights: list[list[dict[str, Any]]]) -> None:
    with sqlite_database.changing() as tx:
        for table in (revenue_changes, dirty, versions, account_trigrams, accounts):
            tx.execute(delete(table))
        numbers = put_accounts(tx, "One", "Two")
        for night in nights:
            for drawn in night:
                arrive(tx, numbers[drawn["account"]], drawn)
            rebuild(tx)
        stored = kept(tx)
        rebuild(tx, every=True)
        assert kept(tx) == stored
        held = subscriptions.every(tx, among(numbers, operator()))
        for seen in (ago(200), ago(30), TODAY, TODAY + timedelta(400)):
            expected = [rules.changes(held.get(n, ()), today=seen, grace_days=GRACE) for n in numbers]
            for day in (seen - timedelta(100), seen):
                total = sum(
                    (m.amount for c in expected for m in rules.annual_on(c, day, seen_on=seen).values()), Decimal(0)
                )
                assert revenue.annual_on(tx, day, scope=operator(), seen_on=seen) == usd(int(total))


def arrive(tx: Transaction, account: int, drawn: dict[str, Any]) -> None:
    first = drawn["first"]
    ends = None if drawn["length"] is None else first - drawn["length"]
    row = contract(account, f"{account}{drawn['name']}", first, ends, drawn["annual"], auto_renew=drawn["auto_renew"])
    row["known_on"] = ago(max(first - drawn["late"], 0))
    row["notice_given_on"] = drawn["notice"] and row["starts_on"] + timedelta(drawn["notice"])
    row["cancelled_on"] = drawn["cancel"] and row["starts_on"] + timedelta(drawn["cancel"])
    upsert(tx, versions, [row])
    mark(tx, account)


def kept(tx: Transaction) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in tx.execute(select(revenue_changes)))

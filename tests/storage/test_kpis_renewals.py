"""The terms that the database sums are those that the domain tells, on both databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from domain.days import add_months
from domain.kpis.kpis_values import Renewals
from domain.money import Rates
from domain.periods import Period
from domain.renewals.terms import terms
from storage.database import Database, Transaction
from storage.facts import subscriptions as contracts
from storage.kpis import kpis_renewals
from storage.scope import operator
from storage.tables import account_trigrams, accounts, subscriptions
from storage.within import among
from tests.storage.rows import TODAY, put, put_accounts

RATES = Rates("USD", None, {"EUR": Decimal("1.1")})
GRACE = 30
YEAR = Period(TODAY - timedelta(364), TODAY)
BEGINS = st.sampled_from([-24, -18, -13, -12, -12, -12, -11, -6, -3, -2, 0])
VERSION = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["0a", "0a", "0a", "1a", "1b", "2a", "2c"]),
        "begins": st.tuples(BEGINS, st.sampled_from([0, 0, 0, 0, 1, 8, 20, 29, 30, 31, 45])),
        "term": st.sampled_from([12, 12, 12, 6, 3, 2, 1, None]),
        "days": st.sampled_from([0, 0, 0, 0, 5, -11]),
        "said": st.sampled_from([None, None, 12, 6, 1, 0]),
        "annual": st.integers(0, 5).map(lambda n: Decimal(n * 100) + Decimal("0.0001") * n),
        "auto_renew": st.booleans(),
        "currency": st.sampled_from(["USD"] * 5 + ["EUR"]),
        "notice": st.sampled_from([None] * 5 + [20]),
        "cancelled": st.sampled_from([None] * 5 + [100]),
        "status": st.sampled_from(["active"] * 5 + ["paused"]),
        "renews": st.sampled_from([None] * 5 + ["1a"]),
    }
)


def contract(drawn: dict, numbers: list[int]) -> dict:
    months, days = drawn["begins"]
    starts_on = add_months(TODAY, months) + timedelta(days)
    ends_on = drawn["term"] and add_months(starts_on, drawn["term"]) + timedelta(drawn["days"])
    return {key: drawn[key] for key in ("annual", "auto_renew", "currency", "status", "renews")} | {
        "subscription_id": drawn["name"], "account": numbers[int(drawn["name"][0])], "product": drawn["name"][1],
        "starts_on": starts_on, "ends_on": ends_on, "term_months": drawn["said"], "known_on": starts_on,
        "notice_given_on": drawn["notice"] and starts_on + timedelta(drawn["notice"]),
        "cancelled_on": drawn["cancelled"] and starts_on + timedelta(drawn["cancelled"]),
    }  # fmt: skip


def counted(tx: Transaction, period: Period = YEAR) -> Renewals:
    return kpis_renewals.count(tx, operator().where(), period, today=TODAY, grace_days=GRACE, rates=RATES)


def read(tx: Transaction, numbers: list[int], period: Period = YEAR) -> Renewals:
    """The slow way: each account's contracts as the domain tells them."""
    held = contracts.every(tx, among(numbers, operator())).values()
    ended = [one for versions in held for one in terms(versions, period, today=TODAY, grace_days=GRACE)]
    due = [RATES.convert(one.due).amount for one in ended]
    kept = [min(RATES.convert(one.renewed).amount, was) for one, was in zip(ended, due, strict=True)]
    waiting = [was for one, was in zip(ended, due, strict=True) if one.pending]
    return Renewals(*(sum(part, Decimal(0)) for part in (due, kept, waiting)), len(ended))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(VERSION, min_size=1, max_size=6), first=st.integers(1, 400), length=st.integers(0, 500))
def test_the_sums_are_those_of_each_term(database: Database, drawn: list[dict], first: int, length: int) -> None:
    with database.changing() as tx:
        for table in (subscriptions, account_trigrams, accounts):
            tx.execute(delete(table))
        numbers = put_accounts(tx, "One", "Two", "Three")
        rows = {(row["subscription_id"], row["starts_on"]): row for row in (contract(one, numbers) for one in drawn)}
        put(tx, "subscriptions", *rows.values())
        start = TODAY - timedelta(first)
        for period in (YEAR, Period(start, start + timedelta(length))):
            assert counted(tx, period) == read(tx, numbers, period)


@pytest.mark.parametrize(
    ("begins", "auto", "after", "told"),
    [
        (-12, False, None, (1200, 0, 1200, 1)),
        (-14, False, None, (1200, 0, 0, 1)),
        (-14, False, (30, 1500), (1200, 1200, 0, 1)),
        (-14, False, (30, 900), (1200, 900, 0, 1)),
        (-14, False, (31, 900), (1200, 0, 0, 1)),
        (-14, False, (-1, 900), (0, 0, 0, 0)),
        (-26, True, None, (1200, 1200, 0, 1)),
        (-26, True, (365, 900), (1200, 900, 0, 1)),
        (-26, True, (300, 900), (0, 0, 0, 0)),
    ],
)
def test_a_plain_contract_is_never_read(
    database: Database, monkeypatch: pytest.MonkeyPatch, begins: int, auto: bool, after: tuple | None, told: tuple
) -> None:
    """What follows it: nothing, a version in time, too late, within the term; or it goes on by itself."""
    monkeypatch.setattr(kpis_renewals, "terms", None)
    with database.changing() as tx:
        (number,) = put_accounts(tx, "One")
        starts_on = add_months(date(2026, 11, 20), begins)
        ends_on = add_months(starts_on, 12)
        given = {"subscription_id": "a", "account": number, "product": "", "currency": "USD", "status": "active"}
        rows = [{"starts_on": starts_on, "ends_on": ends_on, "annual": Decimal(1200), "auto_renew": auto}]
        if after:
            begun = ends_on + timedelta(after[0])
            rows.append({"starts_on": begun, "ends_on": add_months(begun, 12), "annual": Decimal(after[1]),
                         "auto_renew": False})  # fmt: skip
        put(tx, "subscriptions", *({**given, **row} for row in rows))
        assert counted(tx) == Renewals(*told)

"""The accounts behind a metric, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.kpis.kpis import METRICS
from domain.periods import Period
from domain.policies.policy import Policy
from domain.scopes import Filter
from storage.database import Database, Transaction
from storage.kpis import kpis
from storage.kpis.kpis import Question
from storage.kpis.kpis_behind import Behind, most
from storage.scope import operator
from tests.storage.rows import TODAY, at, put, put_accounts

D = date
YEAR = Period(D(2026, 1, 1), TODAY)


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.changing() as tx:
        yield tx


def found(tx: Transaction, name: str, *filters: Filter) -> tuple[Behind, ...]:
    question = Question(tx, YEAR, operator().narrowed(*filters), Policy(), TODAY)
    return most(question, name, METRICS[name].of(kpis.count(question, METRICS[name].families)))


def contract(number: int, name: str, **more: object) -> dict[str, object]:
    return {
        "subscription_id": name, "account": number, "starts_on": D(2025, 6, 1), "ends_on": D(2026, 6, 1),
        "annual": Decimal(1200), "currency": "USD", "seats": 10, "auto_renew": False, "status": "active",
        "product": "", "renews": None, "cancelled_on": None, "known_on": D(2025, 6, 1),
    } | more  # fmt: skip


def answered(tx: Transaction, kind: str, scores: dict[int, list[int]]) -> None:
    for number, given in scores.items():
        for n, score in enumerate(given):
            key = f"{kind}-{number}-{n}"
            row = {"response_id": key, "account": number, "contact_id": key, "kind": kind, "score": score}
            put(tx, "surveys", {**row, "answered_at": at(D(2026, 3, 1))})


def test_idle_seats_and_the_scope_is_kept(tx: Transaction) -> None:
    few, many, silent, other = put_accounts(tx, "Few", "Many", "Silent", "Other", segment="smb")
    ends_on = {"ends_on": D(2027, 6, 1)}
    put(tx, "subscriptions", contract(few, "a", seats=10, **ends_on), contract(many, "b", seats=40, **ends_on),
        contract(silent, "c", seats=90, **ends_on), contract(other, "d", seats=5, **ends_on))  # fmt: skip
    used = {"day": TODAY - timedelta(1), "feature": "", "events": 1}
    put(tx, "usage_users", *({"account": n, "user": u, **used} for n in (few, many, other) for u in "abcde"))
    assert [(row.number, row.count, row.of) for row in found(tx, "licences")] == [(many, 35, 40), (few, 5, 10)]
    assert found(tx, "licences", Filter("account", "id-Few"))[0].number == few
    assert found(tx, "licences", Filter("segment", "enterprise")) == ()


def test_who_pulled_an_answer_down_most(tx: Transaction) -> None:
    one, two, three = put_accounts(tx, "One", "Two", "Three")
    answered(tx, "nps", {one: [0, 3, 9], two: [2, 5, 6], three: [10, 10, 10]})
    answered(tx, "ces", {one: [7, 7], two: [6, 6, 6, 6], three: [1]})
    assert [(row.number, row.count, row.of) for row in found(tx, "nps")] == [(two, 3, 3), (one, 2, 3)]
    assert [(row.number, row.mean) for row in found(tx, "ces")] == [(three, Decimal(1))]
    assert found(tx, "csat") == ()


def test_outcomes_that_wait_and_accounts_without_their_first_value(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two", customer_since=D(2026, 2, 1))
    (three,) = put_accounts(tx, "Three", customer_since=D(2026, 1, 1))
    due = {"statement": "x", "achieved_on": None, "confirmed_on": None}
    put(tx, "outcomes", {"outcome_id": "a", "account": one, "due_on": D(2026, 5, 1), **due},
        {"outcome_id": "b", "account": one, "due_on": D(2026, 4, 1), **due},
        {"outcome_id": "c", "account": two, "due_on": D(2026, 5, 1),
         **due, "achieved_on": D(2026, 4, 1), "confirmed_on": D(2026, 4, 2)})  # fmt: skip
    reached = {"contact_id": "", "reached_on": D(2026, 3, 1)}
    put(tx, "milestones", {"account": two, "milestone": "first_value", **reached},
        *({"account": n, "milestone": "acquired", **reached} for n in (one, two)),
        {"account": one, "milestone": "activated", **reached})  # fmt: skip
    (open_,) = found(tx, "outcomes")
    assert (open_.number, open_.count, open_.of, open_.since) == (one, 2, 2, D(2026, 4, 1))
    assert [(row.number, row.since) for row in found(tx, "time-to-value")] == [
        (three, D(2026, 1, 1)),
        (one, D(2026, 2, 1)),
    ]
    assert [row.number for row in found(tx, "activation")] == [two]
    assert [row.number for row in found(tx, "conversion")] == [one]


def test_terms_that_were_lost_reduced_or_are_undecided(tx: Transaction) -> None:
    lost, less, kept, open_ = put_accounts(tx, "Lost", "Less", "Kept", "Open")
    again = {"starts_on": D(2026, 6, 1), "ends_on": D(2027, 6, 1), "known_on": D(2026, 6, 1)}
    put(tx, "subscriptions", contract(lost, "a"), contract(less, "b", annual=Decimal(2400)), contract(kept, "c"),
        contract(open_, "d", starts_on=D(2025, 11, 15), ends_on=D(2026, 11, 15), annual=Decimal(9600)),
        contract(less, "b", annual=Decimal(600), **again), contract(kept, "c", **again))  # fmt: skip
    fell = {"day": D(2026, 6, 1), "known_on": D(2026, 6, 1), "currency": "USD", "kind": ""}
    put(tx, "revenue_changes", {"account": lost, "delta": Decimal(-1200), **fell},
        {"account": less, "delta": Decimal(-1800), **fell})  # fmt: skip
    assert [(row.number, row.due - row.renewed, row.pending) for row in found(tx, "renewal-rate")] == [
        (open_, Decimal(9600), True),
        (less, Decimal(1800), False),
        (lost, Decimal(1200), False),
    ]

"""Retention by seller and by fit, and why revenue was lost; on both databases."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.periods import Period
from domain.policies.policy import Policy, load
from domain.scopes import Filter
from storage.database import Database, Transaction
from storage.kpis import kpis
from storage.kpis.kpis import Question
from storage.kpis.kpis_breakdown import by_fit, by_seller, losses
from storage.scope import operator
from tests.storage.rows import TODAY, put, put_accounts

D = date
YEAR = Period(D(2026, 1, 1), TODAY)
POLICY = load("""
rates: {worth: {EUR: 1.1}}
fit:
  - {fit: good, when: {country: [ES], x_region: [south]}}
  - {fit: poor, when: {industry: [Hostelería]}}
""")


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.changing() as tx:
        yield tx


@pytest.fixture
def numbers(tx: Transaction) -> dict[str, int]:
    """Five that paid 1,200 at the start; Gone left, Less pays half, Euro less in another currency; New came."""
    put(tx, "people", {"email": "owen@x.com", "name": "Owen", "role": "viewer"})
    (gone,) = put_accounts(tx, "Gone", ae="Owen@x.com", fit="partial", country="ES")
    (less,) = put_accounts(tx, "Less", ae="owen@x.com", country="ES", extra={"x_region": "South"})
    (kept,) = put_accounts(tx, "Kept", ae="nadia@x.com", industry="hosteleria")
    (euro,) = put_accounts(tx, "Euro", ae="nadia@x.com")
    more, new = put_accounts(tx, "More", "New")
    start, june = {"day": D(2025, 3, 1), "known_on": D(2025, 3, 1)}, {"day": D(2026, 6, 1), "known_on": D(2026, 6, 1)}
    usd = {"currency": "USD", "kind": ""}
    paid = [(n, start, 1200, usd) for n in (gone, less, kept, more)]
    changed = [(gone, june, -1200, usd), (less, june, -600, usd), (more, june, 600, usd), (new, june, 500, usd)]
    euros = [(euro, start, 1200, {**usd, "currency": "EUR"}), (euro, june, -200, {**usd, "currency": "EUR"})]
    put(tx, "revenue_changes", *({"account": n, "delta": Decimal(delta), **day, **of}
                                 for n, day, delta, of in [*paid, *changed, *euros]))  # fmt: skip
    return {"gone": gone, "less": less, "euro": euro}


def question(tx: Transaction, *filters: Filter, policy: Policy = POLICY) -> Question:
    return Question(tx, YEAR, operator().narrowed(*filters), policy, TODAY)


def test_groups_add_up_to_the_metric(tx: Transaction, numbers: dict[str, int]) -> None:
    whole = kpis.count(question(tx), ["revenue"]).revenue
    for groups in (by_seller(question(tx)), by_fit(question(tx))):
        assert sum(group.accounts for group in groups) == whole.logos.at_start == 5
        assert sum(group.stayed for group in groups) == whole.logos.stayed == 4
        assert sum(group.opening for group in groups) == whole.waterfall.opening
        assert sum(group.closing for group in groups) == whole.cohort_closing
        assert sum(group.kept for group in groups) == whole.kept
    assert by_seller(question(tx, Filter("account", "id-New"))) == ()


def test_by_seller_and_by_fit(tx: Transaction, numbers: dict[str, int]) -> None:
    assert [(g.name, g.accounts, g.stayed) for g in by_seller(question(tx))] == [
        ("Owen", 2, 1),
        ("nadia@x.com", 2, 2),
        ("", 1, 1),
    ]
    assert {g.name: (g.accounts, g.stayed) for g in by_fit(question(tx))} == {
        "": (2, 2), "good": (1, 1), "partial": (1, 0), "poor": (1, 1),
    }  # fmt: skip


def test_why_revenue_was_lost(tx: Transaction, numbers: dict[str, int]) -> None:
    ended = {"ends_on": D(2026, 6, 1), "annual": Decimal(1), "currency": "USD", "auto_renew": False, "status": "active"}
    silent = dict.fromkeys(("cancel_reason", "competitor", "change_reason", "cancelled_on"))
    rows = (
        {"account": numbers["gone"], "starts_on": D(2026, 1, 5), "change_reason": "seats"},
        {"account": numbers["gone"], "starts_on": D(2025, 6, 1), "cancel_reason": "price", "competitor": "Rival"},
        {"account": numbers["less"], "starts_on": D(2026, 6, 1), "change_reason": "discount"},
        {"account": numbers["euro"], "starts_on": D(2026, 6, 1), "change_reason": "indexation"},
    )
    put(tx, "subscriptions", *({"subscription_id": str(n), "product": "", **ended, **silent, **row}
                               for n, row in enumerate(rows)))  # fmt: skip
    assert [
        (one.reason, one.competitor, one.kind, one.amount, one.gone, one.reduced) for one in losses(question(tx))
    ] == [
        ("price", "Rival", "cancel", Decimal(1200), 1, 0),
        ("discount", "", "change", Decimal(600), 0, 1),
        ("", "", "cancel", Decimal(220), 0, 1),
    ]

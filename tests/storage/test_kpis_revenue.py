"""Revenue as the database sums it is revenue account by account, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from domain.money import NoRate, Rates
from domain.periods import Period
from domain.policies.policy import Policy
from domain.revenue import Change
from domain.scopes import Filter
from domain.waterfall import LINES, Revenue, course
from domain.waterfall import revenue as one_by_one
from storage.database import Database, Transaction
from storage.kpis import kpis, kpis_revenue
from storage.kpis.kpis import Question
from storage.renewals import revenue
from storage.scope import operator
from storage.tables import account_trigrams, accounts, history, revenue_changes, subscriptions
from tests.storage.rows import TODAY, put, put_accounts

D = date
RATES = Rates("USD", None, {"EUR": Decimal("1.0875")})
GRACE = 30
NAMES = ("One", "Two", "Three", "Four")
HALF = timedelta(182)
FIRST, SECOND = Period(TODAY - 2 * HALF, TODAY - HALF), Period(TODAY - HALF + timedelta(1), TODAY)


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.changing() as tx:
        yield tx


def changed(tx: Transaction, number: int, *rows: tuple[date, int, str], known_on: date | None = None) -> None:
    for day, amount, currency in rows:
        given = {"account": number, "day": day, "known_on": known_on or day, "currency": currency, "kind": ""}
        tx.execute(insert(revenue_changes), [{**given, "delta": Decimal(amount)}])


def counted(tx: Transaction, *periods: Period, **more: object) -> list[Revenue | NoRate]:
    given = {"seen_on": TODAY, "rates": RATES, **more}
    return kpis_revenue.count(tx, operator().where(), periods, **given)


def read(tx: Transaction, period: Period, parents: dict[int, str] | None = None) -> Revenue:
    """The slow way: each account's course as the domain tells it."""
    by_account: dict[int, list[Change]] = {}
    for number, change in revenue.changes(tx, scope=operator(), last=period.last, seen_on=TODAY):
        by_account.setdefault(number, []).append(change)
    courses = [course(number, held, period, rates=RATES) for number, held in by_account.items() if _ever(held)]
    logos = parents or {}
    return one_by_one(type(one)(one.number, one.opening, one.steps, one.paid_before, one.fx, logos.get(one.number, ""))
                      for one in courses)  # fmt: skip


def _ever(held: list[Change]) -> bool:
    """Something of it stands: a change that was taken back on the same day never was."""
    days: dict[tuple[date, str, str], Decimal] = {}
    for change in held:
        at = change.day, change.delta.currency, change.kind
        days[at] = days.get(at, Decimal(0)) + change.delta.amount
    return any(days.values())


VERSION = st.fixed_dictionaries(
    {
        "account": st.sampled_from([0, 0, 0, 1, 2, 3]),
        "name": st.sampled_from("aab"),
        "first": st.sampled_from([800, 730, 500, 400, 365, 364, 200, 183, 182, 181, 100, 0]),
        "length": st.sampled_from([365, 365, 182, 90, 30, None]),
        "annual": st.integers(0, 9).map(lambda n: Decimal(n * 100) + Decimal("0.0001") * n),
        "auto_renew": st.booleans(),
        "currency": st.sampled_from(["USD", "USD", "USD", "EUR"]),
        "notice": st.sampled_from([None, None, None, 20]),
        "late": st.sampled_from([0, 0, 0, 40, 300]),
        "why": st.sampled_from([None, None, "indexation"]),
    }
)


def put_versions(tx: Transaction, drawn: list[dict]) -> list[int]:
    for table in (revenue_changes, subscriptions, history, account_trigrams, accounts):
        tx.execute(delete(table))
    numbers = put_accounts(tx, *NAMES[:2], parent_id="group") + put_accounts(tx, *NAMES[2:], parent_id="")
    rows = {}
    for n, one in enumerate(drawn):
        starts_on = TODAY - timedelta(one["first"])
        row = {key: one[key] for key in ("annual", "auto_renew", "currency")} | {
            "subscription_id": f"{one['account']}{one['name']}{n // 3}", "account": numbers[one["account"]],
            "starts_on": starts_on, "ends_on": one["length"] and starts_on + timedelta(one["length"]),
            "notice_given_on": one["notice"] and starts_on + timedelta(one["notice"]), "change_reason": one["why"],
            "known_on": starts_on + timedelta(one["late"]), "status": "active", "product": "",
        }  # fmt: skip
        rows[row["subscription_id"], starts_on] = row
    put(tx, "subscriptions", *rows.values())
    revenue.rebuild(tx, numbers[0], numbers[-1], grace_days=GRACE, currency="USD", every=True)
    return numbers


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(VERSION, min_size=1, max_size=8), cut=st.integers(1, 600), gap=st.sampled_from([1, 1, 40]))
def test_the_sums_are_those_of_each_account(database: Database, drawn: list[dict], cut: int, gap: int) -> None:
    with database.changing() as tx:
        numbers = put_versions(tx, drawn)
        middle = TODAY - timedelta(cut)
        periods = (Period(middle - timedelta(365), middle - timedelta(gap)), Period(middle, TODAY))
        *_, last = told = counted(tx, *periods)
        assert [_unnamed(one) for one in told] == [_unnamed(read(tx, period)) for period in periods]
        assert last == read(tx, periods[-1])
        logos = dict.fromkeys(numbers[:2], "group") | {number: f"{number}" for number in numbers[2:]}
        parents = counted(tx, *periods, by_parent=True, ranked=())
        assert [one.logos for one in parents] == [read(tx, period, logos).logos for period in periods]
        for one in told:
            _hold(one)


def _unnamed(found: Revenue | NoRate) -> tuple:
    assert isinstance(found, Revenue)
    return (found.waterfall, found.cohort_closing, found.kept, found.cohort_losses, found.logos, found.accounts)


def _hold(found: Revenue | NoRate) -> None:
    assert isinstance(found, Revenue)
    assert found.kept <= found.waterfall.opening
    assert found.kept <= found.cohort_closing
    assert all(getattr(found.waterfall, line) >= 0 for line in LINES if line != "indexation")


def test_the_end_of_a_period_is_the_beginning_of_the_next(tx: Transaction) -> None:
    (one,) = put_accounts(tx, "One")
    changed(tx, one, (D(2024, 5, 1), 100, "USD"), (FIRST.last, 50, "USD"), (SECOND.first, -120, "USD"))
    first, second = counted(tx, FIRST, SECOND)
    assert (first.waterfall.expansion, first.waterfall.closing, second.waterfall.opening) == (50, 150, 150)
    assert (second.waterfall.contraction, second.kept, second.moved[0].change) == (120, 30, -120)


def test_a_fact_that_came_late_and_one_taken_back(tx: Transaction) -> None:
    one, two, three = put_accounts(tx, "One", "Two", "Three")
    changed(tx, one, (D(2024, 5, 1), 100, "USD"), known_on=TODAY + timedelta(1))
    changed(tx, two, (D(2024, 5, 1), 100, "USD"))
    changed(tx, two, (D(2024, 5, 1), -100, "USD"), (SECOND.first, 70, "USD"), known_on=D(2026, 8, 1))
    changed(tx, three, (TODAY + timedelta(1), 100, "USD"), known_on=TODAY)
    (told,) = counted(tx, SECOND)
    assert (told.accounts, told.waterfall.new, told.waterfall.reactivation, told.logos.new) == (1, 70, 0, 1)


def test_only_the_amounts_of_a_period_need_a_rate(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two")
    changed(tx, one, (D(2024, 5, 1), 100, "USD"))
    changed(tx, two, (SECOND.first, 100, "GBP"))
    first, second = counted(tx, FIRST, SECOND)
    assert isinstance(first, Revenue)
    assert first.waterfall.closing == 100
    assert isinstance(second, NoRate)
    months = kpis.by_month(Question(tx, SECOND, operator(), Policy(), TODAY), ["revenue", "orders"], [FIRST, SECOND])
    assert [month.problems for month in months] == [{}, {"revenue": ("no_rate", "GBP")}]


def test_the_largest_of_each_currency_are_ranked_together(tx: Transaction, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = put_accounts(tx, *(f"A{n}" for n in range(9)))
    for n, number in enumerate(numbers):
        currency = "EUR" if n % 2 else "USD"
        changed(tx, number, (D(2024, 5, 1), 1000 - n, currency), (D(2026, 9, 1), -100 - n, currency))
    changed(tx, numbers[8], (D(2026, 9, 2), 5000, "EUR"))
    for few in (500, 0):
        monkeypatch.setattr(kpis_revenue, "FEW", few)
        (told,) = counted(tx, SECOND)
        assert told == read(tx, SECOND)
        assert [move.number for move in told.lost] == [numbers[n] for n in (7, 5, 3, 1, 8)]
        assert told.moved[0].number == numbers[8]


def test_months_are_single_periods_each(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two", csm="ana@x.com")
    changed(tx, one, (D(2024, 5, 1), 100, "USD"), (D(2026, 9, 10), 40, "USD"), (D(2026, 10, 10), -140, "USD"))
    changed(tx, two, (D(2026, 11, 20), 70, "USD"))
    given = {"entity": "accounts", "entity_key": "k", "field": "csm", "account": one, "assumed": False}
    days = ((D(2024, 1, 1), "ana@x.com"), (D(2026, 9, 20), "ben@x.com"), (D(2026, 11, 1), "ana@x.com"))
    tx.execute(insert(history), [{**given, "day": day, "known_on": day, "value": value} for day, value in days])
    months = [Period(D(2026, n, 1), D(2026, n + 1, 1) - timedelta(1)) for n in (8, 9, 10, 11)]
    scope = operator().narrowed(Filter("csm", "ana@x.com"))
    asked = Question(tx, SECOND, scope, Policy(), TODAY)
    told = kpis.by_month(asked, ["revenue", "orders"], months)
    clipped = [Period(month.first, min(month.last, TODAY)) for month in months]
    alone = [kpis.count(Question(tx, month, scope, Policy(), TODAY, ()), ["revenue", "orders"]) for month in clipped]
    assert list(told) == alone
    assert [int(month.revenue.waterfall.closing) for month in told] == [100, 140, 0, 70]
    assert [month.days for month in told] == [31, 30, 31, 23]


def test_two_periods_are_each_as_if_asked_alone(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two")
    changed(tx, one, (D(2024, 5, 1), 100, "USD"), (FIRST.last, 50, "USD"), (SECOND.first, -120, "USD"))
    changed(tx, two, (TODAY, 70, "EUR"))
    policy = Policy.model_validate({"rates": {"worth": {"EUR": "1.1"}}})
    first, second = (Question(tx, period, operator(), policy, TODAY) for period in (FIRST, SECOND))
    families = ["revenue", "orders"]
    before, now = kpis.count_each([replace(first, ranked=()), second], families)
    assert now == kpis.count(second, families)
    assert before.revenue == replace(kpis.count(first, families).revenue, moved=(), moved_of_cohort=())
    assert [move.number for move in now.revenue.moved] == [one, two]
    assert [told.days for told in kpis.count_each([second, first], families)] == [now.days, before.days]
    assert kpis.count_each([second, first], families)[0] == now

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import Money
from domain.revenue import Change, annual_on, changes, monthly
from domain.subscriptions import Month, paying, spans
from tests.domain.build import usd, version
from tests.domain.test_domain_subscriptions import DAYS, versions_of_an_account

D = date
TODAY = D(2026, 12, 31)


def of(*versions, months=(), today=TODAY):
    return [(c.day, c.known_on, int(c.delta.amount)) for c in changes(versions, months, today=today, grace_days=30)]


def test_a_churn_by_expiry_is_dated_at_the_end_and_known_after_the_grace():
    assert of(version(ends_on=D(2026, 6, 1))) == [
        (D(2026, 1, 1), D(2026, 1, 1), 12000),
        (D(2026, 6, 1), D(2026, 7, 1), -12000),
    ]


def test_four_seats_two_more_two_fewer_cancel_return():
    """The published case: new, expansion, contraction, churn at the end of what is paid, reactivation."""
    story = [
        version(starts_on=D(2024, 1, 1), ends_on=D(2025, 1, 1), annual=4000),
        version(starts_on=D(2024, 4, 1), ends_on=D(2025, 1, 1), annual=6000),
        version(starts_on=D(2024, 9, 1), ends_on=D(2025, 1, 1), annual=4000, notice_given_on=D(2024, 10, 1)),
        version("s2", D(2025, 6, 1), D(2026, 6, 1), annual=4000, auto_renew=True),
    ]
    assert [(day, delta) for day, _, delta in of(*story)] == [
        (D(2024, 1, 1), 4000),
        (D(2024, 4, 1), 2000),
        (D(2024, 9, 1), -2000),
        (D(2025, 1, 1), -4000),
        (D(2025, 6, 1), 4000),
    ]


def test_a_late_order_is_neither_churn_nor_reactivation():
    late = version(starts_on=D(2026, 6, 20), ends_on=D(2027, 6, 1), annual=15000)
    assert of(version(ends_on=D(2026, 6, 1)), late)[1:] == [(D(2026, 6, 20), D(2026, 6, 20), 3000)]


def test_an_order_that_arrives_after_the_grace_corrects_what_was_known():
    late = version(starts_on=D(2026, 6, 20), ends_on=D(2027, 6, 1), known_on=D(2026, 8, 15))
    found = changes([version(ends_on=D(2026, 6, 1)), late], today=TODAY, grace_days=30)
    seen = {
        day: annual_on(found, D(2026, 7, 10), seen_on=day) for day in (D(2026, 6, 30), D(2026, 7, 10), D(2026, 8, 15))
    }
    assert seen == {D(2026, 6, 30): {"USD": usd(12000)}, D(2026, 7, 10): {}, D(2026, 8, 15): {"USD": usd(12000)}}


def test_paused_trialing_and_free_pay_nothing():
    assert of(version(status="paused"), version("b", status="trialing"), version("c", annual=0)) == []
    pause = [version(ends_on=None), version(starts_on=D(2026, 3, 1), ends_on=None, status="paused")]
    assert of(*pause)[1:] == [(D(2026, 3, 1), D(2026, 3, 1), -12000)]


def test_monthly_figures_hold_until_the_next():
    months = [Month(D(2026, 3, 1), usd(0)), Month(D(2026, 1, 1), usd(1200)), Month(D(2026, 2, 1), usd(2400))]
    assert [(day, delta) for day, _, delta in of(months=months)] == [
        (D(2026, 1, 1), 1200),
        (D(2026, 2, 1), 1200),
        (D(2026, 3, 1), -2400),
    ]
    assert months[1].mrr == 100


def test_currencies_stay_apart():
    euro = version(starts_on=D(2026, 3, 1), ends_on=None, annual=0)
    euro = type(euro)(**{f: getattr(euro, f) for f in euro.__slots__} | {"annual": Money(Decimal(9000), "EUR")})
    found = changes([version(ends_on=None), euro], today=TODAY, grace_days=30)
    assert annual_on(found, D(2026, 2, 1)) == {"USD": usd(12000)}
    assert annual_on(found, D(2026, 3, 1)) == {"EUR": Money(Decimal(9000), "EUR")}


def test_a_year_s_price_stays_exact():
    found = (Change(D(2026, 1, 1), D(2026, 1, 1), usd(10000)),)
    assert annual_on(found, D(2026, 1, 1))["USD"] == usd(10000)
    assert monthly(usd(1200)) == usd(100)


def amount(versions):
    return sum((v.annual.amount for v in versions), Decimal(0))


def total(found, day, seen_on=None):
    return sum((m.amount for m in annual_on(found, day, seen_on=seen_on).values()), Decimal(0))


@settings(max_examples=150)
@given(versions_of_an_account(), DAYS)
def test_the_sum_of_changes_is_what_is_in_force(rows, day):
    found = changes(rows, today=TODAY, grace_days=30)
    held = [s.version for s in spans(rows, today=TODAY, grace_days=30) if s.covers(day) and s.version.paying]
    assert total(found, day) == amount(held)


@settings(max_examples=150)
@given(versions_of_an_account(), DAYS, st.integers(0, 200))
def test_every_day_as_seen_on_every_day(rows, day, later):
    seen_on = day + timedelta(later)
    known = [row for row in rows if row.arrived_on <= seen_on]
    held = [s.version for s in spans(known, today=seen_on, grace_days=30) if s.covers(day) and s.version.paying]
    found = changes(rows, today=D(2030, 1, 1), grace_days=30)
    assert total(found, day, seen_on) == amount(held) >= 0
    if not later:
        assert amount(held) == amount(paying(known, day, grace_days=30))


@settings(max_examples=60)
@given(versions_of_an_account(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert changes(rows, today=TODAY, grace_days=30) == changes(shuffled, today=TODAY, grace_days=30)

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kpis.kpis import METRICS, Counted
from domain.money import Money, NoRate, Rates
from domain.periods import Period
from domain.revenue import changes
from domain.waterfall import LINES, Course, Step, Waterfall, course, monthly, revenue, waterfall
from tests.domain.build import version
from tests.domain.test_domain_subscriptions import DAYS, versions_of_an_account

D = date
YEAR = Period(D(2026, 1, 1), D(2026, 12, 31))
LATER = D(2030, 1, 1)
ONE_TABLE = Rates("USD", None, {"EUR": Decimal("1.1")})


def lines(*versions, period=YEAR, **tables):
    found = changes(versions, today=LATER, grace_days=30)
    told = waterfall(course(1, found, period, rates=ONE_TABLE, **tables))
    return {name: int(getattr(told, name)) for name in (*LINES, "closing") if getattr(told, name)}


def of(*courses):
    return Counted(revenue=revenue(courses), days=365)


def kpi(name, *courses):
    return METRICS[name].of(of(*courses))


def step(delta, on=YEAR.last, **more):
    return Step(on, Decimal(delta), **more)


def paid(number, opening, *deltas):
    steps = tuple(step(delta, D(2026, 6, 1) + timedelta(n)) for n, delta in enumerate(deltas))
    return Course(number, Decimal(opening * 12), tuple(Step(s.day, s.delta * 12) for s in steps), opening > 0)


def test_the_published_retentions():
    first = (paid(1, 22_000, 8_000), paid(2, 5_000, -5_000), paid(3, 0, 700))
    assert (kpi("nrr", *first).value, kpi("grr", *first).value) == (Decimal("1.1111"), Decimal("0.8148"))
    assert (kpi("nrr", *first).numerator, kpi("nrr", *first).denominator) == (30_000, 27_000)
    second = (paid(1, 86_000, 8_000), paid(2, 6_000, -6_000), paid(3, 8_000, -8_000))
    assert (kpi("nrr", *second).value, kpi("grr", *second).value) == (Decimal("0.94"), Decimal("0.86"))


def test_the_published_quick_ratio_leaves_reactivation_out():
    back = Course(9, Decimal(0), (step(12_000),), paid_before=True)
    held = (paid(1, 0, 20), paid(2, 10, 8), paid(3, 5, -5), paid(4, 9, -3), back)
    assert kpi("quick-ratio", *held).value == Decimal("3.5")
    assert kpi("quick-ratio", *held).parts["reactivation"] == 1000
    assert kpi("quick-ratio", paid(1, 0, 20)).undefined_because == "no_losses"


def test_up_and_down_again_is_whole_by_snapshot_and_half_by_flows():
    told = kpi("grr", paid(1, 100, 50, -50))
    assert (told.value, told.parts["flow"]) == (1, Decimal("0.5"))
    assert kpi("revenue-churn", paid(1, 100, 50, -50)).value == Decimal("0.5")


def test_four_seats_two_more_two_fewer_cancel_return():
    story = [
        version(starts_on=D(2024, 1, 1), ends_on=D(2025, 1, 1), annual=4000),
        version(starts_on=D(2024, 4, 1), ends_on=D(2025, 1, 1), annual=6000),
        version(starts_on=D(2024, 9, 1), ends_on=D(2025, 1, 1), annual=4000, notice_given_on=D(2024, 10, 1)),
        version("s2", D(2025, 6, 1), D(2026, 6, 1), annual=4000, auto_renew=True),
    ]
    whole = Period(D(2024, 1, 1), D(2025, 12, 31))
    told = {"new": 4000, "expansion": 2000, "contraction": 2000, "churn": 4000, "reactivation": 4000, "closing": 4000}
    assert lines(*story, period=whole) == told
    assert lines(*story, period=Period(D(2025, 1, 1), D(2025, 1, 1))) == {"opening": 4000, "churn": 4000}
    assert lines(*story, period=Period(D(2024, 10, 1), D(2024, 12, 31))) == {"opening": 4000, "closing": 4000}


def test_a_price_index_is_no_expansion():
    old = version(starts_on=D(2025, 1, 1), ends_on=D(2026, 3, 1), annual=10_000)
    indexed = version(starts_on=D(2026, 3, 1), ends_on=D(2027, 3, 1), annual=10_300, change_reason="indexation")
    assert lines(old, indexed) == {"opening": 10_000, "indexation": 300, "closing": 10_300}
    more = version("s2", D(2026, 3, 1), None, annual=500, product="other")
    told = {"opening": 10_000, "indexation": 300, "expansion": 500, "closing": 10_800}
    assert lines(old, indexed, more) == told
    cheaper = version(starts_on=D(2026, 3, 1), ends_on=D(2027, 3, 1), annual=9_900, change_reason="indexation")
    assert lines(old, cheaper) == {"opening": 10_000, "indexation": -100, "closing": 9_900}
    gap = version("s9", D(2026, 6, 1), None, annual=10_300, change_reason="indexation")
    assert lines(old, gap)["reactivation"] == 10_300, "an index has no say over what had ended"


def test_other_rates_are_a_line_of_their_own_and_no_growth():
    euro = version(starts_on=D(2025, 1, 1), ends_on=None)
    euro = type(euro)(**{f: getattr(euro, f) for f in euro.__slots__} | {"annual": Money(Decimal(1000), "EUR")})
    before = Rates("USD", None, {"EUR": Decimal(1)})
    assert lines(euro) == {"opening": 1100, "closing": 1100}
    assert lines(euro, rates_before=before) == {"opening": 1000, "fx": 100, "closing": 1100}
    found = changes([euro], today=LATER, grace_days=30)
    one = course(1, found, YEAR, rates=ONE_TABLE, rates_before=before)
    assert kpi("nrr", one).value == kpi("grr", one).value == 1
    with pytest.raises(NoRate):
        course(1, found, YEAR, rates=Rates("USD", None, {}))


def test_nobody_is_never_nought_or_a_hundred_percent():
    newcomer = paid(1, 0, 10)
    for name in ("nrr", "grr", "churn", "retention", "revenue-churn", "net-revenue-churn", "net-growth"):
        assert kpi(name, newcomer).value is None
        assert kpi(name, newcomer).undefined_because == "nobody_paid_at_start"
    assert kpi("mrr").undefined_because == "no_revenue"


def test_accounts_of_a_parent_are_one_customer():
    held = [Course(n, Decimal(12), (step(d),), True, logo="group") for n, d in ((1, -12), (2, 5))]
    assert kpi("churn", *held).value == 0
    assert kpi("churn", *(Course(c.number, c.opening, c.steps, True) for c in held)).value == Decimal("0.5")


AMOUNTS = st.decimals(-10_000, 10_000, places=4)
COURSES = st.builds(
    lambda number, opening, deltas: Course(number, opening, _steps(opening, deltas), opening > 0),
    st.integers(1, 10**6), AMOUNTS.map(abs), st.lists(AMOUNTS, max_size=5),
)  # fmt: skip


def _steps(opening, deltas):
    found, amount = [], opening
    for n, wanted in enumerate(deltas):
        delta = max(wanted, -amount)
        amount += delta
        found.append(Step(D(2026, 2, 1) + timedelta(n), delta))
    return tuple(found)


@given(st.lists(COURSES, max_size=8))
def test_it_closes_and_gross_is_never_above_one_or_net(held):
    told = revenue(held)
    assert told.waterfall.closing == sum((one.closing for one in held), Decimal(0))
    assert told.waterfall.opening == sum((one.opening for one in held), Decimal(0))
    assert told.kept <= told.waterfall.opening
    assert told.kept <= told.cohort_closing
    assert all(getattr(told.waterfall, line) >= 0 for line in LINES if line not in {"fx", "indexation"})
    shown = monthly(told.waterfall)
    gains = sum(shown[line] for line in ("new", "expansion", "reactivation", "indexation", "fx"))
    assert shown["opening"] + gains - shown["contraction"] - shown["churn"] == shown["closing"]


@settings(max_examples=150)
@given(versions_of_an_account(), DAYS, st.integers(0, 400))
def test_every_account_closes_over_every_period(rows, first, days):
    period = Period(first, first + timedelta(days))
    found = changes(rows, today=LATER, grace_days=30)
    one = course(1, found, period, rates=ONE_TABLE)
    told = waterfall(one)
    assert told.closing == one.closing >= 0
    assert told.closing == sum((c.delta.amount for c in found if c.day <= period.last), Decimal(0))
    middle = first + timedelta(days // 2)
    halves = [waterfall(course(1, found, p, rates=ONE_TABLE)) for p in (
        Period(first, middle), Period(middle + timedelta(1), period.last)) if p.first <= p.last]  # fmt: skip
    for line in ("new", "expansion", "contraction", "churn", "reactivation", "indexation"):
        assert sum(getattr(half, line) for half in halves) == getattr(told, line), line


def test_rounding_to_cents_still_closes():
    shown = monthly(Waterfall(opening=Decimal(10_000), expansion=Decimal(100), churn=Decimal(50)))
    assert shown["opening"] == Decimal("833.33")
    assert shown["opening"] + shown["expansion"] - shown["churn"] == shown["closing"] == Decimal("837.50")

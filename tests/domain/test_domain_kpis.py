"""What is not money: published examples, empty bases, names."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.kpis import kpis_names
from domain.kpis.kpis import METRICS, Counted
from domain.kpis.kpis_values import Answers, Entries, Licences, Renewals, Spend
from domain.periods import Period
from domain.renewals.forecast import lives, retention
from domain.renewals.terms import terms
from domain.renewals.worth import Expected
from domain.waterfall import Logos, Revenue, Waterfall
from tests.domain.build import version
from words.metrics import COHORTS, PERIODS, UNDEFINED
from words.metrics import METRICS as EXPLAINED

D = date
PAYING = Revenue(Waterfall(opening=Decimal(1200)), kept=Decimal(1200), logos=Logos(10, 8, 9, 2), accounts=10)


def asked(**scores):
    tallies = {kind: Answers(given, sum(given.values()), sum(given.values())) for kind, given in scores.items()}
    return Counted(answers=tallies)


def test_the_published_nps_and_csat():
    nps = METRICS["nps"].of(asked(nps={10: 20, 9: 10, 8: 30, 7: 20, 6: 5, 0: 15}))
    assert (nps.value, nps.numerator, nps.denominator) == (10, 10, 100)
    csat = METRICS["csat"].of(asked(csat={5: 100, 4: 60, 3: 20, 1: 20}))
    assert (csat.value, csat.denominator) == (Decimal("0.8"), 200)
    assert METRICS["ces"].of(asked(ces={7: 1, 4: 1})).value == Decimal("5.5")


@pytest.mark.parametrize("name", METRICS)
def test_an_empty_base_has_a_reason_and_no_number(name):
    told = METRICS[name].of(Counted())
    assert told.value is None
    assert told.undefined_because in METRICS[name].undefined


@pytest.mark.parametrize("name", METRICS)
def test_a_missing_rate_is_said_of_what_it_spoils_and_only_of_that(name):
    metric = METRICS[name]
    told = metric.of(Counted(problems={"revenue": ("no_rate", "CHF")}))
    assert (told.undefined_because == "no_rate") == ("revenue" in metric.families)
    assert (told.parts.get("of") == "CHF") == ("revenue" in metric.families)


def test_each_metric_is_explained():
    assert set(EXPLAINED) == set(METRICS) == set(kpis_names.SAID)
    for metric in METRICS.values():
        assert metric.cohort in COHORTS
        assert metric.period in PERIODS
        assert set(metric.undefined) <= set(UNDEFINED)


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("nrr 2026-Q3", "nrr", ["2026-Q3"]), ("Tasa de Renovación", "renewal-rate", []),
        ("net revenue churn 2026", "net-revenue-churn", ["2026"]), ("net churn", "net-revenue-churn", []),
        ("segment:smb quick ratio", "quick-ratio", ["segment:smb"]), ("retención", "retention", []),
        ("retention-cost", "retention-cost", []), ("gasto de retención por cliente", "retention-cost", []),
        ("uso de licencias", "licences", []), ("hello", None, ["hello"]),
    ],
)  # fmt: skip
def test_names_are_found_among_other_words(typed, name, rest):
    assert kpis_names.take(typed.split()) == (name, rest)


def test_no_name_has_two_meanings():
    said = [word for words in kpis_names.SAID.values() for word in words]
    assert len(said) == len(set(said))


def test_spend_without_hours_or_with():
    counted = Counted(revenue=PAYING, spend=Spend(Decimal(800), Decimal(500), True, True, minutes=120), days=365)
    assert METRICS["retention-cost"].of(counted).value == 100
    with_hours = replace(counted, spend=replace(counted.spend, hourly=Decimal(40)))
    assert METRICS["retention-cost"].of(with_hours).value == 110
    assert METRICS["cost-ratio"].of(counted).value == Decimal("0.4")
    assert METRICS["cost-ratio"].of(replace(counted, spend=Spend(Decimal(1), retention_told=True))).value is None


def test_who_is_not_there_yet_counts_as_later():
    assert METRICS["time-to-value"].of(Counted(entries=Entries(customers=4, days=(10, 20, 30)))).value == 25
    open_half = METRICS["time-to-value"].of(Counted(entries=Entries(customers=4, days=(10, 20))))
    assert (open_half.undefined_because, open_half.parts["open"]) == ("most_still_open", 2)


def test_ratios_of_use_and_renewals():
    assert METRICS["licences"].of(Counted(licences=Licences(61, 120, 1))).value == Decimal("0.5083")
    due = Renewals(Decimal(2400), Decimal(1800), Decimal(600), 2)
    told = METRICS["renewal-rate"].of(Counted(renewals=due))
    assert (told.value, told.numerator, told.denominator, told.parts["pending"]) == (Decimal("0.75"), 150, 200, 50)


TODAY = D(2026, 11, 23)
YEAR = Period(D(2026, 1, 1), D(2026, 12, 31))


def ended(*versions, period=YEAR, today=TODAY):
    found = terms(versions, period, today=today, grace_days=30)
    return [(e.on, int(e.due.amount), int(e.renewed.amount), e.pending) for e in found]


def test_terms_that_end_are_renewed_reduced_lost_or_open():
    old = version("a", D(2025, 3, 1), D(2026, 3, 1), annual=1000)
    assert ended(old, version("a", D(2026, 3, 1), D(2027, 3, 1), annual=700)) == [(D(2026, 3, 1), 1000, 700, False)]
    late = version("b", D(2026, 3, 20), D(2027, 3, 1), annual=1500, renews="a")
    assert ended(old, late) == [(D(2026, 3, 1), 1000, 1500, False)]
    assert ended(old) == [(D(2026, 3, 1), 1000, 0, False)]
    waiting = version("a", D(2025, 11, 10), D(2026, 11, 10), annual=1000)
    assert ended(waiting) == [(D(2026, 11, 10), 1000, 0, True)]
    assert ended(version("a", D(2025, 12, 10), D(2026, 12, 10))) == [], "not due to date"


def test_what_moves_on_by_itself_is_renewed_at_each_end():
    yearly = version("a", D(2024, 5, 1), D(2025, 5, 1), annual=1000, auto_renew=True)
    assert ended(yearly) == [(D(2026, 5, 1), 1000, 1000, False)]
    left = version("a", D(2024, 5, 1), D(2025, 5, 1), annual=1000, auto_renew=True, notice_given_on=D(2026, 2, 1))
    assert ended(left) == [(D(2026, 5, 1), 1000, 0, False)]
    grown = version("a", D(2026, 2, 1), D(2026, 5, 1), annual=1200, auto_renew=True, term_months=12)
    assert ended(yearly, grown) == [(D(2026, 5, 1), 1200, 1200, False)], "a change within the term is no renewal"
    assert ended(version("m", D(2026, 1, 1), D(2026, 2, 1), auto_renew=True)) == [], "month to month"
    assert ended(version("e", D(2026, 1, 1), None)) == [], "evergreen"


def test_the_simple_form_stands_beside_and_needs_a_margin():
    counted = Counted(revenue=replace(PAYING, waterfall=Waterfall(opening=Decimal(9000))), days=365)
    parts = METRICS["clv"].of(counted).parts
    assert (parts["simple"], parts["simple_undefined_because"]) == (None, "no_margin")
    parts = METRICS["clv"].of(replace(counted, margin=Decimal("0.8"))).parts
    assert parts["simple"] == Decimal("3998.00"), "1,000 a year at 80 % = 800, of 0.2001 a year: 2 of 10 gone"


def test_lifetime_value_is_by_survival_and_says_how():
    curve = retention(lives([1000, 631, 468, 382, 326, 289, 262, 241]))
    held = Expected(
        Decimal(90000), Decimal(30000), 12, 10, 2, True, Decimal("0.8"), Decimal("0.1"), (curve,), D(2026, 6, 1)
    )
    told = METRICS["clv"].of(Counted(lifetimes=held))
    assert (told.value, told.numerator, told.denominator) == (9000, 90000, 10)
    wanted = {"method": "sbg", "margin": Decimal("0.8"), "discount": Decimal("0.1"), "timing": "from_next_renewal",
              "alpha": Decimal("0.704"), "beta": Decimal("1.182"), "without_curve": 2}  # fmt: skip
    assert wanted.items() <= told.parts.items()
    assert METRICS["clv"].of(Counted(lifetimes=replace(held, margin=None))).parts["margin"] == "revenue"


@pytest.mark.parametrize(
    ("held", "because"),
    [
        (Expected(), "nothing_to_renew"),
        (Expected(unknown=3), "no_renewals_yet"),
        (Expected(unknown=3, renewed_ever=True), "nobody_lost"),
    ],
)
def test_a_lifetime_value_that_cannot_be_told_says_why(held, because):
    assert METRICS["clv"].of(Counted(lifetimes=held)).undefined_because == because

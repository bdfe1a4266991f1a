from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import Account, Contact
from domain.facts import Ticket
from domain.health.health import MEASURES, Then, changes
from domain.health.rules import GROUP_OF, GROUPS
from domain.policies.policy import Policy, load
from domain.subscriptions import Month
from tests.domain.build import ACME, ALL, DAY, acme, ago, healthy, scored, usd, version

CARD = {
    "licences": 7 / 15,
    "core_features": 0.7,
    "use": 0.2,
    "outcomes": 0.6,
    "nps": 0.6125,
    "tickets": 0.4667,
    "touch": 1,
    "sponsor": 3 / 7,
    "invoices": 1,
    "mrr_calls": 0.6,
}
PERFECT = dict.fromkeys(MEASURES, 1.0)


def points(health):
    return {factor.measure: (factor.points, factor.weight) for factor in health.factors}


def test_the_card_of_the_documentation_adds_up():
    card = scored(CARD)
    assert (card.score, card.state, card.coverage) == (58, "yellow", 94)
    assert [(g.points, g.weight) for g in card.groups] == [(16, 35), (12, 20), (11, 20), (11, 15), (8, 10)]
    assert list(points(card).values()) == [
        (7, 15), (7, 10), (2, 10), (12, 20), (7, 11), (4, 9), (8, 8), (3, 7), (5, 5), (3, 5),
    ]  # fmt: skip
    (lacking,) = card.missing
    assert (lacking.measure, lacking.why, lacking.given_to, lacking.weight) == (
        "csat_ces",
        "never",
        ("nps", "tickets"),
        6,
    )


def test_acme_of_the_facts_is_that_card():
    found = healthy(acme())
    assert (found.score, found.state, found.coverage) == (58, "yellow", 94)
    assert points(found) == points(scored(CARD))
    assert found.missing[0].why == "stale"


def test_the_example_over_groups():
    """Weights 50/30/20, points 80/–/40 → 68.6 with 70 % coverage; without a cap that would cut."""
    text = """
    health:
      measure_cap: 100
      adoption: {licences: {weight: 50}}
      outcome: {outcomes: {weight: 30}}
      relationship: {touch: {weight: 20}}
    """
    found = scored(
        {"licences": 0.8, "touch": 0.4}, policy=load(text), in_use=frozenset({"licences", "outcomes", "touch"})
    )
    assert (found.score, found.coverage) == (69, 70)
    assert sum(f.exact * f.reading.fraction for f in found.factors) == pytest.approx(68.57, abs=0.01)


def test_a_measure_not_in_use_leaves_the_scale():
    found = scored({m: 1.0 for m in MEASURES if m != "nps"}, in_use=ALL - {"nps"})
    assert (found.coverage, found.missing, found.score) == (100, (), 100)
    assert points(found)["outcomes"] == (22, 22)


def test_a_whole_group_gives_to_the_others():
    found = scored({m: 1.0 for m in MEASURES if GROUP_OF[m] != "adoption"})
    assert found.coverage == 65
    assert points(found)["outcomes"] == (31, 31)
    assert set(found.missing[0].given_to) == {f.measure for f in found.factors}


def test_no_measure_grows_above_the_cap_and_what_it_is_cut_goes_on():
    found = scored({m: 1.0 for m in MEASURES if m in {"outcomes", "licences", "nps", "touch"}})
    assert found.coverage == 51
    assert max(f.exact for f in found.factors) <= 40
    assert (found.uncovered, found.score) == (0, 100)


def test_what_nobody_can_take_is_uncovered_and_earns_nothing():
    few = frozenset({"licences", "use", "touch"})
    found = scored({"licences": 1.0, "use": 1.0}, in_use=few)
    assert {f.measure: round(f.exact) for f in found.factors} == {"licences": 45, "use": 40}
    assert (found.coverage, found.uncovered, found.score) == (75, 15, 85)


@pytest.mark.parametrize(("present", "state", "score"), [(50, "green", 100), (49, "unknown", None)])
def test_below_half_the_weight_health_is_unknown(present, state, score):
    policy = load(f"health: {{adoption: {{licences: {{weight: {present - 15}}}, use: {{weight: {100 - present}}}}}}}")
    in_use = frozenset({"licences", "use", "touch", "sponsor"})
    found = scored({"licences": 1.0, "touch": 1.0, "sponsor": 1.0}, policy=policy, in_use=in_use)
    assert (found.coverage, found.state) == (present, state)
    assert found.score == score or found.uncovered


def test_nothing_in_use_is_unknown():
    found = scored({}, in_use=frozenset())
    assert (found.state, found.score, found.coverage, found.factors) == ("unknown", None, 0, ())


@pytest.mark.parametrize(
    ("fraction", "score", "state"),
    [(0.4949, 49, "red"), (0.495, 50, "yellow"), (0.7449, 74, "yellow"), (0.745, 75, "green"), (0, 0, "red")],
)
def test_bands_look_at_the_score_shown(fraction, score, state):
    found = scored(dict.fromkeys(MEASURES, fraction))
    assert (found.score, found.state) == (score, state)


FRACTIONS = st.dictionaries(st.sampled_from(MEASURES), st.floats(0, 1), max_size=11)
IN_USE = st.frozensets(st.sampled_from(MEASURES))
WEIGHTS = st.lists(st.integers(0, 40), min_size=11, max_size=11).filter(any)


def weighted(weights, cap):
    by_measure = dict(zip(MEASURES, weights, strict=True))
    groups = {group: {m: {"weight": by_measure[m]} for m in measures} for group, measures in GROUPS.items()}
    return Policy.model_validate({"health": groups | {"measure_cap": cap}})


@settings(max_examples=200)
@given(FRACTIONS, IN_USE, WEIGHTS, st.integers(10, 100))
def test_laws_of_the_score(fractions, in_use, weights, cap):
    fractions = {m: f for m, f in fractions.items() if m in in_use}
    found = scored(fractions, policy=weighted(weights, cap), in_use=in_use)
    total = sum(f.points for f in found.factors)
    assert all(0 <= f.points <= f.weight for f in found.factors)
    assert all(f.exact <= max(cap, f.base_weight) + 1e-6 for f in found.factors)
    assert all(abs(f.weight - f.exact) < 1 for f in found.factors)
    assert sum(f.weight for f in found.factors) + found.uncovered == 100
    assert (sum(g.points for g in found.groups), sum(g.weight for g in found.groups)) == (total, 100 - found.uncovered)
    assert 0 <= found.coverage <= 100
    assert (found.score is None) == (found.state == "unknown") == (found.coverage < 50)
    if found.score is not None:
        assert found.score == total
        assert abs(found.score - sum(f.exact * f.reading.fraction for f in found.factors)) <= 0.5 + 1e-6
    assert bool(found.missing) == any(f not in fractions and weights[MEASURES.index(f)] for f in in_use)


@settings(max_examples=100)
@given(FRACTIONS, st.sampled_from(MEASURES), st.floats(0, 1))
def test_a_better_reading_never_lowers_the_score(fractions, measure, better):
    now = fractions.get(measure, 0.0)
    low = scored(fractions | {measure: min(now, better)})
    high = scored(fractions | {measure: max(now, better)})
    assert (low.score is None) == (high.score is None)
    if low.score is not None:
        assert low.score <= high.score


def test_changes_add_up():
    then = Then(71, {"licences": 10, "core_features": 7, "use": 8, "outcomes": 12, "nps": 7, "tickets": 8,
                     "touch": 8, "sponsor": 3, "invoices": 5, "mrr_calls": 3})  # fmt: skip
    found = changes(scored(CARD), then)
    assert (found.score, found.was) == (-13, 71)
    assert {m: d for m, d in found.measures.items() if d} == {"licences": -3, "use": -6, "tickets": -4}
    assert found.groups == {"adoption": -9, "outcome": 0, "experience": -4, "relationship": 0, "commercial": 0}


def test_changes_of_what_came_and_went():
    found = changes(scored(CARD), Then(60, {"csat_ces": 5, "licences": 55}))
    assert found.measures["csat_ces"] == -5
    assert sum(found.measures.values()) == sum(found.groups.values()) == found.score == -2
    assert changes(scored(CARD), None).score is None
    assert changes(scored(CARD), Then(None, {})).score is None


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"versions": ()}, "yellow"),
        ({"versions": (), "account": Account(1, "a", "A")}, "prospect"),
        ({"versions": (version(starts_on=DAY + timedelta(1)),)}, "prospect"),
        ({"versions": (version(status="trialing"),)}, "prospect"),
        ({"versions": (version(ends_on=ago(30)),)}, "former"),
        ({"versions": (version(ends_on=ago(29)),)}, "yellow"),
        ({"versions": (version(ends_on=None), version(starts_on=ago(9), ends_on=None, status="paused"))}, "former"),
        ({"versions": (), "months": (Month(ago(60), usd(9)),)}, "yellow"),
        ({"versions": (), "months": (Month(ago(60), usd(9)), Month(ago(20), usd(0)))}, "former"),
        ({"versions": (version(notice_given_on=ago(3)),)}, "leaving"),
        ({"versions": (version(ends_on=None, notice_given_on=ago(3)),)}, "leaving"),
        ({"versions": (version(cancelled_on=DAY + timedelta(9)),)}, "leaving"),
        ({"versions": (version(notice_given_on=ago(3)), version("s2"))}, "yellow"),
        ({"account": Account(1, "a", "A", customer_since=ago(44))}, "onboarding"),
        ({"account": Account(1, "a", "A", customer_since=ago(45))}, "yellow"),
        ({"account": Account(1, "a", "A"), "versions": (version(starts_on=ago(20)),)}, "onboarding"),
    ],
)
def test_states_that_contracts_and_age_decide(given, state):
    found = healthy(acme(**({"tickets": ()} | given)))
    assert found.state.replace("green", "yellow") == state
    assert (found.score is None) == (state != "yellow")


def test_day_of_onboarding():
    found = healthy(acme(account=Account(1, "a", "A", customer_since=ago(20))))
    assert (found.day_of_onboarding, found.onboarding_days, found.state) == (21, 45, "onboarding")
    assert found.factors


@pytest.mark.parametrize(
    ("contacts", "code"),
    [
        ((Contact("1", "C", role="champion", left_on=ago(3)),), "champion_left"),
        ((Contact("1", "C", role="champion", left_on=ago(180)),), "champion_left"),
        ((Contact("1", "C", role="champion", left_on=ago(181)),), None),
        ((Contact("1", "C", role="champion", left_on=DAY + timedelta(1)),), None),
        ((Contact("1", "C", role="champion", left_on=ago(3)), Contact("2", "D", role="champion")), None),
        ((Contact("1", "C", role="sponsor", left_on=ago(3)),), "sponsor_left"),
        ((Contact("1", "C", role="user", left_on=ago(3)),), None),
    ],
)
def test_departures_that_hold_the_colour(contacts, code):
    facts = acme(contacts=contacts, tickets=(), outcomes=(), answers=(), usage=None)
    found = healthy(facts, in_use=frozenset({"tickets", "touch", "invoices", "mrr_calls"}))
    assert found.score == 92
    assert (found.cap.code if found.cap else None) == code
    assert found.state == ("yellow" if code else "green")
    if code:
        assert (found.cap.at_most, found.cap.parts["since"], found.held) == ("yellow", contacts[0].left_on, True)


def test_the_lowest_cap_holds_and_a_low_score_needs_none():
    contacts = (Contact("1", "C", role="champion", left_on=ago(3)),)
    policy = load("health: {caps: {champion_left: yellow, critical_ticket: red}}")
    few = frozenset({"touch", "invoices", "mrr_calls"})
    assert healthy(acme(contacts=contacts), policy, few).cap.code == "critical_ticket"
    assert healthy(acme(contacts=contacts), policy, few).state == "red"
    assert healthy(acme(contacts=contacts)).cap is None
    assert healthy(acme(tickets=(Ticket("t", ago(1), "critical"),)), policy, few).cap is None


def test_a_weight_of_nothing_leaves_the_measure_out():
    policy = load("health: {experience: {nps: {weight: 0}}}")
    assert "nps" not in {f.measure for f in healthy(acme(), policy).factors}


def test_the_facts_are_exact_decimals_or_nothing():
    assert all(isinstance(f.reading.value, Decimal | None) for f in healthy(acme()).factors)
    assert healthy(acme()).account is ACME

from dataclasses import replace

import pytest

from domain.fit import Fit, fit
from domain.policies.policy import PolicyError, load
from tests.domain.build import ACME

RULES = load("""
fit:
  - {fit: poor, when: {industry: [retail]}}
  - {fit: good, when: {segment: [Enterprise], country: [MX, ES]}}
  - {fit: partial, when: {x_region: [latam]}}
""").fit


def customer(**more):
    return replace(ACME, **more)


def test_the_column_wins_over_every_rule():
    assert fit(customer(fit="good", industry="Retail"), RULES) == Fit("good", "column")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"country": "MX"}, "good"),
        ({"country": "US"}, None),
        ({"country": "MX", "industry": "Rétail"}, "poor"),
        ({"country": "US", "extra": {"x_region": "LATAM"}}, "partial"),
        ({"country": None, "segment": None}, None),
    ],
)
def test_the_first_rule_of_which_every_column_holds(values, expected):
    found = fit(customer(**values), RULES)
    assert (found and (found.value, found.by)) == (expected and (expected, "rule"))


def test_without_rules_or_column_nothing_is_said():
    assert fit(ACME, ()) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("fit: [{fit: good, when: {sector: [x]}}]", "unknown_column"),
        ("fit: [{fit: great, when: {segment: [x]}}]", "not_allowed"),
        ("fit: [{fit: good, when: {}}]", "out_of_range"),
        ("fit: [{fit: good, when: {segment: []}}]", "out_of_range"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(text, reason):
    with pytest.raises(PolicyError) as caught:
        load(text)
    assert caught.value.problems[0].reason_code == reason

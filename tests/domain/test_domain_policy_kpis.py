from datetime import date
from decimal import Decimal

import pytest

from domain.periods import Period
from domain.policies.policy import PolicyError, load
from domain.policies.policy_kpis import compares, target

TEXT = """
targets:
  nrr: 105
  mrr: {default: 150000, segments: {Enterprise: 90000}}
  licences: {default: 80, segments: {enterprise: 90}}
"""


def test_a_segment_has_its_own_target_and_the_others_the_default() -> None:
    targets = load(TEXT).targets
    assert target(targets, "nrr") == Decimal(105)
    assert target(targets, "licences", segment="Enterprise") == Decimal(90)
    assert target(targets, "licences", segment="smb") == Decimal(80)
    assert target(targets, "licences", narrowed=True) == Decimal(80)
    assert target(targets, "grr") is None


def test_what_all_are_to_bring_is_no_target_of_a_part() -> None:
    targets = load(TEXT).targets
    assert target(targets, "mrr") == Decimal(150_000)
    assert target(targets, "mrr", segment="enterprise") == Decimal(90_000)
    assert target(targets, "mrr", segment="smb") is None
    assert target(targets, "mrr", segment="enterprise", narrowed=True) is None


@pytest.mark.parametrize(
    ("name", "first", "last", "comparable"),
    [
        ("nrr", date(2025, 11, 23), date(2026, 11, 22), True),
        ("nrr", date(2026, 7, 1), date(2026, 9, 30), False),
        ("nps", date(2026, 7, 1), date(2026, 9, 30), True),
    ],
)
def test_a_target_of_a_year_is_held_against_a_year(name: str, first: date, last: date, comparable: bool) -> None:
    assert compares(name, Period(first, last)) is comparable


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("targets: {nrrr: 105}", "targets.nrrr", "nrr"),
        ("targets: {retencion neta: 105}", "targets.retencion neta", "nrr"),
        ("targets: {xyzzy: 105}", "targets.xyzzy", None),
        ("targets: {nps: {defaults: 20}}", "targets.nps.defaults", "default"),
    ],
)
def test_a_metric_that_is_not_there_is_refused_with_the_nearest(text: str, key: str, nearest: str | None) -> None:
    with pytest.raises(PolicyError) as refused:
        load(text)
    (problem,) = refused.value.problems
    assert (problem.key, problem.detail.get("nearest")) == (key, nearest)

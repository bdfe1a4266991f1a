"""The lives of contracts, out of what was decided."""

from datetime import date

from domain.periods import Period
from domain.renewals.decisions import decisions
from domain.renewals.forecast import Life
from domain.renewals.lifetimes import lifetimes
from domain.renewals.renewals import renewals
from tests.domain.build import DAY, usd, version

D = date


def of(*versions):
    made = decisions(versions, Period(D(2000, 1, 1), DAY), today=DAY, grace_days=30)
    return lifetimes(made, renewals(versions, today=DAY, grace_days=30))


def yearly(year, name=None, **more):
    return version(name or f"s{year}", D(year, 3, 1), D(year + 1, 3, 1), **more)


def test_a_contract_that_is_here_has_lived_its_renewals():
    (found,) = of(yearly(2023), yearly(2024), yearly(2025), yearly(2026, annual=15000))
    assert (found.life, found.term_months, found.annual) == (Life(3, lost=False), 12, usd(15000))


def test_a_loss_ends_a_life_at_the_renewal_that_failed():
    (found,) = of(yearly(2023), yearly(2024))
    assert (found.life, found.annual) == (Life(2, lost=True), None)


def test_who_comes_back_begins_anew():
    first, second = of(yearly(2022), yearly(2025), yearly(2026))
    assert (first.life, first.annual) == (Life(1, lost=True), None)
    assert (second.life, second.annual) == (Life(1, lost=False), usd(12000))


def test_products_live_their_own_lives():
    found = of(yearly(2025), yearly(2026), yearly(2025, "x", product="other"))
    assert [(f.life, f.annual is None) for f in found] == [(Life(1, lost=True), True), (Life(1, lost=False), False)]


def test_a_contract_in_its_first_term_has_lived_none():
    (found,) = of(yearly(2026))
    assert found.life == Life(0, lost=False)

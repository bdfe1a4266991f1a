"""What stands is valued by the survival of its like: the segment's own where it is known, else that of all."""

from datetime import date
from decimal import Decimal

import pytest

from domain.money import NoRate, Rates
from domain.renewals.forecast import Life
from domain.renewals.lifetimes import Lifetime, lifetimes_on
from domain.renewals.worth import Assumed, Cohort, Holdings, curves, expected
from tests.domain.build import DAY, usd, version

RATES = Rates("USD", None, {})
LOST, KEPT = Life(1, lost=True), Life(1, lost=False)


def held(segment, life, count, annual=None, term=12):
    found = Holdings()
    found.add(segment, [Lifetime(term, life, annual)], count)
    return found


def all_of(*parts):
    found = Holdings()
    for part in parts:
        for cohort, counted in part.lives.items():
            found.lives.setdefault(cohort, type(counted)()).update(counted)
        found.here |= part.here
    return found


def test_a_segment_of_its_own_needs_thirty_lives_and_a_loss():
    base = all_of(held("smb", LOST, 20), held("smb", KEPT, 20, usd(1000)), held("enterprise", KEPT, 29, usd(9000)))
    by = curves(base.lives)
    assert set(by.own) == {Cohort("smb", 12)}
    assert by.of("smb", 12).survival(1) == pytest.approx(0.5)
    assert by.of("enterprise", 12).survival(1) == pytest.approx(49 / 69)
    assert by.of("enterprise", 24) is None


def test_all_of_it_is_the_sum_in_one_currency_and_counts_accounts():
    base = all_of(held("smb", LOST, 20), held("smb", KEPT, 20, usd(1000)))
    told = expected(base.here, curves(base.lives), Assumed(Decimal("0.8"), Decimal("0.1")), RATES)
    assert (told.accounts, told.contracts, told.annual, told.unknown) == (20, 20, 1000, 0)
    assert float(told.worth) == pytest.approx(800 * 0.5 / (1 - 0.5 / 1.1), rel=1e-4)
    revenue = expected(base.here, curves(base.lives), Assumed(None, Decimal("0.1")), RATES)
    assert revenue.worth == pytest.approx(told.worth / Decimal("0.8"), rel=Decimal("1e-6"))
    with pytest.raises(NoRate):
        expected(base.here, curves(base.lives), Assumed(), Rates("EUR", None, {}))


def test_what_nobody_was_lost_of_is_left_out_and_counted():
    base = all_of(held("smb", LOST, 5), held("smb", KEPT, 5, usd(1000)), held("smb", KEPT, 3, usd(500), term=1))
    told = expected(base.here, curves(base.lives), Assumed(), RATES)
    assert (told.contracts, told.unknown) == (5, 3)


def test_notice_ends_the_expectation_and_not_yet_the_life():
    contract = version("s1", date(2024, 3, 1), date(2027, 3, 1), term_months=12, notice_given_on=date(2026, 10, 1))
    assert [(each.life, each.annual) for each in lifetimes_on([contract], DAY, today=DAY, grace_days=30)] == [
        (Life(0, lost=False), None)
    ]
    before = date(2026, 9, 1)
    (then,) = lifetimes_on([contract], before, today=DAY, grace_days=30)
    assert then.annual == usd(12000), "nobody knew of it then"


def test_a_renewal_that_is_signed_ahead_does_not_hide_the_contract():
    signed = [version("s1", date(2026, 1, 1)), version("s2", date(2027, 1, 1), date(2028, 1, 1), renews="s1")]
    (found,) = lifetimes_on(signed, DAY, today=DAY, grace_days=30)
    assert (found.life, found.annual) == (Life(0, lost=False), usd(12000))

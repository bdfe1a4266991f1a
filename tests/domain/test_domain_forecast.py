"""How long customers stay: published examples, intervals that hold, and what is left to expect."""

from decimal import Decimal
from random import Random

import pytest

from domain.renewals.forecast import Life, NoHistory, cohort, lifetime_value, lives, retention
from tests.domain.build import usd

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


@pytest.mark.parametrize(("survivors", "alpha", "beta"), [(REGULAR, 0.704, 1.182), (HIGH_END, 0.668, 3.806)])
def test_the_published_parameters_to_three_decimals(survivors, alpha, beta):
    found = retention(lives(survivors))
    assert found.method == "sbg"
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)
    for share, seen in zip(found.curve, survivors, strict=True):
        assert share.share == pytest.approx(seen / 1000, abs=0.03)


def test_the_twelfth_year_is_foretold_where_one_rate_fails():
    """Fader & Hardie: observed 173 regular customers of 1,000 after 12 years; one average rate says 87."""
    found = retention(lives(REGULAR))
    assert found.survival(12) == pytest.approx(0.173, abs=0.01)


def test_the_interval_narrows_with_the_cohort_and_holds_the_share():
    wide = retention(lives([100, 63, 47, 38, 33, 29, 26, 24]))
    narrow = retention(lives([10 * n for n in REGULAR]))
    for few, many in zip(wide.curve[1:], narrow.curve[1:], strict=True):
        assert few.interval[0] < few.share < few.interval[1]
        assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


def test_ninety_five_of_a_hundred_intervals_hold_the_truth():
    luck, held, rounds = Random(11), 0, 60
    truth = 1.0
    for n in range(3):
        truth *= (3 + n) / (4 + n)
    for _ in range(rounds):
        seen = []
        for _ in range(200):
            chance, life = luck.betavariate(1, 3), 0
            while life < 6:
                life += 1
                if luck.random() < chance:
                    break
            else:
                seen.append(Life(6, False))
                continue
            seen.append(Life(life, True))
        low, high = retention(cohort(seen)).curve[3].interval
        held += low <= truth <= high
    assert held / rounds >= 0.87


def test_contracts_of_different_age_stand_in_one_cohort():
    """Those that are young are not counted as lost, nor as kept for longer than they were."""
    old = lives(REGULAR)
    young = {Life(2, True): 163, Life(1, True): 369, Life(2, False): 468}
    found = retention({life: old.get(life, 0) + young.get(life, 0) for life in {*old, *young}})
    assert found.alpha == pytest.approx(0.704, abs=0.03)
    assert found.survival(7) == pytest.approx(0.241, abs=0.02)


def test_fewer_than_five_periods_are_kaplan_meier():
    found = retention({Life(1, True): 2, Life(1, False): 2, Life(2, True): 1, Life(3, False): 5})
    assert found.method == "kaplan_meier"
    assert [round(s.share, 4) for s in found.curve] == [1, 0.8, round(0.8 * 5 / 6, 4), round(0.8 * 5 / 6, 4)]
    assert found.alpha is None
    assert found.curve[1].interval == pytest.approx((0.409, 0.946), abs=0.001)
    assert found.survival(5) == pytest.approx(found.curve[3].share * (1 - 3 / 21) ** 2)


def test_nobody_lost_gives_no_interval_rather_than_certainty():
    found = retention({Life(3, False): 12})
    assert (found.curve[3].share, found.curve[3].interval) == (1, None)
    many = retention({Life(6, False): 12})
    assert (many.method, many.curve[6].share, many.curve[6].interval) == ("kaplan_meier", 1, None)


def test_no_renewal_yet_is_no_history():
    with pytest.raises(NoHistory):
        retention({Life(0, False): 4})


def test_what_is_left_to_expect_with_a_constant_loss_is_the_geometric_sum():
    found = retention({Life(1, True): 20, Life(1, False): 80})
    value = lifetime_value(usd(1000), found, renewals=0, term_months=12, margin=Decimal("0.8"), discount=Decimal("0.1"))
    assert float(value.money.amount) == pytest.approx(800 * 0.8 / (1 - 0.8 / 1.1), rel=1e-4)
    assert (value.method, value.timing, value.margin) == ("kaplan_meier", "from_next_renewal", Decimal("0.8"))


def test_who_has_stayed_long_is_worth_more_than_who_is_new():
    found = retention(lives(REGULAR))
    worth = [
        lifetime_value(usd(1000), found, renewals=n, term_months=12, margin=Decimal(1), discount=Decimal("0.1")).money
        for n in range(5)
    ]
    assert [m.amount for m in worth] == sorted(m.amount for m in worth)
    assert worth[4].amount > Decimal("1.9") * worth[0].amount

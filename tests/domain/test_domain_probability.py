"""The calibrated score: few cases stay near the base rate, many move it."""

import pytest

from domain.renewals.probability import Seen, base_rate, brier, calibrated, passes


def seen(count, of_low, of_high):
    """`count` renewals with a low and with a high score, so many of each lost."""
    return [Seen(25, n < of_low) for n in range(count)] + [Seen(90, n < of_high) for n in range(count)]


def test_many_cases_are_met():
    found = calibrated(seen(500, 200, 50))
    assert found.lost(25) == pytest.approx(0.4, abs=0.02)
    assert found.lost(90) == pytest.approx(0.1, abs=0.02)
    assert found.renewed(90) == pytest.approx(1 - found.lost(90))
    assert (found.events, found.count) == (250, 1000)


def test_few_cases_stay_near_the_base_rate():
    found = calibrated(seen(2, 2, 0))
    assert base_rate(2, 4) == 0.5
    assert 0.5 < found.lost(25) < 0.8
    assert 0.2 < found.lost(90) < 0.5


def test_none_at_all_is_even_and_flat():
    found = calibrated([])
    assert found.lost(0) == found.lost(100) == 0.5


def test_certainty_is_never_claimed():
    found = calibrated([Seen(90, False)] * 30)
    assert 0 < found.lost(100) < found.lost(0) < 0.2


def test_brier_is_the_mean_square():
    assert brier([0.5, 1.0], [True, True]) == 0.125
    assert brier([], []) is None


@pytest.mark.parametrize(("learned", "speaks"), [(0.09, True), (0.1, False), (0.11, False)])
def test_a_learned_model_must_beat_both(learned, speaks):
    assert passes(learned, rule=0.1, base=0.12) is speaks
    assert passes(learned, rule=0.12, base=0.1) is speaks

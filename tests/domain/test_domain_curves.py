from hypothesis import given
from hypothesis import strategies as st

from domain.health.curves import Curve, CurvesByAge

RISING = Curve((0, 50, 75, 100), (0, 0.4, 0.75, 1))
FALLING = Curve((30, 60, 180), (1, 0.6, 0))


def test_between_points_the_line_is_straight_and_outside_it_is_flat():
    assert [RISING.at(x) for x in (-5, 0, 25, 62.5, 100, 300)] == [0, 0, 0.2, 0.575, 1, 1]
    assert [FALLING.at(x) for x in (0, 45, 120, 999)] == [1, 0.8, 0.3, 0]


def test_reaching_is_the_least_effort():
    assert RISING.reaching(0.4) == 50
    assert RISING.reaching(1) == 100
    assert FALLING.reaching(0.6) == 60
    assert FALLING.reaching(1) == 30
    assert Curve((0, 10, 20), (0, 0.5, 0.5)).reaching(1) == 10


@given(st.sampled_from([RISING, FALLING]), st.floats(0, 1))
def test_what_reaches_a_fraction_earns_it(curve, fraction):
    assert abs(curve.at(curve.reaching(fraction)) - fraction) < 1e-9 or curve.at(curve.reaching(fraction)) > fraction


@given(st.sampled_from([RISING, FALLING]), st.floats(-10, 200), st.floats(-10, 200))
def test_a_better_value_never_earns_less(curve, x, y):
    low, high = sorted((x, y))
    assert (curve.at(low) <= curve.at(high)) == (curve is RISING) or curve.at(low) == curve.at(high)


def test_curves_slide_with_age():
    ages = CurvesByAge((4, 8), (Curve((0, 40), (0, 1)), Curve((0, 80), (0, 1))))
    assert ages.at_age(1).xs == (0, 40)
    assert ages.at_age(6).xs == (0, 60)
    assert ages.at_age(20).xs == (0, 80)

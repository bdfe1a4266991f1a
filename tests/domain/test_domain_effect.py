"""What a playbook did: figures known beforehand, laws that any honest comparison keeps, and when nothing is said."""

from collections import Counter
from dataclasses import replace
from math import sqrt
from random import Random
from statistics import fmean, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from benchmarks.effect import WORLDS, tally
from domain.effects.adjustment import Row, difference, quantile
from domain.effects.effect import Subject, activity_hints, effect, held_out
from domain.effects.overlap import comparable

HOW = {"draw": ("rule", "hold_out", True), "waves": ("rule", "capacity", False)}


def a_subject(number, how="draw", *, treated, **values):
    started, kept, drawn = HOW[how]
    return Subject(number, treated, started if treated else kept, drawn=drawn, **values)


def subjects(count=60, how="draw", *, seed=1, truth=3.0, exchanged=False):
    """So many a side; the outcome follows the score before, the treated get `truth` more."""
    luck = Random(seed)
    found = []
    for number in range(2 * count):
        treated = (number % 2 == 0) is not exchanged
        score = luck.uniform(20, 50)
        values = {
            "score_before": score,
            "kpi_before": score + luck.gauss(0, 5),
            "outcome": 0.8 * score + luck.gauss(0, 4) + truth * (number % 2 == 0),
            "potential": luck.uniform(1000, 9000),
        }
        found.append(a_subject(number, how, treated=treated, **values))
    return found


def chosen(those, count=None):
    return [replace(s, account=s.account + 500, assigned="chosen") for s in those if s.treated][:count]


def renewals(kept_treated, treated, kept_control, control):
    sides = ((True, kept_treated, treated, 0), (False, kept_control, control, 1000))
    return [
        a_subject(first + n, treated=side, outcome=float(n < kept))
        for side, kept, count, first in sides
        for n in range(count)
    ]


def near(found, other, **close):
    return all(
        getattr(found, end) == pytest.approx(getattr(other, end), **close) for end in ("difference", "low", "high")
    )


# the estimate


@pytest.mark.parametrize(("freedom", "t"), [(5, 2.5706), (10, 2.2281), (20, 2.0860), (60, 2.0003), (1e9, 1.9600)])
def test_the_quantile_is_that_of_the_tables(freedom, t):
    assert quantile(0.95, freedom) == pytest.approx(t, abs=1e-3)


def test_without_covariates_it_is_welch():
    luck = Random(4)
    treated, control = [luck.gauss(9, 5) for _ in range(24)], [luck.gauss(7, 1) for _ in range(60)]
    rows = [Row(True, n, y) for n, y in enumerate(treated)] + [Row(False, 100 + n, y) for n, y in enumerate(control)]
    found = difference(rows, binary=False)
    parts = variance(treated) / 24, variance(control) / 60
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 23 + parts[1] ** 2 / 59)
    assert found.value == pytest.approx(fmean(treated) - fmean(control))
    assert found.high - found.value == pytest.approx(quantile(0.95, freedom) * sqrt(sum(parts)))


def test_each_side_has_a_line_of_its_own():
    rows = [Row(n % 2 == 0, n, 3 + 5.0 * n if n % 2 == 0 else 1 + 2.0 * n, (float(n),)) for n in range(60)]
    assert difference(rows, binary=False).value == pytest.approx(2 + 3 * 29.5)


def test_rates_are_those_of_newcombe():
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 in Newcombe 1998; ours is a little wider, by t and n − 1."""
    found = effect(renewals(56, 70, 48, 80), binary=True)
    assert found.difference == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=0.004)
    assert found.high == pytest.approx(0.3339, abs=0.004)
    assert found.low < 0.0524
    assert found.high > 0.3339
    assert found.clear


def test_all_renewed_is_no_certainty():
    found = effect(renewals(20, 20, 20, 20), binary=True)
    assert (found.difference, found.clear) == (0, False)
    assert found.low < -0.1
    assert found.high > 0.1
    high = effect(renewals(20, 20, 0, 20), binary=True)
    assert 0.5 < high.low < high.difference == high.high == 1


def test_the_score_before_is_adjusted_for():
    """The treated had lower scores and end lower: beside their likes they gained."""
    luck = Random(8)
    found = []
    for n in range(200):
        treated = n % 2 == 0
        score = luck.uniform(20, 45) if treated else luck.uniform(25, 50)
        outcome = 2 * score + 4 * treated + luck.gauss(0, 2)
        found.append(a_subject(n, "waves", treated=treated, score_before=score, outcome=outcome))
    said = effect(found, binary=False)
    raw = [fmean(s.outcome for s in found if s.treated is side) for side in (True, False)]
    assert raw[0] - raw[1] < -3
    assert said.low < 4 < said.high
    assert said.low > 2
    assert (said.method, said.adjusted_for, said.cautions) == ("adjusted", ("score_before",), ("potential_unknown",))


def test_the_kpi_before_is_adjusted_for():
    known = [replace(s, outcome=s.outcome + 2 * s.kpi_before) for s in subjects(60)]
    found = effect(known, binary=False)
    unknown = effect([replace(s, kpi_before=None) for s in known], binary=False)
    assert found.adjusted_for == ("score_before", "kpi_before", "potential")
    assert found.high - found.low < 0.7 * (unknown.high - unknown.low)


@pytest.mark.parametrize("binary", [False, True])
def test_accounts_of_one_parent_are_one_opinion(binary):
    alone = subjects(60)
    if binary:
        alone = [replace(s, outcome=float(s.outcome > 30)) for s in alone]
    copies = [replace(s, account=1000 * copy + s.account, customer=s.account) for s in alone for copy in (1, 2, 3)]
    one, three = effect(alone, binary=binary), effect(copies, binary=binary)
    assert (three.treated_n, three.treated_customers) == (180, 60)
    assert near(one, three, rel=1e-6)
    taken_apart = effect([replace(s, customer=None) for s in copies], binary=binary)
    assert taken_apart.high - taken_apart.low < 0.7 * (one.high - one.low)


@pytest.mark.parametrize("binary", [False, True])
def test_a_parent_on_both_sides_is_its_own_comparison(binary):
    """What the accounts of a parent have in common cancels, as in pairs."""
    luck = Random(5)
    shared = [luck.random() < 0.7 for _ in range(80)]
    sides = [(n, treated) for n in range(80) for treated in (True, False)]
    pairs = [
        a_subject(2 * n + t, treated=t, customer=n, outcome=float(shared[n] and luck.random() < 0.95)) for n, t in sides
    ]
    paired = effect(pairs, binary=binary)
    apart = effect([replace(s, customer=None) for s in pairs], binary=binary)
    assert paired.difference == pytest.approx(apart.difference)
    assert paired.high - paired.low < 0.7 * (apart.high - apart.low)


# laws

seeds = some.integers(0, 10_000)


@settings(max_examples=15, deadline=None)
@given(seeds, some.floats(-1000, 1000))
def test_what_all_have_more_is_no_effect(seed, more):
    before = subjects(25, seed=seed)
    after = [replace(s, outcome=s.outcome + more) for s in before]
    assert near(effect(before, binary=False), effect(after, binary=False), rel=1e-6, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seeds, some.floats(0.001, 1000))
def test_the_unit_is_that_of_the_outcome(seed, factor):
    before = effect(subjects(25, seed=seed), binary=False)
    after = effect([replace(s, outcome=s.outcome * factor) for s in subjects(25, seed=seed)], binary=False)
    assert after.difference == pytest.approx(before.difference * factor)
    assert after.high - after.low == pytest.approx((before.high - before.low) * factor)


@settings(max_examples=15, deadline=None)
@given(seeds, some.booleans(), some.sampled_from(list(HOW)))
def test_sides_exchanged_turn_the_sign(seed, binary, how):
    one, other = (subjects(30, how, seed=seed, exchanged=exchanged) for exchanged in (False, True))
    if binary:
        one, other = ([replace(s, outcome=float(s.outcome > 30)) for s in each] for each in (one, other))
    found, turned = effect(one, binary=binary), effect(other, binary=binary)
    assert turned.difference == pytest.approx(-found.difference, abs=1e-9)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(seeds, some.randoms(use_true_random=False))
def test_the_order_of_subjects_is_of_no_matter(seed, luck):
    one = subjects(25, "waves", seed=seed)
    other = luck.sample(one, len(one))
    assert near(effect(one, binary=False), effect(other, binary=False))


# known truth


@pytest.mark.parametrize("world", [w for w in WORLDS if w.name.startswith("effect")], ids=lambda w: w.name)
def test_the_truth_is_inside_as_often_as_promised(world):
    """Of 40 portfolios 95 % is 38; 34 or fewer would come by chance in one of fifty."""
    found = tally(world, 40, binary=False)
    told = [e for e in found.said if e.difference is not None]
    assert len(told) == 40
    assert sum(e.low <= 4 <= e.high for e in told) >= 35
    assert fmean(e.difference for e in told) == pytest.approx(4, abs=1)


def test_regression_to_the_mean_is_no_effect():
    nothing = next(world for world in WORLDS if world.part == 0)
    found = tally(nothing, 40, binary=False)
    assert fmean(found.before_after) > 5, "before and after would have praised a playbook that does nothing"
    assert abs(fmean(e.difference for e in found.said)) < 1
    assert sum(e.clear for e in found.said) <= 5


def test_when_the_csm_chose_nothing_is_said_in_any_portfolio():
    by_feeling = next(world for world in WORLDS if "chosen by" in world.name)
    assert Counter(e.undefined_because for e in tally(by_feeling, 40, binary=True).said) == {"cannot_tell": 40}


# who counts


def test_nineteen_on_a_side_are_too_few():
    enough = subjects(20)
    assert effect(enough, binary=False).undefined_because is None
    found = effect(enough[:-1], binary=False)
    assert (found.undefined_because, found.difference, found.low, found.clear) == ("too_few", None, None, False)
    assert (found.treated_n, found.control_n, found.method) == (20, 19, "randomised")


def test_twenty_accounts_of_a_few_parents_are_too_few():
    found = effect([replace(s, customer=s.account % 8) for s in subjects(60)], binary=False)
    assert (found.undefined_because, found.treated_n, found.treated_customers) == ("too_few", 60, 4)


def test_nobody_at_all():
    found = effect([], binary=True)
    assert (found.undefined_because, found.treated_n, found.control_n) == ("no_control", 0, 0)


def test_chosen_starts_are_left_out_and_counted():
    drawn = subjects(40)
    praised = [replace(s, outcome=99.0) for s in chosen(drawn, 3)]
    found = effect(drawn + praised, binary=False)
    assert near(found, effect(drawn, binary=False))
    assert (found.assigned, found.left_out) == ({"rule": 40, "chosen": 3}, {"chosen": 3})
    assert found.cautions == ()


def test_many_chosen_ones_may_have_emptied_the_comparison():
    drawn = subjects(40)
    assert effect(drawn + chosen(drawn), binary=False).cautions == ("many_chosen",)


def test_only_chosen_starts_cannot_tell_whatever_came():
    found = effect([s for s in subjects(60) if not s.treated] + chosen(subjects(60)), binary=False)
    assert (found.undefined_because, found.method, found.assigned) == ("cannot_tell", None, {"chosen": 60})


def test_all_started_leaves_nobody_to_compare_with():
    found = effect([s for s in subjects(60) if s.treated], binary=False)
    assert found.undefined_because == "no_control"


def test_where_the_draw_is_enough_only_the_draw_counts():
    drawn = subjects(25)
    by_hours = [replace(s, account=s.account + 500) for s in subjects(30, "waves", seed=2, truth=30.0)]
    found = effect(drawn + by_hours, binary=False)
    assert near(found, effect(drawn, binary=False))
    assert (found.method, found.left_out) == ("randomised", {"not_drawn": 60})
    few = effect(drawn[:30] + by_hours, binary=False)
    assert few.method == "adjusted"
    assert few.treated_n + few.control_n + few.left_out.get("no_counterpart", 0) == 90


def test_who_waits_though_the_draw_let_it_pass_undoes_the_draw():
    """The first of the waves are started, the held out are of all kinds."""
    drawn = subjects(40)
    waiting = [replace(s, account=s.account + 500, assigned="capacity") for s in drawn if not s.treated][:20]
    found = effect(drawn + waiting, binary=False)
    assert found.method == "adjusted"
    assert found.control_n > 40


def test_outcomes_not_known_are_left_out_and_said():
    known = subjects(40)
    unknown = [replace(s, account=s.account + 500, outcome=None) for s in known[:6]]
    found = effect(known + unknown, binary=False)
    assert near(found, effect(known, binary=False))
    assert (found.left_out, found.cautions) == ({"no_outcome": 6}, ())
    gone = [replace(s, outcome=None) if not s.treated and s.account < 20 else s for s in known]
    assert effect(gone, binary=False).cautions == ("outcomes_uneven",)
    none = effect([replace(s, outcome=None) for s in known], binary=False)
    assert (none.undefined_because, none.left_out) == ("no_outcome", {"no_outcome": 80})


def test_a_score_not_known_is_left_out_and_said():
    known = subjects(40)
    unknown = [replace(s, account=s.account + 500, score_before=None, outcome=900.0) for s in known[:8]]
    found = effect(known + unknown, binary=False)
    assert near(found, effect(known, binary=False))
    assert found.left_out == {"unknown_before": 8}


def test_without_any_score_a_draw_still_tells_and_waves_do_not():
    """New customers have no score when onboarding starts."""
    blank = {"score_before": None, "kpi_before": None}
    drawn = effect([replace(s, potential=None, **blank) for s in subjects(60)], binary=False)
    assert (drawn.undefined_because, drawn.adjusted_for) == (None, ())
    waves = effect([replace(s, **blank) for s in subjects(60, "waves")], binary=False)
    assert (waves.undefined_because, waves.method) == ("cannot_tell", "adjusted")


def test_only_the_order_of_the_potential_counts():
    """It is money in one playbook, days to a date in another; without a date it is last."""
    waves = subjects(40, "waves")
    bent = [replace(s, potential=-1e9 / s.potential) for s in waves]
    assert near(effect(bent, binary=False), effect(waves, binary=False))
    last = [replace(s, potential=float("-inf")) if s.account < 4 else s for s in waves]
    assert effect(last, binary=False).undefined_because is None


def test_waves_without_counterparts_are_not_compared():
    """All large ones started, all small ones waited: no line from the one to the other is known to be straight."""
    apart = [replace(s, potential=9e5 if s.treated else 90.0) for s in subjects(40, "waves")]
    found = effect(apart, binary=False)
    assert found.undefined_because == "no_overlap"
    assert found.left_out["no_counterpart"] > 40


def test_accounts_that_nobody_resembles_are_left_out():
    luck = Random(3)
    rows = [Row(luck.random() < 0.5, n, 0, (luck.gauss(0, 1),)) for n in range(300)]
    giants = [Row(True, 1000 + n, 0, (30.0 + n,)) for n in range(30)]
    assert comparable(rows) == rows
    assert not set(giants) & set(comparable(rows + giants))


def test_a_single_counterpart_does_not_carry_a_crowd():
    luck = Random(3)
    rows = [Row(luck.random() < 0.5, n, 0, (luck.gauss(0, 1),)) for n in range(300)]
    crowd = [Row(n > 0, 1000 + n, 0, (6 + n / 1000,)) for n in range(60)]
    kept = comparable(rows + crowd)
    assert not set(crowd) & set(kept)
    assert len(kept) > 200


def test_waves_are_compared_even_if_few_of_the_eligible_started():
    rows = [Row(n % 12 == 0, n, 0, (float(n % 7),)) for n in range(600)]
    assert len(comparable(rows)) == 600


# ties


def test_all_alike_tells_nothing():
    found = effect([replace(s, outcome=5.0) for s in subjects(30)], binary=False)
    assert (found.undefined_because, found.treated_n) == ("no_variation", 30)


def test_a_covariate_that_is_the_same_for_all_is_of_no_matter():
    plain = [replace(s, kpi_before=None) for s in subjects(30)]
    found = effect([replace(s, kpi_before=7.0) for s in plain], binary=False)
    assert near(found, effect(plain, binary=False), abs=0.1)


def test_the_same_covariate_twice_counts_once():
    plain = [replace(s, kpi_before=None, potential=None) for s in subjects(60)]
    twice = effect([replace(s, kpi_before=3 * s.score_before + 1) for s in plain], binary=False)
    assert near(twice, effect(plain, binary=False), abs=0.1)


def test_scores_on_one_point_and_outcomes_of_two_values():
    tied = [replace(s, score_before=40.0, outcome=float(s.account % 3 == 0)) for s in subjects(30)]
    found = effect(tied, binary=True)
    assert -1 <= found.low < found.difference < found.high <= 1


# the draw


def test_the_draw_is_always_the_same():
    said = [held_out("at-risk-rescue", f"A-{n}", share=0.5) for n in range(12)]
    assert said == [held_out("at-risk-rescue", f"A-{n}", share=0.5) for n in range(12)]
    assert "".join("x" if out else "." for out in said) == "x.xxx.x.x..x"


def test_the_draw_keeps_its_share():
    for share in (0.1, 0.3):
        assert sum(held_out("renewal-120", str(n), share=share) for n in range(4000)) / 4000 == pytest.approx(
            share, abs=0.02
        )
    assert not any(held_out("renewal-120", str(n), share=0) for n in range(100))
    assert all(held_out("renewal-120", str(n), share=1) for n in range(100))


def test_a_larger_share_holds_out_the_same_and_more():
    small, large = ({n for n in range(500) if held_out("p", str(n), share=share)} for share in (0.1, 0.2))
    assert small < large


def test_another_playbook_or_salt_is_another_draw():
    def draw(playbook, salt=""):
        return [held_out(playbook, str(n), share=0.5, salt=salt) for n in range(1000)]

    for other in (draw("q"), draw("p", "2027")):
        assert sum(a == b for a, b in zip(draw("p"), other, strict=True)) == pytest.approx(500, abs=60)


# by activity


def test_an_activity_that_helps_is_a_hint():
    luck = Random(6)
    starts = [s for s in subjects(90) if s.treated]
    done = [frozenset({"F1", "B1"} if luck.random() < 0.5 else {"B1", "rare"} if n < 9 else {"B1"}) for n in range(90)]
    shown = [replace(s, done=d, outcome=s.outcome + 6 * ("F1" in d)) for s, d in zip(starts, done, strict=True)]
    (hint,) = activity_hints(shown, binary=False)
    assert (hint.activity, hint.effect.method, hint.effect.clear) == ("F1", "hint", True)
    assert hint.effect.low < 6 < hint.effect.high
    assert hint.effect.treated_n + hint.effect.control_n + hint.effect.left_out.get("no_counterpart", 0) == 90


def test_hints_look_at_no_chosen_start_and_no_account_that_was_not_treated():
    done = frozenset({"F1"})
    some_done = [replace(s, done=done if s.account % 4 else frozenset()) for s in subjects(90)]
    assert activity_hints(chosen(some_done), binary=False) == ()
    assert activity_hints([s for s in some_done if not s.treated], binary=False) == ()


def test_more_activities_widen_each_hint():
    starts = [s for s in subjects(120) if s.treated]
    one = [replace(s, done=frozenset({"a"} if s.account % 4 else ())) for s in starts]
    also = [replace(s, done=s.done | ({"b"} if s.account % 3 else set())) for s in one]
    (alone,) = activity_hints(one, binary=False)
    first, second = activity_hints(also, binary=False)
    assert (first.activity, second.activity) == ("a", "b")
    assert first.effect.high - first.effect.low > 1.1 * (alone.effect.high - alone.effect.low)

from dataclasses import replace
from itertools import product

import pytest

from domain.experience import Check, Lived, Response, appropriate, judge, verdict
from domain.outcomes import judged
from domain.policies.policy import Policy, PolicyError, load
from tests.domain.build import ACME, DAY, ago, outcome

POLICY = Policy().experience


def item(name, segment="enterprise", policy=POLICY):
    return next(each for each in appropriate(policy, segment, ()) if each.id == name)


def state(name, lived, segment="enterprise"):
    return judge([item(name, segment)], lived, POLICY, DAY)[0].state


def touched(count, *, days=90, function="csm", channel="call"):
    return Lived(days=days, touches={(function, channel): count})


def test_every_function_is_met():
    assert {each.function for each in appropriate(POLICY, None, ())} == {
        "sales", "onboarding", "services", "support", "product", "cs",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "too_little"), (3, "too_little"), (4, "met"), (13, "met"), (14, "too_much"), (40, "too_much")],
)
def test_touches_have_a_floor_and_a_ceiling(count, expected):
    """Enterprise: one every 7 to 21 days of 90."""
    assert state("rhythm", touched(count)) == expected


def test_segments_live_their_own_rhythm():
    assert [state("rhythm", touched(9), segment) for segment in ("Enterprise", "mid-market", "smb", "other")] == [
        "met", "met", "too_much", "met",
    ]  # fmt: skip


def test_a_new_customer_is_measured_over_the_days_they_are_here():
    assert state("rhythm", touched(0, days=15)) == "unknown"
    assert state("rhythm", touched(2, days=15)) == "met"
    assert state("rhythm", touched(9, days=15)) == "met", "at first one speaks more often"
    assert state("rhythm", touched(14, days=15)) == "too_much"


def test_no_touches_supplied_is_not_silence():
    assert state("rhythm", replace(touched(0), touches_known=False)) == "unknown"


def test_what_another_function_said_is_not_ours():
    assert state("rhythm", touched(9, function="sales")) == "too_little"
    assert state("rhythm", touched(9, function="operations")) == "met"


@pytest.mark.parametrize(
    ("calls", "mails", "expected"), [(1, 1, "unknown"), (1, 9, "too_little"), (5, 5, "met"), (10, 0, "too_much")]
)
def test_the_share_of_live_channels(calls, mails, expected):
    assert state("live", Lived(days=90, touches={("csm", "call"): calls, ("csm", "email"): mails})) == expected


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ([], "unknown"),
        ([("critical", 4.0, 4.0)] * 4 + [("critical", 4.1, 4.1)], "met"),
        ([("critical", 4.0, 4.0)] * 3 + [("critical", 4.1, 4.1)], "too_little"),
        ([("low", 40.0, 40.0)], "met"),
        ([("critical", None, 3.0)], "unknown"),
        ([("critical", None, 5.0)], "too_little"),
        ([("unheard_of", 900.0, 900.0)], "unknown"),
    ],
)
def test_first_answers_by_severity(responses, expected):
    lived = Lived(days=90, responses=tuple(Response(*each) for each in responses), open_tickets=0)
    assert state("first_answer", lived) == expected


@pytest.mark.parametrize(("count", "expected"), [(None, "unknown"), (0, "met"), (4, "met"), (5, "too_little")])
def test_open_tickets(count, expected):
    assert state("open_tickets", Lived(days=90, open_tickets=count)) == expected


@pytest.mark.parametrize(
    ("name", "check", "expected"),
    [
        ("training", Check(met=True, checked_on=ago(180)), "met"),
        ("training", Check(met=True, checked_on=ago(181)), "unknown"),
        ("training with their own data", Check(met=False, checked_on=ago(3)), "too_little"),
        ("formacion con sus propios datos", Check(met=True, checked_on=ago(3)), "met"),
        ("invoice", Check(met=True, checked_on=ago(3)), "unknown"),
    ],
)
def test_ticks_hold_for_a_while_and_are_named_by_id_or_label(name, check, expected):
    assert state("training", Lived(days=90, checks={name: check})) == expected


def test_the_later_of_two_names_of_one_tick_holds():
    checks = {"training": Check(met=True, checked_on=ago(9)),
              "training with their own data": Check(met=False, checked_on=ago(2))}  # fmt: skip
    assert state("training", Lived(days=90, checks=checks)) == "too_little"


def test_the_product_counts_for_more_than_the_segment():
    policy = load("""
experience:
  items:
    - {id: rhythm, function: cs, measure: touches, floor_days: 30}
    - {id: rhythm, function: cs, measure: touches, products: [Fleet], floor_days: 5}
    - {id: rhythm, function: cs, measure: touches, segments: [smb], floor_days: 9}
""").experience
    found = {
        (segment, bought): [each.floor_days for each in appropriate(policy, segment, bought)]
        for segment, bought in product(("smb", None), (("fleet", "core"), ("core",)))
    }
    assert found == {
        ("smb", ("fleet", "core")): [5], ("smb", ("core",)): [9], (None, ("fleet", "core")): [5],
        (None, ("core",)): [30],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{id: a, function: cs, measure: touches}", "missing"),
        ("{id: a, function: cs, measure: touches, floor_days: 30, ceiling_days: 7}", "floor_above_ceiling"),
        ("{id: a, function: cs, measure: channels, at_least: 90, at_most: 10}", "floor_above_ceiling"),
        ("{id: a, function: support, measure: first_response}", "missing"),
        ("{id: a, function: support, measure: tick}", "missing"),
        ("{id: a, function: legal, measure: tick, label: {en: x}}", "not_allowed"),
        ("{id: a, function: cs, measure: guess}", "not_allowed"),
        ("{id: A b, function: cs, measure: tick, label: {en: x}}", "wrong_form"),
    ],
)
def test_an_item_that_cannot_be_judged_is_refused(text, reason):
    with pytest.raises(PolicyError) as caught:
        load(f"experience: {{items: [{text}]}}")
    assert reason in {problem.reason_code for problem in caught.value.problems}


def lived(met, wrong, unknown=0):
    return judge(
        [item("training")] * (met + wrong + unknown),
        Lived(days=90),
        POLICY,
        DAY,
    )[:unknown] + tuple(
        judge([item("training")], Lived(days=90, checks={"training": Check(met=good, checked_on=DAY)}), POLICY, DAY)[0]
        for good in [True] * met + [False] * wrong
    )


REACHED = {"achieved_on": ago(3)}


@pytest.mark.parametrize(
    ("outcomes", "experience", "answer"),
    [
        ([REACHED], (10, 0), "reached_right"),
        ([REACHED], (8, 2), "reached_right"),
        ([REACHED], (7, 3), "reached_wrong"),
        ([REACHED, {}], (10, 0), "open_right"),
        ([{}], (7, 3), "open_wrong"),
        ([REACHED], (0, 0, 10), "reached_unknown"),
        ([{}], (4, 0, 6), "open_unknown"),
        ([{}], (5, 0, 5), "open_right"),
        ([{}], (0, 3, 7), "open_wrong"),
        ([], (10, 0), "no_outcomes"),
    ],
)
def test_the_verdict(outcomes, experience, answer):
    found = judged([outcome(f"o{n}", **values) for n, values in enumerate(outcomes)], ACME, DAY)
    assert verdict(found, lived(*experience), POLICY).answer == answer


@pytest.mark.parametrize(
    ("outcomes", "experience", "steps"),
    [
        ([], (9, 1), ["ask_for_outcomes", "give_more"]),
        ([{"due_on": ago(1)}, {"current": 9}], (9, 0), ["renew_outcome"]),
        ([{"current": 9}, REACHED], (9, 0), ["review_outcome"]),
        ([REACHED], (0, 0, 9), ["confirm_outcome", "tick_experience"]),
        ([{"current": None}], (9, 0), ["measure_outcome"]),
        ([REACHED | {"confirmed_on": ago(1)}], (9, 0), ["ask_what_next"]),
        ([{}], (9, 0), []),
    ],
)
def test_what_to_do_next(outcomes, experience, steps):
    found = judged([outcome(f"o{n}", **values) for n, values in enumerate(outcomes)], ACME, DAY)
    assert [reason.code for reason in verdict(found, lived(*experience), POLICY).next] == steps


def test_too_much_is_said_as_too_little_is():
    often = judge([item("rhythm")], touched(40), POLICY, DAY)
    found = verdict([], often, POLICY)
    assert found.answer == "no_outcomes"
    assert [(reason.code, dict(reason.params)) for reason in found.next][1:] == [("give_less", {"item": "rhythm"})]
    wrong = verdict(judged([outcome()], ACME, DAY), often, POLICY)
    assert wrong.answer == "open_wrong"

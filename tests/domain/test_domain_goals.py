from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.facts import Outcome
from domain.playbooks.goals import Goal, Peers, Verdict, progress, reached, target_of, verdicts
from domain.playbooks.playbooks import Target
from tests.domain.plays import MONDAY

GOAL = Goal(
    "g", 1, "licences", Decimal(70), date(2027, 2, 26), Decimal(51), Decimal(51), statement="61 to 84 of 120 licences"
)
OUTCOME = Outcome("R-1", "Close the month in 3 days")
PEERS = Peers((-5, 0, 2, 5, 8, 12, 19, 24), 92)


def judged(goal: Goal = GOAL, outcome: Outcome | None = OUTCOME, peers: Peers = PEERS) -> dict[str, Verdict]:
    return {v.letter: v for v in verdicts(goal, outcome, peers, least=8, today=MONDAY)}


def test_a_smart_goal_is_said_letter_by_letter() -> None:
    found = judged()
    assert {letter: (v.holds, v.reason.code) for letter, v in found.items()} == {
        "specific": (True, "goal_specific"),
        "measurable": (True, "goal_measured"),
        "achievable": (True, "goal_reached_by"),
        "realistic": (True, "goal_realistic"),
        "relevant": (True, "goal_tied"),
        "time_bound": (True, "goal_dated"),
    }
    assert found["achievable"].reason.params == {"count": 2, "n": 8, "span": 92}
    assert found["realistic"].reason.params == {"gain": 19, "upper": 19, "n": 8, "span": 92}


@pytest.mark.parametrize(
    ("change", "letter", "holds", "code"),
    [
        ({"statement": " "}, "specific", False, "goal_without_words"),
        ({"kpi": "health"}, "specific", False, "goal_is_a_summary"),
        ({"kpi": "happiness"}, "measurable", False, "goal_unmeasured"),
        ({"baseline": None}, "measurable", False, "goal_without_baseline"),
        ({"baseline": None}, "achievable", None, "goal_no_peers"),
        ({"kpi": "result", "baseline": None}, "measurable", True, "goal_yes_or_no"),
        ({"target": Decimal(73)}, "realistic", False, "goal_ambitious"),
        ({"target": Decimal(73)}, "achievable", True, "goal_reached_by"),
        ({"target": Decimal(80)}, "achievable", False, "goal_reached_by_none"),
        ({"due_on": MONDAY}, "time_bound", True, "goal_dated"),
        ({"due_on": date(2026, 11, 22)}, "time_bound", False, "goal_date_passed"),
    ],
)
def test_what_is_wrong_with_a_goal(change: dict, letter: str, holds: bool | None, code: str) -> None:
    found = judged(replace(GOAL, **change))[letter]
    assert (found.holds, found.reason.code) == (holds, code)


def test_a_goal_without_an_outcome_is_marked_and_not_refused() -> None:
    found = judged(outcome=None)["relevant"]
    assert (found.holds, found.reason.code) == (None, "goal_untied")


def test_few_similar_accounts_say_nothing() -> None:
    found = judged(peers=Peers((1.0,) * 7))
    assert [found[letter].holds for letter in ("achievable", "realistic")] == [None, None]
    assert found["achievable"].reason.params == {"n": 7}


def test_where_less_is_better_gains_go_down() -> None:
    goal = replace(GOAL, kpi="time-to-value", baseline=Decimal(61), target=Decimal(45))
    falls = Peers((-20, -18, -17, -10, -5, 0, 3, 40))
    assert [judged(goal, peers=falls)[letter].holds for letter in ("achievable", "realistic")] == [True, True]


@pytest.mark.parametrize(
    ("target", "baseline", "value"),
    [
        ({"to": 70}, None, 70),
        ({"by": 20}, 51, 71),
        ({"by": 20}, None, None),
        ({"share": 0.3, "of": 100}, 50, 65),
        ({"share": 0.3, "of": 100}, None, None),
        ({"done": True}, None, 1),
    ],
)
def test_the_value_to_reach(target: dict, baseline: int | None, value: int | None) -> None:
    found = target_of("licences", Target(**target), None if baseline is None else Decimal(baseline))
    assert found == value


def test_nothing_is_to_become_more_than_all_of_it() -> None:
    assert target_of("core_features", Target(by=25), Decimal(90)) == 100
    assert target_of("net-growth", Target(by=25), Decimal(90)) == 115


@pytest.mark.parametrize(
    ("baseline", "current", "target", "percent", "there"),
    [
        (51, 51, 70, 0, False),
        (50, 60, 70, 50, False),
        (50, 75, 70, 125, True),
        (50, 45, 70, -25, False),
        (61, 53, 45, 50, False),
        (61, 45, 45, 100, True),
        (None, 60, 70, None, False),
        (50, None, 70, None, False),
        (70, 70, 70, 100, True),
        (70, 60, 70, None, False),
    ],
)
def test_how_far_it_is(
    baseline: int | None, current: int | None, target: int, percent: int | None, there: bool
) -> None:
    given = {"baseline": baseline, "current": current, "target": target}
    goal = replace(GOAL, **{name: None if value is None else Decimal(value) for name, value in given.items()})
    assert (progress(goal), reached(goal)) == (percent, there)


def test_what_was_achieved_stays_achieved() -> None:
    fell = replace(GOAL, current=Decimal(60), achieved_on=MONDAY)
    assert (progress(fell), reached(fell)) == (100, True)

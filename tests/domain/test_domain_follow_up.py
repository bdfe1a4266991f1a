from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.fact_kinds import OF_PLAY
from domain.playbooks import follow_up
from domain.playbooks.follow_up import Followed
from domain.playbooks.goals import Goal
from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays
from tests.domain.plays import MONDAY, book, planned, play, said

RULES = [
    {"verdict": "stop", "when": {"reached": True}, "say": said("There")},
    {"verdict": "stop", "when": {"play_days": {"at_least": 60}}, "say": said("Enough"), "start": "win-back"},
    {"verdict": "adjust", "when": {"unanswered": {"at_least": 2}}, "say": said("Silence")},
    {"verdict": "adjust", "when": {"open": ["C1"], "late_days": {"at_least": 5}}, "say": said("Late")},
    {"verdict": "continue", "when": {"progress": {"at_least": 33}}, "say": said("Go on")},
    {"verdict": "adjust", "when": {"gained": {"at_most": 0}}, "say": said("Flat")},
]
BOOK = book(follow_up={"days": ["D+14", "D+30", "R-10"], "rules": RULES})
TASKS = planned(BOOK).tasks
DAYS = Workdays("US")


def goal(current: int) -> Goal:
    return Goal("g", 1, "licences", Decimal(70), MONDAY + timedelta(90), Decimal(50), Decimal(current))


def followed(**more: object) -> Followed:
    return Followed(**{"play": play(), "book": BOOK, "tasks": TASKS, **more})


def say(at: int, **more: object) -> str | None:
    found = follow_up.verdict(followed(**more), {}, MONDAY + timedelta(at))
    return found.say.en if found else None


def test_it_is_looked_at_for_a_week_from_each_of_its_days() -> None:
    days = follow_up.looks(play(), BOOK, DAYS)
    assert days == (MONDAY + timedelta(14), MONDAY + timedelta(30)), "without a decision there is no day before it"
    due = [follow_up.due(days, MONDAY + timedelta(at)) for at in (13, 14, 20, 21, 30)]
    assert due == [None, days[0], days[0], None, days[1]]
    assert follow_up.coming(days, days[0]) == days[1]
    assert follow_up.coming(days, days[1]) is None


def email(number: int, on: int) -> Task:
    return replace(TASKS[2], task_id=f"t{number}", channel="email", status="done", done_on=MONDAY + timedelta(on))


SENT = (email(1, 3), email(2, 8))


@pytest.mark.parametrize(
    ("at", "given", "wanted"),
    [
        (3, {"goal": goal(71)}, "There"),
        (3, {"goal": goal(57), "tasks": ()}, "Go on"),
        (3, {"goal": goal(56), "tasks": ()}, None),
        (61, {}, "Enough"),
        (10, {"tasks": SENT}, "Silence"),
        (10, {"tasks": SENT, "spoken_on": {"c1": MONDAY + timedelta(8)}}, None),
        (10, {"tasks": SENT, "spoken_on": {"c1": MONDAY + timedelta(7), "": MONDAY + timedelta(9)}}, None),
        (10, {"tasks": [replace(task, channel="call") for task in SENT]}, None),
        (5, {}, None),
        (6, {}, "Late"),
        (3, {"began": {"use": 4, "nps": 3}, "now": {"use": 4, "nps": 2}}, "Flat"),
        (3, {"began": {"use": 4, "nps": 3}, "now": {"use": 5, "nps": 2}}, None),
        (3, {"began": {"use": 4}, "now": {"nps": 2}}, None),
    ],
)
def test_the_first_rule_that_holds_is_said(at: int, given: dict[str, object], wanted: str | None) -> None:
    assert say(at, **given) == wanted


def test_one_attempt_since_they_spoke_is_not_yet_silence() -> None:
    facts = follow_up.of_play(followed(tasks=SENT, spoken_on={"c1": MONDAY + timedelta(5)}), MONDAY + timedelta(10))
    assert facts["unanswered"] == 1


def test_what_was_left_out_counts_on_neither_side() -> None:
    tasks = [replace(task, status=now) for task, now in zip(TASKS, ("done", "done", "open", "skipped"), strict=False)]
    facts = follow_up.of_play(followed(tasks=tuple(tasks)), MONDAY + timedelta(30))
    assert facts["done"] == pytest.approx(200 / 3)


def test_every_fact_that_a_file_may_ask_is_told() -> None:
    assert set(follow_up.of_play(followed(), MONDAY)) == set(OF_PLAY)

"""Hours that are left, and what could wait where they do not suffice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.playbooks.plays import Task
from domain.playbooks.relief import Room, could_wait, next_week, room
from domain.playbooks.workdays import Workdays
from tests.domain.plays import activity, book

MONDAY = date(2026, 11, 23)
NEXT = date(2026, 11, 30)
WEEK = Workdays()


def task(name: str, hours: float = 1, **more: object) -> Task:
    return Task(**{"task_id": name, "account": 1, "side": "back", "due_on": MONDAY, "hours": hours} | more)


@pytest.mark.parametrize(
    ("today", "later", "free"),
    [(MONDAY, 0, 20), (MONDAY, 6, 14), (date(2026, 11, 25), 0, 12), (date(2026, 11, 27), 1, 3), (MONDAY, 30, 0),
     (date(2026, 11, 28), 0, 0)],
)  # fmt: skip
def test_free_is_what_the_week_s_days_leave_without_what_is_due_later(today, later, free):
    assert room(5, 20, later, today, WEEK).free == free


def test_a_feast_takes_its_share_and_hours_are_over_only_beyond():
    spain = room(2, 20, 0, date(2026, 12, 7), Workdays("ES"))
    assert spain.free == pytest.approx(20), "the week is as long as its working days"
    assert Room(2, 20, 2).over == 0
    assert Room(6.5, 20, 4).over == 2.5
    assert next_week(date(2026, 11, 25), WEEK) == NEXT


def chosen(tasks, over, plays=None):
    return [each.task_id for each in could_wait(tasks, plays or {}, NEXT, over, WEEK)]


def test_as_few_as_suffice_and_the_back_stage_first():
    those = [task("one"), task("two", 2), task("four", 4), task("seen", 5, side="front")]
    assert chosen(those, 1.5) == ["two"]
    assert chosen(those, 5) == ["four", "one"]
    assert chosen(those, 8) == ["four", "two", "one", "seen"]
    assert chosen(those, 0) == []


def test_what_has_an_hour_is_done_or_is_theirs_stays():
    those = [task("at", at=object()), task("done", status="done"), task("theirs", side="customer"), task("none", 0)]
    assert chosen(those, 3) == []


def test_what_another_needs_before_then_stays():
    playbook = book(activity("B1", "D+0"), activity("F1", "D+2", needs=("B1",), contact="champion"))
    need = task("n", 3, play_id="P", activity="B1")
    event = task("e", 1, play_id="P", activity="F1", side="front", due_on=MONDAY + timedelta(2))
    assert chosen([need], 2, {"P": (playbook, (need, event))}) == []
    far = replace(event, due_on=NEXT + timedelta(1))
    assert chosen([need], 2, {"P": (playbook, (need, far))}) == ["n"]

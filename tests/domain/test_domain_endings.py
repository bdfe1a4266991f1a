from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.playbooks.endings import ending, is_over, open_at_end, result
from domain.playbooks.goals import Goal
from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays
from tests.domain.plays import MONDAY, book, play

LAST = {"follow_up": {"days": ["D+28"], "rules": [{"verdict": "stop", "say": {"en": "Stop", "es": "Fin"}}]}}
BOOK = book(**LAST, lasts=42)


def task(due: int, status: str = "open") -> Task:
    return Task(f"t{due}", 1, "back", MONDAY + timedelta(due), play_id="P1", status=status)


def ends(days: int, *tasks: Task, **more) -> str | None:
    return ending(play(**more), BOOK, tasks, Workdays(), MONDAY + timedelta(days))


def test_it_ends_when_all_is_done_and_the_last_look_with_its_week_is_over() -> None:
    done = (task(3, "done"), task(9, "skipped"))
    assert [days for days in range(60) if ends(days, *done)][:1] == [35]
    assert ends(35, *done) == "finished"
    assert ends(35, *done, task(20)) is None, "work is open, and it has time"


def test_what_is_open_when_its_time_is_over_is_asked_about_for_a_week() -> None:
    assert not is_over(play(), BOOK, MONDAY + timedelta(42))
    assert open_at_end(play(), BOOK, [task(20), task(3, "done")], MONDAY + timedelta(42)) == ()
    assert [t.task_id for t in open_at_end(play(), BOOK, [task(20), task(3, "done")], MONDAY + timedelta(43))] == [
        "t20"
    ]
    assert [days for days in range(70) if ends(days, task(20))][:1] == [50]
    assert ends(50, task(20)) == "time_over"
    assert ends(50, task(20), task(60)) is None, "somebody has put it off on purpose"
    assert ends(61, task(20), task(60)) == "time_over"


def test_neither_what_waits_nor_what_is_being_looked_at() -> None:
    assert ends(90, status="paused") is None
    late = book(follow_up={**LAST["follow_up"], "days": ["D+40"]}, lasts=42)
    assert [d for d in range(60) if ending(play(), late, (), Workdays(), MONDAY + timedelta(d))][:1] == [49]
    later = book(follow_up={**LAST["follow_up"], "days": ["D+80"]}, lasts=42)
    assert ending(play(), later, (), Workdays(), MONDAY + timedelta(43)) == "time_over"


@pytest.mark.parametrize(("current", "said"), [(60, "reached"), (50, "partly"), (45, "missed"), (None, None)])
def test_what_came_of_it(current: int | None, said: str | None) -> None:
    now = None if current is None else Decimal(current)
    goal = Goal("g", 1, "licences", Decimal(60), date(2027, 1, 1), baseline=Decimal(40), current=now)
    assert result(goal) == said
    assert result(None) is None

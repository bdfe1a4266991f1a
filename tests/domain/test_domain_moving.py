from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.playbooks import moving
from domain.playbooks.plays import Moved, Task, web
from domain.playbooks.workdays import Workdays
from tests.domain.plays import CAST, MONDAY, RESCUE, activity, book, planned, play

DAYS = Workdays()
TASKS = planned(book()).tasks


def named(tasks: tuple[Task, ...], activity: str) -> Task:
    return next(task for task in tasks if task.activity == activity)


def days(moved: tuple[Moved, ...]) -> dict[str, date]:
    return {each.after.activity: each.after.due_on for each in moved}


def after(tasks: tuple[Task, ...], moved: tuple[Moved, ...]) -> tuple[Task, ...]:
    now = {each.after.task_id: each.after for each in moved}
    return tuple(now.get(task.task_id, task) for task in tasks)


def test_later_pushes_what_depends_on_it_only_as_far_as_needed() -> None:
    found = moving.move("P1-B1-1", date(2026, 11, 27), TASKS, book(), DAYS)
    assert days(found) == dict.fromkeys(("B1", "B2", "F1"), date(2026, 11, 27))


def test_earlier_pulls_what_it_needs() -> None:
    found = moving.move("P1-F2-1", date(2026, 11, 25), TASKS, book(), DAYS)
    assert days(found) == dict.fromkeys(("F1", "F2", "C1"), date(2026, 11, 25))


def test_a_dependant_does_not_land_on_a_day_off() -> None:
    saturday = date(2026, 11, 28)
    found = moving.move("P1-B2-1", saturday, TASKS, book(), DAYS)
    assert days(found) == {"B2": saturday, "F1": date(2026, 11, 30)}


def test_what_is_done_stays_and_cannot_be_moved() -> None:
    done = tuple(replace(task, status="done") if task.activity in {"B2", "B1"} else task for task in TASKS)
    assert days(moving.move("P1-F1-1", date(2026, 11, 24), done, book(), DAYS)) == {"F1": date(2026, 11, 24)}
    for wrong in ("P1-B1-1", "nothing"):
        with pytest.raises(KeyError):
            moving.move(wrong, MONDAY, done, book(), DAYS)


REVIEW = book(
    activity("F1", "E"), activity("B1", "E-8"), activity("B2", "E-2", needs=("B1",)), activity("B9", "D+1"),
    activity("F2", "E+7", repeats="FREQ=WEEKLY;COUNT=2"),
)  # fmt: skip


def test_the_event_takes_its_preparation_with_it() -> None:
    of = play(event_on=date(2026, 12, 10))
    tasks = planned(REVIEW, of).tasks
    now, found = moving.reschedule(of, "P1-F1-1", date(2026, 12, 17), tasks, REVIEW, DAYS, MONDAY)
    assert now.event_on == date(2026, 12, 17)
    assert days(found) == {
        "F1": date(2026, 12, 17), "B1": date(2026, 12, 9), "B2": date(2026, 12, 15), "F2": date(2026, 12, 31),
    }  # fmt: skip
    assert next(each.after.due_on for each in found if each.after.activity == "F2") == date(2026, 12, 24)
    assert moving.reschedule(of, "P1-B9-1", date(2026, 11, 30), tasks, REVIEW, DAYS, MONDAY)[0] == of


def test_an_event_brought_forward_leaves_nothing_in_the_past() -> None:
    of, today = play(event_on=date(2026, 12, 10)), date(2026, 11, 26)
    tasks = planned(REVIEW, of).tasks
    _now, found = moving.reschedule(of, "P1-F1-1", date(2026, 11, 27), tasks, REVIEW, DAYS, today)
    assert days(found) | {"F2": None} == {"F1": date(2026, 11, 27), "B1": today, "B2": today, "F2": None}


def test_a_moved_decision_moves_what_is_counted_from_it() -> None:
    playbook = book(activity("F1", "R-30"), activity("B1", "D+1"))
    of = play(decision_on=date(2027, 3, 1))
    now, found = moving.move_decision(of, date(2027, 3, 15), planned(playbook, of).tasks, playbook, DAYS, MONDAY)
    assert (now.decision_on, days(found)) == (date(2027, 3, 15), {"F1": date(2027, 2, 12)})
    of = replace(of, subject="2027-03-01")
    assert moving.move_decision(of, date(2027, 3, 15), (), playbook, DAYS, MONDAY)[0].subject == "2027-03-15"


def test_a_decision_has_moved_where_it_is_counted_from_and_of_the_same_term() -> None:
    playbook, of = book(activity("F1", "R-30")), play(decision_on=date(2027, 3, 1))
    assert moving.decision_moved(of, playbook, date(2027, 4, 1))
    assert not moving.decision_moved(of, playbook, date(2027, 3, 1))
    assert not moving.decision_moved(of, playbook, date(2028, 3, 1)), "the next term's"
    assert not moving.decision_moved(of, book(activity("F1", "D+3")), date(2027, 4, 1))


def test_a_pause_shifts_what_is_ahead_and_not_the_renewal() -> None:
    playbook = book(*RESCUE, activity("F3", "R-30"))
    of = play(decision_on=date(2027, 3, 1))
    tasks = planned(playbook, of).tasks
    tasks = tuple(replace(task, status="done") if task.activity == "B1" else task for task in tasks)
    paused = moving.pause(of, date(2026, 11, 25))
    assert (paused.status, paused.paused_on) == ("paused", date(2026, 11, 25))
    now, found = moving.resume(paused, tasks, playbook, DAYS, date(2026, 12, 9))
    assert (now.status, now.paused_on, now.started_on) == ("running", None, date(2026, 12, 7))
    assert days(found) == {
        "B2": date(2026, 12, 9), "F1": date(2026, 12, 10), "C1": date(2026, 12, 14), "F2": date(2026, 12, 14),
    }  # fmt: skip
    assert moving.resume(moving.pause(of, MONDAY), tasks, playbook, DAYS, MONDAY) == (of, ())
    assert moving.pause(paused, date(2026, 12, 1)) == paused, "the second click finds it waiting since the first"
    assert moving.resume(paused, tasks, playbook, DAYS, MONDAY) == (of, ()), "a clock that was put back moves nothing"


def test_who_takes_over_has_the_open_tasks_of_the_one_before() -> None:
    tasks = tuple(replace(task, status="done") if task.activity == "B1" else task for task in TASKS)
    now, found = moving.hand_over(play(), tasks, owner="ben@x.com")
    assert now.owner == "ben@x.com"
    assert {each.after.activity for each in found} == {"F1", "C1", "F2"}
    assert {each.after.owner for each in found} == {"ben@x.com"}


def test_who_takes_part_is_handed_over_too() -> None:
    helped = [replace(task, helpers=("ana@x.com", "sofia@x.com")) for task in TASKS if task.owner == "sid@x.com"]
    mine = [replace(task, helpers=("ben@x.com",)) for task in TASKS if task.activity == "F1"]
    _play, found = moving.hand_over(play(), [*helped, *mine], owner="ben@x.com")
    assert {each.after.activity: (each.after.owner, each.after.helpers) for each in found} == {
        "B2": ("sid@x.com", ("ben@x.com", "sofia@x.com")), "F1": ("ben@x.com", ()),
    }  # fmt: skip


def test_a_play_ends_with_a_written_result() -> None:
    now, found = moving.close(play(), TASKS, "ended", result="missed", note=" The sponsor left ", today=MONDAY)
    assert (now.status, now.result, now.note, now.ended_on) == ("ended", "missed", "The sponsor left", MONDAY)
    assert {each.after.status for each in found} == {"skipped"}
    assert len(found) == 5
    with pytest.raises(ValueError, match="written result"):
        moving.close(play(), TASKS, "stopped", result="moot", note=" ", today=MONDAY)


def test_what_was_only_for_an_open_task_is_moot_without_it() -> None:
    playbook = book(activity("C1", "D+5"), activity("F3", "D+9", only_if_open="C1"), activity("F4", "D+9"))
    tasks = planned(playbook).tasks
    assert moving.moot(tasks, playbook) == ()
    done = tuple(replace(task, status="done") if task.activity == "C1" else task for task in tasks)
    assert [task.activity for task in moving.moot(done, playbook)] == ["F3"]


def test_another_version_keeps_what_was_done_and_says_what_changed() -> None:
    newer = book(*RESCUE[:3], activity("F2", "D+10", contact="champion"), activity("B5", "D+1"))
    tasks = tuple(replace(t, status="done", done_on=MONDAY) if t.activity == "B1" else t for t in TASKS)
    tasks = tuple(replace(t, owner="ben@x.com") if t.activity == "F1" else t for t in tasks)
    found = moving.renew(play(), tasks, newer, 2, CAST, {}, date(2026, 11, 25))
    assert found.play.version == 2
    assert [(t.activity, t.due_on) for t in found.added] == [("B5", date(2026, 11, 25))]
    assert [t.activity for t in found.removed] == ["C1"]
    assert days(found.moved) == {"F2": date(2026, 12, 3)}
    again = moving.renew(play(), tasks, book(), 1, CAST, {}, date(2026, 11, 23))
    assert (again.added, again.removed, again.moved) == ((), (), ())


@settings(max_examples=80, deadline=None)
@given(
    moves=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60)), min_size=1, max_size=5),
    done=st.sets(st.integers(0, 4), max_size=2),
)
def test_laws_of_moving(moves: list[tuple[int, int]], done: set[int]) -> None:
    """Needs stay before what needs them, what is done stays, and all that moved can be moved back."""
    tasks = tuple(replace(task, status="done") if place in done else task for place, task in enumerate(TASKS))
    for place, ahead in moves:
        asked = tasks[place]
        if asked.status == "done":
            continue
        found = moving.move(asked.task_id, MONDAY + timedelta(ahead), tasks, book(), DAYS)
        back = after(after(tasks, found), tuple(Moved(each.after, each.before) for each in found))
        assert back == tasks
        assert all(each.before.status == "open" for each in found)
        tasks = after(tasks, found)
        assert tasks[place].due_on == MONDAY + timedelta(ahead)
    known = web(tasks, book())
    for task in tasks:
        for need in known.needs[task.task_id]:
            assert task.status == "done" or need.status == "done" or need.due_on <= task.due_on

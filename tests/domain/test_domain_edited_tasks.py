"""Tasks as an edited plan leaves them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays
from domain.workbooks.edited_tasks import tasks_after
from tests.domain.plays import MONDAY, book, planned, play

BOOK = book()


def after(edits, tasks=None):
    found = tasks or planned(BOOK).tasks
    moved, plays = tasks_after(
        found, {"P1": play()}, {"P1": BOOK}, edits, workdays=Workdays(None), today=MONDAY, who="ana@x.com"
    )
    return {each.after.task_id: each for each in moved}, plays


def test_no_edit_moves_nothing():
    assert after({}) == ({}, ())


def test_a_day_takes_its_dependants_with_it_and_what_it_says_itself_stays():
    late = MONDAY + timedelta(30)
    moved, _ = after({"P1-B1-1": {"due_on": late, "hours": Decimal("1.5"), "note": "slow"}})
    assert (moved["P1-B1-1"].after.due_on, moved["P1-B1-1"].after.hours) == (late, 1.5)
    assert moved["P1-B1-1"].after.note == "slow"
    assert {"P1-B2-1", "P1-F1-1", "P1-F2-1"} <= moved.keys()
    assert all(each.after.due_on >= late for each in moved.values())


def test_done_is_dated_and_signed_and_reopened_it_is_neither():
    moved, _ = after({"P1-B1-1": {"status": "done"}})
    done = moved["P1-B1-1"].after
    assert (done.done_on, done.done_by) == (MONDAY, "ana@x.com")
    tasks = [done if task.task_id == "P1-B1-1" else task for task in planned(BOOK).tasks]
    moved, _ = after({"P1-B1-1": {"status": "open"}}, tasks)
    assert (moved["P1-B1-1"].after.done_on, moved["P1-B1-1"].after.done_by) == (None, None)


def test_the_order_of_edits_does_not_matter():
    edits = {
        "P1-F2-1": {"due_on": MONDAY + timedelta(21)},
        "P1-B1-1": {"due_on": MONDAY + timedelta(14)},
        "P1-C1-1": {"status": "done"},
    }
    assert after(edits) == after(dict(reversed(edits.items())))


def test_somebodys_own_task_goes_where_it_is_put():
    own = Task("own", 1, "back", MONDAY, title="x")
    moved, _ = after({"own": {"due_on": date(2027, 1, 9)}}, [own, *planned(BOOK).tasks])
    assert moved.keys() == {"own"}
    assert moved["own"].after == replace(own, due_on=date(2027, 1, 9))

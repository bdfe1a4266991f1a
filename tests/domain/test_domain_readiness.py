from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.playbooks.plays import Task, web
from domain.playbooks.readiness import Readiness, held_ready, readiness
from tests.domain.plays import MONDAY, activity, book, planned, said

ORDER = ["not_ready", "in_doubt", "ready"]
TASKS = planned(book()).tasks


def of_f2(tasks: tuple[Task, ...], days: int = 1, **more) -> Readiness:
    asked = next(task for task in tasks if task.activity == "F2")
    return readiness(asked, tasks, book(), today=MONDAY + timedelta(days), **more)


def with_status(status: str, *activities: str, owner: str | None = "same") -> tuple[Task, ...]:
    return tuple(
        replace(t, status=status, owner=t.owner if owner == "same" else owner) if t.activity in activities else t
        for t in TASKS
    )


def told(found: Readiness) -> list[tuple[str, str | None, str | None]]:
    return [(each.lack, each.task.activity, each.owner) for each in found.missing]


def test_needs_open_in_time_leave_it_in_doubt_with_who_owns_them() -> None:
    found = of_f2(with_status("done", "B1"))
    assert found.state == "in_doubt"
    assert told(found) == [
        ("need_open", "B2", "sid@x.com"), ("need_open", "F1", "ana@x.com"), ("need_open", "C1", "ana@x.com"),
    ]  # fmt: skip


def test_a_need_that_is_late_makes_it_not_ready_and_stands_first() -> None:
    found = of_f2(with_status("done", "B1"), days=3)
    assert found.state == "not_ready"
    assert told(found)[0] == ("need_overdue", "B2", "sid@x.com")


def test_on_the_day_itself_every_open_need_is_too_late() -> None:
    found = of_f2(with_status("done", "B1", "B2", "F1"), days=7)
    assert (found.state, told(found)) == ("not_ready", [("need_overdue", "C1", "ana@x.com")])


def test_it_is_ready_when_all_that_it_needs_is_done() -> None:
    assert of_f2(with_status("done", "B1", "B2", "F1", "C1"), days=7) == Readiness("ready")


def test_an_activity_was_held_ready_when_all_it_needs_was_done_by_then() -> None:
    days = {"B1": 0, "B2": 1, "F1": 2, "C1": 6, "F2": 5}
    held = [replace(task, status="done", done_on=MONDAY + timedelta(days[task.activity])) for task in TASKS]
    assert held_ready(held, book(), MONDAY, MONDAY + timedelta(9)) == (True, False), "C1 came after F2"
    assert held_ready(held, book(), MONDAY + timedelta(3), MONDAY + timedelta(9)) == (False,)
    left_out = [replace(task, status="skipped") if task.activity == "B1" else task for task in held]
    assert held_ready(left_out, book(), MONDAY, MONDAY + timedelta(2)) == (False,)


def test_what_was_left_out_or_has_no_owner_leaves_a_doubt() -> None:
    skipped = tuple(
        replace(t, status="skipped") if t.activity == "C1" else t for t in with_status("done", "B1", "B2", "F1")
    )
    assert (of_f2(skipped).state, told(of_f2(skipped))) == ("in_doubt", [("need_skipped", "C1", "ana@x.com")])
    done = with_status("done", "B1", "B2", "F1", "C1")
    mine = tuple(replace(t, owner=None) if t.activity == "F2" else t for t in done)
    assert told(of_f2(mine)) == [("no_owner", "F2", None)]
    assert told(of_f2(done, away={"ana@x.com"})) == [("owner_away", "F2", "ana@x.com")]


@pytest.mark.parametrize(
    ("contingency", "state"), [(None, "not_ready"), ({"text": said("PDF"), "owner": "csm"}, "ready")]
)
def test_what_can_fail_in_public_needs_a_way_out(contingency: dict | None, state: str) -> None:
    playbook = book(activity("F1", "D+9", public=True, contingency=contingency))
    (task,) = planned(playbook).tasks
    assert readiness(task, [task], playbook, today=MONDAY).state == state


def test_what_is_missing_can_be_said() -> None:
    found = of_f2(TASKS)
    assert found.missing[0].reason.params == {"activity": "B1", "due_on": TASKS[0].due_on}


STATUSES = st.lists(st.sampled_from(["open", "done", "skipped"]), min_size=5, max_size=5)


@settings(max_examples=80, deadline=None)
@given(
    statuses=STATUSES, days=st.integers(-3, 40), done=st.integers(0, 4), away=st.sets(st.sampled_from(["sid@x.com"]))
)
def test_laws_of_readiness(statuses: list[str], days: int, done: int, away: set[str]) -> None:
    """Never ready with a need open; doing a need never makes anything less ready."""
    before = tuple(replace(task, status=status) for task, status in zip(TASKS, statuses, strict=True))
    after = tuple(replace(task, status="done") if place == done else task for place, task in enumerate(before))
    known, today = web(before, book()), MONDAY + timedelta(days)
    for was, now in zip(before, after, strict=True):
        found = readiness(was, before, book(), today=today, away=away)
        assert not (found.state == "ready" and any(need.status == "open" for need in known.all_needs(was)))
        later = readiness(now, after, book(), today=today, away=away)
        assert ORDER.index(later.state) >= ORDER.index(found.state)

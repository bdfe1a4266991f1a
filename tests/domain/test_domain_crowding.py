from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.playbooks.crowding import Room, Staged, crowded, make_room, places, planned_anew
from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays
from domain.policies.policy_playbooks import PlaybookPolicy
from tests.domain.plays import MONDAY, activity, book, planned, play

POLICY = PlaybookPolicy()
NAMES = {"P1": "at-risk-rescue", "P2": "renewal-120", "P3": "expansion"}
NEXT_WEEK = MONDAY + timedelta(9)


def heard(name: str, day: date, of: str = "P1", **more) -> Task:
    given = {"contact_id": "c1", "channel": "email", **more}
    return Task(name, 1, "front", day, play_id=of, activity="F1", **given)


def yielding(*tasks: Task, policy: PlaybookPolicy = POLICY) -> list[tuple[str, str, date]]:
    return [(c.task.task_id, c.by.task_id, c.until) for c in crowded(tasks, places(NAMES, policy), policy, Workdays())]


def staged(name: str, *activities: dict, new: bool = False, of: str = "P3", **more) -> Staged:
    said = activities or (activity("F1", "D+1", contact="champion", channel="email"),)
    return Staged(play(play_id=of, playbook=name, **more), book(*said, name=name), new=new)


def room(*tasks: Task, **plays: Staged) -> Room:
    return make_room(tasks, plays, POLICY, Workdays())


def days(made: Room) -> dict[str, date]:
    return {each.after.task_id: each.after.due_on for each in made.moved}


def test_where_two_plays_meet_the_rescue_speaks_first() -> None:
    renewal, rescue = heard("b", MONDAY, "P2"), heard("a", MONDAY + timedelta(2), "P1")
    assert yielding(renewal, rescue) == [("b", "a", NEXT_WEEK)]


def test_what_was_said_cannot_yield_and_one_s_own_play_does_not_count() -> None:
    said = heard("b", MONDAY, "P3", status="done", done_on=MONDAY)
    first, second = heard("a", MONDAY + timedelta(1)), heard("a2", MONDAY + timedelta(2))
    assert yielding(first, second) == []
    assert [name for name, _, _ in yielding(said, first, second)] == ["a", "a2"]
    assert yielding(first, replace(said, status="skipped"), second) == []
    assert yielding(first, heard("c", MONDAY, "P3", contact_id="c2")) == []
    assert yielding(first, heard("c", MONDAY, "P3", contact_id=None)) == []


def test_without_a_cap_nobody_yields() -> None:
    assert yielding(heard("a", MONDAY), heard("b", MONDAY, "P2"), policy=PlaybookPolicy(front_cap_days=0)) == []


def test_room_is_made_for_the_rescue_and_what_hangs_on_it_follows() -> None:
    renewal = staged(
        "renewal-120",
        activity("F1", "D+1", contact="champion", channel="email"),
        activity("B1", "D+2", needs=("F1",)),
        of="P2",
    )
    theirs = planned(renewal.playbook, renewal.play).tasks
    rescue = heard("a", MONDAY + timedelta(2))
    made = room(*theirs, rescue, P1=staged("at-risk-rescue", of="P1", new=True), P2=renewal)
    assert days(made) == {"P2-F1-1": NEXT_WEEK, "P2-B1-1": NEXT_WEEK}
    assert made.because["P2-F1-1"].by == rescue
    assert "P2-B1-1" not in made.because, "it only hangs on the other"
    assert yielding(*planned_anew(theirs, made), rescue) == []


def test_what_begins_yields_to_what_stands_unless_its_playbook_wins() -> None:
    stands, new = heard("b", MONDAY + timedelta(1), "P2"), heard("a", MONDAY, "P3")
    assert days(room(stands, new, P2=staged("review", of="P2"), P3=staged("expansion", new=True))) == {
        "a": MONDAY + timedelta(8)
    }
    winning = replace(staged("expansion", new=True), playbook=book(name="expansion", wins_over=["review"]))
    assert list(days(room(stands, new, P2=staged("review", of="P2"), P3=winning))) == ["b"]


def test_what_was_too_near_before_is_left_as_it_was_agreed() -> None:
    near = (heard("a", MONDAY, "P1"), heard("b", MONDAY + timedelta(1), "P2"))
    others = {"P1": staged("one", of="P1"), "P2": staged("two", of="P2")}
    assert room(*near, heard("c", MONDAY, "P3", contact_id="c2"), **others, P3=staged("three", new=True)) == Room()


def test_a_day_that_stands_is_a_clash_and_others_go_round_it() -> None:
    agreed, new = heard("b", MONDAY + timedelta(1), "P2"), heard("a", MONDAY, "P3")
    public = staged("webinar", activity("F1", "D+1", public=True), new=True)
    clash = room(agreed, new, P2=staged("review", of="P2"), P3=public)
    assert (clash.moved, [(c.task.task_id, c.by.task_id) for c in clash.clashes]) == ((), [("a", "b")])
    at = replace(agreed, at=datetime(2026, 11, 24, 15, tzinfo=UTC))
    winning = staged("at-risk-rescue", new=True)
    assert list(days(room(agreed, new, P2=staged("review", of="P2"), P3=winning))) == ["b"]
    assert list(days(room(at, new, P2=staged("review", of="P2"), P3=winning))) == ["a"], "an hour was agreed"


def test_what_would_wait_for_weeks_is_left_to_a_person_on_the_day_that_was_planned() -> None:
    weekly = [heard(f"w{n}", MONDAY + timedelta(7 * n), "P1", turn=n) for n in range(6)]
    made = room(*weekly, heard("a", MONDAY + timedelta(2), "P3"), P1=staged("at-risk-rescue", of="P1"),
                P3=staged("expansion", new=True))  # fmt: skip
    assert (made.moved, [c.task.task_id for c in made.clashes]) == ((), ["a"])
    assert days(room(*weekly[:2], heard("a", MONDAY, "P3"), P1=staged("one", of="P1"), P3=staged("x2", new=True))) == {
        "a": MONDAY + timedelta(14)
    }


def test_nothing_goes_past_the_decision_nor_pushes_what_stands() -> None:
    stands = heard("b", MONDAY + timedelta(1), "P1", status="done", done_on=MONDAY)
    late = staged("renewal-120", activity("F1", "R-2"), new=True, decision_on=MONDAY + timedelta(3))
    assert [c.task.task_id for c in room(stands, heard("a", MONDAY, "P3"), P3=late).clashes] == ["a"]
    both = (
        activity("F1", "D+1", contact="champion"),
        activity("F2", "D+2", needs=("F1",), public=True, contact="sponsor"),
    )
    pushed = staged("review", *both, new=True)
    tasks = planned(pushed.playbook, pushed.play).tasks
    made = room(stands, *tasks, P3=pushed)
    assert (made.moved, [c.task.activity for c in made.clashes]) == ((), ["F1"])


def test_three_plays_find_their_turns() -> None:
    tasks = [heard(f"t{n}", MONDAY + timedelta(n), f"P{n}") for n in (1, 2, 3)]
    made = room(*tasks, P1=staged("one", of="P1"), P2=staged("two", of="P2", new=True), P3=staged("three", new=True))
    assert sorted(days(made).values()) == [date(2026, 12, 1), date(2026, 12, 8)]

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.plays import Play, Task
from domain.policy_playbooks import PlaybookPolicy
from domain.starts import Candidate, Ruling, crowded, make_room, may_start, subject_of
from domain.workdays import Workdays
from tests.domain.plays import MONDAY, activity, book, planned, play

POLICY = PlaybookPolicy()
PER_CONTACT = {"again": {"after_days": 30, "per": "contact"}}
ENDED = MONDAY - timedelta(20)


def asked(candidate: Candidate, *, today: date = MONDAY, books: dict | None = None, **more) -> Ruling:
    return may_start(book(**more), candidate, books or {}, POLICY, today)


def told(ruling: Ruling) -> list[tuple[str, bool]]:
    return [(refusal.reason.code, refusal.waivable) for refusal in ruling.refused]


def over(**more) -> Play:
    return play(status="ended", ended_on=ENDED, result="reached", note="x", **more)


def test_nothing_speaks_against_the_first() -> None:
    assert asked(Candidate()).allowed
    assert asked(Candidate(plays=(play(playbook="other"),))).allowed
    assert asked(Candidate(plays=(play(status="waiting"),))).allowed


@pytest.mark.parametrize("status", ["running", "paused"])
def test_not_twice_at_the_same_time(status: str) -> None:
    found = asked(Candidate(plays=(play(status=status),)))
    assert told(found) == [("play_running", False)]
    assert found.refused[0].reason.params == {"since": MONDAY}


@pytest.mark.parametrize(
    ("again", "code"),
    [
        ({"after_days": 60}, "play_cooling"),
        ({"after_days": 20}, None),
        ({"after_days": None}, "play_once"),
    ],
)
def test_it_cools_down(again: dict, code: str | None) -> None:
    found = asked(Candidate(plays=(over(),)), again=again)
    assert [refusal.reason.code for refusal in found.refused] == ([code] if code else [])
    waited = replace(over(), status="stopped", started_on=None)
    assert asked(Candidate(plays=(waited,)), again=again).allowed
    stopped = asked(Candidate(plays=(replace(over(), status="stopped"),)), again=again)
    assert told(stopped) == told(found)


def test_how_long_it_still_cools_down() -> None:
    (refusal,) = asked(Candidate(plays=(over(),)), again={"after_days": 60}).refused
    assert refusal.reason.params == {"days": 40, "until": ENDED + timedelta(60)}
    assert refusal.waivable


def test_onboarding_comes_again_only_for_one_that_returned() -> None:
    again = {"after_days": None, "unless_new": True}
    returned = Candidate(plays=(over(),), began_on=MONDAY - timedelta(3))
    assert asked(returned, again=again).allowed
    assert told(asked(replace(returned, began_on=date(2025, 1, 1)), again=again)) == [("play_once", False)]


def test_another_person_is_another_matter() -> None:
    mine = Candidate(plays=(over(subject="c1"),), contact_id="c1")
    assert told(asked(mine, **PER_CONTACT)) == [("play_cooling", True)]
    assert asked(replace(mine, contact_id="c2"), **PER_CONTACT).allowed
    running = replace(mine, plays=(play(subject="c1"),))
    assert told(asked(running, **PER_CONTACT)) == [("play_running", False)]
    assert asked(replace(running, contact_id="c2"), **PER_CONTACT).allowed


@pytest.mark.parametrize(
    ("per", "same", "other"),
    [("term", "2027-03-01", "2026-03-01"), ("quarter", "2026-Q4", "2026-Q3")],
)
def test_once_a_term_or_a_quarter(per: str, same: str, other: str) -> None:
    candidate = Candidate(decision_on=date(2027, 3, 1))
    again = {"again": {"after_days": None, "per": per}}
    assert subject_of(book(**again), candidate, MONDAY) == same
    assert told(asked(replace(candidate, plays=(over(subject=same),)), **again)) == [("play_this_time", True)]
    assert asked(replace(candidate, plays=(over(subject=other),)), **again).allowed


def test_who_gave_notice_is_left_alone_but_for_plays_of_leavers() -> None:
    leaving = Candidate(leaving=True)
    assert told(asked(leaving)) == [("play_leaving", False)]
    clients = {"any": [{"when": {"leaving": True}}], "leavers": True}
    assert asked(leaving, clients=clients).allowed


def test_who_is_held_out_may_still_be_chosen() -> None:
    assert told(asked(Candidate(plays=(play(status="held_out", started_on=None),)))) == [("play_held_out", True)]


def test_plays_that_wait_for_another() -> None:
    expansion = play(play_id="P2", playbook="expansion", version=2)
    rescue = asked(Candidate(plays=(expansion,)), pauses=["expansion"])
    assert (rescue.allowed, rescue.pauses) == (True, (expansion,))
    books = {1: book(pauses=["expansion"])}
    late = may_start(book(name="expansion"), Candidate(plays=(play(),)), books, POLICY, MONDAY)
    assert told(late) == [("play_paused_by", True)]
    assert asked(Candidate(plays=(replace(expansion, status="paused"),)), pauses=["expansion"]).pauses == ()


def heard(name: str, day: date, of: str = "P1", **more) -> Task:
    given = {"contact_id": "c1", "channel": "email", **more}
    return Task(name, 1, "front", day, play_id=of, activity="F1", **given)


@pytest.mark.parametrize(("days_ago", "allowed"), [(1, False), (6, False), (7, True), (10, True)])
def test_one_person_hears_from_one_play_at_a_time(days_ago: int, allowed: bool) -> None:
    """Five working days, from a Monday: the Monday after."""
    day = MONDAY - timedelta(days_ago)
    spoken = heard("t", day, status="done", done_on=day)
    found = asked(Candidate(tasks=(spoken,), contact_id="c1"), **PER_CONTACT)
    assert found.allowed is allowed
    assert asked(Candidate(tasks=(spoken,), contact_id="c2"), **PER_CONTACT).allowed


NAMES = {"P1": "at-risk-rescue", "P2": "renewal-120", "P3": "expansion"}


def yielding(*tasks: Task, policy: PlaybookPolicy = POLICY) -> list[tuple[str, str, date]]:
    return [(c.task.task_id, c.by.task_id, c.until) for c in crowded(tasks, NAMES, policy, Workdays())]


def test_where_two_plays_meet_the_rescue_speaks_first() -> None:
    renewal, rescue = heard("b", MONDAY, "P2"), heard("a", MONDAY + timedelta(2), "P1")
    assert yielding(renewal, rescue) == [("b", "a", MONDAY + timedelta(9))]


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
    renewal = book(
        activity("F1", "D+1", contact="champion", channel="email"),
        activity("B1", "D+2", needs=("F1",)),
        name="renewal-120",
    )
    theirs = planned(renewal, play(play_id="P2", playbook="renewal-120")).tasks
    rescue = heard("a", MONDAY + timedelta(2))
    moved = make_room((*theirs, rescue), NAMES, {"P2": renewal}, POLICY, Workdays())
    assert {each.after.task_id: each.after.due_on for each in moved} == {
        "P2-F1-1": MONDAY + timedelta(9),
        "P2-B1-1": MONDAY + timedelta(9),
    }
    now = [each.after for each in moved]
    assert yielding(*now, rescue) == []


def test_three_plays_find_their_turns() -> None:
    tasks = [heard(f"t{n}", MONDAY + timedelta(n), f"P{n}") for n in (1, 2, 3)]
    moved = make_room(tasks, NAMES, {}, POLICY, Workdays())
    days = sorted(each.after.due_on for each in moved)
    assert days == [date(2026, 12, 1), date(2026, 12, 8)]

"""The calendar of a play: working days, recurrences, tiers, who does it, and needs before what needs them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.playbooks.plays import LEARN, web
from domain.playbooks.schedule import Plan, day_of, default_event, plan
from domain.playbooks.workdays import Workdays
from tests.domain.plays import CAST, MONDAY, activity, book, planned, play

MEXICO = Workdays("MX")


def days(found: Plan) -> dict[str, list[date]]:
    by_activity: dict[str, list[date]] = {}
    for task in found.tasks:
        by_activity.setdefault(task.activity, []).append(task.due_on)
    return by_activity


def codes(found: Plan) -> list[tuple[str, str]]:
    return [(note.activity, note.reason.code) for note in found.notes]


@pytest.mark.parametrize(
    ("country", "day", "off"),
    [
        ("MX", date(2026, 11, 16), True),  # the Revolution, on its Monday
        ("ES", date(2026, 11, 16), False),
        ("US", date(2026, 11, 26), True),
        ("mx", date(2026, 11, 16), True),
        ("XX", date(2026, 11, 26), False),
        (None, date(2026, 11, 28), True),
        ("EG", date(2026, 11, 27), True),  # a Friday there
        ("EG", date(2026, 11, 29), False),  # a Sunday there
    ],
)
def test_days_off_are_those_of_the_country(country: str, day: date, off: bool) -> None:
    assert Workdays(country).off(day) is off


def test_a_day_off_moves_on_from_the_start_and_back_from_an_event() -> None:
    on_friday = play(started_on=date(2026, 11, 13), event_on=date(2026, 12, 1), decision_on=date(2026, 12, 1))
    assert day_of("D+1", on_friday, MEXICO) == date(2026, 11, 17)
    assert day_of("E-15", on_friday, MEXICO) == date(2026, 11, 13)
    assert day_of("R-2", on_friday, MEXICO) == date(2026, 11, 27)
    assert day_of("E-60", on_friday, MEXICO) == date(2026, 11, 13)
    assert day_of("R-2", play(), MEXICO) is None


def test_the_rescue_as_it_is_written() -> None:
    found = planned(book())
    assert days(found) == {
        "B1": [date(2026, 11, 24)],
        "B2": [date(2026, 11, 25)],
        "F1": [date(2026, 11, 26)],
        "C1": [date(2026, 11, 30)],
        "F2": [date(2026, 11, 30)],
    }
    assert codes(found) == []
    assert [task.activity for task in found.tasks[:3]] == ["B1", "B2", "F1"]


def test_a_recurrence_ends_with_its_count_or_with_the_play() -> None:
    weekly = activity("B1", "D+7", repeats="FREQ=WEEKLY;COUNT=6")
    endless = activity("B2", "D+1", repeats="FREQ=MONTHLY")
    found = days(planned(book(weekly, endless, lasts=90)))
    assert found["B1"] == [MONDAY + timedelta(7 * n) for n in range(1, 7)]
    assert found["B2"] == [date(2026, 11, 24), date(2026, 12, 24), date(2027, 1, 25)]
    assert days(planned(book(activity("B1", "D+0", repeats="FREQ=SECONDLY"))))["B1"] == [MONDAY]


def test_daily_work_on_days_off_is_not_done_twice() -> None:
    found = days(planned(book(activity("B1", "D+0", repeats="FREQ=DAILY;COUNT=8"))))["B1"]
    assert found == [MONDAY + timedelta(n) for n in (0, 1, 2, 3, 4, 7)]


def test_tiers_change_effort_and_channel() -> None:
    playbook = book(activity("F1", "D+5", channel="meeting", hours=2))
    of_tier = {t: planned(playbook, cast=replace(CAST, tier=t)).tasks[0] for t in ("1", "2", "3", None)}
    assert {tier: (task.channel, task.hours) for tier, task in of_tier.items()} == {
        "1": ("meeting", 2),
        "2": ("call", 1),
        "3": ("email", 0.4),
        None: ("call", 1),
    }


def test_what_does_not_hold_is_left_out_and_nobody_waits_for_it() -> None:
    green = activity("B1", "D+1", when={"colour": "red"})
    playbook = book(green, activity("F1", "D+3", needs=("B1",)))
    found = planned(playbook, colour="green")
    assert (found.left_out, [task.activity for task in found.tasks]) == (("B1",), ["F1"])
    assert web(found.tasks, playbook).needs["P1-F1-1"] == ()
    assert planned(playbook, colour="red").left_out == ()


def test_without_a_date_to_count_from_it_is_left_out_and_said() -> None:
    found = planned(book(activity("F1", "R-30")))
    assert (found.tasks, codes(found)) == ((), [("F1", "plan_no_date")])


def test_who_does_it() -> None:
    playbook = book(
        activity("B1", "D+1", owner="lead"),
        activity("B2", "D+1", owner="support"),
        activity("B3", "D+1", owner="finance"),
        activity("F1", "D+2", contact="sponsor"),
        activity("F2", "D+3", contact="champion"),
    )
    found = planned(playbook)
    assert {task.activity: (task.owner, task.contact_id) for task in found.tasks} == {
        "B1": ("sofia@x.com", None),
        "B2": ("sid@x.com", None),
        "B3": ("ana@x.com", None),
        "F1": ("ana@x.com", None),
        "F2": ("ana@x.com", "c1"),
    }
    assert codes(found) == [("B3", "plan_csm_steps_in"), ("F1", "plan_no_contact")]
    assert codes(planned(book(activity("B3", "D+1", owner="finance")), cast=replace(CAST, csm=None))) == [
        ("B3", "plan_nobody")
    ]


def test_who_takes_part_beside_the_owner() -> None:
    playbook = book(activity("B1", "D+1", together=["support", "csm", "support", "product"]))
    found = planned(playbook)
    assert found.tasks[0].helpers == ("sid@x.com",)
    assert codes(found) == [("B1", "plan_no_helper")]


def test_a_play_about_a_person_speaks_to_that_person() -> None:
    playbook = book(activity("F1", "D+1"), activity("B1", "D+1"), activity("C1", "D+2", contact="subject"))
    found = planned(playbook, play(contact_id="c9"))
    assert {task.activity: task.contact_id for task in found.tasks} == {"F1": "c9", "B1": None, "C1": "c9"}
    of_account = planned(playbook)
    assert {task.activity: task.contact_id for task in of_account.tasks} == {"F1": None, "B1": None, "C1": "c1"}
    assert codes(of_account) == []


def test_a_second_attempt_later_is_no_need_of_what_comes_before_it() -> None:
    playbook = book(activity("F1", ["D+6", "D+26"]), activity("F2", "D+10", needs=("F1",)))
    found = planned(playbook)
    assert days(found)["F1"] == [date(2026, 11, 30), date(2026, 12, 21)]
    assert [need.turn for need in web(found.tasks, playbook).needs["P1-F2-1"]] == [1]


def test_preparation_comes_before_what_it_prepares() -> None:
    """PLAYBOOKS.md has B3 on D+7 for a meeting on D+6, here by way of another need."""
    playbook = book(activity("B1", "D+9"), activity("B2", "D+8", needs=("B1",)), activity("F1", "D+4", needs=("B2",)))
    found = planned(playbook)
    assert {day for those in days(found).values() for day in those} == {date(2026, 11, 27)}
    assert [(n.activity, n.reason.code, n.reason.params["to_day"]) for n in found.notes] == [
        ("B1", "plan_pulled", date(2026, 11, 27)),
        ("B2", "plan_pulled", date(2026, 11, 27)),
    ]


def test_a_renewal_that_starts_late_does_at_once_what_was_due() -> None:
    playbook = book(activity("B1", "R-115"), activity("F1", "R-85", needs=("B1",)))
    found = planned(playbook, play(decision_on=MONDAY + timedelta(100)))
    assert days(found) == {"B1": [MONDAY], "F1": [date(2026, 12, 8)]}
    assert codes(found) == [("B1", "plan_squeezed")]


def test_without_a_required_outcome_to_learn_it_comes_first() -> None:
    found = plan(book(), play(), CAST, {}, has_outcome=False)
    assert (found.outcome_missing, found.tasks[0].activity, found.tasks[0].due_on) == (True, LEARN, MONDAY)
    assert (found.tasks[0].owner, found.tasks[0].side) == ("ana@x.com", "back")
    assert not planned(book()).outcome_missing


def test_an_event_is_far_enough_away_to_prepare_it() -> None:
    review = book(activity("F1", "E"), activity("B1", "E-20"))
    assert default_event(review, MONDAY, Workdays()) == date(2026, 12, 14)
    assert default_event(book(), MONDAY, Workdays()) is None


def test_turns_need_their_own_turn() -> None:
    status = activity("B4", "D+7", repeats="FREQ=WEEKLY;COUNT=3")
    note = activity("F3", "D+8", repeats="FREQ=WEEKLY;COUNT=3", needs=("B4",))
    closing = activity("F4", "D+45", needs=("F3",))
    playbook = book(status, note, closing)
    needs = web(planned(playbook).tasks, playbook).needs
    assert [task.task_id for task in needs["P1-F3-2"]] == ["P1-B4-2"]
    assert [task.turn for task in needs["P1-F4-1"]] == [1, 2, 3]


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[dict], date]:
    """Any activities, each needing some of those before it."""
    made: list[dict] = []
    for n in range(draw(st.integers(1, 9))):
        anchor = draw(st.sampled_from(["D+", "D+", "E-", "R-"]))
        needs = draw(st.sets(st.sampled_from([a["id"] for a in made]))) if made else set()
        name = f"{draw(st.sampled_from('FBC'))}{n}"
        made.append(activity(name, f"{anchor}{draw(st.integers(0, 60))}", needs=tuple(sorted(needs))))
    return made, draw(st.dates(date(2026, 1, 1), date(2028, 1, 1)))


@settings(max_examples=60, deadline=None)
@given(made=plans(), country=st.sampled_from(["MX", "ES", "EG", None]))
def test_needs_come_first_on_working_days_after_the_start(made: tuple[list[dict], date], country: str | None) -> None:
    activities, start = made
    playbook = book(*activities)
    of = play(started_on=start, event_on=start + timedelta(30), decision_on=start + timedelta(60))
    found = planned(playbook, of, replace(CAST, country=country))
    known = web(found.tasks, playbook)
    for task in found.tasks:
        assert task.due_on >= start
        assert not Workdays(country).off(task.due_on)
        assert all(need.due_on <= task.due_on for need in known.all_needs(task))
    assert len(found.tasks) == len(activities)

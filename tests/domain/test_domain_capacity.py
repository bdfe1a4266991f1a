from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.playbooks.capacity import Ahead, Load, Staff, ahead, by_function, coming, fits, hours_of, loads, monday
from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays
from tests.domain.plays import MONDAY

LATER = MONDAY + timedelta(7)
THURSDAY = MONDAY + timedelta(3)
WEEKS = 6
STAFF = (Staff("ana", "csm", 10), Staff("ben", "csm", None), Staff("sid", "support", 4))


def task(owner: str | None, day: date, hours: float, **more) -> Task:
    return Task(f"{owner}{day}{hours}", 1, more.pop("side", "back"), day, owner=owner, hours=hours, **more)


def test_hours_are_counted_by_iso_week_and_only_ours_that_are_open() -> None:
    found = hours_of(
        [
            task("ana", MONDAY, 1),
            task("ana", MONDAY + timedelta(6), 2),
            task("ana", LATER, 4),
            task("ana", LATER, 9, status="done"),
            task("ana", LATER, 9, side="customer"),
            task(None, LATER, 9),
            task("ana", LATER, 1, helpers=("ana", "sid")),
        ]
    )
    assert found == {("ana", MONDAY): 3, ("ana", LATER): 5, ("sid", LATER): 1}
    assert monday(date(2027, 1, 3)) == date(2026, 12, 28)


def test_who_is_over() -> None:
    found = loads({("ana", MONDAY): 12, ("sid", MONDAY): 1, ("eve", MONDAY): 2}, STAFF, default=8)
    assert [(load.whose, load.hours, load.capacity, load.over) for load in found] == [
        ("ana", 12, 10, 2),
        ("sid", 1, 4, 0),
        ("eve", 2, 8, 0),
        ("ben", 0, 8, 0),
    ]


def seen(taken: dict, today: date = MONDAY) -> Ahead:
    return ahead(taken, STAFF, default=8, today=today, workdays=Workdays())


def test_the_coming_weeks_count_what_is_late_and_only_the_days_that_are_left() -> None:
    before = MONDAY - timedelta(14)
    taken = {("ana", before): 3, ("ana", MONDAY): 2, ("ana", MONDAY + timedelta(70)): 90}
    found = coming(seen(taken, THURSDAY), 2)
    mine = [load for load in found if load.whose == "ana"]
    assert mine == [Load("ana", MONDAY, 5, 4), Load("ana", LATER, 0, 10)], "two days of five are left"
    assert Load("ana", LATER, 5, 10) in coming(seen(taken, MONDAY + timedelta(5)), 1), "on a Saturday, the next week"


def test_functions_are_the_sums_of_their_people() -> None:
    found = by_function(loads({("ana", MONDAY): 12, ("sid", LATER): 1}, STAFF, default=8), STAFF)
    assert Load("csm", MONDAY, 12, 18) in found
    assert Load("support", LATER, 1, 4) in found
    assert len(found) == 4


def wanted(hours: float, who: str = "ana", week: date = MONDAY) -> dict:
    return {(who, week): hours}


def test_the_first_starts_first_and_another_passes_one_that_waits() -> None:
    first, second, third = fits([wanted(6), wanted(6), wanted(4)], seen({}), WEEKS)
    assert (first.now, second.now, third.now) == (True, False, True)
    assert second.short == (Load("ana", MONDAY, 12, 10),)


def test_what_waits_opens_in_the_first_week_with_room_one_after_the_other() -> None:
    taken = {("ana", MONDAY): 8.0, ("ana", LATER): 9.0}
    found = fits([wanted(6), wanted(6), wanted(11)], seen(taken), WEEKS)
    assert not any(each.now for each in found)
    assert [each.opens for each in found] == [MONDAY + timedelta(14), MONDAY + timedelta(21), None], (
        "11 never fit in 10"
    )


def test_hours_already_taken_count_and_weeks_far_away_do_not() -> None:
    taken = {("ana", MONDAY): 8.0, ("ben", MONDAY): 50.0}
    far, last = MONDAY + timedelta(weeks=WEEKS), MONDAY + timedelta(weeks=WEEKS - 1)
    found = fits([wanted(2), wanted(3), wanted(90, week=far), wanted(90, week=last)], seen(taken), WEEKS)
    assert [each.now for each in found] == [True, False, True, False]


def test_a_start_of_today_has_what_is_left_of_the_week() -> None:
    late = {("ana", MONDAY - timedelta(7)): 1.0}
    asked = [wanted(3.1), wanted(3), wanted(9, week=LATER)]
    found = fits(asked, seen(late, THURSDAY), WEEKS)
    assert [each.now for each in found] == [False, True, True]
    assert found[0].short == (Load("ana", MONDAY, 4.1, 4),), "two days of five, and one hour is late"
    assert found[0].opens == MONDAY + timedelta(14), "the week after is full by then"
    saturday = fits([wanted(9, week=MONDAY)], seen(late, MONDAY + timedelta(5)), WEEKS)
    assert saturday[0].now, "what somebody does on a day off counts in the week that comes"


HOURS = st.dictionaries(
    st.tuples(st.sampled_from(["ana", "ben", "sid"]), st.sampled_from([MONDAY, LATER])), st.floats(0, 9), min_size=1
)


@given(st.lists(HOURS, max_size=8), st.integers(0, 6))
def test_nobody_is_put_over_by_a_start_and_who_waits_lacks_hours(starts: list[dict], day: int) -> None:
    """Whatever starts now is within what the coming weeks show as free."""
    known = seen({}, MONDAY + timedelta(day))
    found = fits(starts, known, WEEKS)
    after = known.plus(hours for hours, each in zip(starts, found, strict=True) if each.now)
    assert all(load.over < 1e-5 for load in coming(after, WEEKS))
    assert all(load.over > 0 for each in found for load in each.short)

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.playbooks.capacity import Load, Staff, Wanted, by_function, coming, fits, hours_of, loads, monday
from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays
from tests.domain.plays import MONDAY

LATER = MONDAY + timedelta(7)
END = MONDAY + timedelta(42)
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


def test_the_coming_weeks_count_what_is_late_and_only_the_days_that_are_left() -> None:
    thursday, before = MONDAY + timedelta(3), MONDAY - timedelta(14)
    taken = {("ana", before): 3, ("ana", MONDAY): 2, ("ana", MONDAY + timedelta(70)): 90}
    found = coming(taken, STAFF, default=8, today=thursday, weeks=2, workdays=Workdays())
    mine = [load for load in found if load.whose == "ana"]
    assert mine == [Load("ana", MONDAY, 5, 4), Load("ana", LATER, 0, 10)], "two days of five are left"
    saturday = coming(taken, STAFF, default=8, today=MONDAY + timedelta(5), weeks=1, workdays=Workdays())
    assert Load("ana", LATER, 5, 10) in saturday


def test_functions_are_the_sums_of_their_people() -> None:
    found = by_function(loads({("ana", MONDAY): 12, ("sid", LATER): 1}, STAFF, default=8), STAFF)
    assert Load("csm", MONDAY, 12, 18) in found
    assert Load("support", LATER, 1, 4) in found
    assert len(found) == 4


def wanted(account: int, potential: float, hours: float, who: str = "ana", week: date = MONDAY) -> Wanted:
    return Wanted(account, potential, {(who, week): hours})


def test_the_most_potential_starts_first_and_the_rest_waits() -> None:
    found = fits([wanted(1, 5, 6), wanted(2, 9, 6), wanted(3, 1, 4)], {}, STAFF, default=8, until=END)
    assert (found.now, found.wait) == ((2, 3), (1,))
    assert found.short[1] == (Load("ana", MONDAY, 12, 10),)


def test_what_waits_opens_in_the_first_week_with_room_one_after_the_other() -> None:
    taken = {("ana", MONDAY): 8.0, ("ana", LATER): 9.0}
    found = fits([wanted(1, 9, 6), wanted(2, 5, 6), wanted(3, 1, 11)], taken, STAFF, default=8, until=END)
    assert found.wait == (1, 2, 3)
    assert found.opens == {1: MONDAY + timedelta(14), 2: MONDAY + timedelta(21)}, "11 hours never fit into 10"


def test_hours_already_taken_count_and_weeks_far_away_do_not() -> None:
    taken = {("ana", MONDAY): 8.0, ("ben", MONDAY): 50.0}
    far = wanted(3, 1, 90, week=END + timedelta(7))
    found = fits([wanted(1, 5, 3), wanted(2, 9, 2), far], taken, STAFF, default=8, until=END)
    assert (found.now, found.wait) == ((2, 3), (1,))


HOURS = st.dictionaries(
    st.tuples(st.sampled_from(["ana", "ben", "sid"]), st.sampled_from([MONDAY, LATER])), st.floats(0, 9), min_size=1
)


@given(st.lists(st.tuples(st.floats(0, 100), HOURS), max_size=8))
def test_nobody_is_put_over_by_a_start_and_none_is_forgotten(starts: list[tuple[float, dict]]) -> None:
    asked = [Wanted(number, potential, hours) for number, (potential, hours) in enumerate(starts)]
    found = fits(asked, {}, STAFF, default=8, until=END)
    assert sorted([*found.now, *found.wait]) == list(range(len(starts)))
    sums: dict = {}
    for start in asked:
        for cell, hours in start.hours.items() if start.account in found.now else ():
            sums[cell] = sums.get(cell, 0) + hours
    assert all(load.over < 1e-5 for load in loads(sums, STAFF, default=8))
    by_potential = {start.account: start.potential for start in asked}
    ordered = [by_potential[account] for account in found.now]
    assert ordered == sorted(ordered, reverse=True)

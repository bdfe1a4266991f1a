"""Clocks that jump, and zones whose clocks change: what is due goes when its hour strikes there, once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from domain.hours import at_hour, next_hour, next_of_every
from handlers.delivery.delivery import LEASE, STEPS
from tests.faults.rig import NINE, Rig, digest_of, note
from tests.faults.test_killed import killed_at

HOUR, DAY = timedelta(hours=1), timedelta(1)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "moment"),
    [
        ("Europe/Madrid", date(2026, 3, 28), 9, utc(3, 28, 8)),
        ("Europe/Madrid", date(2026, 3, 29), 9, utc(3, 29, 7)),
        ("Europe/Madrid", date(2026, 3, 29), 2, utc(3, 29, 1)),  # 2:00 does not exist: it is 3:00
        ("Europe/Madrid", date(2026, 10, 25), 2, utc(10, 25, 0)),  # 2:00 strikes twice: the first
        ("Europe/Madrid", date(2026, 10, 25), 9, utc(10, 25, 8)),
        ("America/Bogota", date(2026, 3, 29), 9, utc(3, 29, 14)),
        ("America/Santiago", date(2026, 9, 6), 0, utc(9, 6, 4)),  # midnight does not exist
        ("Asia/Kathmandu", date(2026, 1, 5), 9, utc(1, 5, 3, 15)),
        ("Australia/Lord_Howe", date(2026, 4, 5), 9, utc(4, 4, 22, 30)),  # half an hour
        ("Pacific/Kiritimati", date(2026, 1, 5), 9, utc(1, 4, 19)),
    ],
)
def test_an_hour_strikes(zone: str, day: date, hour: int, moment: datetime) -> None:
    assert at_hour(day, hour, zone) == moment


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Santiago", "America/Bogota", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("hour", [0, 2, 9, 23])
def test_each_day_has_its_hour_once(zone: str, hour: int) -> None:
    """Over a whole year, whatever its clocks do."""
    struck, moment = [], utc(1, 1, 0)
    while moment < utc(12, 31, 0):
        moment = next_hour(moment, hour, zone)
        struck.append(moment)
    assert len(struck) in {364, 365}
    assert all(timedelta(hours=22) < later - sooner < timedelta(hours=26) for sooner, later in pairwise(struck))


def test_the_next_of_every_quarter() -> None:
    quarter = timedelta(minutes=15)
    assert next_of_every(utc(1, 5, 9), quarter) == utc(1, 5, 9, 15)
    assert next_of_every(utc(1, 5, 9, 59), quarter) == utc(1, 5, 10)


ZONES = {"ana": "Europe/Madrid", "ben": "America/Santiago", "cleo": "Australia/Lord_Howe", "dora": "America/Bogota"}


@pytest.mark.parametrize("first", [date(2026, 3, 28), date(2026, 10, 24)])
def test_nothing_goes_before_its_hour(rig: Rig, first: date, count) -> None:
    """Three days, hour by hour, with the business clock set back twice and leaping once."""
    due = {}
    for name, zone in ZONES.items():
        for days in range(3):
            for hour in (2, 9):
                day = first + DAY * days
                due[f"{name} {day} {hour}"] = at_hour(day, hour, zone)
    rig.queue(*(note(key, person=key.split()[0], due_at=moment, told_on=first) for key, moment in due.items()))
    rig.business.now = latest = min(due.values()) - HOUR
    steps = [HOUR] * 20 + [-HOUR * 6] + [HOUR] * 12 + [DAY] + [-DAY] + [HOUR] * 60
    for step in steps:
        rig.business.move(step)
        for _ in range(2):
            rig.run()
            rig.real.move(timedelta(seconds=2))
        latest = max(latest, rig.business.now)
        assert not [key for key in rig.told() if due[key] > latest]
    count(f"{rig.each_once(*due)} messages over a change of clocks, each once, none early")


@pytest.mark.parametrize("jump", [DAY, -DAY, HOUR * 3, -timedelta(minutes=5)], ids=str)
def test_real_time_jumps_between_any_two_steps(rig: Rig, jump: timedelta, count) -> None:
    """The clock is set while a message is on its way, and its process dies: within an hour it goes, once."""
    for place in range(len(STEPS) + 1):
        rig.queue(note(f"m{place}", person="ana"))
        rig.real.move(HOUR * 2)
        assert rig.stop_after(killed_at(place)), place
        rig.real.move(jump)
        for _ in range(14):
            rig.run()
            rig.real.move(LEASE * 5)
    count(f"{rig.each_once(*(f'm{place}' for place in range(len(STEPS) + 1)))} messages, each once")


@pytest.mark.parametrize("place", range(STEPS.index(STEPS[4]) + 1))
def test_a_slow_one_loses_its_lease_and_does_not_post(rig: Rig, place: int) -> None:
    """Others took the message over while this process stood still: it notices before it posts."""
    from handlers.delivery.delivery import claim, deliver

    rig.queue(note("m", person="ana"))
    held = claim(rig.office)
    assert held is not None

    def stands_still(_office, letter):
        rig.real.move(LEASE * 2)
        assert rig.run() == {"posted": 1}
        rig.real.move(LEASE)
        return letter

    assert deliver(rig.office, held, (*STEPS[:place], stands_still, *STEPS[place:])) == "lost"
    rig.each_once("m")


def test_late_is_said_and_old_is_merged(rig: Rig) -> None:
    from storage.delivery import outbox

    yesterday = note("old", person="ana", told_on=(NINE - DAY).date())
    rig.queue(yesterday, note("older", person="ben", told_on=(NINE - DAY * 2).date()))
    with rig.database.changing() as tx:
        assert outbox.merge(tx, "note", before=NINE.date(), person="ben@x.com") == [{"n": "older"}]
        assert outbox.merge(tx, "note", before=NINE.date(), person="ben@x.com") == []
    rig.queue(note("new", person="ben"))
    rig.run_on()
    rig.each_once("old", "new")
    assert rig.slack.last(seen_by="UANA").text.endswith("old late")
    assert rig.slack.last(seen_by="UBEN").text.endswith("new")
    assert rig.counts() == {"posted": 2, "merged": 1}


def test_what_was_missed_wakes_nobody(rig: Rig) -> None:
    """Nothing ran all day: in the evening it waits for the morning, and on the way there it is no late message."""
    rig.queue(digest_of("ana"))
    rig.business.now = NINE + HOUR * 12
    assert rig.run() == {"put_off": 1}
    assert not rig.told()
    assert not rig.run()
    rig.business.now = NINE + DAY - HOUR
    assert rig.run() == {"posted": 1}
    assert rig.slack.last(seen_by="UANA").text.endswith("late")


def test_friday_s_digest_waits_for_monday_s(rig: Rig) -> None:
    """Where none comes, it goes all the same, and says that it is late."""
    from storage.delivery import outbox

    rig.queue(
        *(replace(digest_of(name, day=(NINE - DAY * 3).date()), due_at=NINE - DAY * 3) for name in ("ana", "ben"))
    )
    rig.business.now = NINE + HOUR
    assert rig.run() == {"put_off": 2}
    with rig.database.changing() as tx:
        outbox.merge(tx, "digest", before=NINE.date(), person="ana@x.com")
    rig.queue(digest_of("ana"))
    rig.business.now += HOUR
    assert rig.run() == {"posted": 2}
    assert rig.counts() == {"merged": 1, "posted": 2}
    assert not rig.slack.last(seen_by="UANA").text.endswith("late")
    assert rig.slack.last(seen_by="UBEN").text.endswith("late")


def test_an_hour_that_they_chose_is_kept_in_the_evening(rig: Rig) -> None:
    rig.queue(replace(digest_of("ana"), due_at=NINE + HOUR * 13))
    rig.business.now = NINE + HOUR * 13
    assert rig.run() == {"posted": 1}

"""A digest comes once on each working day, at the person's hour, where they are; nobody is disturbed at night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Person
from domain.alerts.digests import begins_week, due_at, may_disturb, since, today
from domain.policies.policy import Policy

POLICY = Policy(time_zone="America/Bogota")
ANA = Person("ana@example.com", "Ana", time_zone="America/Mexico_City", country="MX")
MONDAY = date(2026, 11, 23)


def test_it_comes_at_nine_where_the_person_is() -> None:
    assert due_at(ANA, POLICY, MONDAY) == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_at_an_hour_of_their_own() -> None:
    early = Person("ben@example.com", "Ben", time_zone="Europe/London", country="GB", digest_hour=7)
    assert due_at(early, POLICY, MONDAY) == datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 16)])
def test_not_on_weekends_nor_on_their_country_s_feasts(day: date) -> None:
    assert due_at(ANA, POLICY, day) is None


def test_not_while_they_are_away() -> None:
    away = Person("ana@example.com", "Ana", away_from=MONDAY, away_until=date(2026, 12, 4))
    assert due_at(away, POLICY, MONDAY) is None
    assert due_at(away, POLICY, date(2026, 12, 7)) is not None


def test_monday_s_since_is_friday() -> None:
    assert since(ANA, POLICY, MONDAY) == date(2026, 11, 20)


def test_a_week_begins_on_tuesday_after_a_feast() -> None:
    assert begins_week(ANA, POLICY, MONDAY)
    assert not begins_week(ANA, POLICY, date(2026, 11, 16))
    assert begins_week(ANA, POLICY, date(2026, 11, 17))


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Madrid", date(2026, 3, 30)), ("Europe/Madrid", date(2026, 10, 26)),
                      ("America/Santiago", date(2026, 9, 7)), ("America/Santiago", date(2026, 4, 6))],
)  # fmt: skip
def test_clocks_that_change_do_not_move_the_hour(zone: str, day: date) -> None:
    due = due_at(Person("x@example.com", "X", time_zone=zone), POLICY, day)
    assert due is not None
    assert due.astimezone(ZoneInfo(zone)).hour == 9


@given(st.integers(0, 366 * 24 * 60), st.sampled_from(["Asia/Tokyo", "America/Lima"]))
def test_nobody_is_disturbed_in_quiet_hours(minutes: int, zone: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    person = Person("x@example.com", "X", time_zone=zone, country="PE")
    told = may_disturb(person, POLICY, now)
    assert told >= now
    assert told - now < timedelta(7)
    assert 8 <= told.astimezone(ZoneInfo(zone)).hour < 20
    assert told.astimezone(ZoneInfo(zone)).weekday() < 5
    assert may_disturb(person, POLICY, told) == told


def test_the_day_is_that_of_where_they_are() -> None:
    assert today(ANA, POLICY, datetime(2026, 11, 24, 3, tzinfo=UTC)) == MONDAY

"""A clock that can be moved: for what is written and promised, not for signatures."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from playground import MovableClock
from playground.clock import after

MADRID = ZoneInfo("Europe/Madrid")


def at(*moment, zone=MADRID):
    return datetime(*moment, tzinfo=zone).timestamp()


def led(step, *moment):
    return datetime.fromtimestamp(after(step, at(*moment), "Europe/Madrid"), MADRID).isoformat()


def test_the_steps_lead_to_mornings_of_the_person():
    assert led("hour", 2026, 11, 23, 9) == "2026-11-23T10:00:00+01:00"
    assert led("morning", 2026, 11, 23, 6) == "2026-11-24T09:00:00+01:00"
    assert led("monday", 2026, 11, 22, 23) == "2026-11-23T09:00:00+01:00"
    assert led("monday", 2026, 11, 23, 8) == "2026-11-30T09:00:00+01:00", "not this one, be it early"
    assert led("morning", 2027, 3, 27, 12) == "2027-03-28T09:00:00+02:00", "the hour that summer takes"
    with pytest.raises(LookupError):
        after("yesterday", 0, "UTC")


def test_a_clock_starts_where_it_should_runs_and_never_goes_back():
    real = [100.0]
    clock = MovableClock(5000, real_clock=lambda: real[0])
    real[0] += 7
    assert clock() == 5007
    clock.move_to(6000)
    clock.move_to(5500)
    real[0] += 1
    assert clock() == 6001


@pytest.fixture
def slack(open_box):
    return open_box(clock=MovableClock(at(2026, 11, 23, 9)))


def test_what_is_written_after_a_move_is_later_and_the_app_is_told(slack):
    heard = []
    slack.moved.append(lambda: heard.append(slack.workspace.clock()))
    first = slack.workspace.post("C1", "U1", "before")
    version = slack.workspace.version
    slack.move_to(at(2026, 11, 24, 9))
    second = slack.workspace.post("C1", "U1", "after")
    assert datetime.fromtimestamp(float(second.ts), UTC).date().isoformat() == "2026-11-24"
    assert float(first.ts) < at(2026, 11, 23, 10)
    assert len(heard) == 1
    assert heard[0] >= at(2026, 11, 24, 9)
    assert slack.workspace.version > version, "pages hear of it"


def test_signatures_stay_in_real_time(slack, hand):
    slack.move_to(at(2026, 11, 30, 9))
    assert slack.as_user("U1").command("/quick").ok
    assert abs(int(slack.courier.signed(b"")["X-Slack-Request-Timestamp"]) - time.time()) < 5


def test_a_box_on_real_time_is_not_moved(open_box):
    plain = open_box()
    assert not plain.can_move
    with pytest.raises(LookupError):
        plain.move_to(0)

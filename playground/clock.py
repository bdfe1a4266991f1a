"""The workspace's clock: it runs like a real one, from any day, and can be moved ahead."""

from __future__ import annotations

import time as real
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
MONDAY = 0


class MovableClock:
    """Seconds since 1970, as `time.time()` gives them; an app that is to live in the same time reads them here too."""

    def __init__(self, start: float | None = None, *, real_clock: Callable[[], float] = real.time) -> None:
        self._real = real_clock
        self._ahead = 0.0 if start is None else start - real_clock()

    def __call__(self) -> float:
        return self._real() + self._ahead

    def move_to(self, moment: float) -> None:
        """Only ahead: what was written must not lie in the future."""
        self._ahead += max(0.0, moment - self())


def an_hour_on(now: datetime) -> datetime:
    return now + timedelta(hours=1)


def tomorrow_morning(now: datetime) -> datetime:
    return morning_in(now, 1)


def next_monday_morning(now: datetime) -> datetime:
    return morning_in(now, (MONDAY - now.weekday() - 1) % 7 + 1)


def morning_in(now: datetime, days: int) -> datetime:
    return datetime.combine(now.date() + timedelta(days=days), MORNING, now.tzinfo)


STEPS: dict[str, Callable[[datetime], datetime]] = {
    "hour": an_hour_on,
    "morning": tomorrow_morning,
    "monday": next_monday_morning,
}


def after(step: str, now: float, time_zone: str) -> float:
    """The moment that a step leads to, for someone who lives in this time zone; LookupError for an unknown step."""
    return STEPS[step](datetime.fromtimestamp(now, ZoneInfo(time_zone))).timestamp()

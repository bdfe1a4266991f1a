"""When an hour strikes where somebody is, through the changes of their clocks."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@cache
def is_zone(name: str) -> bool:
    """Whether this machine knows a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def at_hour(day: date, hour: int, time_zone: str, *, minute: int = 0) -> datetime:
    """The moment (UTC) of that local time: the first of two, and what it would have been where clocks leapt over it."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(time_zone)).astimezone(UTC)


def next_hour(now: datetime, hour: int, time_zone: str) -> datetime:
    """The next moment (UTC) after `now` at which that hour strikes there: each day once."""
    day = now.astimezone(ZoneInfo(time_zone)).date()
    moments = (at_hour(day + timedelta(days), hour, time_zone) for days in range(-1, 3))
    return next(moment for moment in moments if moment > now)


def next_of_every(now: datetime, step: timedelta) -> datetime:
    """The next moment (UTC) after `now` on the grid of that step, such as each quarter of an hour."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((now - epoch) // step + 1) * step

"""A day in the past or today, as what was then known: bounds in UTC, days in the organisation's time zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Table, and_, bindparam, func, or_, select

from storage.types import Moment

DAY, TODAY = bindparam("day", type_=Date), bindparam("today", type_=Date)
UNTIL = bindparam("until", type_=Moment)


@dataclass(frozen=True, slots=True)
class AsOf:
    """`today` later than `day` hides what became known in between."""

    day: date
    today: date
    time_zone: str = "UTC"

    @property
    def values(self) -> Mapping[str, Any]:
        """Of DAY, TODAY and UNTIL."""
        return {"day": self.day, "today": self.today, "until": self.until}

    @property
    def until(self) -> datetime:
        """The first moment after the day."""
        return self.start(self.day + timedelta(1))

    def start(self, day: date) -> datetime:
        return _start(day, self.time_zone)

    def on(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def then(self, day: date | None) -> date | None:
        """A day that had come; None for one still ahead, which nobody knew."""
        return day if day is not None and day <= self.day else None

    def planned(self, day: date | None, known_on: date | None = None) -> date | None:
        """A day that may lie ahead: hidden from the past until it came, or was announced."""
        if day is None or self.day >= self.today or min(day, known_on or day) <= self.day:
            return day
        return None

    def known(self, table: Table) -> ColumnElement[bool]:
        return table.c.known_on <= self.day


@lru_cache
def _start(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def known(table: Table) -> ColumnElement[bool]:
    """By DAY."""
    return table.c.known_on <= DAY


def undated(table: Table) -> ColumnElement[bool]:
    """Of rows without a day of their own, what the first load brought holds for the time before it too."""
    first = select(func.min(table.alias().c.import_id)).scalar_subquery()
    return or_(known(table), and_(DAY < TODAY, table.c.import_id == first))

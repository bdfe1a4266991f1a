"""Working days of a country: Saturday and Sunday as it keeps them, and its public holidays."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

ONE = timedelta(1)
WEEKEND = frozenset({5, 6})
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Workdays:
    """country: ISO 3166, two letters; None or one that the library does not know: Saturday and Sunday are off."""

    country: str | None = None

    def off(self, day: date) -> bool:
        weekend, feasts = _calendar((self.country or "").upper(), day.year)
        return day.weekday() in weekend or day in feasts

    def next(self, day: date) -> date:
        """The day itself, or the first after it that is no day off."""
        return self._walk(day, ONE)

    def previous(self, day: date) -> date:
        """The day itself, or the last before it that is no day off."""
        return self._walk(day, -ONE)

    def back(self, day: date, days: int) -> date:
        """So many working days before."""
        for _ in range(days):
            day = self.previous(day - ONE)
        return day

    def forward(self, day: date, days: int) -> date:
        """So many working days after."""
        for _ in range(days):
            day = self.next(day + ONE)
        return day

    def _walk(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST):
            if not self.off(day):
                break
            day += step
        return day


@cache
def _calendar(country: str, year: int) -> tuple[frozenset[int], frozenset[date]]:
    """Week days that are off, and feasts of a year; whole or not at all, for several threads ask at once."""
    if not country:
        return WEEKEND, frozenset()
    import holidays  # noqa: PLC0415  a command that schedules nothing does not wait for it

    try:
        known = holidays.country_holidays(country, years=year, expand=False)
    except NotImplementedError:
        return WEEKEND, frozenset()
    return frozenset(known.weekend), frozenset(known)

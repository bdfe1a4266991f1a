"""Periods as people type them, in English and Spanish: days inclusive, weeks from Monday, fiscal years and quarters."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache

from domain.days import add_months
from domain.folding import fold
from domain.period_words import (
    COUNTS,
    EXAMPLES,
    LAST,
    LEADING,
    MONTHS,
    NEXT,
    ONE,
    ORDINALS,
    SHORT_MONTHS,
    SIMPLE,
    THIS,
    UNITS,
    WAS,
    WEEKDAYS,
)

LONGEST_RUN = 8
LEAP = 8
DAY = timedelta(1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


class NotAPeriod(ValueError):
    """The words are no period; `nearest` are forms that look alike."""

    def __init__(self, word: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(word)
        self.word, self.nearest = word, nearest


@dataclass(frozen=True, slots=True)
class Clock:
    """What relative words are relative to."""

    today: date
    fiscal_year_start: int
    forward: bool


def parse(text: str, *, today: date, fiscal_year_start: int = 1, forward: bool) -> Period:
    """The period that the text names; raises NotAPeriod.

    A span (30d) looks forward from today (30d = today … today + 30) or back (the 30 days up to yesterday); next and
    last say it themselves. A quarter or month without a year is the coming one, or the last that has begun. A fiscal
    year bears the year in which it ends.
    """
    found = _found(text, Clock(today, fiscal_year_start, forward))
    if found is None:
        raise NotAPeriod(text, tuple(get_close_matches(fold(text), EXAMPLES, n=3, cutoff=0.4)))
    return found


def take(
    words: Sequence[str], *, today: date, fiscal_year_start: int = 1, forward: bool
) -> tuple[Period | None, list[str]]:
    """The longest run of words, at any place, that is a period; and the words without it."""
    clock = Clock(today, fiscal_year_start, forward)
    for length in range(min(len(words), LONGEST_RUN), 0, -1):
        for start in range(len(words) - length + 1):
            found = _found(" ".join(words[start : start + length]), clock)
            if found:
                return found, [*words[:start], *words[start + length :]]
    return None, list(words)


def fiscal_year(year: int, start: int) -> Period:
    """The fiscal year that ends in `year`."""
    first = date(year if start == 1 else year - 1, start, 1)
    return Period(first, add_months(first, 12) - DAY)


def part_of_year(year: int, start: int, part: int, months: int) -> Period:
    """The part-th quarter (3 months) or half (6) of the fiscal year that ends in `year`."""
    first = add_months(fiscal_year(year, start).first, (part - 1) * months)
    return Period(first, add_months(first, months) - DAY)


def year_of(day: date, start: int) -> int:
    """The fiscal year that a day is in."""
    return day.year + (1 if start > 1 and day.month >= start else 0)


@lru_cache(maxsize=1024)
def _found(text: str, clock: Clock) -> Period | None:
    if text.strip().startswith("..") or text.strip().endswith(".."):
        return None
    try:
        found = _period(fold(text), clock)
    except (ValueError, OverflowError):
        return None
    return found if found and found.first <= found.last else None


def _period(text: str, clock: Clock) -> Period | None:
    if ".." in text:
        first, _, last = text.partition("..")
        begin, end = _period(first.strip(), clock), _period(last.strip(), clock)
        return Period(begin.first, end.last) if begin and end else None
    text = _without_leading(in_digits(" ".join(text.split())))
    if text in SIMPLE:
        return _simple(SIMPLE[text], clock)
    for form, make in FORMS:
        match = form.fullmatch(text)
        if match:
            return make(match.groupdict(), clock)
    return None


def in_digits(text: str) -> str:
    """Of a folded text, with a number before a unit of time in digits: two weeks, for a month, dos semanas."""
    return WORDED_COUNT.sub(lambda found: f"{COUNTS.get(found[1], 1)} {found[2]}", text)


def _without_leading(text: str) -> str:
    words = text.split(" ")
    while len(words) > 1 and words[0] in LEADING:
        words = words[1:]
    return " ".join(words)


def _simple(name: str, clock: Clock) -> Period | None:
    today = clock.today
    this_year = fiscal_year(year_of(today, clock.fiscal_year_start), clock.fiscal_year_start)
    month_end = add_months(today.replace(day=1), 1) - DAY
    return {
        "today": Period(today, today),
        "yesterday": Period(today - DAY, today - DAY),
        "tomorrow": Period(today + DAY, today + DAY),
        "year_to_date": Period(this_year.first, today),
        "to_year_end": Period(today, this_year.last),
        "to_month_end": Period(today, month_end),
        "fortnight": _span(15, "day", clock),
    }[name]


def _span(count: int, unit: str, clock: Clock) -> Period | None:
    if count < 1:
        return None
    today = clock.today
    sign = 1 if clock.forward else -1
    if unit in {"day", "week"}:
        edge = today + timedelta(sign * count * (7 if unit == "week" else 1))
    else:
        edge = add_months(today, sign * count * {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit])
    return Period(today, edge) if clock.forward else Period(edge, today - DAY)


def _counted(found: Mapping[str, str | None], clock: Clock) -> Period | None:
    way = found.get("before") or found.get("after") or ""
    forward = way in NEXT or (way not in WAS and clock.forward)
    unit = UNITS[found["unit"] or "d"]
    return _span(int(found["count"] or 0), unit, Clock(clock.today, clock.fiscal_year_start, forward))


def _relative(found: Mapping[str, str | None], clock: Clock) -> Period | None:
    """This, next or last week, month, quarter, half, year."""
    way = found.get("before") or found.get("after") or ""
    if way in THIS:
        return _unit(UNITS[found["unit"] or ""], 0, clock)
    return _unit(UNITS[found["unit"] or ""], 1 if way in NEXT else -1, clock)


def _unit(unit: str, shift: int, clock: Clock) -> Period:
    today, start = clock.today, clock.fiscal_year_start
    if unit == "day":
        day = today + timedelta(shift)
        return Period(day, day)
    if unit == "week":
        monday = today - timedelta(today.weekday()) + timedelta(7 * shift)
        return Period(monday, monday + timedelta(6))
    if unit == "month":
        return _month(add_months(today.replace(day=1), shift))
    months = {"quarter": 3, "half": 6, "year": 12}[unit]
    begun = (today.month - start) % 12 % months
    first = add_months(today.replace(day=1), shift * months - begun)
    return Period(first, add_months(first, months) - DAY)


def _month(first: date) -> Period:
    return Period(first, add_months(first, 1) - DAY)


def _year(found: Mapping[str, str | None], clock: Clock) -> Period:
    return fiscal_year(int(found["year"] or 0), clock.fiscal_year_start)


def _year_month(found: Mapping[str, str | None], _: Clock) -> Period:
    return _month(date(int(found["year"] or 0), int(found["month"] or 0), 1))


def _day(found: Mapping[str, str | None], _: Clock) -> Period:
    day = date(int(found["year"] or 0), int(found["month"] or 0), int(found["day"] or 0))
    return Period(day, day)


def _weekday(found: Mapping[str, str | None], clock: Clock) -> Period:
    """Ahead the coming one, never today; back the last one."""
    away = (WEEKDAYS[found["name"] or ""] - clock.today.weekday()) % 7
    way = found.get("before") or found.get("after") or ""
    forward = way in NEXT or (way not in WAS and clock.forward)
    day = clock.today + timedelta((away or 7) if forward else away - 7)
    return Period(day, day)


def _named_month(found: Mapping[str, str | None], clock: Clock) -> Period:
    name = found["name"] or ""
    month = MONTHS.get(name) or SHORT_MONTHS[name]
    if found.get("year"):
        return _month(date(int(found["year"] or 0), month, 1))
    return _nearest_of([_month(date(clock.today.year + shift, month, 1)) for shift in (-1, 0, 1)], clock)


def _named_day(found: Mapping[str, str | None], clock: Clock) -> Period | None:
    """15 December, with or without its year; 29 February is of a year that has one."""
    name, number = found["name"] or "", int(found["day"] or 0)
    month, this = MONTHS.get(name) or SHORT_MONTHS[name], clock.today.year
    years = [int(found["year"] or 0)] if found.get("year") else range(this - LEAP, this + LEAP + 1)
    choices = [date(year, month, number) for year in years if 1 <= number <= monthrange(year, month)[1]]
    if not choices:
        return None
    day = choices[0] if found.get("year") else _nearest_of([Period(day, day) for day in choices], clock).first
    return Period(day, day)


def _part(found: Mapping[str, str | None], clock: Clock) -> Period | None:
    months = 6 if (found["part"] or "")[0] in {"h", "s"} else 3
    number = found["number"] or ""
    part = 12 // months if number in LAST else ORDINALS.get(number) or int(number)
    if part * months > 12:
        return None
    start = clock.fiscal_year_start
    if found.get("year"):
        return part_of_year(int(found["year"] or 0), start, part, months)
    this = year_of(clock.today, start)
    return _nearest_of([part_of_year(this + shift, start, part, months) for shift in (-1, 0, 1)], clock)


def _nearest_of(choices: Sequence[Period], clock: Clock) -> Period:
    """Forward the first that is not over, back the last that has begun."""
    if clock.forward:
        return next(period for period in choices if period.last >= clock.today)
    return next(period for period in reversed(choices) if period.first <= clock.today)


def _any(words: Sequence[str] | Mapping[str, object]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_OF_YEAR = rf"(?:[\s-]+(?:(?:de|del|of|in|fy|ano)\s+)*{_YEAR})?"
_BEFORE, _AFTER = rf"(?P<before>{_any([*THIS, *NEXT, *WAS])})", rf"(?P<after>{_any([*THIS, *NEXT, *WAS])})"
_UNIT = rf"(?P<unit>{_any(UNITS)})"
_WORDED = rf"(?P<unit>{_any([unit for unit in UNITS if unit not in {'a', 'd', 'y'}])})"  # “y” and “a” are Spanish words
WORDED_COUNT = re.compile(rf"\b({_any([*COUNTS, *ONE])})\s+({_any([unit for unit in UNITS if len(unit) > 1])})(?!\S)")
_DAY = r"(?P<day>\d\d?)(?:st|nd|rd|th|o|º|er|ro)?"
_HALF_OR_QUARTER = r"(?P<part>quarter|trimestre|semestre|half|q|t|h|s)"
FORMS: tuple[tuple[re.Pattern[str], Callable[[Mapping[str, str | None], Clock], Period | None]], ...] = tuple(
    (re.compile(form), make)
    for form, make in (
        (rf"(?:{_BEFORE}\s+)?(?P<count>\d{{1,4}})\s*{_UNIT}(?:\s+{_AFTER})?", _counted),
        (rf"{_BEFORE}\s+(?P<count>\d{{1,4}})\s*{_UNIT}", _counted),
        (rf"{_BEFORE}\s+(?:fiscal\s+)?{_WORDED}(?:\s+fiscal)?", _relative),
        (rf"(?:fiscal\s+)?{_WORDED}(?:\s+fiscal)?\s+{_AFTER}", _relative),
        (rf"(?:{_BEFORE}\s+)?(?P<name>{_any(WEEKDAYS)})(?:\s+{_AFTER})?", _weekday),
        (rf"{_YEAR}-(?P<month>\d\d?)-(?P<day>\d\d?)", _day),
        (rf"{_YEAR}-(?P<month>\d\d?)", _year_month),
        (rf"(?:(?:fy|ano|year|fiscal|ejercicio)\s*)?(?:(?:fiscal|year)\s+)?(?:de\s+)?{_YEAR}", _year),
        (rf"{_YEAR}[\s-]*{_HALF_OR_QUARTER}(?P<number>[1-4])", _part),
        (rf"{_YEAR}[\s-]*(?P<number>[1-4])(?P<part>[qts])", _part),
        (rf"{_HALF_OR_QUARTER}\s?(?P<number>[1-4]){_OF_YEAR}", _part),
        (rf"(?P<number>[1-4])(?P<part>[qts]){_OF_YEAR}", _part),
        (rf"(?P<number>{_any([*ORDINALS, *LAST])})\s+{_HALF_OR_QUARTER}{_OF_YEAR}", _part),
        (rf"{_DAY}\s+(?:de\s+|of\s+)?(?P<name>{_any([*MONTHS, *SHORT_MONTHS])})\.?,?{_OF_YEAR}", _named_day),
        (rf"(?P<name>{_any(MONTHS)})\s+{_DAY},?{_OF_YEAR}", _named_day),
        (rf"(?P<name>{_any(MONTHS)}){_OF_YEAR}", _named_month),
        (rf"(?P<name>{_any(SHORT_MONTHS)})\.?[\s-]+(?:de\s+)?{_YEAR}", _named_month),
    )
)

"""Days and months that name the month in English or Spanish: 31 dic 2026 · Dec 31, 2026 · 31-dic-26 · dic 2026."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from babel.dates import get_day_names, get_month_names

from domain.folding import bare

LANGUAGES = ("en", "es")
WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
SHORTEST = 3

_NAME = r"(?P<month>[a-z]+)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|º)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_BETWEEN = r"(?: de | del |[-/., ]*)"
_DAYS = [
    re.compile(rf"{form}(?!\w)")
    for form in (
        _DAY + _BETWEEN + _NAME + _BETWEEN + _YEAR,
        _NAME + "[-/. ]*" + _DAY + "[-/., ]+" + _YEAR,
        r"(?P<year>\d{4})[-/. ]*" + _NAME + "[-/. ]*" + _DAY,
    )
]
_MONTHS = [re.compile(form) for form in (_NAME + _BETWEEN + _YEAR, r"(?P<year>\d{4})[-/. ]*" + _NAME)]
_FIRST_WORD = re.compile(r"([a-z]+)\.?,? (?=\w)")


def day(cell: str) -> tuple[int, int, int, str] | None:
    """Year, month, day, and what follows them; a day of the week may stand before."""
    said = bare(cell)
    for text in (said, _without_weekday(said)):
        for form in _DAYS:
            found = form.match(text)
            if found and (number := _months().get(found["month"])):
                return _year(found["year"]), number, int(found["day"]), text[found.end() :].strip(" ,")
    return None


def month(cell: str) -> tuple[int, int] | None:
    """Year and month."""
    for form in _MONTHS:
        found = form.fullmatch(bare(cell))
        if found and (number := _months().get(found["month"])):
            return _year(found["year"]), number
    return None


def _without_weekday(said: str) -> str:
    found = _FIRST_WORD.match(said)
    return said[found.end() :] if found and found[1] in _weekdays() else said


def _year(written: str) -> int:
    return int(written) + (2000 if len(written) == 2 else 0)


@cache
def _months() -> Mapping[str, int]:
    named = {
        bare(name): number
        for language in LANGUAGES
        for width in WIDTHS
        for number, name in get_month_names(width, locale=language).items()
    }
    return named | {name[:SHORTEST]: number for name, number in named.items()} | {"setiembre": 9, "set": 9}


@cache
def _weekdays() -> frozenset[str]:
    names = (bare(n) for lang in LANGUAGES for width in WIDTHS for n in get_day_names(width, locale=lang).values())
    return frozenset(names)

"""A period as a command says it, whatever it was called."""

import re
from collections.abc import Iterator
from datetime import date

from domain.folding import fold
from domain.periods import NotAPeriod, Period, fiscal_year, in_digits, parse

UNITS = ("week", "month", "quarter", "year")
RELATIVE = (
    *("today", "yesterday", "tomorrow", "ytd"),
    *(f"{way} {unit}" for unit in UNITS for way in ("this", "next", "last")),
    *("year end", "month end", "fortnight"),
)
COUNTED = ("d", " weeks", " months", " quarters", " years")


def said(period: Period, typed: str, *, today: date, fiscal_year_start: int = 1, forward: bool) -> str:
    """The shortest form of the contract that means the same days: of the kind that was typed, else first..last."""
    for form in _forms(period, in_digits(fold(typed)), fiscal_year_start):
        try:
            if parse(form, today=today, fiscal_year_start=fiscal_year_start, forward=forward) == period:
                return form
        except NotAPeriod:
            continue
    return f"{period.first}..{period.last}"


def _forms(period: Period, typed: str, start: int) -> Iterator[str]:
    numbers = re.findall(r"\d+", typed)
    relative = [*RELATIVE, *(f"next {n}{unit}" for n in numbers for unit in COUNTED)]
    counted = [f"{number}{unit}" for number in numbers for unit in COUNTED]
    yield from counted
    yield from () if numbers else relative
    yield from _calendar(period, start)
    yield from relative if numbers else ()


def _calendar(period: Period, start: int) -> Iterator[str]:
    for year in range(period.last.year - 1, period.last.year + 2):
        if fiscal_year(year, start) == period:
            yield str(year)
        yield from (f"{year}-Q{part}" for part in (1, 2, 3, 4))
        yield from (f"{year}-H{part}" for part in (1, 2))
    yield f"{period.first:%Y-%m}"
    if period.first == period.last:
        yield period.first.isoformat()

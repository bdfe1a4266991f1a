"""Days and times as people write them: 2026-12-31 · 31/12/2026 · 31.12.26 14:30 · 31 dic 2026 · an Excel date."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from storage.sources import month_names
from storage.sources.problems import BadCell

Order = Literal["dmy", "mdy", "iso"]

_YEAR_FIRST = re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.\- ])(\d{1,2})\2(\d{4}|\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?\s*(?:m\.?)?", re.IGNORECASE)
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(7_306, 109_575)  # 1920 to 2199
YEARS = range(1900, 2200)


def evidence(cell: Any) -> Literal["dmy", "mdy"] | None:
    """What one cell says about the order of day and month in its column."""
    found = _YEAR_LAST.match(cell) if isinstance(cell, str) else None
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        return "dmy"
    return "mdy" if second > 12 >= first else None


def day(cell: Any, order: Order | None) -> date:
    """The day that a cell names, its time of day left out; raises BadCell."""
    if not isinstance(cell, str):
        return _of_workbook(cell)
    if named := _named(cell, order):
        if named[1]:
            _clock(named[1])
        return named[0]
    if len(cell) > 10:
        written, _, rest = cell.replace("T", " ", 1).partition(" ")
        if rest:
            named_day = day(written, order)
            _clock(rest.strip())
            return named_day
    if found := _YEAR_FIRST.fullmatch(cell):
        return _existing(int(found[1]), int(found[2]), int(found[3]))
    if cell.isdecimal() and int(cell) in _EXCEL_DAYS:
        return _EXCEL_ZERO + timedelta(days=int(cell))
    found = _YEAR_LAST.fullmatch(cell)
    if found is None or order == "iso":
        raise BadCell("not_a_date")
    return _year_last(int(found[1]), int(found[3]), found[4], order)


def _named(cell: str, order: Order | None) -> tuple[date, str] | None:
    """The day of a cell that names its month, which no order of figures can mistake, and what follows it."""
    found = month_names.day(cell) if order != "iso" and any(map(str.isalpha, cell)) else None
    return (_existing(*found[:3]), found[3]) if found else None


def _of_workbook(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | Decimal) and int(cell) in _EXCEL_DAYS:
        return _EXCEL_ZERO + timedelta(days=int(cell))
    raise BadCell("not_a_date")


def _year_last(first: int, second: int, written_year: str, order: Order | None) -> date:
    year = int(written_year) + (2000 if len(written_year) == 2 else 0)
    if first == second or first > 12 or second > 12:
        order = "dmy" if first >= second else "mdy"
    if order is None:
        raise BadCell("ambiguous_date")
    return _existing(year, second, first) if order == "dmy" else _existing(year, first, second)


def _existing(year: int, month: int, number: int) -> date:
    try:
        named = date(year, month, number)
    except ValueError:
        raise BadCell("no_such_day") from None
    if year not in YEARS:
        raise BadCell("no_such_day")
    return named


def month(cell: Any, order: Order | None) -> date:
    """The first day of the month that the cell names."""
    found = _MONTH.fullmatch(cell) if isinstance(cell, str) else None
    if isinstance(cell, str) and order != "iso" and (named := month_names.month(cell)):
        return _existing(*named, 1)
    if found is None:
        return day(cell, order).replace(day=1)
    return _existing(int(found[1] or found[4]), int(found[2] or found[3]), 1)


def moment(cell: Any, order: Order | None, zone: ZoneInfo) -> datetime:
    """An aware time; without an offset it is the organisation's. Raises BadCell."""
    if isinstance(cell, str):
        return _written_moment(cell, order, zone)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone)
    if isinstance(cell, Decimal):
        seconds = round(float(cell % 1) * 86_400)
        return datetime.combine(_of_workbook(cell), time(), zone) + timedelta(seconds=seconds)
    return datetime.combine(_of_workbook(cell), time(), zone)


def _written_moment(cell: str, order: Order | None, zone: ZoneInfo) -> datetime:
    if cell[:4].isdecimal() and cell[4:5] == "-":
        try:
            named = datetime.fromisoformat(cell)
        except ValueError:
            pass
        else:
            _existing(named.year, named.month, named.day)
            return named if named.tzinfo else named.replace(tzinfo=zone)
    if found := _named(cell, order):
        return datetime.combine(found[0], _clock(found[1]) if found[1] else time(), zone)
    written, _, clock = cell.replace("T", " ", 1).partition(" ")
    return datetime.combine(day(written, order), _clock(clock.strip()) if clock else time(), zone)


def _clock(text: str) -> time:
    try:
        return datetime.fromisoformat(f"2000-01-01T{text.upper().replace(' ', '')}").time()
    except ValueError:
        found = _TIME.fullmatch(text.strip(" ,"))
    if found is None:
        raise BadCell("not_a_time")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise BadCell("not_a_time") from None

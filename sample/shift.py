"""The sample moved in time, so that its anchor day becomes another day."""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from sample.columns import COLUMNS, DATES, MONTHS, TIMES

ANCHOR = date(2026, 11, 23)
SAMPLE = Path(__file__).parent

Move = Callable[[str], str]


def write_shifted(
    target: Path, days: int, *, source: Path = SAMPLE, anchor: date = ANCHOR, blank: tuple[tuple[str, str], ...] = ()
) -> None:
    """Write every CSV file of `source` (facts as of `anchor`) into `target`, moved by whole days.

    blank: pairs of a file and a column that stays empty.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in COLUMNS:
        with (
            (source / f"{name}.csv").open(encoding="utf-8", newline="") as read,
            (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as written,
        ):
            empty = {column for file, column in blank if file == name}
            rows = shifted(csv.reader(read), days, anchor=anchor, empty=empty)
            csv.writer(written, lineterminator="\n").writerows(rows)


def shifted(
    rows: Iterable[list[str]], days: int, *, anchor: date = ANCHOR, empty: Collection[str] = ()
) -> Iterator[list[str]]:
    """The rows of one file, its header first, with each date, time and month moved, and some columns emptied."""
    rows = iter(rows)
    header = next(rows)
    yield header
    moves = [(index, move) for index, name in enumerate(header) if (move := _move(name, days, anchor))]
    moves += [(index, _nothing) for index, name in enumerate(header) if name in empty]
    for row in rows:
        for index, move in moves:
            row[index] = move(row[index])
        yield row


def _move(column: str, days: int, anchor: date) -> Move | None:
    by = timedelta(days=days)
    if column in DATES:
        return _remembered(lambda text: (date.fromisoformat(text) + by).isoformat())
    if column in TIMES:
        return _remembered(lambda text: (datetime.fromisoformat(text) + by).isoformat())
    if column in MONTHS:
        return _remembered(_month_move(anchor, anchor + by))
    return None


def _nothing(text: str) -> str:
    del text
    return ""


def _month_move(anchor: date, moved: date) -> Move:
    # Months move together by whole months: moved one by one, two of them could fall on the same month.
    months = (moved.year - anchor.year) * 12 + moved.month - anchor.month

    def move(text: str) -> str:
        year, month = divmod(int(text[:4]) * 12 + int(text[5:7]) - 1 + months, 12)
        return f"{year:04}-{month + 1:02}"

    return move


def _remembered(move: Move) -> Move:
    known = {"": ""}

    def look_up(text: str) -> str:
        if text not in known:
            known[text] = move(text)
        return known[text]

    return look_up

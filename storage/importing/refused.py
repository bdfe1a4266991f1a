"""The rows that were refused, as they were written, with the reason: mended, the file is imported again."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from storage.sources.columns import text
from storage.sources.problems import Refusal
from storage.sources.reading import REASON, Reading

Reason = Callable[[Refusal], str]


def write(reading: Reading, refusals: Iterable[Refusal], reason: Reason) -> Path | None:
    """Write `<name>.refused.csv` beside the source, or here; None where neither can be written."""
    lines = ((line, "; ".join(reason(refusal) for refusal in found)) for line, found in _by_line(refusals))
    for folder in (reading.file.path.parent, Path.cwd()):
        target = folder / f"{reading.file.path.stem}.refused.csv"
        with suppress(OSError), target.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(_rows(reading, lines))
            return target
    return None


def _by_line(refusals: Iterable[Refusal]) -> Iterator[tuple[int, Iterable[Refusal]]]:
    yield from groupby(refusals, attrgetter("line"))


def _rows(reading: Reading, lines: Iterator[tuple[int, str]]) -> Iterator[list[str]]:
    records = reading.open()
    _, header = next(records)
    width = len(header)
    yield [*map(text, header), REASON]
    wanted = next(lines, None)
    for line, cells in records:
        if wanted is None:
            return
        if line == wanted[0]:
            yield [*map(text, cells[:width]), *[""] * (width - len(cells)), wanted[1]]
            wanted = next(lines, None)

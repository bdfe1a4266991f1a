"""Writes the sample portfolio, the same bytes each time: `python -m sample.generate [FOLDER]`."""

import csv
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from sample import contacts, contracts, conversations, records, usage
from sample.columns import COLUMNS
from sample.shift import SAMPLE

FILES: dict[str, Callable[[], Iterable[dict[str, object]]]] = {
    name: next(
        getattr(module, name)
        for module in (records, contacts, conversations, contracts, usage)
        if hasattr(module, name)
    )
    for name in COLUMNS
    if name != "usage"
} | {"usage": usage.usage}


def write(folder: Path) -> dict[str, int]:
    """Write one CSV for each file of the contract; the number of rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _write(folder / f"{name}.csv", COLUMNS[name], FILES[name]()) for name in COLUMNS}


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, object]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for count, row in enumerate(rows, start=1):  # noqa: B007
            writer.writerow(row)
    return count


if __name__ == "__main__":
    for name, rows in write(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE).items():
        print(f"{name}.csv {rows}")

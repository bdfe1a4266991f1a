"""A merge list: recipients and texts as CSV, in which no cell can become a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from reports.cells import STARTS_FORMULA, clean

MARK = "\ufeff"
# Where a comma is the decimal sign a spreadsheet splits at semicolons: what follows one may begin a cell.
BEGINS_FORMULA = re.compile(r"([,;\t])(?=\s*[=+\-@＝＋－＠])")


def merge_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet reads the accents; a quote before what would be calculated."""
    written = StringIO()
    sheet = csv.writer(written, lineterminator="\r\n")
    sheet.writerow(header)
    sheet.writerows([_kept(cell) for cell in row] for row in rows)
    return (MARK + written.getvalue()).encode()


def _kept(text: str) -> str:
    kept = BEGINS_FORMULA.sub(r"\1'", clean(text))
    return f"'{kept}" if STARTS_FORMULA.match(kept) else kept

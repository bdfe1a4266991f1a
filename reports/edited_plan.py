"""An account plan read back, whatever a spreadsheet program did to it: rows by their ids, columns by their headers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.worksheet import Worksheet

from domain.folding import fold
from domain.workbooks.edited_plans import FIELDS, OF_NEW
from reports.opening import Unreadable, Wrong, opened
from reports.plan import EXPORT_ID
from reports.plan_columns import HEADERS, ROW, SHEETS
from words import LANGUAGES, Words

__all__ = ["Place", "Raw", "ReadPlan", "ReadRow", "Unreadable", "Wrong", "read"]

Fault = Literal["formula", "error", "merged"]
ID = re.compile(r"[0-9a-f]{16}")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
MOST_ROWS, MOST_COLUMNS, HEADER_WITHIN = 5_000, 60, 40
LEAST_HEADERS = 2
# Totals and remarks below a table fill one of its columns; a row that somebody added fills more.
LEAST_FILLED = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, as one looks for it."""

    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Raw:
    """What a cell holds: text, an exact number, a day, None; percent: shown as one; fault: it has no value to take."""

    value: str | Decimal | date | None
    place: Place
    percent: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """row_id None: a new row."""

    entity: str
    row_id: str | None
    cells: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """export_ids: every one that the file carries; without_ids: sheets whose column of ids is gone."""

    export_ids: tuple[str, ...]
    rows: tuple[ReadRow, ...]
    entities: frozenset[str] = frozenset()
    without_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    entity: str
    header: int
    columns: Mapping[str, int]
    ids: int | None
    merged: frozenset[str] = field(default_factory=frozenset)


def read(content: bytes) -> ReadPlan:
    """Raises Unreadable where it is no workbook, could do harm, or carries no export id."""
    values, formulas = opened(content)
    ids = _export_ids(values)
    if not ids:
        raise Unreadable("no_export_id")
    rows: list[ReadRow] = []
    without: list[str] = []
    for sheet in values.worksheets:
        table = _table(sheet)
        if table is None:
            continue
        if table.ids is None:
            without.append(sheet.title)
            continue
        rows += _rows(sheet, formulas[sheet.title], table)
    entities = frozenset(row.entity for row in rows)
    return ReadPlan(ids, tuple(rows), entities, tuple(without))


def _export_ids(book: Workbook) -> tuple[str, ...]:
    """Under its name; and beside the word for it, should the first sheet be gone."""
    found = [str(value).strip() for value in (_named(book), *_labelled(book)) if value]
    return tuple(dict.fromkeys(found))


def _named(book: Workbook) -> Any:
    try:
        (place,) = book.defined_names[EXPORT_ID].destinations
        return book[place[0]][place[1].replace("$", "")].value
    except (KeyError, ValueError, AttributeError, IndexError, TypeError):
        return None


def _labelled(book: Workbook) -> Iterator[Any]:
    labels = {fold(Words(language)._("Export")) for language in LANGUAGES}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=HEADER_WITHIN, max_col=MOST_COLUMNS):
            for before, cell in pairwise(row):
                if isinstance(before.value, str) and fold(before.value) in labels and ID.fullmatch(str(cell.value)):
                    yield cell.value


def _table(sheet: Worksheet) -> _Table | None:
    """The table that most of its headers name; of two alike, the one that the sheet is called after."""
    best: tuple[int, _Table] | None = None
    for row in sheet.iter_rows(max_row=HEADER_WITHIN, max_col=MOST_COLUMNS):
        said = {fold(cell.value): cell.column for cell in reversed(row) if isinstance(cell.value, str)}
        ids = next((said[name] for name in _names(ROW) if name in said), None)
        for entity, headers in HEADERS.items():
            columns = {name: said[one] for name, header in headers.items() for one in _names(header) if one in said}
            called = fold(sheet.title) in _names(SHEETS[entity])
            least = LEAST_HEADERS if ids or called else len(headers)
            rank = 2 * len(columns) + 3 * (next(iter(headers)) in columns) + called + 4 * bool(ids)
            if len(columns) >= min(least, len(headers)) and (called or ids) and (best is None or rank > best[0]):
                best = rank, _Table(entity, int(row[0].row or 1), columns, ids, _merged(sheet))
    return best[1] if best else None


def _names(header: str) -> list[str]:
    """In every language, as people may have typed them."""
    return [fold(Words(language)._(header)) for language in LANGUAGES]


def _merged(sheet: Worksheet) -> frozenset[str]:
    """Cells that lie behind another: what they hold is no longer seen."""
    hidden = set()
    for area in sheet.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > MOST_ROWS * MOST_COLUMNS:
            continue
        hidden |= {f"{letter(column)}{row}" for row, column in area.cells if (row, column) != area.left[0]}
    return frozenset(hidden)


def _rows(values: Worksheet, formulas: Worksheet, table: _Table) -> Iterator[ReadRow]:
    known, new = FIELDS[table.entity], OF_NEW.get(table.entity)
    last = min(values.max_row, table.header + MOST_ROWS)
    for number in range(table.header + 1, last + 1):
        row_id = _text(values.cell(number, table.ids or 1).value)
        fields = known if row_id or new is None else new
        cells = {
            name: _raw(values.cell(number, column), formulas.cell(number, column), table)
            for name, column in table.columns.items()
            if name in fields
        }
        filled = sum(raw.value is not None or raw.fault == "formula" for raw in cells.values())
        if row_id or filled >= (LEAST_FILLED if new is None else 1):
            yield ReadRow(table.entity, row_id, cells)


def _raw(cell: Cell | MergedCell, written: Cell | MergedCell, table: _Table) -> Raw:
    place = Place(cell.parent.title, cell.coordinate)
    if cell.coordinate in table.merged:
        return Raw(None, place, fault="merged")
    value = cell.value
    if value is None and isinstance(written.value, str) and written.data_type == "f":
        return Raw(None, place, fault="formula")
    if isinstance(value, str) and value in ERRORS and cell.data_type == "e":
        return Raw(None, place, fault="error")
    return Raw(_value(value), place, percent="%" in (cell.number_format or ""))


def _value(value: Any) -> str | Decimal | date | None:
    """Exact: Excel itself shows fifteen digits, the rest is the noise of binary fractions."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return Decimal(format(value, ".15g"))
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date | Decimal):
        return value
    return _text(value)


def _text(value: Any) -> str | None:
    """As it was typed: signs that a file cannot hold come back from their escapes."""
    if value is None:
        return None
    said = ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)).strip()
    return said or None

"""XLSX as it is exported: the sheet of the file's name or the first; nothing is opened before its size is known."""

import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any
from zlib import error as ZlibError  # noqa: N812

from storage.sources.delimited import Record
from storage.sources.problems import UnreadableFile

OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
LARGEST = 512 << 20
SUSPECT = 20 << 20
HIGHEST_RATIO = 200
LONGEST_CELL = 131_072
READ_AT_ONCE = 1 << 20
ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))


class Faulty(str):
    """A cell that has no value to read: an error of Excel, or a formula that was never calculated."""

    __slots__ = ()


def is_workbook(start: bytes) -> bool:
    return start.startswith((b"PK\x03\x04", OLE))


def records(path: Path, wanted_sheet: Iterable[str]) -> Iterator[Record]:
    """Line number and cells of every row that is not blank; raises UnreadableFile."""
    from openpyxl import load_workbook  # noqa: PLC0415  half a second that only a workbook is worth

    has_formulas = check(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = load_workbook(path, read_only=True, data_only=True)
            formulas = load_workbook(path, read_only=True) if has_formulas else None
    except Exception:  # noqa: BLE001  openpyxl raises whatever a broken part leads to
        raise UnreadableFile("corrupt") from None
    with closing(values):
        name = _sheet(values.sheetnames, wanted_sheet)
        written = formulas[name].iter_rows(values_only=True) if formulas else repeat(())
        yield from _rows(values[name].iter_rows(values_only=True), written)
        if formulas:
            formulas.close()


def _rows(values: Iterator[Any], written: Iterator[Any]) -> Iterator[Record]:
    line = 0
    while True:
        try:
            row = next(values, None)
            formulas = next(written, ())
        except Exception:  # noqa: BLE001  see above
            raise UnreadableFile("corrupt") from None
        line += 1
        if row is None:
            return
        cells = [_cell(value, line) for value in row]
        for position, formula in enumerate(formulas):
            if row[position] is None and isinstance(formula, str) and formula.startswith("="):
                cells[position] = Faulty(formula)
        if any(cell != "" for cell in cells):
            yield line, cells


def _cell(value: Any, line: int) -> Any:
    """Text for text and truth, exact numbers, dates; '' for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            raise UnreadableFile("cell_too_large", line=line, limit=LONGEST_CELL)
        return Faulty(value) if value in ERRORS else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Excel itself shows fifteen digits; the rest is the noise of binary fractions.
        return Decimal(format(value, ".15g"))
    return value if isinstance(value, int | datetime | date) else str(value)


def _sheet(names: list[str], wanted: Iterable[str]) -> str:
    if not names:
        raise UnreadableFile("empty")
    folded = {name.strip().casefold(): name for name in reversed(names)}
    return next((folded[name.casefold()] for name in wanted if name.casefold() in folded), names[0])


def check(path: Path) -> bool:
    """Whether it holds formulas. Raises UnreadableFile for what is no workbook, or would not fit when inflated."""
    with path.open("rb") as file:
        if file.read(4) == OLE:
            file.seek(0)
            raise UnreadableFile("encrypted" if ENCRYPTED in file.read(LARGEST) else "old_excel")
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile("not_a_workbook")
            _check_size(sum(part.file_size for part in archive.infolist()), path.stat().st_size)
            return _inflate(archive, path.stat().st_size)
    except (zipfile.BadZipFile, ZlibError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise UnreadableFile("corrupt") from None


def _inflate(archive: zipfile.ZipFile, packed: int) -> bool:
    """Inflate every part once, counting: what the archive declares need not be true."""
    inflated, formulas = 0, False
    for part in archive.infolist():
        with archive.open(part) as content:
            tail = b""
            while block := content.read(READ_AT_ONCE):
                inflated += len(block)
                _check_size(inflated, packed)
                if part.filename.endswith((".xml", ".rels")) and b"<!" in block and _declares(block):
                    raise UnreadableFile("corrupt")
                formulas = formulas or _is_formula(part.filename, tail + block)
                tail = block[-2:]
    return formulas


def _declares(block: bytes) -> bool:
    return b"<!DOCTYPE" in block or b"<!ENTITY" in block


def _is_formula(name: str, content: bytes) -> bool:
    return name.startswith("xl/worksheets/") and (b"<f>" in content or b"<f " in content or b"<f/" in content)


def _check_size(inflated: int, packed: int) -> None:
    if inflated > LARGEST or (inflated > SUSPECT and inflated > HIGHEST_RATIO * packed):
        raise UnreadableFile("too_large_inflated", limit=LARGEST >> 20)

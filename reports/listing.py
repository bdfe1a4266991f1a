"""A long list as a workbook: one sheet of rows, as many as there are, and one that says what each column means.

openpyxl makes the book around the rows; the rows pass by it into the file, a row at a time, so that their number
costs neither memory nor the time of a cell object each.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Generic, Literal, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.utils import get_column_letter as letter

from reports import cells, looks, palette
from reports.looks import Look
from reports.packing import EPOCH
from reports.pages import Column, Page
from words import Words

Row = TypeVar("Row")
Value = str | float | Decimal | date | None
Kind = Literal[
    "text", "day", "number", "tenths", "times", "percent", "share", "change", "signed", "shift", "points", "growth",
    "amount",
]  # fmt: skip
LINE = replace(looks.CELL, wrap=False)
KINDS: Mapping[Kind, tuple[Look, Callable[[Words], str]]] = {
    "text": (LINE, lambda _: "@"),
    "day": (looks.DAY, cells.day_format),
    "number": (looks.NUMBER, lambda _: cells.INTEGER),
    "tenths": (looks.NUMBER, lambda _: "0.0"),
    "times": (looks.NUMBER, lambda _: "0.00"),
    "percent": (looks.NUMBER, lambda _: cells.PERCENT),
    "share": (looks.NUMBER, lambda _: "0.0 %"),
    "change": (looks.NUMBER, lambda _: cells.CHANGE),
    "signed": (looks.NUMBER, lambda _: '"+"0.0;"−"0.0;0'),
    "shift": (looks.NUMBER, lambda _: '"+"0.00;"−"0.00;"="'),
    "points": (looks.NUMBER, lambda _: '"+"0.0" pp";"−"0.0" pp";"="'),
    "growth": (looks.NUMBER, lambda _: '"+"0.0 %;"−"0.0 %;"="'),
    "amount": (looks.NUMBER, lambda _: "#,##0.00"),
}
FIRST_SHEET = "xl/worksheets/sheet1.xml"
END, DIMENSION = "</sheetData>", re.compile(r"<dimension [^>]*/>")
ROW_HEIGHT = 18.0
MEANING = (30, 104)
BROAD = 14


@dataclass(frozen=True)
class Field(Generic[Row]):
    """A column: `means` is its definition; `states` gives the cells the colour of the state that they name.

    kind: of its values; a function where it differs by row.
    """

    title: str
    width: float
    value: Callable[[Row], Value]
    means: str
    kind: Kind | Callable[[Row], Kind] = "text"
    states: Mapping[str, str] | None = None


@dataclass(frozen=True)
class About:
    """What the list is: its title, whose accounts and which days, of which day, and its id in our records."""

    title: str
    scope: str
    day: date
    export_id: str
    notes: Sequence[str] = ()


Explain = Callable[[Page], None]


def workbook(
    about: About,
    fields: Sequence[Field[Row]],
    rows: Iterable[Row],
    words: Words,
    *,
    held: int = 2,
    explain: Explain | None = None,
) -> bytes:
    """`held`: how many columns stay in sight; `explain` adds to the sheet of definitions."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    page = _page(book, about, words, about.title, [field.width for field in fields], palette.CURTAIN)
    columns = [Column[Row](f.title, f.width, f.value, _look(f)) for f in fields]
    first, _ = page.table(columns, ())
    page.sheet.freeze_panes = f"{letter(held + 2)}{first}"
    page.repeat(first - 1)
    page.sheet.print_title_cols = f"A:{letter(held + 1)}"
    page.sheet.sheet_format.defaultRowHeight, page.sheet.sheet_format.customHeight = ROW_HEIGHT, True
    styles = _styles(page)
    _meaning(book, about, fields, words, explain)
    _name(book, about, words)
    page.printed(about.title, landscape=True)
    page.sheet.page_setup.fitToWidth = 1 if len(fields) <= BROAD else 2

    def finished(last: int) -> None:
        _close(page, fields, first, max(first, last))

    return _packed(book, _rows(fields, rows, styles, first), first, finished)


def _page(book: Workbook, about: About, words: Words, title: str, widths: Sequence[float], colour: str) -> Page:
    sheet = book.create_sheet(title)
    sheet.sheet_properties.tabColor = colour
    page = Page(sheet, words, widths)
    subtitle = f"{about.scope} · {words.day(about.day)} · {words._('Internal: not for customers, guests or partners')}"
    for text, look, high in ((title, looks.HEADING, 34.0), (subtitle, replace(looks.SUBTITLE, wrap=False), 22.0)):
        for column in range(1, page.last + 2):
            page.put(column, text if column == 2 else None, look)
        page.end_row(high)
    page.gap(8)
    return page


def _look(field: Field[Any]) -> Look:
    return KINDS[field.kind][0] if isinstance(field.kind, str) else looks.NUMBER


def _styles(page: Page) -> dict[Kind, tuple[int, int]]:
    """Of each kind the number of its style, and of the same for a text that looks like a formula.

    A row is drawn for it and taken away again: what a cell once had stays in the book's list of styles.
    """
    found: dict[Kind, tuple[int, int]] = {}
    for index, (kind, (look, number_format)) in enumerate(KINDS.items(), start=1):
        page.put(index, None, look)
        cell = page.sheet.cell(page.row, index)
        cell.number_format = number_format(page.words)
        plain = cell.style_id
        cell.quotePrefix = True
        found[kind] = (plain, cell.style_id)
    page.sheet.delete_rows(page.row)
    return found


def _rows(
    fields: Sequence[Field[Row]], rows: Iterable[Row], styles: Mapping[Kind, tuple[int, int]], first: int
) -> Iterator[str]:
    drawn = [_drawing(letter(index), field, styles) for index, field in enumerate(fields, start=2)]
    for number, row in enumerate(rows, start=first):
        yield f'<row r="{number}">{"".join([draw(row, number) for draw in drawn])}</row>'


def _drawing(place: str, field: Field[Row], styles: Mapping[Kind, tuple[int, int]]) -> Callable[[Row, int], str]:
    value, kind = field.value, field.kind
    if isinstance(kind, str):
        style, quoted = styles[kind]
        return lambda row, number: cells.element(f"{place}{number}", value(row), style, quoted)
    return lambda row, number: cells.element(f"{place}{number}", value(row), *styles[kind(row)])


def _meaning(book: Workbook, about: About, fields: Sequence[Field[Any]], words: Words, explain: Explain | None) -> None:
    """What the file is, who may not read it, and what each column says."""
    page = _page(book, about, words, words._("Definitions"), MEANING, palette.TAB)
    page.section(words._("This file"))
    for note in (
        words._("It covers: {scope}; as of {day}.", scope=about.scope, day=words.day(about.day)),
        *about.notes,
        words._(
            "It holds scores, amounts and renewal calls: it is not for customers, guests, partners or shared channels."
        ),
        words._("It was recorded as export {id}.", id=about.export_id),
    ):
        page.merge(note, looks.CELL, high=22)
    page.gap(14)
    page.section(words._("Columns"))
    page.table(
        [
            Column[Field[Any]](words._("Column"), MEANING[0], lambda field: field.title),
            Column[Field[Any]](words._("What it says"), MEANING[1], lambda field: field.means),
        ],
        fields,
    )
    if explain:
        page.gap(14)
        explain(page)
    page.printed(about.title, landscape=True)


def _close(page: Page, fields: Sequence[Field[Any]], first: int, last: int) -> None:
    """What can be said only when the last row is known."""
    sheet = page.sheet
    sheet.auto_filter.ref = f"B{first - 1}:{letter(len(fields) + 1)}{last}"
    sheet.print_area = f"A1:{letter(page.last + 1)}{last}"
    for index, field in enumerate(fields, start=2):
        where = letter(index)
        texts = {state: said.replace('"', '""') for state, said in (field.states or {}).items()}
        page.colour_if(f"{where}{first}:{where}{last}", {s: f'${where}{first}="{said}"' for s, said in texts.items()})


def _name(book: Workbook, about: About, words: Words) -> None:
    """Document properties: what it is and of which day; nobody's name."""
    written = book.properties
    written.creator = written.lastModifiedBy = "Apuntador"
    written.title = about.title
    written.language = str(words.locale).replace("_", "-")
    written.created = datetime.combine(about.day, time())


def _packed(book: Workbook, rows: Iterator[str], first: int, finished: Callable[[int], None]) -> bytes:
    """The book is written twice, before and after its rows: what stands behind them names the last one."""
    packed, last = BytesIO(), first - 1
    before = _written(book)
    start = DIMENSION.sub("", before.read(FIRST_SHEET).decode()).split(END)[0]
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        target.writestr(_entry("[Content_Types].xml"), before.read("[Content_Types].xml"))
        with target.open(_entry(FIRST_SHEET), "w") as sheet:
            sheet.write(start.encode())
            for last, row in enumerate(rows, start=first):  # noqa: B007  the last row is told to `finished`
                sheet.write(row.encode())
            finished(last)
            after = _written(book)
            sheet.write((END + after.read(FIRST_SHEET).decode().split(END)[1]).encode())
        for name in after.namelist():
            if name not in {FIRST_SHEET, "[Content_Types].xml"}:
                target.writestr(_entry(name), after.read(name))
    return packed.getvalue()


def _written(book: Workbook) -> ZipFile:
    written = BytesIO()
    book.save(written)
    return ZipFile(written)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, EPOCH)
    entry.compress_type = ZIP_DEFLATED
    return entry

"""One sheet while it is written: rows that fit their text, tables from columns, print set-up."""

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any, Generic, TypeVar

from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBar, FormatObject, Rule
from openpyxl.utils import absolute_coordinate
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports import looks, palette
from reports.cells import write
from reports.looks import Look
from words import Words

Row = TypeVar("Row")
LETTER_PAPER = {"US", "CA", "MX", "CO", "CL", "CR", "GT", "NI", "PA", "PH", "PR", "SV", "VE"}
A4, LETTER = "9", "1"
HIGHEST = 405.0
LINES = 24
# Letters are narrower than the digits that a column is measured in.
WIDER = 1.15
BOLDER, INDENT = 1.08, 1.3
FILTERED_FROM = 8
MARGIN, UPRIGHT = 2.0, 120.0
NOTE_LINE = 18


@dataclass(frozen=True)
class Column(Generic[Row]):
    """about: explains it in a comment; choices: a range of the words that it takes; whole: its text is never cut."""

    title: str
    width: float
    value: Callable[[Row], Any]
    look: Look = looks.CELL
    about: str = ""
    choices: str = ""
    whole: bool = False


class Page:
    """`shown` holds the results of its formulas by cell. The first and the last column are margins."""

    def __init__(self, sheet: Worksheet, words: Words, widths: Sequence[float]) -> None:
        self.sheet, self.words, self.widths = sheet, words, (MARGIN, *widths, MARGIN)
        self.shown: dict[str, Any] = {}
        self.row = 1
        for index, width in enumerate(self.widths, start=1):
            sheet.column_dimensions[letter(index)].width = width
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.zoomScale = 100

    @property
    def wide(self) -> bool:
        """Too wide for an upright page."""
        return sum(self.widths) > UPRIGHT

    @property
    def last(self) -> int:
        """The last column of the content."""
        return len(self.widths) - 1

    def put(self, column: int, value: Any, look: Look = looks.PLAIN, *, row: int | None = None) -> str:
        """Writes one cell of the current row; its address."""
        cell = self.sheet.cell(row or self.row, column)
        cell.font, cell.fill = look.font(), look.background()
        cell.alignment, cell.border = look.alignment(), look.border()
        if not look.locked:
            cell.protection = look.protection()
        shown = write(cell, value, self.words)  # type: ignore[arg-type]
        if shown is not None:
            self.shown[cell.coordinate] = shown
        return str(cell.coordinate)

    def merge(self, value: Any, look: Look, *, first: int = 2, last: int | None = None, high: float = 20) -> None:
        """One value over several columns of the current row, as high as its text; then the next row."""
        last = last or self.last
        text, space = value, sum(self.widths[first - 1 : last])
        if isinstance(value, str):
            text = shorten(value, space * 11 / look.size)
            high = max(high, height(text, space, look.size))
        for column in range(first, last + 1):
            self.put(column, text if column == first else None, look)
        if last > first:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=first, end_column=last)
        self.end_row(high)

    def end_row(self, high: float = 20) -> None:
        self.sheet.row_dimensions[self.row].height = min(max(high, self._height_of_row()), HIGHEST)
        self.row += 1

    def gap(self, high: float = 10) -> None:
        self.sheet.row_dimensions[self.row].height = high
        self.row += 1

    def band(self, title: str, subtitle: str, look: Look = looks.HEADING) -> None:
        """The dark band at the top, over the whole width."""
        for text, style, high in ((title, look, 34.0), (subtitle, looks.SUBTITLE, 22.0)):
            self.put(1, None, style)
            self.put(self.last + 1, None, style)
            self.merge(text, style, high=high)
        self.gap(8)

    def dated(self, day: date, export_id: str = "") -> str:
        """The day from which days left are counted, in a cell that may be changed; its address for formulas."""
        self.put(2, self.words._("As of"), looks.LABEL_RIGHT)
        place = self.put(3, day, looks.EDIT_DAY)
        if export_id:
            self.put(4, self.words._("Export"), looks.LABEL_RIGHT)
            self.put(5, export_id, replace(looks.NOTE, wrap=False))
        self.end_row(20)
        self.gap(6)
        return absolute_coordinate(place)

    def section(self, title: str) -> None:
        self.merge(title, looks.SECTION, high=24)

    def note(self, text: str) -> None:
        self.merge(text, looks.NOTE, high=22)

    def table(self, columns: Sequence[Column[Row]], rows: Iterable[Row], *, high: float = 21) -> tuple[int, int]:
        """Header and rows; the first and last row of the data, last < first where there is none."""
        for index, column in enumerate(columns, start=2):
            self.put(index, column.title, replace(looks.HEADER, across=column.look.across, indent=column.look.indent))
            if column.about:
                self.explain(index, column.about)
        self._fill(len(columns) + 2, looks.HEADER)
        self.end_row(24)
        first = self.row
        for item in rows:
            for index, column in enumerate(columns, start=2):
                self.put(index, self._fitting(column.value(item), column), column.look)
            self._fill(len(columns) + 2, looks.CELL)
            self.end_row(high)
        for index, column in enumerate(columns, start=2):
            if column.choices and self.row > first:
                self.offer(f"{letter(index)}{first}:{letter(index)}{self.row - 1}", column.choices)
        return first, self.row - 1

    def explain(self, column: int, text: str) -> None:
        """A comment on a cell of the current row."""
        said = Comment(text, "Apuntador", height=NOTE_LINE * (len(text) // 34 + 2), width=240)
        self.sheet.cell(self.row, column).comment = said

    def offer(self, area: str, choices: str) -> None:
        """A list to choose from; what is not in it is refused when the plan is read back, not while it is typed."""
        self.sheet.add_data_validation(
            DataValidation(type="list", formula1=choices, allow_blank=True, sqref=area, showErrorMessage=False)
        )

    def filter(self, header: int, first: int, last: int, columns: int) -> None:
        """Arrows in the header, where there is enough to choose from."""
        if last - first >= FILTERED_FROM:
            self.sheet.auto_filter.ref = f"B{header}:{letter(columns + 1)}{last}"

    def freeze(self, row: int | None = None) -> None:
        """The rows above stay in sight; the last of them is printed again on every page."""
        row = row or self.row
        self.sheet.freeze_panes = f"A{row}"
        if row != self.row:
            self.repeat(row - 1)

    def repeat(self, row: int) -> None:
        """Printed again on every page."""
        self.sheet.print_title_rows = f"{row}:{row}"

    def colour_if(self, area: str, conditions: Mapping[str, str]) -> None:
        """State colours by condition; the first that holds wins."""
        for state, condition in conditions.items():
            rule = Rule(type="expression", dxf=looks.tinted(state), formula=[condition], stopIfTrue=True)
            self.sheet.conditional_formatting.add(area, rule)

    def bars(self, area: str, colour: str) -> None:
        """Shares of one as bars: no longer than the cell, and none below zero; the number in it is as it is."""
        ends = [FormatObject(type="num", val=value) for value in (0, 1)]
        bar = Rule(type="dataBar", dataBar=DataBar(cfvo=ends, color=colour, minLength=0, maxLength=100))
        self.sheet.conditional_formatting.add(area, bar)

    def printed(self, foot: str, *, landscape: bool, one_page: bool = False) -> None:
        sheet = self.sheet
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize = LETTER if self.words.locale.territory in LETTER_PAPER else A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(one_page)
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top, margins.bottom, margins.footer = 0.5, 0.7, 0.3
        sheet.print_area = f"A1:{letter(self.last + 1)}{max(sheet.max_row, self.row - 1)}"
        self._foot(foot)

    def _fill(self, first: int, look: Look) -> None:
        """A table narrower than its sheet goes on, empty, to the edge."""
        for column in range(first, self.last + 1):
            self.put(column, None, look)

    def _foot(self, text: str) -> None:
        shown = one_line(text, 80).replace("&", "&&")
        pages = self.words._("Page {page} of {pages}", page="&P", pages="&N")
        footer: Any = self.sheet.oddFooter
        for part, said in ((footer.left, shown), (footer.right, pages)):
            part.text, part.size, part.font, part.color = said, 8, f"{looks.FONT},Regular", palette.MUTED

    def _fitting(self, value: Any, column: Column[Any]) -> Any:
        return shorten(value, column.width) if isinstance(value, str) and not column.whole else value

    def _height_of_row(self) -> float:
        merged = {cell for area in self.sheet.merged_cells.ranges if area.min_row == self.row for cell in area.left[:1]}
        cells = [self.sheet.cell(self.row, column) for column in range(2, self.last + 1)]
        return max(
            (
                height(cell.value, self._room(cell), cell.font.size or 11)
                for cell in cells
                if isinstance(cell.value, str) and cell.alignment.wrap_text and (cell.row, cell.column) not in merged
            ),
            default=0,
        )

    def _room(self, cell: Any) -> float:
        """The width of a cell for its text; bold letters are wider."""
        room: float = self.widths[cell.column - 1] - INDENT * (cell.alignment.indent or 0)
        return room / BOLDER if cell.font.bold else room


def shorten(text: str, width: float, *, lines: int = LINES) -> str:
    """Cut where a row could not show it, with the sign that it goes on."""
    room = int(width) * lines
    if len(text) <= room and text.count("\n") < lines:
        return text
    kept = "\n".join(text[:room].split("\n")[:lines])
    return kept[: room - 1].rstrip() + "…"


def one_line(text: str, room: int) -> str:
    return shorten(re.sub(r"\s+", " ", text).strip(), room, lines=1)


def height(text: str, width: float, size: float) -> float:
    """Points that a text needs in a column so wide."""
    across = max(int(width * WIDER * 11 / size), 1)
    lines = sum(max(len(textwrap.wrap(line, across)), 1) for line in text.split("\n"))
    return ceil(lines * size * 1.36 + 4)

"""A long list as a workbook: read again with openpyxl, it holds what went in, and nothing runs."""

import gc
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports.cells import LONGEST, clean
from reports.listing import About, Field, workbook
from words import spoken

ABOUT = About("Portfolio", "all accounts", date(2026, 11, 23), "abc123", notes=("Scores of last night.",))
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "#N/A", "a & <b>", "_x0041_", " led ", "1\n2")
FIRST = 5
ESCAPED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")


@dataclass
class Held:
    name: str | None = None
    on: date | None = None
    amount: Decimal | None = None
    share: Decimal | None = None
    state: str | None = None


FIELDS = [
    Field[Held]("Name", 30, lambda row: row.name, "What it is called."),
    Field[Held]("Day", 12, lambda row: row.on, "When.", "day"),
    Field[Held]("Amount", 12, lambda row: row.amount, "How much.", "amount"),
    Field[Held]("Share", 12, lambda row: row.share, "Of how much.", lambda row: "percent" if row.on else "times"),
    Field[Held]("Colour", 12, lambda row: row.state, "The colour.", states={"red": "red", "green": "green"}),
]


def opened(*rows: Held, locale: str = "en-GB"):
    return load_workbook(BytesIO(workbook(ABOUT, FIELDS, iter(rows), spoken(locale))))


@given(st.text() | st.sampled_from(HOSTILE))
@settings(max_examples=30, deadline=None)
def test_a_text_stays_the_text_that_it_was(text: str) -> None:
    cell = opened(Held(name=text)).worksheets[0].cell(FIRST, 2)
    assert ESCAPED.sub("_", cell.value or "") == clean(text)
    assert cell.data_type in {"s", "n"}
    assert cell.data_type == "s" or cell.value is None


@pytest.mark.parametrize("text", HOSTILE[:6])
def test_what_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    cell = opened(Held(name=text)).worksheets[0].cell(FIRST, 2)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (clean(text), "s", True)


def test_days_and_numbers_are_what_they_are_and_look_so() -> None:
    sheet = opened(Held("Acme", date(2027, 1, 31), Decimal("1234.50"), Decimal("0.5")), Held(share=Decimal("1.25")),
                   Held(on=date(1800, 1, 1)), locale="es-MX").worksheets[0]  # fmt: skip
    day, amount, share = (sheet.cell(FIRST, column) for column in (3, 4, 5))
    assert (day.value.date(), amount.value, share.value) == (date(2027, 1, 31), 1234.5, 0.5)
    assert (day.is_date, day.number_format) == (True, "[$-80A]d mmm yyyy")
    assert (amount.number_format, share.number_format) == ("#,##0.00", "0 %")
    assert (sheet.cell(FIRST + 1, 5).value, sheet.cell(FIRST + 1, 5).number_format) == (1.25, "0.00")
    assert sheet.cell(FIRST + 2, 3).value == "1800-01-01"


def test_the_header_stays_in_sight_and_the_filter_reaches_the_last_row() -> None:
    sheet = opened(*(Held(f"a{n}", state="red") for n in range(30))).worksheets[0]
    assert [sheet.cell(FIRST - 1, column).value for column in range(2, 7)] == [field.title for field in FIELDS]
    assert sheet.freeze_panes == f"D{FIRST}"
    assert sheet.auto_filter.ref == f"B{FIRST - 1}:F{FIRST + 29}"
    assert sheet.print_title_rows == f"${FIRST - 1}:${FIRST - 1}"
    assert [str(area.sqref) for area in sheet.conditional_formatting] == [f"F{FIRST}:F{FIRST + 29}"]
    assert sheet.column_dimensions["B"].width == 30


def test_it_says_what_it_is_who_may_not_read_it_and_what_each_column_means() -> None:
    book = opened(Held("Acme"))
    first, second = (
        "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
        for sheet in book.worksheets
    )
    assert "all accounts · 23 Nov 2026 · Internal: not for customers, guests or partners" in first
    for said in ("Scores of last night.", "abc123", "shared channels", *(f"{f.title}\n{f.means}" for f in FIELDS)):
        assert said in second
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("Apuntador", "Apuntador")


def test_without_rows_there_is_still_a_file() -> None:
    sheet = opened().worksheets[0]
    assert sheet.max_row in {FIRST - 1, FIRST}
    assert sheet.auto_filter.ref == f"B{FIRST - 1}:F{FIRST}"


def test_the_longest_text_fits_a_cell() -> None:
    assert len(opened(Held(name="x" * 40_000)).worksheets[0].cell(FIRST, 2).value) == LONGEST


def test_a_reader_of_streams_finds_every_row() -> None:
    content = workbook(ABOUT, FIELDS, (Held(f"a{n}") for n in range(40)), spoken("en-GB"))
    rows = load_workbook(BytesIO(content), read_only=True).worksheets[0].iter_rows(min_row=FIRST, values_only=True)
    assert [row[1] for row in rows] == [f"a{n}" for n in range(40)]
    assert ZipFile(BytesIO(content)).namelist()[0] == "[Content_Types].xml"


def test_rows_pass_through_and_are_not_held() -> None:
    alive = []

    def rows():
        for number in range(3000):
            if number % 500 == 0:
                gc.collect()
                alive.append(sum(isinstance(each, Held) for each in gc.get_objects()))
            yield Held(f"a{number}")

    workbook(ABOUT, FIELDS, rows(), spoken("en-GB"))
    assert max(alive) <= min(alive) + 2

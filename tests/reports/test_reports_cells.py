"""Whatever a person typed stays text, and numbers look as in the reader's country."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from domain.money import Money
from reports.cells import LONGEST, Change, Formula, clean, day_format, money_format, write
from words import spoken

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "#N/A",
    "=cmd|' /C calc'!A0",
    "TRUE",
    "12/01",
)
texts = st.text() | st.builds(str.__add__, st.sampled_from(HOSTILE), st.text())


def reread(value):
    book = Workbook()
    write(book.active["A1"], value, spoken("en-GB"))
    written = BytesIO()
    book.save(written)
    return load_workbook(written).active["A1"]


def as_excel_shows(stored):
    """openpyxl leaves _xHHHH_ in a cell as it is written; Excel and LibreOffice decode it."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), stored)


@settings(deadline=None)
@given(texts)
def test_any_text_comes_back_as_text(text):
    cell = reread(text)
    assert as_excel_shows(cell.value or "") == clean(text)
    assert cell.data_type == ("s" if clean(text) else "n")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_starts_like_a_formula_is_marked_as_text(text):
    cell = reread(text)
    assert cell.data_type == "s"
    assert cell.quotePrefix or text[0] not in "=+-@\t\r\n＝"


def test_an_escape_of_excel_is_not_read_as_one():
    assert reread("_x0041_").value == "_x005F_x0041_"


def test_what_xml_cannot_hold_is_left_out_and_the_rest_is_cut():
    assert clean("a\x00\x0b\ud800b\r\nc") == "ab\nc"
    assert len(clean("😀" * 40_000).encode("utf-16-le")) // 2 <= LONGEST
    assert len(reread("x" * 10_000_000).value) == LONGEST


@pytest.mark.parametrize(
    ("locale", "day", "money"),
    [
        ("es-ES", "[$-C0A]d mmm yyyy", "#,##0 [$US$-C0A]"),
        ("es-MX", "[$-80A]d mmm yyyy", "[$US$-80A]#,##0"),
        ("en-GB", "[$-809]d mmm yyyy", "[$US$-809]#,##0"),
        ("en-US", "[$-409]d mmm yyyy", "[$US$-409]#,##0"),
    ],
)
def test_formats_by_country(locale, day, money):
    assert day_format(spoken(locale)) == day
    assert money_format(spoken(locale), "USD") == money


def test_a_currency_is_not_trusted():
    assert money_format(spoken("en-GB"), 'A"]B') == "[$AB-809] #,##0"


@pytest.mark.parametrize(
    ("value", "raw", "shown_as"),
    [
        (Decimal("3.50"), 3.5, "#,##0.0"),
        (7, 7, "#,##0"),
        (Change(-3), -3, '"+"0;"−"0;"="'),
        (Money(Decimal("1.50"), "EUR"), 1.5, "[$€-809]#,##0.00"),
        (date(1812, 6, 24), "1812-06-24", "@"),
        (True, "yes", "@"),
    ],
)
def test_values_are_real_numbers(value, raw, shown_as):
    cell = reread(value)
    assert (cell.value, cell.number_format) == (raw, shown_as)


def test_a_formula_says_what_it_shows():
    book = Workbook()
    shown = write(book.active["B4"], Formula("=A{row}*2", 8), spoken("en"))
    assert (book.active["B4"].value, shown) == ("=A4*2", 8)

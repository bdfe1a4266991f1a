"""A plan is found again in whatever a spreadsheet made of it."""

from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from reports.edited_plan import Unreadable, read
from reports.plan import workbook
from tests.reports import acme_work
from words import spoken

PLANS = {locale: workbook(acme_work.acme(locale[:2]), spoken(locale)) for locale in ("en-GB", "es-MX")}


def saved(book):
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def values(content):
    return {
        (row.entity, row.row_id): {name: raw.value for name, raw in row.cells.items()} for row in read(content).rows
    }


@pytest.mark.parametrize("locale", PLANS)
def test_rows_are_found_by_their_ids_and_columns_by_their_headers(locale):
    found = values(PLANS[locale])
    assert all(row_id for _, row_id in found)
    assert found["goals", "P1"]["current"] == Decimal("0.555")
    assert set(found["tasks", "P1-T4"]) == {"due_on", "owner", "hours", "status", "note"}
    assert found["tasks", "P1-T4"]["owner"] == "Ana Ruiz"
    assert set(found["renewal_calls", "2027-03-31"]) == {"call", "reason"}
    assert {entity for entity, _ in found} == {"outcomes", "goals", "tasks", "contacts", "renewal_calls"}


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(PLANS)))
def test_neither_the_order_of_sheets_rows_and_columns_nor_their_names_matter(random, locale):
    book = load_workbook(BytesIO(PLANS[locale]))
    turned = Workbook()
    for sheet in random.sample(book.worksheets, len(book.worksheets)):
        copy = turned.create_sheet(f"S{len(turned.worksheets)}")
        columns = random.sample(range(1, sheet.max_column + 1), sheet.max_column)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and cell.data_type != "f":
                    other = copy.cell(cell.row, columns[cell.column - 1])
                    other.value, other.number_format = cell.value, cell.number_format
    stood = {key: row for key, row in values(PLANS[locale]).items() if key[1]}
    turned.worksheets[0].cell(30, 1).value = "Export"
    turned.worksheets[0].cell(30, 2).value = "0123456789abcdef"
    assert {key: row for key, row in values(saved(turned)).items() if key[1]} == stood


def test_a_workbook_without_an_export_id_is_none_of_ours():
    with pytest.raises(Unreadable, match="no_export_id"):
        read(saved(Workbook()))


def test_a_column_of_ids_that_is_gone_is_said():
    book = load_workbook(BytesIO(PLANS["en-GB"]))
    sheet = book["Tasks"]
    sheet.delete_cols(next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "Row"))
    found = read(saved(book))
    assert found.without_ids == ("Tasks",)
    assert "tasks" not in found.entities


def test_new_rows_have_no_id_and_may_say_more():
    book = load_workbook(BytesIO(PLANS["es-MX"]))
    sheet = book["Tareas"]
    row = next(row for row in range(1, 60) if sheet.cell(row, 2).value is None and sheet.cell(row - 1, 14).value)
    sheet.cell(row, 3).value = "Llamar a Jorge"
    (new,) = [each for each in read(saved(book)).rows if each.row_id is None]
    assert new.cells["title"].value == "Llamar a Jorge"
    assert new.cells["title"].place.cell == f"C{row}"

"""The account plan as it is read again: what stands where, and how it looks on paper."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from reports.plan import EXPORT_ID, workbook
from reports.values import Point, Touch
from tests.reports import acme_plan, acme_work
from words import spoken

LOCALES = ("en-GB", "en-US", "es-ES", "es-MX")
PLANS = {
    "acme": acme_plan.acme,
    "empty": acme_plan.empty,
    "long": acme_plan.long_named,
    "many": acme_plan.many_contracts,
    "silent": acme_plan.silent,
    "work": acme_work.acme,
    "crowded": acme_work.crowded,
}


def opened(plan, locale="en-GB", *, values=False, safe=False):
    return load_workbook(BytesIO(workbook(plan, spoken(locale), customer_safe=safe)), data_only=values)


def texts(book):
    return [c.value for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("safe", [False, True])
def test_every_sheet_is_fit_to_be_read_and_printed(name, safe):
    book = opened(PLANS[name](), "es-MX", safe=safe)
    assert len({sheet.title for sheet in book}) == len(book.worksheets)
    for sheet in book:
        assert sheet.freeze_panes
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not sheet.sheet_view.showGridLines
        assert "&P" in sheet.oddFooter.right.text
        assert sheet.print_area
        assert sheet.sheet_state == "visible"
        assert all(sheet.column_dimensions[get_column_letter(c)].width for c in range(1, sheet.max_column + 1))
        assert all((row.height or 15) <= 409 for row in sheet.row_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_numbers_and_dates_are_real(locale):
    book = opened(acme_plan.acme(), locale, values=True)
    sheet = next(sheet for sheet in book if sheet.title in {"Contracts", "Contratos"})
    row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "Ledger")
    assert (row[3].year, row[5], row[6], row[7]) == (2026, 100, 40800, 3400)


def test_the_points_add_up_to_the_score():
    plan = acme_plan.acme()
    book = opened(plan)
    values = opened(plan, values=True)
    row = next(r for r in book["Health"].iter_rows() if r[1].value == "Health score")
    assert row[2].value.startswith("=SUM(")
    assert values["Health"][row[2].coordinate].value == plan.health.score
    assert values["Health"][row[3].coordinate].value == 100


def test_outcomes_carry_their_row_and_a_live_progress():
    plan = acme_plan.acme()
    book, values = opened(plan), opened(plan, values=True)
    rows = [row for row in book["Outcomes"].iter_rows(values_only=True) if row[12] in {"o-311", "o-312"}]
    assert len(rows) == 2
    assert all(str(row[7]).startswith("=IF(") for row in rows)
    shown = [row[7] for row in values["Outcomes"].iter_rows(values_only=True) if row[12] == "o-312"]
    assert shown == [pytest.approx(13 / 14)]


@pytest.mark.parametrize("safe", [False, True])
def test_the_export_id_has_a_name_and_stands_in_sight(safe):
    book = opened(acme_plan.acme("es"), "es-MX", safe=safe)
    (place,) = book.defined_names[EXPORT_ID].destinations
    assert book[place[0]][place[1].replace("$", "")].value == "exp-2026-000417"


def test_a_long_name_is_whole_on_the_first_sheet():
    plan = acme_plan.long_named()
    book = opened(plan)
    assert book.worksheets[0]["B1"].value == plan.account.name
    assert all(len(sheet["B2"].value) < 120 for sheet in book.worksheets[1:])
    assert "&&" in book.worksheets[0].oddFooter.left.text


def test_totals_by_currency_are_one_range_each():
    sheet = opened(acme_plan.many_contracts())["Contracts"]
    sums = [c.value for row in sheet.iter_rows() for c in row if str(c.value).startswith("=SUM(G")]
    assert len(sums) == 2
    assert all("," not in formula for formula in sums)


def test_nothing_known_is_said():
    said = texts(opened(acme_plan.empty()))
    assert "No contract is known." in said
    assert "No score has been stored yet." in said
    assert not any("None" in text for text in said)


def test_without_a_score_no_points_are_shown():
    plan = acme_plan.silent()
    assert plan.health.state == "unknown"
    sheet = opened(plan)["Health"]
    assert not any(isinstance(cell.value, int) for row in sheet.iter_rows() for cell in row)
    assert any("not enough data" in text for text in texts(opened(plan)))


def test_what_people_typed_is_never_a_formula():
    known = acme_plan.facts()
    evil = '=HYPERLINK("http://evil.example","click")'
    account = replace(known.account, name=evil, segment=evil, tier="@x")
    outcomes = tuple(replace(outcome, statement=evil, measure="+1") for outcome in known.outcomes)
    plan = acme_plan.plan_of(
        replace(known, account=account, outcomes=outcomes),
        csm=evil,
        touches=[Touch(acme_plan.DAY, evil, evil, evil, evil, evil, evil)],
    )
    book = opened(plan)
    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert not any("HYPERLINK" in formula for formula in formulas)
    assert sum(c.value == evil for sheet in book for row in sheet.iter_rows() for c in row) > 5


def test_only_one_place_puts_values_into_cells():
    from pathlib import Path

    import reports

    files = Path(reports.__file__).parent.rglob("*.py")
    assert [file.name for file in files if ".value = " in file.read_text(encoding="utf-8")] == ["cells.py"]


def test_the_same_plan_gives_the_same_file():
    assert workbook(acme_plan.acme(), spoken("es-MX")) == workbook(acme_plan.acme(), spoken("es-MX"))


def test_both_languages_say_their_own_words():
    english, spanish = (set(texts(opened(acme_plan.acme(), locale))) for locale in ("en-GB", "es-ES"))
    assert "Adoption" in english
    assert "Adopción" in spanish


def test_a_long_history_is_thinned_to_weeks_with_the_last_day():
    sheet = opened(acme_plan.acme())["History"]
    days = [row[1] for row in sheet.iter_rows(values_only=True) if hasattr(row[1], "year")]
    assert len(days) < 70
    assert days[-1].date() == acme_plan.DAY


def test_one_day_of_history_is_enough_for_a_chart():
    plan = acme_plan.plan_of(acme_plan.facts(), series=[Point(acme_plan.DAY, 58, "yellow")])
    with ZipFile(BytesIO(workbook(plan, spoken("en")))) as archive:
        assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) == 2


def test_a_goal_is_followed_month_by_month_in_a_chart():
    book = opened(acme_work.acme(), values=True)
    sheet = book["Follow-up"]
    dated = [row for row in sheet.iter_rows(values_only=True) if hasattr(row[1], "month") and row[2] is not None]
    months = {row[1].month: row[2:5] for row in reversed(dated)}
    actual, expected, gap = months[11]
    assert actual == 0.555
    assert expected == pytest.approx(0.51 + 0.19 * 91 / 178)
    assert gap == pytest.approx(actual - expected)
    assert len(opened(acme_work.acme())["Follow-up"]._charts) == 2


def test_the_last_chart_is_printed_whole():
    sheet = opened(acme_work.acme())["Follow-up"]
    bottom = max(chart.anchor.to.row for chart in sheet._charts)
    assert int(sheet.print_area.rpartition("$")[2]) >= bottom


def test_goals_show_progress_days_left_and_what_is_smart():
    shown = opened(acme_work.acme(), values=True)["Goals"]
    rows = {row[13]: row for row in shown.iter_rows(values_only=True)}
    assert rows["P1"][8] == pytest.approx(4.5 / 19)
    assert rows["P1"][10] == 95
    assert rows["P2"][8] == 1
    letters = [(row[2], row[3]) for row in shown.iter_rows(values_only=True) if row[3] in {"✓", "✗", "?"}]
    assert ("specific", "✓") in letters
    assert len(letters) == 6


def test_the_calendar_counts_the_tasks_of_each_month_on_each_side():
    shown = opened(acme_work.acme(), values=True)["Calendar"]
    months = {row[1].date(): row for row in shown.iter_rows(values_only=True) if hasattr(row[1], "year")}
    december = months[date(2026, 12, 1)]
    assert (december[2], december[4], december[6]) == (1, 0, 1)
    assert "3 · meeting · Kick-off" in december[3]
    assert len(months) == 12


def test_the_blueprint_has_a_lane_each_and_the_line_of_visibility():
    book = opened(acme_work.acme())
    rows = list(book["Blueprint"].iter_rows(min_row=5))
    call = next(row for row in rows if row[3].value and "Call with the champion" in row[3].value)
    assert (call[4].value, call[8].value) == ("not ready", "Sid · 3 Dec")
    assert {row[5].fill.fgColor.rgb[-6:] for row in rows if row[1].value} == {"5B1A2E"}


def test_what_may_be_edited_is_light_and_unlocked_and_the_rest_is_not():
    sheet = opened(acme_work.acme())["Tasks"]
    row = next(row for row in sheet.iter_rows() if row[13].value == "P1-T4")
    unlocked = [cell.column_letter for cell in row if not cell.protection.locked]
    assert unlocked == ["B", "G", "H", "I", "L"]
    assert {cell.fill.fgColor.rgb[-6:] for cell in row if not cell.protection.locked} == {"EAF2FB"}
    assert {str(each.sqref).split(":")[0][:1] for each in sheet.data_validations.dataValidation} == set("DEFGI")
    assert sum(cell.comment is not None for each in sheet.iter_rows() for cell in each) == 6


def test_renewals_are_weighed_by_the_call_that_holds():
    shown = opened(acme_work.acme(), values=True)["Renewal"]
    row = next(row for row in shown.iter_rows(values_only=True) if row[12] == "2027-03-31")
    assert (row[5], row[10], row[11]) == (40800, 0.8, 32640)
    total = next(row for row in shown.iter_rows(values_only=True) if row[1] == "In USD")
    assert total[11] == pytest.approx(48000.5 * 0.8)
    assert total[10] == pytest.approx(0.8)


def test_only_the_last_touches_newest_first():
    sheet = opened(acme_plan.acme())["Touches"]
    days = [row[1] for row in sheet.iter_rows(values_only=True) if hasattr(row[1], "year")]
    assert len(days) == 25
    assert days == sorted(days, reverse=True)

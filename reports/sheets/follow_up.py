"""Whether the goals move: each month against the straight way from baseline to target, and its chart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.worksheet.pagebreak import Break

from domain.days import add_months
from reports import looks, palette
from reports.cells import Formula, Ratio, month_format
from reports.pages import Page, one_line
from reports.plan_lines import GoalLine
from reports.values import Plan

WIDTHS = (16, 14, 16, 14, 14, 12, 12, 12, 12)
MOST, LEAST_ROWS, MOST_MONTHS = 8, 9, 18
HEAD_ROWS, ROWS_OF_A_PAGE, LONGEST = 6, 31, 95
HUNDRED = 100


def write(page: Page, plan: Plan) -> None:
    words = page.words
    page.freeze()
    goals = [line for line in plan.work.goals if line.goal.baseline is not None][:MOST]
    if not goals:
        page.note(words._("Nothing to follow yet: no goal has a baseline and a target."))
        return
    used = 0
    for line in goals:
        months = len(_months(line))
        high = HEAD_ROWS + (max(months, LEAST_ROWS) if months > 1 else 1)
        if used and used + high > ROWS_OF_A_PAGE:
            page.sheet.row_breaks.append(Break(id=page.row - 1))
            used = 0
        used += high
        _goal(page, line)
        page.gap(16)


def _goal(page: Page, line: GoalLine) -> None:
    words, goal = page.words, line.goal
    measure = line.measure[:1].upper() + line.measure[1:]
    page.section(one_line(" · ".join(filter(None, (measure, goal.statement))), LONGEST))
    labels = (words._("Starts"), words._("Baseline"), words._("Due on"), words._("Target"))
    values = (line.since, _amount(line, goal.baseline), goal.due_on, _amount(line, goal.target))
    for column, (label, value) in enumerate(zip(labels, values, strict=True), start=2):
        page.put(column, label, looks.LABEL)
        page.put(column, value, replace(looks.FACT, across="left"), row=page.row + 1)
    page.end_row(18)
    page.end_row(20)
    head = page.row - 1
    for column, title in enumerate(
        (words._("Month"), words._("Actual"), words._("Expected by then"), words._("Gap")), start=2
    ):
        page.put(column, title, replace(looks.LABEL, bold=True))
    page.end_row(18)
    first = page.row
    for month in _months(line):
        _month(page, line, month, head)
    last = page.row - 1
    if last == first:
        return
    while page.row < first + LEAST_ROWS:
        page.gap(18)
    _chart(page, first, last)


def _months(line: GoalLine) -> list[tuple[date, Decimal | None]]:
    """The ends of the months that are known, and those up to the due day, without a value yet."""
    known = dict(line.months)
    months: list[tuple[date, Decimal | None]] = []
    month = line.since.replace(day=1)
    until = max(line.goal.due_on, max(known, default=line.goal.due_on))
    while month <= until and len(months) < MOST_MONTHS:
        months.append((month, known.get(month)))
        month = add_months(month, 1)
    return months


def _month(page: Page, line: GoalLine, month: tuple[date, Decimal | None], head: int) -> None:
    """The first of the month stands for its end; what is expected is cut off at the due day."""
    day, value = month
    page.put(2, day, looks.DAY)
    page.put(3, _amount(line, value), looks.NUMBER)
    goal, end = line.goal, add_months(day, 1)
    days, whole = (min(end, goal.due_on) - line.since).days, (goal.due_on - line.since).days
    share = Decimal(days) / whole if whole > 0 else Decimal(1)
    baseline = goal.baseline or Decimal(0)
    expected = baseline + (goal.target - baseline) * share
    path = f"(MIN(EDATE(B{{row}},1),$D${head})-$B${head})/($D${head}-$B${head})"
    formula = f"=IF($D${head}<=$B${head},$E${head},$C${head}+($E${head}-$C${head})*{path})"
    page.put(4, Formula(formula, _amount(line, expected)), looks.NUMBER)
    gap = "" if value is None else _amount(line, value - expected)
    page.put(5, Formula('=IF(C{row}="","",C{row}-D{row})', gap), looks.NUMBER)
    page.sheet.cell(page.row, 2).number_format = month_format(page.words)
    for column in (4, 5):
        page.sheet.cell(page.row, column).number_format = "0.0 %" if line.percent else "#,##0.0"
    page.end_row(18)


def _amount(line: GoalLine, value: Decimal | None) -> Ratio | Decimal | None:
    if value is None:
        return None
    return Ratio(float(value / HUNDRED)) if line.percent else Decimal(str(round(float(value), 6)))


def _chart(page: Page, first: int, last: int) -> None:
    """Actual against the way; months without a value are gaps."""
    chart = LineChart()
    for column, colour, dash in ((3, palette.CURTAIN, "solid"), (4, "A79A92", "dash")):
        chart.add_data(Reference(page.sheet, min_col=column, min_row=first - 1, max_row=last), titles_from_data=True)
        series = chart.series[-1]
        ink = LineProperties(solidFill=colour, w=26_000, prstDash=dash)  # type: ignore[arg-type]
        series.graphicalProperties = GraphicalProperties(ln=ink)
        series.smooth = False
        series.marker.symbol = "none" if dash == "dash" else "circle"
    chart.set_categories(Reference(page.sheet, min_col=2, min_row=first, max_row=last))
    chart.x_axis.number_format = month_format(page.words)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    chart.legend.position = "b"  # type: ignore[union-attr]
    chart.display_blanks = "gap"
    top, bottom = first - 4, max(last, first + LEAST_ROWS - 1)
    chart.anchor = TwoCellAnchor("twoCell", AnchorMarker(6, row=top), AnchorMarker(page.last, row=bottom))  # type: ignore[assignment]
    page.sheet.add_chart(chart)

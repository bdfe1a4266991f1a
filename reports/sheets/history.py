"""The score over time: the days, and a chart of them over the bands of colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from openpyxl.chart import AreaChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines, DateAxis
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports import looks, palette
from reports.cells import month_format
from reports.pages import Column, Page
from reports.values import Plan, Point
from words.terms import STATES, term

WIDTHS = (18, 12, 32, 13, 13, 13)
CHART_ROWS, ROW = 11, 21.0
DAILY, WEEK = 92, timedelta(7)
MONTHS_SHOWN = 8
LINE = LineProperties(solidFill=palette.CURTAIN, w=28_000)
HIDDEN = dict.fromkeys(("showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"), False)


@dataclass(frozen=True, slots=True)
class Past:
    """Where the days stand, for charts; `newest`: which of them is the last with a score."""

    sheet: Worksheet
    first: int
    last: int
    days: int
    newest: int | None


def write(page: Page, plan: Plan) -> Past | None:
    """The three columns of the bands are what the chart tints."""
    words, points = page.words, thinned(plan.series)
    yellow, green = plan.bands
    bands = (("red", yellow), ("yellow", green - yellow), ("green", 100 - green))
    columns = [
        Column[Point](words._("Day"), WIDTHS[0], lambda point: point.day, looks.DAY),
        Column[Point](words._("Score"), WIDTHS[1], lambda point: point.score, looks.CENTER),
        Column[Point](words._("State"), WIDTHS[2], lambda point: term(words, STATES, point.state), looks.CELL),
        *(Column[Point](term(words, STATES, state), 9, partial(_width, size), looks.FAINT) for state, size in bands),
    ]
    page.freeze()
    if not points:
        page.note(words._("No score has been stored yet."))
        return None
    top = page.row
    for _row in range(CHART_ROWS):
        page.gap(ROW)
    first, last = page.table(columns, points, high=18)
    page.repeat(first - 1)
    page.colour_if(
        f"C{first}:C{last}",
        {
            "unknown": f'C{first}=""',
            "red": f"C{first}<{yellow}",
            "yellow": f"C{first}<{green}",
            "green": f"C{first}>={green}",
        },
    )
    known = [index for index, point in enumerate(points) if point.score is not None]
    past = Past(page.sheet, first, last, (points[-1].day - points[0].day).days, known[-1] if known else None)
    draw(past, page, top=top, rows=CHART_ROWS)
    page.note(words._("The last three columns draw the bands of the chart."))
    return past


def thinned(series: Sequence[Point]) -> list[Point]:
    """Each day of a quarter; of a longer time one day a week, the last one included."""
    points = sorted(series, key=lambda point: point.day)
    if len(points) <= DAILY:
        return points
    last = points[-1].day
    return [point for point in points if (last - point.day).days % WEEK.days == 0]


def _width(size: int, _: Point) -> int:
    return size


def draw(past: Past, page: Page, *, top: int, rows: int) -> None:
    """A chart on `page` of the days: a line over three tinted areas; unknown days are gaps."""
    chart, line = _areas(past), _line(past)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, 100, 25
    chart.y_axis.number_format, chart.y_axis.majorGridlines = "0", ChartLines(spPr=_thin(palette.WHITE))
    chart.x_axis = _days(page, past)
    line.x_axis = chart.x_axis
    line.y_axis.axId, chart.y_axis.crossAx = chart.y_axis.axId, chart.x_axis.axId
    chart += line
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete, axis.txPr, axis.spPr = False, _text(900, palette.MUTED), _thin(palette.LINE)
    chart.legend, chart.display_blanks, chart.roundedCorners = None, "gap", False
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.anchor = TwoCellAnchor("twoCell", AnchorMarker(1, row=top - 1), AnchorMarker(page.last, row=top + rows - 1))  # type: ignore[assignment]
    page.sheet.add_chart(chart)


def _areas(past: Past) -> AreaChart:
    chart = AreaChart(grouping="stacked")
    chart.add_data(
        Reference(past.sheet, min_col=5, max_col=7, min_row=past.first - 1, max_row=past.last), titles_from_data=True
    )
    chart.set_categories(_categories(past))
    for series, tint in zip(chart.series, palette.BAND_TINTS.values(), strict=True):
        series.graphicalProperties = GraphicalProperties(solidFill=tint, ln=LineProperties(noFill=True))
    return chart


def _line(past: Past) -> LineChart:
    chart = LineChart()
    chart.add_data(Reference(past.sheet, min_col=3, min_row=past.first - 1, max_row=past.last), titles_from_data=True)
    chart.set_categories(_categories(past))
    series = chart.series[0]
    series.graphicalProperties = GraphicalProperties(ln=LINE)
    series.smooth, series.marker.symbol = False, "none"
    if past.newest is not None:
        _mark(series, past.newest)
    return chart


def _mark(series: Series, index: int) -> None:
    """The last known score says its number."""
    dot = Marker(symbol="circle", size=7, spPr=GraphicalProperties(solidFill=palette.CURTAIN))
    series.dPt.append(DataPoint(idx=index, marker=dot, spPr=GraphicalProperties(ln=LINE)))
    label = DataLabel(idx=index, dLblPos="t", showVal=True, txPr=_text(1100, palette.CURTAIN, bold=True), **HIDDEN)
    series.dLbls = DataLabelList(dLbl=[label], showVal=False, **HIDDEN)


def _days(page: Page, past: Past) -> DateAxis:
    axis = DateAxis(crossAx=100, axPos="b")
    axis.number_format, axis.majorTimeUnit, axis.baseTimeUnit = month_format(page.words), "months", "days"
    axis.majorUnit = max(round(past.days / 30 / MONTHS_SHOWN), 1)
    axis.majorGridlines = None
    return axis


def _categories(past: Past) -> Reference:
    return Reference(past.sheet, min_col=2, min_row=past.first, max_row=past.last)


def _thin(colour: str) -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(solidFill=colour, w=6_350))


def _text(size: int, colour: str, *, bold: bool = False) -> RichText:
    style = CharacterProperties(sz=size, b=bold, solidFill=colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=style), endParaRPr=style)])

"""The year: what the customer lives, what is done behind it, and their own part, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from openpyxl.utils import quote_sheetname

from domain.days import add_months
from reports import looks
from reports.cells import Formula, month_format
from reports.pages import Page, one_line
from reports.plan_columns import TASK_SIDES, label
from reports.plan_lines import TaskLine
from reports.sheets.tasks import agreed, agreed_title
from reports.values import Plan
from words import Words
from words.terms import CHANNELS, term

WIDTHS = (16, 9, 58, 9, 46, 9, 44, 10)
SAFE_WIDTHS = (18, 10, 66, 10, 56)
MONTHS, SHOWN, LONGEST = 12, 9, 70


@dataclass(frozen=True, slots=True)
class Area:
    """Where the tasks stand that the counts are taken from."""

    sheet: str
    first: int
    last: int

    def column(self, letter: str) -> str:
        return f"{quote_sheetname(self.sheet)}!${letter}${self.first}:${letter}${self.last}"


def write(page: Page, plan: Plan, area: Area) -> None:
    """Counts and hours are taken from the sheet of tasks: a date that is changed there moves here."""
    words, tasks = page.words, [line for line in plan.work.tasks if line.task.status != "skipped"]
    left_out = label(words, "tasks", "status", "skipped")
    titles = (
        words._("Month"), "#", words._("With them, on the front stage"), "#", words._("Back stage"), "#",
        words._("Their own part"), words._("Our hours"),
    )  # fmt: skip
    _head(page, titles)
    for month in _months(plan.day):
        mine = [line for line in tasks if _in(line, month)]
        _name(page, month)
        for column, side in zip((3, 5, 7), TASK_SIDES, strict=True):
            those = [line for line in mine if line.task.side == side]
            named = label(words, "tasks", "side", side)
            counted = f'=COUNTIFS({_within(area, "B")},{area.column("D")},"{named}",{area.column("I")},"<>{left_out}")'
            page.put(column, Formula(counted, len(those)), replace(looks.NUMBER, down="top"))
            look = replace(looks.FRONT, down="top") if side == "front" else looks.TEXT
            page.put(column + 1, _said(words, those), look)
        hours = f'=SUMIFS({area.column("H")},{_within(area, "B")},{area.column("I")},"<>{left_out}")'
        page.put(9, Formula(hours, sum(line.task.hours for line in mine)), replace(looks.NUMBER, down="top"))
        page.end_row(30)
    _sum(page, (3, 5, 7, 9), tasks, plan)


def write_safe(page: Page, plan: Plan, area: Area) -> None:
    words, tasks = page.words, agreed(plan.work.tasks)
    _head(page, (words._("Month"), "#", words._("Together"), "#", words._("Your part")))
    for month in _months(plan.day):
        mine = [line for line in tasks if _in(line, month)]
        _name(page, month)
        for column, side, named in ((3, "front", words._("together")), (5, "customer", words._("yours"))):
            those = [line for line in mine if line.task.side == side]
            counted = f'=COUNTIFS({_within(area, "B")},{area.column("C")},"{named}")'
            page.put(column, Formula(counted, len(those)), replace(looks.NUMBER, down="top"))
            look = replace(looks.FRONT, down="top") if side == "front" else looks.TEXT
            page.put(column + 1, _said(words, those, safe=True), look)
        page.end_row(30)


def _head(page: Page, titles: Sequence[str]) -> None:
    for column, title in enumerate(titles, start=2):
        page.put(column, title, replace(looks.HEADER, across="right" if title == "#" else "left"))
    page.end_row(24)
    page.freeze()


def _name(page: Page, month: date) -> None:
    place = page.put(2, month, replace(looks.DAY, bold=True, down="top"))
    page.sheet[place].number_format = month_format(page.words)


def _months(day: date) -> list[date]:
    return [add_months(day.replace(day=1), n) for n in range(MONTHS)]


def _in(line: TaskLine, month: date) -> bool:
    return line.task.due_on.replace(day=1) == month


def _within(area: Area, letter: str) -> str:
    """The month of column B of the row itself."""
    days = area.column(letter)
    return f'{days},">="&B{{row}},{days},"<"&EDATE(B{{row}},1)'


def _said(words: Words, lines: Sequence[TaskLine], *, safe: bool = False) -> str | None:
    said = [_line(words, line, safe=safe) for line in lines[:SHOWN]]
    return "\n".join([*said, *words.and_more(len(lines) - SHOWN)]) or None


def _line(words: Words, line: TaskLine, *, safe: bool) -> str:
    title = agreed_title(words, line) if safe else line.title
    kind = term(words, CHANNELS, line.task.channel) if line.task.side == "front" else ""
    parts = [str(line.task.due_on.day), kind if kind != title else "", one_line(title, LONGEST)]
    return " · ".join(filter(None, [*parts, line.who if line.task.side != "back" and line.who else ""]))


def _sum(page: Page, columns: Sequence[int], tasks: Sequence[TaskLine], plan: Plan) -> None:
    """The whole of the twelve months."""
    months = set(_months(plan.day))
    mine = [line for line in tasks if line.task.due_on.replace(day=1) in months]
    sums = [sum(line.task.side == side for line in mine) for side in ("front", "back", "customer")]
    for column in range(2, page.last + 1):
        page.put(column, None, looks.TOTAL)
    page.put(2, page.words._("Together"), looks.TOTAL)
    first, last = page.row - MONTHS, page.row - 1
    for column, shown in zip(columns, [*sums, sum(line.task.hours for line in mine)], strict=True):
        letter = "ABCDEFGHIJ"[column - 1]
        page.put(column, Formula(f"=SUM({letter}{first}:{letter}{last})", shown), looks.TOTAL_NUMBER)
    page.end_row(24)

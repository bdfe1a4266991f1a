"""The account plan as a workbook that a CSM would hand to their director, and the copy for the customer."""

from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from reports import palette
from reports.cells import clean
from reports.packing import pack
from reports.pages import Page, one_line
from reports.plan_columns import SHEETS
from reports.sheets import (
    blueprint,
    calendar,
    communications,
    contracts,
    follow_up,
    goals,
    history,
    outcomes,
    people,
    renewal,
    risks,
    scores,
    summary,
    tasks,
    touches,
)
from reports.sheets import lists as words_offered
from reports.values import Plan, Point, Touch
from words import Words

__all__ = ["EXPORT_ID", "Plan", "Point", "Touch", "workbook"]

EXPORT_ID = "export_id"


def workbook(plan: Plan, words: Words, *, customer_safe: bool = False) -> bytes:
    """The customer's copy is built of other sheets, not of the same with parts hidden."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    pages = _agreed(book, plan, words) if customer_safe else _internal(book, plan, words)
    _name(book, plan, words)
    return pack(book, [page.shown for page in pages])


def _internal(book: Workbook, plan: Plan, words: Words) -> list[Page]:
    """The sheets in the order in which one reads them; the lists that they offer stand last."""
    front = _page(book, words, words._("Summary"), summary.WIDTHS, palette.CURTAIN)
    wanted, aims, score, past, year, todo, letters, lanes, deals, calls, who, follow, open_, spoken, lists = (
        _headed(book, plan, words, title, widths) for title, widths in _inside(words)
    )
    offered = words_offered.write(lists, plan)
    places = scores.write(score, plan)
    summary.write(front, plan, places, history.write(past, plan))
    outcomes.write(wanted, plan, safe=False)
    goals.write(aims, plan, offered)
    calendar.write(year, plan, calendar.Area(todo.sheet.title, *tasks.write(todo, plan, offered)))
    communications.write(letters, plan)
    blueprint.write(lanes, plan)
    contracts.write(deals, plan, safe=False)
    renewal.write(calls, plan, offered)
    people.write(who, plan, offered)
    follow_up.write(follow, plan)
    risks.write(open_, plan)
    touches.write(spoken, plan)
    pages = [front, wanted, aims, score, past, year, todo, letters, lanes, deals, calls, who, follow, open_, spoken]
    return _finished(book, plan, [*pages, lists])


def _inside(words: Words) -> list[tuple[str, tuple[float, ...]]]:
    return [
        (words._(SHEETS["outcomes"]), outcomes.WIDTHS),
        (words._(SHEETS["goals"]), goals.WIDTHS),
        (words._("Health"), scores.WIDTHS),
        (words._("History"), history.WIDTHS),
        (words._("Calendar"), calendar.WIDTHS),
        (words._(SHEETS["tasks"]), tasks.WIDTHS),
        (words._("Communications"), communications.WIDTHS),
        (words._("Blueprint"), blueprint.WIDTHS),
        (words._("Contracts"), contracts.WIDTHS),
        (words._(SHEETS["renewal_calls"]), renewal.WIDTHS),
        (words._(SHEETS["contacts"]), people.WIDTHS),
        (words._("Follow-up"), follow_up.WIDTHS),
        (words._("Risks"), risks.WIDTHS),
        (words._("Touches"), touches.WIDTHS),
        (words._("Lists"), words_offered.WIDTHS),
    ]


def _agreed(book: Workbook, plan: Plan, words: Words) -> list[Page]:
    front = _page(book, words, words._("Summary"), summary.WIDTHS, palette.CURTAIN)
    wanted = _headed(book, plan, words, words._("Outcomes"), outcomes.WIDTHS[: outcomes.SAFE])
    aims = _headed(book, plan, words, words._("Goals"), goals.SAFE_WIDTHS)
    year = _headed(book, plan, words, words._("Calendar"), calendar.SAFE_WIDTHS)
    todo = _headed(book, plan, words, words._("Tasks"), tasks.SAFE_WIDTHS)
    deals = _headed(book, plan, words, words._("Contracts"), contracts.SAFE_WIDTHS)
    who = _headed(book, plan, words, words._("Contacts"), people.SAFE_WIDTHS)
    summary.write_safe(front, plan)
    outcomes.write(wanted, plan, safe=True)
    goals.write_safe(aims, plan)
    calendar.write_safe(year, plan, calendar.Area(todo.sheet.title, *tasks.write_safe(todo, plan)))
    contracts.write(deals, plan, safe=True)
    people.write(who, plan)
    return _finished(book, plan, [front, wanted, aims, year, todo, deals, who])


def _page(book: Workbook, words: Words, title: str, widths: tuple[float, ...], colour: str) -> Page:
    sheet = book.create_sheet(title)
    sheet.sheet_properties.tabColor = colour
    return Page(sheet, words, widths)


def _headed(book: Workbook, plan: Plan, words: Words, title: str, widths: tuple[float, ...]) -> Page:
    page = _page(book, words, title, widths, palette.TAB)
    page.band(title, " · ".join((one_line(plan.account.name, 60), words._("Account plan"), words.day(plan.day))))
    return page


def _finished(book: Workbook, plan: Plan, pages: list[Page]) -> list[Page]:
    """The export id stands in sight, under a name that survives editing in any spreadsheet."""
    front = pages[0]
    address = summary.sign(front, plan)
    place = f"{quote_sheetname(front.sheet.title)}!{absolute_coordinate(address)}"
    book.defined_names[EXPORT_ID] = DefinedName(EXPORT_ID, attr_text=place)
    for page in pages:
        page.printed(plan.account.name, landscape=page.wide, one_page=page is front)
    return pages


def _name(book: Workbook, plan: Plan, words: Words) -> None:
    """Document properties: what it is and of which day; nobody's name."""
    written = book.properties
    written.creator = written.lastModifiedBy = "Apuntador"
    written.title = clean(f"{words._('Account plan')} · {plan.account.name}")[:250]
    written.language = str(words.locale).replace("_", "-")
    written.created = datetime.combine(plan.day, time())

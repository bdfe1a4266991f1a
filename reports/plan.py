"""The account plan as a workbook that a CSM would hand to their director, and the copy for the customer."""

from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from reports import palette
from reports.cells import clean
from reports.packing import pack
from reports.pages import Page, one_line
from reports.sheets import contracts, history, outcomes, people, risks, scores, summary, touches
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
    front = _page(book, words, words._("Summary"), summary.WIDTHS, palette.CURTAIN)
    score = _headed(book, plan, words, words._("Health"), scores.WIDTHS)
    past = _headed(book, plan, words, words._("History"), history.WIDTHS)
    deals = _headed(book, plan, words, words._("Contracts"), contracts.WIDTHS)
    who = _headed(book, plan, words, words._("Contacts"), people.WIDTHS)
    wanted = _headed(book, plan, words, words._("Outcomes"), outcomes.WIDTHS)
    open_ = _headed(book, plan, words, words._("Risks"), risks.WIDTHS)
    spoken = _headed(book, plan, words, words._("Touches"), touches.WIDTHS)
    places = scores.write(score, plan)
    days = history.write(past, plan)
    summary.write(front, plan, places, days)
    contracts.write(deals, plan, safe=False)
    people.write(who, plan, safe=False)
    outcomes.write(wanted, plan, safe=False)
    risks.write(open_, plan)
    touches.write(spoken, plan)
    return _finished(book, plan, [front, score, past, deals, who, wanted, open_, spoken])


def _agreed(book: Workbook, plan: Plan, words: Words) -> list[Page]:
    front = _page(book, words, words._("Summary"), summary.WIDTHS, palette.CURTAIN)
    wanted = _headed(book, plan, words, words._("Outcomes"), outcomes.WIDTHS[:-1])
    deals = _headed(book, plan, words, words._("Contracts"), contracts.SAFE_WIDTHS)
    who = _headed(book, plan, words, words._("Contacts"), people.SAFE_WIDTHS)
    summary.write_safe(front, plan)
    outcomes.write(wanted, plan, safe=True)
    contracts.write(deals, plan, safe=True)
    people.write(who, plan, safe=True)
    return _finished(book, plan, [front, wanted, deals, who])


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

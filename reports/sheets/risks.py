"""What is open against the account: reasons, tickets, overdue invoices."""

from datetime import date
from decimal import Decimal

from domain.facts import Invoice, Ticket
from domain.health.evidence import is_open
from domain.money import Money
from reports import looks, sentences
from reports.cells import Formula
from reports.pages import Column, Page
from reports.values import Plan
from words import Words
from words.terms import SEVERITIES, term

WIDTHS = (24, 15, 15, 16, 19, 26)


def write(page: Page, plan: Plan) -> None:
    words = page.words
    page.freeze()
    page.section(words._("Open risks"))
    for reason in plan.risks:
        page.merge(f"•  {sentences.said(words, reason)}", looks.CELL, high=22)
    if not plan.risks:
        page.note(words._("No risk is open."))
    page.gap(14)
    _tickets(page, plan)
    page.gap(14)
    _invoices(page, plan)


def _tickets(page: Page, plan: Plan) -> None:
    words = page.words
    page.section(words._("Open tickets"))
    tickets = [ticket for ticket in plan.facts.tickets if is_open(ticket, plan.day)]
    if not tickets:
        page.note(words._("No ticket is open."))
        return
    columns = [
        Column[Ticket](words._("Ticket"), WIDTHS[0], lambda ticket: ticket.ticket_id),
        Column[Ticket](words._("Opened"), WIDTHS[1], lambda ticket: ticket.opened_on, looks.DAY),
        Column[Ticket](words._("Days open"), WIDTHS[2], lambda ticket: _days(plan, ticket.opened_on), looks.NUMBER),
        Column[Ticket](words._("Severity"), WIDTHS[3], lambda ticket: term(words, SEVERITIES, ticket.severity)),
        Column[Ticket](words._("Escalated"), WIDTHS[4], lambda ticket: ticket.escalated, looks.CENTER),
        Column[Ticket](words._("Category"), WIDTHS[5], lambda ticket: ticket.category),
    ]
    first, last = page.table(columns, sorted(tickets, key=_urgency))
    critical, high = (term(words, SEVERITIES, code) for code in ("critical", "high"))
    page.colour_if(f"E{first}:E{last}", {"red": f'$E{first}="{critical}"', "yellow": f'$E{first}="{high}"'})


def _days(plan: Plan, since: date) -> int:
    return (plan.day - since).days


def _amount(invoice: Invoice) -> Money:
    return Money(invoice.amount, invoice.currency)


def _urgency(ticket: Ticket) -> tuple[bool, int, int]:
    severities = list(SEVERITIES)
    rank = severities.index(ticket.severity) if ticket.severity in severities else 0
    return not ticket.escalated, -rank, ticket.opened_on.toordinal()


def _invoices(page: Page, plan: Plan) -> None:
    words = page.words
    page.section(words._("Overdue invoices"))
    late = [i for i in plan.facts.invoices if i.due_on < plan.day and (i.paid_on is None or i.paid_on > plan.day)]
    if not late:
        page.note(words._("No invoice is overdue."))
        return
    columns = [
        Column[Invoice](words._("Invoice"), WIDTHS[0], lambda invoice: invoice.invoice_id),
        Column[Invoice](words._("Issued"), WIDTHS[1], lambda invoice: invoice.issued_on, looks.DAY),
        Column[Invoice](words.pgettext("invoice", "Due"), WIDTHS[2], lambda invoice: invoice.due_on, looks.DAY),
        Column[Invoice](words._("Days overdue"), WIDTHS[3], lambda invoice: _days(plan, invoice.due_on), looks.NUMBER),
        Column[Invoice](words._("Amount"), WIDTHS[4], _amount, looks.NUMBER),
    ]
    late.sort(key=lambda invoice: (invoice.currency, invoice.due_on))
    first, _last = page.table(columns, late)
    _sums(page, late, first, words)


def _sums(page: Page, late: list[Invoice], first: int, words: Words) -> None:
    """One sum a currency; the rows of a currency stand together."""
    for currency in sorted({invoice.currency for invoice in late}):
        rows = [first + index for index, invoice in enumerate(late) if invoice.currency == currency]
        amount = sum((invoice.amount for invoice in late if invoice.currency == currency), Decimal(0))
        for column in range(2, page.last + 1):
            page.put(column, None, looks.TOTAL)
        page.put(2, words._("Overdue, {currency}", currency=currency), looks.TOTAL)
        page.put(6, Formula(f"=SUM(F{rows[0]}:F{rows[-1]})", Money(amount, currency)), looks.TOTAL_NUMBER)
        page.end_row(24)

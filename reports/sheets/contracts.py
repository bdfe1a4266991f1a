"""Contracts: what is in force, what comes, what was; until when one can decide."""

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from domain.money import Money
from domain.subscriptions import Month, Span, Version
from reports import looks
from reports.cells import Formula
from reports.contracts import WHEN, in_order, renewal_of, soonest, when
from reports.pages import Column, Page
from reports.values import Plan
from words import Words
from words.terms import STATUSES, term

WIDTHS = (26, 13, 14, 14, 11, 17, 16, 16, 15, 18)
SAFE_WIDTHS = (30, 16, 15, 15, 12, 19, 17, 15, 22)
MONTHS = 24


def write(page: Page, plan: Plan, *, safe: bool) -> None:
    words, spans = page.words, in_order(plan)
    _next(page, plan)
    if not spans and plan.facts.months and not safe:
        _monthly(page, plan)
        return
    header = page.row
    columns = _columns(plan, words, safe=safe)
    first, last = page.table(columns, spans)
    page.freeze(first)
    page.filter(header, first, last, len(columns))
    if not spans:
        page.note(words._("No contract is known."))
        return
    page.colour_if(f"C{first}:C{last}", {"green": f'$C{first}="{words._(WHEN["now"])}"'})
    _totals(page, plan, first, safe=safe)


def _next(page: Page, plan: Plan) -> None:
    words, renewal = page.words, soonest(plan)
    if renewal is None:
        return
    day, until = words.day(renewal.ends_on), words.until(renewal.days_left)
    if renewal.leaving:
        parts = [words._("Ends on {day} ({until})", day=day, until=until)]
    else:
        parts = [words._("Next renewal: {day} ({until})", day=day, until=until)]
    if renewal.notice_on:
        parts.append(words._("notice by {day}", day=words.day(renewal.notice_on)))
    if renewal.automatic:
        parts.append(words._("renews by itself"))
    page.merge(" · ".join(parts), looks.LEAD, high=26)
    page.gap(6)


def _columns(plan: Plan, words: Words, *, safe: bool) -> list[Column[Span]]:
    mrr = Column[Span](words._("MRR"), 16, _mrr, looks.NUMBER)
    return [
        Column[Span](words._("Product"), WIDTHS[0], lambda span: span.version.product or None),
        Column[Span](words._("Contract"), WIDTHS[1], lambda span: _state(plan, span, words)),
        Column[Span](words._("Starts"), WIDTHS[2], lambda span: span.first, looks.DAY),
        Column[Span](words._("Ends"), WIDTHS[3], lambda span: _end(plan, span), looks.DAY),
        Column[Span](words._("Licences"), WIDTHS[4], lambda span: span.version.seats, looks.NUMBER),
        Column[Span](words._("Annual amount"), WIDTHS[5], lambda span: span.version.annual, looks.NUMBER),
        *([] if safe else [mrr]),
        Column[Span](words._("Notice by"), WIDTHS[7], lambda span: _notice(plan, span), looks.DAY),
        Column[Span](words._("Renews by itself"), WIDTHS[8], lambda span: span.version.auto_renew, looks.CENTER),
        Column[Span](words._("Number"), WIDTHS[9], lambda span: span.version.subscription_id),
    ]


def _state(plan: Plan, span: Span, words: Words) -> str:
    said = words._(WHEN[when(plan, span)])
    return said if span.version.status == "active" else f"{said}, {term(words, STATUSES, span.version.status)}"


def _mrr(span: Span) -> Any:
    annual = span.version.annual
    return Formula("=G{row}/12", Money(round(annual.amount / 12, 2), annual.currency))


def _end(plan: Plan, span: Span) -> date | None:
    renewal = renewal_of(plan, span.version)
    if renewal:
        return renewal.ends_on
    return span.until or span.version.ends_on


def _notice(plan: Plan, span: Span) -> date | None:
    renewal = renewal_of(plan, span.version)
    return renewal.notice_on if renewal else None


def _totals(page: Page, plan: Plan, first: int, *, safe: bool) -> None:
    """The paying contracts in force stand first, those of a currency together."""
    held = [span for span in in_order(plan) if span.covers(plan.day) and span.version.paying]
    for currency, group in groupby(held, key=lambda span: span.version.annual.currency):
        mine = [span.version for span in group]
        _total(page, currency, mine, first, safe=safe)
        first += len(mine)


def _total(page: Page, currency: str, mine: list[Version], first: int, *, safe: bool) -> None:
    last, amount = first + len(mine) - 1, sum((version.annual.amount for version in mine), Decimal(0))
    for column in range(2, page.last + 1):
        page.put(column, None, looks.TOTAL_NUMBER)
    page.put(2, page.words._("In force, {currency}", currency=currency), looks.TOTAL)
    page.put(6, Formula(f"=SUM(F{first}:F{last})", sum(version.seats or 0 for version in mine)), looks.TOTAL_NUMBER)
    page.put(7, Formula(f"=SUM(G{first}:G{last})", Money(amount, currency)), looks.TOTAL_NUMBER)
    if not safe:
        page.put(8, Formula("=G{row}/12", Money(round(amount / 12, 2), currency)), looks.TOTAL_NUMBER)
    page.end_row(26)


def _monthly(page: Page, plan: Plan) -> None:
    words = page.words
    months = sorted(plan.facts.months, key=lambda month: month.month, reverse=True)[:MONTHS]
    columns = [
        Column[Month](words._("From"), WIDTHS[0], lambda month: month.month),
        Column[Month](words._("MRR"), WIDTHS[1], lambda month: month.annual / 12, looks.NUMBER),
    ]
    first, _last = page.table(columns, months)
    page.freeze(first)

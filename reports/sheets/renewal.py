"""Renewals to come: the three calls beside each other, and what the one that holds counts."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from domain.facts import Voice
from domain.money import Money
from reports import looks
from reports.cells import Formula, Ratio
from reports.pages import Column, Page
from reports.plan_columns import ROW, Lists, editable
from reports.plan_lines import RenewalLine
from reports.values import Plan
from words import Words
from words.terms import CALLS, term

WIDTHS = (24, 14, 14, 9, 16, 14, 15, 34, 14, 9, 16, 12)


def write(page: Page, plan: Plan, lists: Lists) -> None:
    words = page.words
    lines = sorted(plan.work.renewals, key=lambda each: (each.currency, each.line.renewal.ends_on))
    day = page.dated(plan.day, plan.export_id)
    head = page.row
    first, last = page.table(_columns(plan, words, lists, day), lines)
    page.freeze(first)
    page.filter(head, first, last, len(WIDTHS))
    if not lines:
        page.note(words._("No end of contract lies ahead."))
        return
    page.colour_if(f"E{first}:E{last}", {"red": f"E{first}<30", "yellow": f"E{first}<90"})
    _totals(page, lines, first)


def _columns(plan: Plan, words: Words, lists: Lists, day: str) -> list[Column[RenewalLine]]:
    decided = words._("Until when one can decide: the day of notice where it renews by itself, else its end.")
    counts = words._("What the call counts of the amount: of the final call, else the CSM's, else the rule's.")
    return [
        Column(words._("Contract"), 24, lambda each: each.contract),
        Column(words._("Ends"), 14, lambda each: each.line.renewal.ends_on, looks.DAY),
        Column(words._("Decide by"), 14, lambda each: each.line.renewal.decision_on, looks.DAY, decided),
        Column(words._("Days left"), 9, lambda each: _left(each, plan, day), looks.NUMBER),
        Column(words._("Annual amount"), 16, lambda each: Money(each.amount, each.currency), looks.NUMBER),
        Column(words._("The rule's call"), 14, lambda each: _call(words, each, "rule")),
        editable(words, "renewal_calls", "call", 15, lambda each: _call(words, each, "csm") if each.first else None,
                 choices=lists["renewal_calls", "call"]),
        editable(words, "renewal_calls", "reason", 34, _reason),
        Column(words._("The final call"), 14, lambda each: _call(words, each, "final")),
        Column(words._("Counts"), 9, lambda each: Ratio(float(each.share)) if each.share is not None else None,
               looks.NUMBER, counts),
        Column(words._("Counted"), 16, _counted, looks.NUMBER),
        Column(words._(ROW), 12, _row, looks.FAINT, whole=True),
    ]  # fmt: skip


def _call(words: Words, each: RenewalLine, voice: Voice) -> str | None:
    call = each.line.tracks.calls.get(voice)
    return term(words, CALLS, call.call) if call else None


def _row(each: RenewalLine) -> str | None:
    """The calls are of a day: where several contracts end on it, they are edited beside the first."""
    return each.line.renewal.ends_on.isoformat() if each.first else None


def _reason(each: RenewalLine) -> str | None:
    call = each.line.tracks.calls.get("csm")
    return call.reason if call and each.first else None


def _left(each: RenewalLine, plan: Plan, day: str) -> Formula:
    return Formula(f"=D{{row}}-{day}", (each.line.renewal.decision_on - plan.day).days)


def _counted(each: RenewalLine) -> Formula:
    """Nothing while no call counts."""
    shown = "" if each.share is None else Money(_weighed(each), each.currency)
    return Formula('=IF(K{row}="","",F{row}*K{row})', shown)


def _weighed(each: RenewalLine) -> Decimal:
    return each.amount * (each.share or 0)


def _totals(page: Page, lines: Sequence[RenewalLine], first: int) -> None:
    """By currency: the amount, what is counted, and its share, weighted by the amounts."""
    for currency, group in groupby(lines, key=lambda each: each.currency):
        mine = list(group)
        last = first + len(mine) - 1
        amount, counted = sum(each.amount for each in mine), sum(map(_weighed, mine))
        for column in range(2, page.last + 1):
            page.put(column, None, looks.TOTAL_NUMBER)
        page.put(2, page.words._("In {currency}", currency=currency), looks.TOTAL)
        page.put(6, Formula(f"=SUM(F{first}:F{last})", Money(Decimal(amount), currency)), looks.TOTAL_NUMBER)
        share = Ratio(float(counted / amount)) if amount else ""
        page.put(11, Formula('=IF(F{row}=0,"",L{row}/F{row})', share), looks.TOTAL_NUMBER)
        page.put(12, Formula(f"=SUM(L{first}:L{last})", Money(Decimal(counted), currency)), looks.TOTAL_NUMBER)
        page.end_row(26)
        first = last + 1

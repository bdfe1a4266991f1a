"""Required outcomes: from where, to what, by when, and how far."""

from collections.abc import Mapping
from dataclasses import replace

from domain.facts import Outcome
from reports import looks, palette
from reports.cells import Formula, Ratio
from reports.pages import Column, Page
from reports.plan_columns import ROW, editable
from reports.values import Plan
from words import Words

WIDTHS = (40, 20, 20, 13, 13, 14, 12, 15, 11, 15, 18, 9)
SAFE = 10
"""Columns of the customer's copy: all but who confirmed it, as we wrote it, and the row."""
PROGRESS = '=IF(COUNT(E{row}:G{row})<3,"",IF(G{row}=E{row},IF(F{row}=G{row},1,0),(F{row}-E{row})/(G{row}-E{row})))'


def write(page: Page, plan: Plan, *, safe: bool) -> None:
    """The last column names the row, so that an edited copy can be read back; the customer's copy has none."""
    words = page.words
    day = page.dated(plan.day, "" if safe else plan.export_id)
    head = page.row
    columns = _columns(plan, words, day)
    columns = _agreed(columns) if safe else columns
    first, last = page.table(columns, plan.facts.outcomes)
    page.freeze(first)
    page.filter(head, first, last, len(columns))
    if not plan.facts.outcomes:
        page.note(words._("No outcome has been agreed yet."))
        return
    page.bars(f"H{first}:H{last}", palette.PROGRESS)


def progress(outcome: Outcome) -> float | None:
    """From baseline to target."""
    baseline, current, target = outcome.baseline, outcome.current, outcome.target
    if baseline is None or current is None or target is None:
        return None
    if baseline == target:
        return float(current == target)
    return float((current - baseline) / (target - baseline))


def _columns(plan: Plan, words: Words, day: str) -> list[Column[Outcome]]:
    names = {contact.contact_id: contact.name for contact in plan.facts.contacts}
    return [
        editable(words, "outcomes", "statement", 40, lambda each: each.statement),
        Column(words._("Expected by"), 20, lambda each: names.get(each.contact_id or "")),
        editable(words, "outcomes", "measure", 20, lambda each: each.measure),
        editable(words, "outcomes", "baseline", 13, lambda each: each.baseline),
        editable(words, "outcomes", "current", 13, lambda each: each.current),
        editable(words, "outcomes", "target", 14, lambda each: each.target),
        Column(words._("Progress"), 12, _progress, looks.NUMBER),
        editable(words, "outcomes", "due_on", 15, lambda each: each.due_on),
        Column(words._("Days left"), 11, lambda each: _left(each, plan, day), looks.NUMBER),
        editable(words, "outcomes", "confirmed_on", 15, lambda each: each.confirmed_on),
        editable(words, "outcomes", "confirmed_by", 18, lambda each: _confirmed(each, names)),
        Column(words._(ROW), 9, lambda each: each.outcome_id, looks.FAINT, whole=True),
    ]


def _agreed(columns: list[Column[Outcome]]) -> list[Column[Outcome]]:
    """As the customer's copy shows them: to be read, without our remarks, our notes of who said what, and our ids."""
    return [replace(each, look=replace(each.look, fill=None, locked=True), about="") for each in columns[:SAFE]]


def _confirmed(each: Outcome, names: Mapping[str, str]) -> str | None:
    return names.get(each.confirmed_by or "", each.confirmed_by or "") or None


def _left(each: Outcome, plan: Plan, day: str) -> Formula:
    shown: int | str = "" if each.due_on is None else (each.due_on - plan.day).days
    return Formula(f'=IF(I{{row}}="","",I{{row}}-{day})', shown)


def _progress(outcome: Outcome) -> Formula:
    share = progress(outcome)
    return Formula(PROGRESS, "" if share is None else Ratio(share))

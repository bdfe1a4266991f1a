"""Required outcomes: from where, to what, by when, and how far."""

from openpyxl.formatting.rule import DataBar, FormatObject, Rule

from domain.facts import Outcome
from reports import looks, palette
from reports.cells import Formula, Ratio
from reports.pages import Column, Page
from reports.values import Plan
from words import Words

WIDTHS = (40, 20, 20, 13, 13, 14, 12, 14, 15, 9)
PROGRESS = '=IF(COUNT(E{row}:G{row})<3,"",IF(G{row}=E{row},IF(F{row}=G{row},1,0),(F{row}-E{row})/(G{row}-E{row})))'


def write(page: Page, plan: Plan, *, safe: bool) -> None:
    """The last column names the row, so that an edited copy can be read back; the customer's copy has none."""
    words = page.words
    header = page.row
    columns = _columns(plan, words)
    first, last = page.table(columns[:-1] if safe else columns, plan.facts.outcomes)
    page.freeze(first)
    page.filter(header, first, last, len(columns))
    if not plan.facts.outcomes:
        page.note(words._("No outcome has been agreed yet."))
        return
    ends = [FormatObject(type="num", val=value) for value in (0, 1)]
    bar = Rule(type="dataBar", dataBar=DataBar(cfvo=ends, color=palette.PROGRESS))
    page.sheet.conditional_formatting.add(f"H{first}:H{last}", bar)


def progress(outcome: Outcome) -> float | None:
    """From baseline to target."""
    baseline, current, target = outcome.baseline, outcome.current, outcome.target
    if baseline is None or current is None or target is None:
        return None
    if baseline == target:
        return float(current == target)
    return float((current - baseline) / (target - baseline))


def _columns(plan: Plan, words: Words) -> list[Column[Outcome]]:
    names = {contact.contact_id: contact.name for contact in plan.facts.contacts}
    return [
        Column(words._("Outcome"), WIDTHS[0], lambda outcome: outcome.statement),
        Column(words._("Expected by"), WIDTHS[1], lambda outcome: names.get(outcome.contact_id or "")),
        Column(words._("Measure"), WIDTHS[2], lambda outcome: outcome.measure),
        Column(words._("Baseline"), WIDTHS[3], lambda outcome: outcome.baseline, looks.NUMBER),
        Column(words._("Current"), WIDTHS[4], lambda outcome: outcome.current, looks.NUMBER),
        Column(words._("Target"), WIDTHS[5], lambda outcome: outcome.target, looks.NUMBER),
        Column(words._("Progress"), WIDTHS[6], _progress, looks.NUMBER),
        Column(words.pgettext("task", "Due"), WIDTHS[7], lambda outcome: outcome.due_on, looks.DAY),
        Column(words._("Confirmed"), WIDTHS[8], lambda outcome: outcome.confirmed_on, looks.DAY),
        Column(words._("Row"), WIDTHS[9], lambda outcome: outcome.outcome_id, looks.FAINT),
    ]


def _progress(outcome: Outcome) -> Formula:
    share = progress(outcome)
    return Formula(PROGRESS, "" if share is None else Ratio(share))

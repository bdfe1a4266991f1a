"""Health with its reasons: every measure, sums that calculate, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import quote_sheetname

from domain.health.scores import Factor, GroupScore
from reports import looks, sentences
from reports.cells import Change, Formula
from reports.pages import Page
from reports.values import Plan
from words.readings import reading
from words.terms import GROUPS, term

WIDTHS = (64, 10, 10, 11, 15)
INDENTED = replace(looks.CELL, indent=2)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the sums of the groups stand, points and weight, as other sheets name them."""

    groups: Mapping[str, tuple[str, str]]


def write(page: Page, plan: Plan) -> Places | None:
    """Points are shown only where they make a score: a sum of half of the data would be read as one."""
    words, health = page.words, plan.health
    scored = health.score is not None
    titles = (words._("Why"), words._("Points"), words._("of"), words._("30 days"), words._("Fact of"))
    for column, title in enumerate(titles, start=2):
        page.put(column, title, looks.HEADER if column in {2, 6} else replace(looks.HEADER, across="right", indent=0))
    page.end_row(24)
    page.freeze()
    first, sums = page.row, dict[str, int]()
    for group in health.groups:
        sums[group.name] = _group(page, plan, group, scored=scored)
    if health.uncovered and scored:
        sums["uncovered"] = _uncovered(page, health.uncovered)
    if scored:
        page.colour_if(f"C{first}:C{page.row - 1}", sentences.shares(f"$C{first}", f"$D{first}"))
        _total(page, plan, list(sums.values()))
    page.gap()
    if health.cap:
        page.note(sentences.held(words, health.cap))
    _missing(page, plan)
    name = quote_sheetname(page.sheet.title)
    return Places({group: (f"{name}!C{row}", f"{name}!D{row}") for group, row in sums.items()}) if scored else None


def _group(page: Page, plan: Plan, group: GroupScore, *, scored: bool) -> int:
    """The row of its sums; its measures stand below."""
    factors = [factor for factor in plan.health.factors if factor.group == group.name]
    row, last = page.row, page.row + len(factors)
    page.put(2, term(page.words, GROUPS, group.name), looks.GROUP)
    for column, letter, shown in ((3, "C", group.points), (4, "D", group.weight)):
        formula = Formula(f"=SUM({letter}{row + 1}:{letter}{last})", shown)
        page.put(column, formula if scored else None, looks.GROUP_NUMBER)
    page.put(5, Change(plan.changes.groups.get(group.name, 0)) if scored and plan.changes else None, looks.GROUP_NUMBER)
    page.put(6, None, looks.GROUP)
    page.end_row(23)
    for factor in factors:
        _factor(page, plan, factor, scored=scored)
    return row


def _factor(page: Page, plan: Plan, factor: Factor, *, scored: bool) -> None:
    read = factor.reading
    page.put(2, reading(page.words, factor.measure, read.value, read.parts), INDENTED)
    page.put(3, factor.points if scored else None, looks.NUMBER)
    page.put(4, factor.weight if scored else None, looks.NUMBER)
    moved = plan.changes.measures.get(factor.measure, 0) if scored and plan.changes else None
    page.put(5, None if moved is None else Change(moved), looks.NUMBER)
    page.put(6, read.fact_on, looks.DAY)
    page.end_row(20)


def _uncovered(page: Page, weight: int) -> int:
    page.put(2, page.words._("Weight that no measure could take over"), looks.GROUP)
    for column, value in ((3, None), (4, weight), (5, None), (6, None)):
        page.put(column, value, looks.GROUP_NUMBER)
    page.end_row(23)
    return page.row - 1


def _total(page: Page, plan: Plan, rows: Sequence[int]) -> None:
    """The sum of the groups."""
    page.put(2, page.words._("Health score"), looks.TOTAL)
    for column, letter, shown in ((3, "C", plan.health.score), (4, "D", 100)):
        cells = ",".join(f"{letter}{row}" for row in rows)
        page.put(column, Formula(f"=SUM({cells})", shown), looks.TOTAL_NUMBER)
    moved = plan.changes.score if plan.changes else None
    page.put(5, None if moved is None else Change(moved), looks.TOTAL_NUMBER)
    page.put(6, None, looks.TOTAL)
    page.end_row(26)


def _missing(page: Page, plan: Plan) -> None:
    words, said = page.words, list(sentences.missing(page.words, plan))
    page.section(words._("Data available: {coverage}", coverage=words.percent(plan.health.coverage / 100)))
    for line in said:
        page.merge(f"•  {line}", looks.CELL, high=20)
    if not said:
        page.note(words._("Nothing is missing.") if plan.health.groups else words._("Nothing is measured."))

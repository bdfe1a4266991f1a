"""The first sheet: the answer, the reason, what to do; then the facts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from domain.reasons import Reason
from reports import looks, sentences
from reports.cells import Change, Formula
from reports.contracts import in_force, seats, soonest, totals
from reports.pages import Page, one_line
from reports.sheets.history import Past, draw
from reports.sheets.scores import Places
from reports.sheets.tasks import READY
from reports.values import Plan
from words import Words
from words.terms import CALLS, GROUPS, LAER_STAGES, SENTIMENTS, term

WIDTHS = (23, 25, 23, 25)
Fact = tuple[str, Any]
CHART_ROWS, COMING = 10, 3
TITLE_SIZES = ((40, 22.0), (110, 15.0), (10_000, 11.0))


def write(page: Page, plan: Plan, places: Places | None, past: Past | None) -> None:
    """`places`: the sums that this sheet repeats; `past`: the days that its chart draws."""
    words = page.words
    _title(page, plan, [words._("Account plan"), words.day(plan.day), *_led_by(words, plan)])
    page.freeze()
    page.merge(sentences.verdict(words, plan), looks.badge(plan.health.state), high=40)
    for line in sentences.beside(words, plan):
        page.note(line)
    if plan.why:
        page.merge(_sentences(words, plan.why), looks.LEAD, high=26)
    page.gap()
    _facts(page, list(_internal_facts(words, plan)))
    if places:
        _groups(page, plan, places)
    _coming(page, plan)
    _steps(page, plan)
    _advice(page, plan)
    if past:
        page.section(words._("Health over time"))
        draw(past, page, top=page.row, rows=CHART_ROWS)
        for _row in range(CHART_ROWS):
            page.gap(17)


def write_safe(page: Page, plan: Plan) -> None:
    """What both sides agreed on, and nothing else."""
    words = page.words
    _title(page, plan, [words._("Account plan"), words.day(plan.day)])
    page.freeze()
    _facts(page, list(_agreed_facts(words, plan)))
    if plan.facts.outcomes:
        page.section(words._("What we want to reach together"))
        for outcome in plan.facts.outcomes:
            page.merge(sentences.aim(words, outcome), looks.CELL, high=22)
        page.gap()


def sign(page: Page, plan: Plan) -> str:
    """Where the export id stands: the last row."""
    page.put(2, page.words._("Export"), looks.NOTE)
    address = page.put(3, plan.export_id, looks.NOTE)
    page.end_row(18)
    return address


def _title(page: Page, plan: Plan, said: list[str]) -> None:
    name = plan.account.name
    size = next(size for length, size in TITLE_SIZES if len(name) <= length)
    page.band(name, " · ".join(said), replace(looks.TITLE, size=size))


def _led_by(words: Words, plan: Plan) -> list[str]:
    return [words._("CSM: {name}", name=plan.csm)] if plan.csm else []


def _sentences(words: Words, reasons: Iterable[Reason]) -> str:
    return " ".join(sentences.said(words, reason) for reason in reasons)


def _facts(page: Page, facts: list[Fact]) -> None:
    page.section(page.words._("Key facts"))
    half = (len(facts) + 1) // 2
    for left in range(half):
        for column, index in ((2, left), (4, left + half)):
            label, value = facts[index] if index < len(facts) else (None, None)
            page.put(column, label, looks.LABEL)
            page.put(column + 1, value, looks.FACT)
        page.end_row(22)
    page.gap()


def _internal_facts(words: Words, plan: Plan) -> Iterator[Fact]:
    account, facts = plan.account, plan.facts
    unknown = words._("not known")
    sums = totals(plan)
    yield words._("ARR"), sentences.amounts(words, sums) if len(sums) > 1 else (sums[0] if sums else unknown)
    yield from _dates(words, plan)
    for who, call in ((words._("The CSM's call"), plan.said), (words._("The rule's call"), plan.rule)):
        if call:
            yield who, term(words, CALLS, call)
    yield words._("CSM"), plan.csm or unknown
    yield words._("Segment"), account.segment or unknown
    yield words._("Tier"), account.tier or unknown
    yield words._("Stage"), term(words, LAER_STAGES, plan.stage).capitalize() or unknown
    yield words._("Customer since"), account.customer_since or unknown
    if facts.sentiment:
        said = term(words, SENTIMENTS, facts.sentiment.value)
        yield words._("CSM's sentiment"), f"{said} · {words.day(facts.sentiment.given_on)}"


def _agreed_facts(words: Words, plan: Plan) -> Iterator[Fact]:
    yield words._("Customer since"), plan.account.customer_since or words._("not known")
    products = dict.fromkeys(span.version.product for span in in_force(plan) if span.version.product)
    if products:
        yield words._("Products"), words.listed(products)
    if (count := seats(plan)) is not None:
        yield words._("Licences"), count
    yield from _dates(words, plan)


def _dates(words: Words, plan: Plan) -> Iterator[Fact]:
    renewal = soonest(plan)
    if renewal is None:
        yield words._("Next renewal"), words._("no end date") if plan.contracts else words._("not known")
        return
    yield words._("Next renewal"), renewal.ends_on
    yield words._("Decide by"), renewal.decision_on
    yield words._("Renews by itself"), renewal.automatic


def _groups(page: Page, plan: Plan, places: Places) -> None:
    words = page.words
    page.section(words._("Where the points are"))
    for column, title in enumerate((words._("Group"), words._("Points"), words._("of"), words._("30 days")), start=2):
        page.put(column, title, replace(looks.LABEL if column == 2 else looks.LABEL_RIGHT, bold=True))
    page.end_row(18)
    first = page.row
    for group in plan.health.groups:
        points, weight = places.groups[group.name]
        page.put(2, term(words, GROUPS, group.name), looks.LABEL)
        page.put(3, Formula(f"={points}", group.points), looks.FACT_NUMBER)
        page.put(4, Formula(f"={weight}", group.weight), looks.NUMBER)
        page.put(5, _moved(plan, group.name), looks.NUMBER)
        page.end_row(20)
    if page.row > first:
        page.colour_if(f"C{first}:C{page.row - 1}", sentences.shares(f"C{first}", f"D{first}"))
    page.gap()


def _moved(plan: Plan, group: str) -> Change | None:
    return Change(plan.changes.groups.get(group, 0)) if plan.changes else None


def _coming(page: Page, plan: Plan) -> None:
    """What the customer lives next, and whether it is ready."""
    words = page.words
    ahead = (line for line in plan.work.tasks if line.task.side == "front" and line.task.status == "open")
    coming = sorted(ahead, key=lambda line: (line.task.due_on, line.task.task_id))[:COMING]
    if not coming:
        return
    page.section(words._("Next on the front stage"))
    for line in coming:
        ready = words._(READY[line.state]) if line.state else ""
        parts = (words.day(line.task.due_on), one_line(line.title, 70), line.who, ready)
        page.merge(f"•  {' · '.join(filter(None, parts))}", looks.CELL, high=21)
    page.gap()


def _steps(page: Page, plan: Plan) -> None:
    words = page.words
    if not plan.steps or plan.health.score is None:
        return
    green = plan.bands[1]
    page.section(
        words.ngettext(
            "To turn green ({green}) it needs {n} point",
            "To turn green ({green}) it needs {n} points",
            green - plan.health.score,
            green=words.number(green),
        )
    )
    for step in plan.steps:
        page.merge(f"•  {sentences.step(words, step)}", looks.CELL, high=21)
    page.gap()


def _advice(page: Page, plan: Plan) -> None:
    if plan.advice:
        page.section(page.words._("Before you talk"))
        page.merge(_sentences(page.words, plan.advice), looks.CELL, high=22)
        page.gap()

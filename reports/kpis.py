"""The metrics as a list: value, change, what each is made of, and the last months; with formulas and cohorts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kpis.kpis import Kpi, Metric
from domain.kpis.kpis_values import Shown
from reports import looks
from reports.listing import About, Field, Kind
from reports.listing import workbook as listed
from reports.pages import Column, Page
from words import Words
from words.metrics import COHORTS, METRICS, PERIODS

KINDS: Mapping[Shown, Kind] = {
    "percent": "share", "times": "times", "signed": "signed", "score": "times", "days": "tenths", "money": "amount",
}  # fmt: skip
CHANGES: Mapping[Shown, Kind] = {"percent": "points", "money": "growth", "times": "shift"}


@dataclass(frozen=True)
class Measured:
    """A metric of a period, of the one before and of each month. group: a msgid; currency: of amounts; money: whether
    numerator and denominator are amounts; count: how many the value is made of; why: there is none; target: as said."""

    group: str
    metric: Metric
    now: Kpi
    before: Kpi
    months: Sequence[Kpi]
    currency: str
    money: tuple[bool, bool]
    count: Decimal | None = None
    why: str = ""
    target: str = ""

    @property
    def kind(self) -> Kind:
        return KINDS[self.metric.shown]

    @property
    def change(self) -> Decimal | None:
        """In points for a percentage, as a share for an amount, else the difference."""
        if self.now.value is None or self.before.value is None:
            return None
        delta = self.now.value - self.before.value
        if self.metric.shown == "percent":
            return delta * 100
        if self.metric.shown != "money":
            return delta
        return delta / self.before.value if self.before.value else None


def workbook(about: About, rows: Sequence[Measured], words: Words, *, months: Sequence[date]) -> bytes:
    """months: the first day of each."""

    def explain(page: Page) -> None:
        page.section(words._("Metrics"))
        page.table(
            [
                Column[Measured](words._("Metric"), 30, lambda row: words._(METRICS[row.metric.name].label)),
                Column[Measured](words._("How it is counted"), 104, lambda row: _explained(words, row), looks.CELL),
            ],
            rows,
        )

    fields = [*_figures(words), *_made_of(words), *(_month(words, n, month) for n, month in enumerate(months))]
    return listed(about, fields, rows, words, explain=explain)


def _figures(words: Words) -> list[Field[Measured]]:
    return [
        Field(words._("Group"), 22, lambda r: words._(r.group), words._("What the metric tells of.")),
        Field(
            words._("Metric"), 36, lambda r: words._(METRICS[r.metric.name].label),
            words._("What is counted; how stands below."),
        ),
        Field(words._("In /kpi"), 19, lambda r: r.metric.name, words._("The metric's name in /kpi and for scripts.")),
        Field(
            words._("Value"), 15, lambda r: r.now.value,
            words._("Of the period; empty where it is not defined."), lambda r: r.kind,
        ),
        Field(
            words._("Period before"), 15, lambda r: r.before.value,
            words._("The same of the period before, of as many days as this one has had."), lambda r: r.kind,
        ),
        Field(
            words._("Change"), 13, lambda r: r.change,
            words._("In points for a percentage, in percent for an amount, else the difference."), _change_kind,
        ),
        Field(
            words._("Currency"), 10, lambda r: r.currency if r.metric.shown == "money" or any(r.money) else None,
            words._("The currency of the amounts of this row."),
        ),
    ]  # fmt: skip


def _change_kind(row: Measured) -> Kind:
    return CHANGES.get(row.metric.shown, "signed")


def _made_of(words: Words) -> list[Field[Measured]]:
    return [
        Field(
            words._("Numerator"), 16, lambda r: r.now.numerator,
            words._("What the metric counts; in words below."), lambda r: _kind_of(r.now.numerator, money=r.money[0]),
        ),
        Field(
            words._("Denominator"), 16, lambda r: r.now.denominator,
            words._("Of what it counts it; in words below."), lambda r: _kind_of(r.now.denominator, money=r.money[1]),
        ),
        Field(
            words._("n"), 9, lambda r: r.count,
            words._("How many accounts, contacts or contracts the value is made of; empty for amounts."), "number",
        ),
        Field(words._("Target"), 30, lambda r: r.target or None, words._("The policy's target, where it has one.")),
        Field(
            words._("Not defined because"), 36, lambda r: r.why or None, words._("Why there is no value."),
        ),
    ]  # fmt: skip


def _kind_of(part: Decimal | None, *, money: bool) -> Kind:
    if money:
        return "amount"
    return "number" if part is None or part == part.to_integral_value() else "times"


def _month(words: Words, place: int, month: date) -> Field[Measured]:
    title = f"{words.month(month)} {month.year}"
    means = words._("The value of this month alone; of the last one, as far as it has come.")
    return Field(title, 16, _of_month(place), means, lambda r: r.kind)


def _of_month(place: int) -> Callable[[Measured], Decimal | None]:
    return lambda row: row.months[place].value if place < len(row.months) else None


def _explained(words: Words, row: Measured) -> str:
    texts = METRICS[row.metric.name]
    lines = [words._(texts.formula)]
    if texts.numerator:
        lines.append(f"{words._('Numerator')}: {words._(texts.numerator)}")
    if texts.denominator:
        lines.append(f"{words._('Denominator')}: {words._(texts.denominator)}")
    lines.append(words._("Cohort: {who}", who=words._(COHORTS[row.metric.cohort])))
    lines.append(words._("Period: {when}", when=words._(PERIODS[row.metric.period])))
    if row.why:
        lines.append(words._("not defined: {why}", why=row.why))
    return "\n".join(lines)

"""One metric: its formula filled in, month by month, and the accounts behind it."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from domain.kpis.kpis import Kpi, Metric
from domain.kpis.kpis_values import Part
from domain.waterfall import LINES
from handlers.ask import Ask
from handlers.blocks import Block, code, context, section
from handlers.kpis.kpi_figures import (
    FEW,
    HALF_MONETARY,
    MONETARY,
    aimed,
    change,
    counts,
    few,
    plain,
    shown,
    sparkline,
    value,
)
from handlers.kpis.kpi_heading import against, days_and_accounts, notes
from handlers.kpis.kpi_question import Asked
from words import MINUS
from words.metrics import AMOUNTS, CODES, COHORTS, PARTS, PERCENTS, PERIODS
from words.metrics import LINES as SAID_LINES
from words.metrics import METRICS as EXPLAINED


def one_metric(
    ask: Ask, question: Asked, metric: Metric, now: Kpi, before: Kpi, months: Sequence[Kpi], behind: Sequence[Block]
) -> tuple[str, list[Block]]:
    """`behind`: blocks about the accounts that moved it."""
    words = ask.words
    label = words._(EXPLAINED[metric.name].label)
    first = f"*{label}: {value(ask, metric, now)}*{change(ask, metric, now, before)}"
    target = aimed(ask, question, metric, now)
    blocks = [section(" · ".join(filter(None, (first, target))), days_and_accounts(ask, question))]
    blocks.append(section(*_explained(ask, question, metric, now)))
    if "revenue" in metric.families and "opening" in now.parts:
        blocks.append(section(f"*{words._('What MRR did')}*", code(_waterfall(ask, now.parts))))
    if any(kpi.value is not None for kpi in months):
        said = sparkline([kpi.value for kpi in months])
        blocks.append(section(f"*{words._('Month by month')}* {said}", code(_table(ask, question, metric, months))))
    blocks += behind
    blocks.append(context(against(words, question), *notes(ask, question)))
    return f"{label} {value(ask, metric, now)}", blocks


def _explained(ask: Ask, question: Asked, metric: Metric, kpi: Kpi) -> Iterator[str]:
    words, texts = ask.words, EXPLAINED[metric.name]
    yield words._(texts.formula)
    if kpi.value is not None and kpi.numerator is not None and kpi.denominator is not None:
        filled = f"{_amount(ask, metric, kpi.numerator)} ÷ {_count(ask, metric, kpi.denominator)}"
        hundred = " × 100" if metric.shown == "signed" else ""
        yield f"= {filled}{hundred} = {value(ask, metric, kpi)}"
    if texts.numerator and kpi.numerator is not None:
        yield words._("Numerator: {what}: {amount}", what=words._(texts.numerator),
                      amount=_amount(ask, metric, kpi.numerator))  # fmt: skip
    if texts.denominator and kpi.denominator is not None:
        yield words._("Denominator: {what}: {amount}", what=words._(texts.denominator),
                      amount=_count(ask, metric, kpi.denominator))  # fmt: skip
    yield words._("Cohort: {who}", who=words._(COHORTS[metric.cohort]))
    yield words._("Period: {when}", when=words._(PERIODS[metric.period]))
    parts = [_part(ask, name, part) for name, part in kpi.parts.items() if name in PARTS and _tells(name, part, kpi)]
    if parts:
        yield " · ".join(parts)
    if few(words, question, metric, kpi):
        yield f"⚠️ {words._('Fewer than {n}: too few to say much.', n=words.number(FEW))}"
    if kpi.parts.get("shared_costs") == "left_out":
        yield words._("Costs of the whole base are left out: they belong to no part of it.")


def _tells(name: str, part: Part, kpi: Kpi) -> bool:
    return part is not None and not (name == "new" and "opening" in kpi.parts)


def _part(ask: Ask, name: str, part: Part) -> str:
    words, label = ask.words, ask.words._(PARTS[name])
    if not isinstance(part, Decimal):
        said = words.number(part) if isinstance(part, int) else words._(CODES.get(part or "", part or ""))
        return f"{label}: {said}"
    if name in PERCENTS:
        return f"{label}: {words.percent(part, decimals=1)}"
    said = words.money(part, ask.policy.currency) if name in AMOUNTS else words.number(plain(part))
    return f"{label}: {said}"


def _amount(ask: Ask, metric: Metric, amount: Decimal) -> str:
    if metric.name in MONETARY | HALF_MONETARY:
        return _money(ask, amount)
    return ask.words.number(plain(amount))


def _count(ask: Ask, metric: Metric, amount: Decimal) -> str:
    if metric.name in MONETARY:
        return _money(ask, amount)
    return ask.words.number(plain(amount))


def _money(ask: Ask, amount: Decimal) -> str:
    return f"{MINUS if amount < 0 else ''}{ask.words.money(abs(amount), ask.policy.currency)}"


def _waterfall(ask: Ask, parts: Mapping[str, Part]) -> Iterator[str]:
    """Opening to closing, one line each; lines of nothing are left out, but for the ends."""
    words = ask.words
    for name in (*LINES, "closing"):
        part = parts[name]
        if not isinstance(part, Decimal) or (not part and name not in {"opening", "closing"}):
            continue
        sign = {"opening": " ", "closing": "="}.get(name) or _way(name, part)
        label = words._(SAID_LINES[name])
        yield f"{sign} {label:<14}{words.money(abs(part), ask.policy.currency):>18}"


def _way(name: str, part: Decimal) -> str:
    down = (name in {"contraction", "churn"}) != (part < 0)
    return MINUS if down else "+"


def _table(ask: Ask, question: Asked, metric: Metric, months: Sequence[Kpi]) -> Iterator[str]:
    """A row a month: value, and of how many; narrow enough for a phone."""
    words = ask.words
    told = ["—" if kpi.value is None else shown(words, metric.shown, kpi.value, ask.policy.currency) for kpi in months]
    wide = max(map(len, told))
    for month, kpi, said in zip(question.months, months, told, strict=True):
        count = counts(kpi, metric)
        n = f"  n = {words.number(plain(count))}" if count else ""
        to_date = f"  {words._('to date')}" if month.last > ask.today else ""
        label = f"{words.month(month.first)[:3]} {month.first.year}"
        yield f"{label}  {said:>{wide}}{n}{to_date}"

"""docs/metrics.md, written from the registry: `python -m reports.metrics_page`."""

from collections.abc import Iterator
from pathlib import Path

from domain.kpis import kpis_names
from domain.kpis.kpis import METRICS, Metric
from words.metrics import COHORTS, PERIODS, UNDEFINED
from words.metrics import METRICS as EXPLAINED

PAGE = Path(__file__).parent.parent / "docs" / "metrics.md"
UNITS = {"ratio": "ratio (1.0512 is 105.1 %)", "money": "the organisation's currency"}
HEAD = """# Metrics

Written from the registry by `python -m reports.metrics_page`; a test compares. `/kpi` and `bot.py kpi NAME [PERIOD]
[SCOPE] --json` answer by these names, and by what people call them in English and Spanish.

- Amounts are in constant currency: one rate table, policy `rates`. MRR is a twelfth of the annual amount, told to the
  cent; ratios are made of the exact annual amounts. A currency without a rate is said, never counted as zero.
- opening + new + expansion + reactivation ± indexation ± FX − contraction − churn = closing, to the cent, for every
  account, scope and period. A period opens at the end of the day before. Indexation is a change whose `change_reason`
  is indexation; FX is what another rate table makes of the opening, 0 with one table.
- Figures are as known today, also those of the past. An unfinished period is counted to date, and compared with as many
  days of the period before.
- CSM, segment and tier are those of the period's start (policy `credit`); colour, stage and columns of your own are
  today's. A customer is an account, or its parent (policy `logo_level`).
- Costs are of the months that begin in the period. Costs of the whole base count only for the whole base.
- A metric over an empty base has no value but a reason, `undefined_because`: never 0 % and never 100 %.

`no_accounts`, there is no account in the scope, can be the reason for each.
"""


def page() -> str:
    """The whole page."""
    sections = ["\n".join(_section(metric)) for metric in METRICS.values()]
    return "\n".join([HEAD, *sections])


def _section(metric: Metric) -> Iterator[str]:
    texts = EXPLAINED[metric.name]
    yield f"## {metric.name}"
    yield ""
    yield f"**{texts.label}**: {texts.formula}."
    yield ""
    yield "| | |"
    yield "|---|---|"
    for label, said in _rows(metric):
        yield f"| {label} | {said} |"
    yield ""


def _rows(metric: Metric) -> Iterator[tuple[str, str]]:
    texts = EXPLAINED[metric.name]
    better = {"up": "more is better", "down": "less is better"}[metric.better]
    yield "unit", f"{UNITS.get(metric.unit, metric.unit)}; {better}"
    if texts.numerator:
        yield "numerator", texts.numerator
    if texts.denominator:
        yield "denominator", texts.denominator
    yield "cohort", f"`{metric.cohort}`: {COHORTS[metric.cohort]}"
    yield "period", PERIODS[metric.period]
    yield "not defined", "; ".join(f"`{code}`: {UNDEFINED[code]}" for code in metric.undefined)
    yield "from", ", ".join(f"{name}.csv" for name in metric.sources) or "the plays that run here"
    called = ", ".join(kpis_names.SAID[metric.name])
    if called:
        yield "also called", called


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

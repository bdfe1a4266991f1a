"""/export kpis: every metric of a period and of the last months, the very numbers that `/kpi` shows."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.kpis.kpis import METRICS, Kpi, Metric
from handlers.ask import Ask, Reply
from handlers.kpis import kpi
from handlers.kpis.kpi_figures import HALF_MONETARY, MONETARY, aimed, counts, why
from handlers.kpis.kpi_heading import against, days_and_accounts, notes
from handlers.kpis.kpi_question import Asked, asked
from handlers.kpis.kpi_scorecard import GROUPS
from handlers.workbooks.exported import handed, kept

if TYPE_CHECKING:
    from reports.kpis import Measured
    from reports.listing import About


def answer(ask: Ask) -> Reply:
    question = asked(ask)
    scope = days_and_accounts(ask, question).replace("*", "")
    held = kept(question.filters, question.counted)
    return handed(ask, "kpis", ask.words._("Metrics"), scope, held, lambda about: _drawn(ask, question, about))


def _drawn(ask: Ask, question: Asked, about: "About") -> bytes:
    from reports.kpis import workbook  # noqa: PLC0415  half a second that only a workbook is worth

    about = replace(about, notes=(against(ask.words, question), *notes(ask, question)))
    return workbook(about, list(measured(ask, question)), ask.words, months=[month.first for month in question.months])


def measured(ask: Ask, question: Asked) -> Iterator["Measured"]:
    """In the order of the scorecard; of one metric where only that was asked for."""
    from reports.kpis import Measured  # noqa: PLC0415

    found = kpi.load(ask, question)
    for group, names in GROUPS:
        for metric in (METRICS[name] for name in names if name in found.now):
            now = found.now[metric.name]
            yield Measured(
                group=group,
                metric=metric,
                now=now,
                before=found.before[metric.name],
                months=[month[metric.name] for month in found.months],
                currency=ask.policy.currency,
                money=(metric.name in MONETARY | HALF_MONETARY, metric.name in MONETARY),
                count=_count(metric, now),
                why=why(ask.words, now) if now.value is None else "",
                target=aimed(ask, question, metric, now),
            )


def _count(metric: Metric, kpi: Kpi) -> Decimal | None:
    """As `/kpi` counts; of the renewal rate the contracts."""
    contracts = kpi.parts.get("contracts") if metric.name == "renewal-rate" else None
    return Decimal(contracts) if isinstance(contracts, int) else counts(kpi, metric)

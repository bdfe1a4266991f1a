"""/kpi: the scorecard of all metrics, or one with its formula filled in and the accounts that moved it most."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.kpis.kpis import METRICS, Counted, Kpi, Metric
from domain.kpis.kpis_values import Family, undefined
from domain.periods import Period
from handlers.ask import Ask, Reply, refusal
from handlers.blocks import Block, section
from handlers.kpis.kpi_behind import NOTHING, Behind, behind, load_behind
from handlers.kpis.kpi_card import one_metric
from handlers.kpis.kpi_figures import figure
from handlers.kpis.kpi_heading import days_and_accounts
from handlers.kpis.kpi_question import Asked, asked
from handlers.kpis.kpi_scorecard import scorecard
from storage.database import Transaction
from storage.kpis import kpis, kpis_months
from storage.kpis.kpis_revenue import RANKINGS
from storage.renewals import revenue


@dataclass(frozen=True)
class Answered:
    """Each metric now, in the period before and in each of the last months; `behind`: what moved the one asked for."""

    asked: Asked
    now: Mapping[str, Kpi]
    before: Mapping[str, Kpi]
    months: tuple[Mapping[str, Kpi], ...] = ()
    behind: Behind = NOTHING
    empty: bool = False


def answer(ask: Ask) -> Reply:
    question = asked(ask)
    found = load(ask, question)
    if question.name is not None:
        metric = METRICS[question.name]
        months = [month[metric.name] for month in found.months]
        shown = behind(ask, metric, found.behind)
        return _reply(
            one_metric(ask, question, metric, found.now[metric.name], found.before[metric.name], months, shown)
        )
    if found.empty:
        said = ask.words._("There is no account in this scope, so there is nothing to count.")
        return Reply(said, (section(f"*{said}*", days_and_accounts(ask, question)),))
    return _reply(scorecard(ask, question, found.now, found.before, found.months))


def _reply(shown: tuple[str, list[Block]]) -> Reply:
    return Reply(shown[0], tuple(shown[1]))


def load(ask: Ask, question: Asked, *, around: bool = True) -> Answered:
    """All in one transaction; `around`: also the period before, the months, and the accounts behind one metric."""
    revenue.refresh(ask.database, grace_days=ask.policy.grace_days, currency=ask.policy.currency)
    wanted = [METRICS[question.name]] if question.name else list(METRICS.values())
    families = _families(wanted)
    with ask.database.transaction() as tx:
        held = _question(ask, tx, question, question.counted)
        if not kpis.exists(held):
            nothing = {metric.name: undefined("no_accounts") for metric in wanted}
            return Answered(question, nothing, nothing, empty=True)
        if not around:
            return Answered(question, _kpis(wanted, kpis.count(held, families)), {})
        earlier, counted = kpis.count_each([_question(ask, tx, question, question.before), held], families)
        months = kpis.by_month(held, families, question.months)
        used = kpis_months.of_few(held, families, question.months)
        found = load_behind(held, wanted[0], counted, ask.scope) if question.name and not question.account else NOTHING
    now, before, *trend = (_kpis(wanted, one) for one in (counted, earlier, *months))
    if used:
        of_use = [metric for metric in wanted if kpis_months.USAGE & {*metric.families}]
        trend = [month | _kpis(of_use, counts) for month, counts in zip(trend, used, strict=True)]
    return Answered(question, now, before, tuple(trend), found)


def _kpis(metrics: Iterable[Metric], counted: Counted) -> dict[str, Kpi]:
    return {metric.name: metric.of(counted) for metric in metrics}


def _question(ask: Ask, tx: Transaction, question: Asked, period: Period) -> kpis.Question:
    movers = METRICS[question.name].movers if question.name else ""
    ranked = [ranking for ranking in RANKINGS if ranking == movers and period == question.counted]
    return kpis.Question(tx, period, question.scope, ask.policy, ask.today, ranked)


def _families(metrics: Iterable[Metric]) -> list[Family]:
    return list(dict.fromkeys(family for metric in metrics for family in metric.families))


def as_json(ask: Ask) -> dict[str, object]:
    """One metric as the contract of the outside tells it: amounts as decimal strings."""
    question = asked(ask)
    if question.name is None:
        said = ask.words._("Which metric? One of {names}.", names=", ".join(METRICS))
        raise refusal(said)
    metric = METRICS[question.name]
    kpi = load(ask, question, around=False).now[metric.name]
    return {
        "name": metric.name,
        "value": figure(kpi.value),
        "unit": ask.policy.currency if metric.unit == "money" else metric.unit,
        "numerator": figure(kpi.numerator),
        "denominator": figure(kpi.denominator),
        "period": {
            "from": question.period.first.isoformat(),
            "to": question.period.last.isoformat(),
            "to_date": question.to_date,
        },
        "scope": " ".join(f"{one.kind}:{one.value}" if one.value else one.kind for one in question.filters),
        "cohort": metric.cohort,
        "undefined_because": kpi.undefined_because,
        "parts": {name: figure(part) for name, part in kpi.parts.items()},
    }

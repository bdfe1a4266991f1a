"""/kpi: the scorecard of all metrics, or one with its formula filled in and the accounts that moved it most."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.accounts import Account
from domain.kpis import METRICS, Counted, Kpi, Metric
from domain.kpis_values import Family, undefined
from domain.periods import Period
from domain.waterfall import Move
from handlers.ask import Ask, Refused, Reply
from handlers.blocks import section
from handlers.kpi_card import figure, one_metric, scorecard
from handlers.kpi_question import Asked, asked
from storage import accounts, kpis, revenue
from storage.database import Transaction


@dataclass(frozen=True)
class Answered:
    """Each metric now and in the period before; `counted` is what it is made of."""

    asked: Asked
    now: Mapping[str, Kpi]
    before: Mapping[str, Kpi]
    counted: Counted
    moves: tuple[tuple[Account, Move], ...] = ()


def answer(ask: Ask) -> Reply:
    question = asked(ask)
    found = load(ask, question)
    if question.name is None:
        said, blocks = scorecard(ask, question, found.now, found.before)
    else:
        metric = METRICS[question.name]
        said, blocks = one_metric(
            ask, question, metric, found.now[metric.name], found.before[metric.name], found.counted, found.moves
        )
    return Reply(said, tuple(blocks))


def load(ask: Ask, question: Asked) -> Answered:
    """Both periods in one transaction; of one metric also the accounts behind it."""
    revenue.refresh(ask.database, grace_days=ask.policy.grace_days, currency=ask.policy.currency)
    wanted = [METRICS[question.name]] if question.name else list(METRICS.values())
    with ask.database.transaction() as tx:
        held = _question(ask, tx, question, question.counted)
        if not kpis.exists(held):
            nothing = {metric.name: undefined("no_accounts") for metric in wanted}
            return Answered(question, nothing, nothing, Counted())
        counted = kpis.count(held, _families(wanted))
        earlier = kpis.count(_question(ask, tx, question, question.before), _families(wanted))
        moves = _moves(tx, ask, wanted[0], counted) if question.name else ()
    now, before = ({metric.name: metric.of(one) for metric in wanted} for one in (counted, earlier))
    return Answered(question, now, before, counted, moves)


def _question(ask: Ask, tx: Transaction, question: Asked, period: Period) -> kpis.Question:
    return kpis.Question(tx, period, question.scope, ask.policy, ask.today)


def _families(metrics: Iterable[Metric]) -> list[Family]:
    return list(dict.fromkeys(family for metric in metrics for family in metric.families))


def _moves(tx: Transaction, ask: Ask, metric: Metric, counted: Counted) -> tuple[tuple[Account, Move], ...]:
    ranked: tuple[Move, ...] = getattr(counted.revenue, metric.movers) if metric.movers else ()
    held = accounts.some(tx, [move.number for move in ranked], ask.scope)
    return tuple((held[move.number], move) for move in ranked if move.number in held)


def as_json(ask: Ask) -> dict[str, object]:
    """One metric as the contract of the outside tells it: amounts as decimal strings."""
    question = asked(ask)
    if question.name is None:
        said = ask.words._("Which metric? One of {names}.", names=", ".join(METRICS))
        raise Refused(Reply(said, (section(said),), answered=False))
    metric = METRICS[question.name]
    kpi = load(ask, question).now[metric.name]
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

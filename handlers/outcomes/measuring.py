"""What a goal's measure is today on one account: a health measure, a metric of the registry, an outcome, a result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from domain.accounts import Account
from domain.fact_kinds import Situation
from domain.facts import Facts, Outcome
from domain.kpis.kpis import METRICS
from domain.periods import Period
from domain.playbooks.goals import OUTCOME, RESULT, Goal
from domain.policies.policy import Policy
from domain.scopes import Filter
from storage.database import Transaction
from storage.kpis import kpis
from storage.scope import Scope, operator
from words import N_, Words
from words import metrics as said_metrics
from words.terms import MEASURES as SAID_MEASURES

OWN_MEASURES: Mapping[str, str] = {"result": N_("reached or not"), "outcome": N_("the required outcome")}

PERCENT = {
    *("licences", "core_features", "use", "outcomes", "csat_ces", "core-features", "core-depth", "csat"),
    *("nrr", "grr", "renewal-rate", "churn", "revenue-churn", "net-revenue-churn", "net-growth", "retention"),
    *("activation", "conversion", "retained", "referral", "readiness", "repeat-purchase"),
}

BACK = timedelta(90)
YEAR = timedelta(365)
DAY = timedelta(1)
HUNDRED = 100


class Asking(Protocol):
    """On which day, by which policy, of which accounts."""

    @property
    def today(self) -> date: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def scope(self) -> Scope: ...


@dataclass(frozen=True)
class Night:
    """The run that asks for nobody."""

    today: date
    policy: Policy
    scope: Scope = field(default_factory=operator)


def now(tx: Transaction, asking: Asking, goal: Goal, facts: Facts, known: Situation) -> Decimal | None:
    """Where a goal is by its measure; None where a person says it, or it is not known."""
    if goal.kpi == RESULT:
        return None
    if goal.kpi == OUTCOME:
        return next((o.current for o in facts.outcomes if o.outcome_id == goal.outcome_id), None)
    return value(tx, asking, goal.kpi, facts, known)


def value(tx: Transaction, ask: Asking, measure: str, facts: Facts, known: Situation) -> Decimal | None:
    """Ratios in %; a metric over the 90 days up to yesterday; None where it is not known."""
    if measure == RESULT:
        return Decimal(0)
    if measure == OUTCOME:
        wanted = outcome(facts)
        return wanted.current if wanted else None
    found = known.get(measure)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return Decimal(str(round(found, 1)))
    return _metric(tx, ask, measure, facts) if measure in METRICS else None


def days_to_value(tx: Transaction, ask: Asking, account: Account) -> Decimal | None:
    """How long accounts of its segment take to the first value, over the last year."""
    scope = ask.scope.narrowed(Filter("segment", account.segment)) if account.segment else ask.scope
    metric, period = METRICS["time-to-value"], Period(ask.today - YEAR, ask.today - DAY)
    return metric.of(kpis.count(kpis.Question(tx, period, scope, ask.policy, ask.today), metric.families)).value


def outcome(facts: Facts) -> Outcome | None:
    """The required outcome that comes next: open, the nearest due first."""
    still = [o for o in facts.outcomes if o.achieved_on is None]
    return min(still, key=lambda o: (o.due_on is None, o.due_on or facts.day, o.outcome_id), default=None)


def _metric(tx: Transaction, ask: Asking, name: str, facts: Facts) -> Decimal | None:
    metric, scope = METRICS[name], ask.scope.narrowed(Filter("account", facts.account.account_id))
    period = Period(ask.today - BACK, ask.today - DAY)
    counted = kpis.count(kpis.Question(tx, period, scope, ask.policy, ask.today), metric.families)
    found = metric.of(counted).value
    if found is None:
        return None
    return found * HUNDRED if metric.unit == "ratio" and metric.shown == "percent" else found


def amount(words: Words, kpi: str, value: Decimal | None) -> str | None:
    """A goal's value in the unit of what it measures."""
    if value is None:
        return None
    if kpi in PERCENT:
        return words.percent(value / 100)
    return words.number(value.normalize() if value == value.to_integral_value() else round(value, 2))


def measure_name(words: Words, kpi: str) -> str:
    """A goal's measure as it is called."""
    if kpi in said_metrics.METRICS:
        return words._(said_metrics.METRICS[kpi].label)
    return words._({**SAID_MEASURES, **OWN_MEASURES}.get(kpi, kpi))

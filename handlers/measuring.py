"""What a goal's measure is today on one account: a health measure, a metric of the registry, an outcome, a result."""

from datetime import timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.fact_kinds import Situation
from domain.facts import Facts, Outcome
from domain.goals import OUTCOME, RESULT
from domain.kpis import METRICS
from domain.periods import Period
from domain.scopes import Filter
from handlers.ask import Ask
from storage import kpis
from storage.database import Transaction

BACK = timedelta(90)
YEAR = timedelta(365)
DAY = timedelta(1)
PERCENT = 100


def value(tx: Transaction, ask: Ask, measure: str, facts: Facts, known: Situation) -> Decimal | None:
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


def days_to_value(tx: Transaction, ask: Ask, account: Account) -> Decimal | None:
    """How long accounts of its segment take to the first value, over the last year."""
    scope = ask.scope.narrowed(Filter("segment", account.segment)) if account.segment else ask.scope
    metric, period = METRICS["time-to-value"], Period(ask.today - YEAR, ask.today - DAY)
    return metric.of(kpis.count(kpis.Question(tx, period, scope, ask.policy, ask.today), metric.families)).value


def outcome(facts: Facts) -> Outcome | None:
    """The required outcome that comes next: open, the nearest due first."""
    still = [o for o in facts.outcomes if o.achieved_on is None]
    return min(still, key=lambda o: (o.due_on is None, o.due_on or facts.day, o.outcome_id), default=None)


def _metric(tx: Transaction, ask: Ask, name: str, facts: Facts) -> Decimal | None:
    metric, scope = METRICS[name], ask.scope.narrowed(Filter("account", facts.account.account_id))
    period = Period(ask.today - BACK, ask.today - DAY)
    counted = kpis.count(kpis.Question(tx, period, scope, ask.policy, ask.today), metric.families)
    found = metric.of(counted).value
    if found is None:
        return None
    return found * PERCENT if metric.unit == "ratio" and metric.shown == "percent" else found

"""Health of one account on a day: a score 0-100 with every factor shown, and unknown as a state of its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain.accounts import Account
from domain.facts import Facts
from domain.health.causes import cause, first_reason, next_words
from domain.health.evidence import monthly_figure, started_on
from domain.health.green import towards_green
from domain.health.measures import held, read
from domain.health.rules import MEASURES, Measure, Rules
from domain.health.scores import Cap, Changes, Factor, GroupScore, Health, Missing, Reading, State, Step, Then
from domain.health.signals import at_risk, critical, deciding, holding, rule_call
from domain.health.weights import Scale, rounded, scale, whole
from domain.policies.policy import Policy
from domain.subscriptions import Span

__all__ = [
    "MEASURES",
    "Cap",
    "Changes",
    "Factor",
    "GroupScore",
    "Health",
    "Missing",
    "Reading",
    "State",
    "Step",
    "Then",
    "at_risk",
    "cause",
    "changes",
    "critical",
    "deciding",
    "first_reason",
    "health",
    "next_words",
    "of_readings",
    "rule_call",
    "towards_green",
]


def health(facts: Facts, policy: Policy, *, in_use: frozenset[str], contracts: Sequence[Span] | None = None) -> Health:
    """The health of one account on `facts.day`; `in_use` names the measures that the organisation supplies at all.

    contracts: those of the facts as spans, where they are at hand.
    Former customers and prospects are not measured. Onboarding and leaving are measured, but have no score.
    """
    rules = policy.rules
    contracts = held(facts, rules) if contracts is None else contracts
    state = _standing(facts, contracts)
    start = started_on(facts)
    day = (facts.day - start).days + 1 if start else None
    if state in {"former", "prospect"}:
        return Health(facts.account, facts.day, state or "prospect", None, 0, onboarding_days=rules.onboarding_days)
    if state is None and day is not None and day <= rules.onboarding_days:
        state = "onboarding"
    wanted = [measure for measure in MEASURES if measure in in_use and rules.weights[measure] > 0]
    readings = read(facts, rules, wanted, contracts)
    earned = _earned(readings, rules, in_use)
    cap = None
    if state is None:
        state = _colour(earned, rules)
        cap = holding(facts, rules, earned.score, readings.get("use")) if state in {"yellow", "green"} else None
    state = cap.at_most if cap else state
    return _assembled(facts.account, facts.day, readings, earned, state=state, cap=cap, day_of=day, rules=rules)


def of_readings(
    account: Account, day: date, readings: Mapping[Measure, Reading], policy: Policy, *, in_use: frozenset[str]
) -> Health:
    """The health that readings add up to, without the rules that look at more than readings."""
    rules = policy.rules
    earned = _earned(readings, rules, in_use)
    state = _colour(earned, rules)
    return _assembled(account, day, readings, earned, state=state, cap=None, day_of=None, rules=rules)


def changes(now: Health, then: Then | None) -> Changes:
    """What became of each measure's points since a stored score; a measure without points on a side counts 0 there."""
    if then is None:
        return Changes(None, None, {})
    before, after = then.points, {factor.measure: factor.points for factor in now.factors}
    measures: dict[str, int] = {m: after.get(m, 0) - before.get(m, 0) for m in MEASURES if m in after or m in before}
    total = now.score - then.score if now.score is not None and then.score is not None else None
    return Changes(total, then.score, measures)


def _standing(facts: Facts, contracts: Sequence[Span]) -> State | None:
    """Former, prospect or leaving by the contracts; None for a customer who stays."""
    if not facts.versions and not facts.months:
        since = facts.account.customer_since
        return None if since and since <= facts.day else "prospect"
    mine = [span for span in contracts if span.version.paying and span.first <= facts.day]
    current = [span for span in mine if span.covers(facts.day)]
    if not current and not monthly_figure(facts, facts.day):
        paid = mine or any(month.month <= facts.day and month.annual.amount > 0 for month in facts.months)
        return "former" if paid else "prospect"
    return "leaving" if current and all(_leaves(span, facts.day) for span in current) else None


def _leaves(span: Span, day: date) -> bool:
    notice = span.version.notice_given_on
    evergreen_notice = span.version.ends_on is None and span.until is None and notice is not None and notice <= day
    return span.ended in {"notice", "cancelled"} or evergreen_notice


class _Earned(NamedTuple):
    """Exact points of the fresh measures, in the order of their scale, and the score that they add up to."""

    scale: Scale
    points: list[float]
    score: int


def _earned(readings: Mapping[Measure, Reading], rules: Rules, in_use: frozenset[str]) -> _Earned:
    fresh = [m for m, reading in readings.items() if reading.state == "fresh" and reading.fraction is not None]
    found = scale(rules, in_use, fresh)
    points = [place.exact * (readings[place.measure].fraction or 0.0) for place in found.places]
    return _Earned(found, points, rounded(sum(points)))


def _colour(earned: _Earned, rules: Rules) -> State:
    measured = earned.scale.places and earned.scale.coverage >= rules.coverage_min
    return rules.band(earned.score) if measured else "unknown"


def _assembled(
    account: Account,
    day: date,
    readings: Mapping[Measure, Reading],
    earned: _Earned,
    *,
    state: State,
    cap: Cap | None,
    day_of: int | None,
    rules: Rules,
) -> Health:
    found = earned.scale
    return Health(
        account,
        day,
        state,
        earned.score if state in {"red", "yellow", "green"} else None,
        found.coverage,
        _factors(readings, earned),
        _missing(readings, found),
        cap,
        found.uncovered,
        day_of,
        rules.onboarding_days,
    )


def _factors(readings: Mapping[Measure, Reading], earned: _Earned) -> tuple[Factor, ...]:
    found = earned.scale
    points = whole(earned.points, earned.score, found.shown)
    return tuple(
        Factor(measure, group, readings[measure], shown, mine, base, exact)
        for (measure, group, base, exact, shown), mine in zip(found.places, points, strict=True)
    )


def _missing(readings: Mapping[Measure, Reading], found: Scale) -> tuple[Missing, ...]:
    lacking = []
    for measure, (given_to, weight) in found.given.items():
        reading = readings.get(measure)
        stale = reading is not None and reading.state == "stale"
        on = reading.fact_on if reading else None
        lacking.append(Missing(measure, "stale" if stale else "never", on, given_to, weight))
    return tuple(lacking)

"""Health of one account on a day: a score 0-100 with every factor shown, and unknown as a state of its own."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.accounts import Account
from domain.facts import Facts
from domain.health.causes import cause, first_reason, next_words
from domain.health.evidence import annual, started_on
from domain.health.green import towards_green
from domain.health.measures import held, read
from domain.health.rules import GROUP_OF, GROUPS, MEASURES, Measure, Rules
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
    score, found = _scored(readings, rules, in_use)
    cap = None
    if state is None:
        state = _colour(score, found, rules)
        cap = holding(facts, rules, score) if state in {"yellow", "green"} else None
    return _assembled(
        facts.account,
        facts.day,
        readings,
        found,
        score,
        state=cap.at_most if cap else state,
        cap=cap,
        day_of=day,
        rules=rules,
    )


def of_readings(
    account: Account, day: date, readings: Mapping[Measure, Reading], policy: Policy, *, in_use: frozenset[str]
) -> Health:
    """The health that readings add up to, without the rules that look at more than readings."""
    rules = policy.rules
    score, found = _scored(readings, rules, in_use)
    state = _colour(score, found, rules)
    return _assembled(account, day, readings, found, score, state=state, cap=None, day_of=None, rules=rules)


def changes(now: Health, then: Then | None) -> Changes:
    """What became of each measure's points since a stored score; a measure without points on a side counts 0 there."""
    before = then.points if then else {}
    after = {factor.measure: factor.points for factor in now.factors}
    measures: dict[str, int] = {}
    groups: dict[str, int] = dict.fromkeys(GROUPS, 0)
    if then:
        measures = {m: after.get(m, 0) - before.get(m, 0) for m in MEASURES if m in after or m in before}
    for measure in MEASURES:
        groups[GROUP_OF[measure]] += measures.get(measure, 0)
    was = then.score if then else None
    total = now.score - was if now.score is not None and was is not None else None
    return Changes(total, was, measures, groups)


def _standing(facts: Facts, contracts: Sequence[Span]) -> State | None:
    """Former, prospect or leaving by the contracts; None for a customer who stays."""
    if not facts.versions and not facts.months:
        since = facts.account.customer_since
        return None if since and since <= facts.day else "prospect"
    mine = [span for span in contracts if span.version.paying and span.first <= facts.day]
    if not annual(facts, contracts, facts.day):
        paid = mine or any(month.month <= facts.day and month.annual.amount > 0 for month in facts.months)
        return "former" if paid else "prospect"
    current = [span for span in mine if span.covers(facts.day)]
    return "leaving" if current and all(_leaves(span, facts.day) for span in current) else None


def _leaves(span: Span, day: date) -> bool:
    notice = span.version.notice_given_on
    evergreen_notice = span.version.ends_on is None and span.until is None and notice is not None and notice <= day
    return span.ended in {"notice", "cancelled"} or evergreen_notice


def _scored(readings: Mapping[Measure, Reading], rules: Rules, in_use: frozenset[str]) -> tuple[int, Scale]:
    fresh = [m for m, reading in readings.items() if reading.state == "fresh" and reading.fraction is not None]
    found = scale(rules, in_use, fresh)
    return rounded(sum(weight * (readings[m].fraction or 0.0) for m, weight in found.exact.items())), found


def _colour(score: int, found: Scale, rules: Rules) -> State:
    return rules.band(score) if found.exact and found.coverage >= rules.coverage_min else "unknown"


def _assembled(
    account: Account,
    day: date,
    readings: Mapping[Measure, Reading],
    found: Scale,
    score: int,
    *,
    state: State,
    cap: Cap | None,
    day_of: int | None,
    rules: Rules,
) -> Health:
    factors = _factors(readings, found, score)
    return Health(
        account,
        day,
        state,
        score if state in {"red", "yellow", "green"} else None,
        found.coverage,
        _groups(factors),
        factors,
        _missing(readings, found),
        cap,
        found.uncovered,
        day_of,
        rules.onboarding_days,
    )


def _factors(readings: Mapping[Measure, Reading], found: Scale, score: int) -> tuple[Factor, ...]:
    exact = [weight * (readings[m].fraction or 0.0) for m, weight in found.exact.items()]
    points = whole(exact, score, list(found.shown.values()))
    return tuple(
        Factor(m, GROUP_OF[m], readings[m], found.shown[m], mine, found.base[m], found.exact[m])
        for m, mine in zip(found.exact, points, strict=True)
    )


def _groups(factors: Sequence[Factor]) -> tuple[GroupScore, ...]:
    weights: dict[str, int] = {}
    points: dict[str, int] = {}
    for factor in factors:
        weights[factor.group] = weights.get(factor.group, 0) + factor.weight
        points[factor.group] = points.get(factor.group, 0) + factor.points
    return tuple(GroupScore(group, weights[group], points[group]) for group in GROUPS if group in weights)


def _missing(readings: Mapping[Measure, Reading], found: Scale) -> tuple[Missing, ...]:
    lacking = []
    for measure, (given_to, weight) in found.given.items():
        reading = readings.get(measure)
        stale = reading is not None and reading.state == "stale"
        on = reading.fact_on if reading else None
        lacking.append(Missing(measure, "stale" if stale else "never", on, given_to, weight))
    return tuple(lacking)

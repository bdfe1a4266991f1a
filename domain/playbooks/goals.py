"""Goals: a baseline, a target and a day; whether each is SMART, and how far it is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from domain.facts import Outcome
from domain.health.rules import MEASURES
from domain.outcomes import is_at_target
from domain.playbooks.playbooks import Target
from domain.policies.policy_journey import Kpi
from domain.reasons import Reason

Letter = Literal["specific", "measurable", "achievable", "realistic", "relevant", "time_bound"]
RESULT = "result"
OUTCOME = "outcome"
SUMMARIES = {"health", "score"}
TENTH = 10
ALL = Decimal(100)
OF_ALL = frozenset({
    *("licences", "core_features", "core-features", "core-depth", "outcomes", "csat", "renewal-rate", "grr"),
    *("retention", "activation", "conversion", "retained", "readiness"),
})  # fmt: skip
MEASURED: frozenset[str] = frozenset({*get_args(Kpi), *MEASURES, RESULT, OUTCOME})


@dataclass(frozen=True, slots=True)
class Goal:
    """kpi: a metric, a health measure, `outcome` or `result` (0 → 1); ratios in %. outcome_id: what it serves."""

    goal_id: str
    account: int
    kpi: str
    target: Decimal
    due_on: date
    baseline: Decimal | None = None
    current: Decimal | None = None
    current_on: date | None = None
    owner: str | None = None
    playbook: str | None = None
    outcome_id: str | None = None
    statement: str | None = None
    achieved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Peers:
    """What accounts alike gained in `days`, in the unit of the measure."""

    gains: tuple[float, ...] = ()
    days: int = 90


@dataclass(frozen=True, slots=True)
class Verdict:
    """holds: None where it cannot be told, or need not hold."""

    letter: Letter
    holds: bool | None
    reason: Reason


def verdicts(goal: Goal, outcome: Outcome | None, peers: Peers, *, least: int, today: date) -> tuple[Verdict, ...]:
    """Each letter of SMART, achievable and realistic apart; `outcome` is the one that the goal is tied to.

    Gains of fewer than `least` peers say nothing. Achievable: one of them gained as much; realistic: a quarter did.
    """
    return (
        _specific(goal),
        _measurable(goal),
        *_within_reach(goal, peers, least),
        _relevant(outcome),
        _time_bound(goal, today),
    )


def target_of(measure: str, target: Target, baseline: Decimal | None) -> Decimal | None:
    """The value to reach, of a share of something no more than all of it; None where a baseline is lacking."""
    found = _target(target, baseline)
    return min(found, ALL) if found is not None and measure in OF_ALL else found


def _target(target: Target, baseline: Decimal | None) -> Decimal | None:
    if target.done is not None:
        return Decimal(1)
    if target.to is not None:
        return _exact(target.to)
    if baseline is None:
        return None
    if target.by is not None:
        return baseline + _exact(target.by)
    return (baseline + _exact(target.share or 0) * (_exact(target.of or 0) - baseline)).quantize(Decimal("0.01"))


def progress(goal: Goal) -> Decimal | None:
    """The way from baseline to target that is done, in %; under 0 where it went the other way.

    None where a figure is not known, or the way has no length and is not reached.
    """
    if goal.achieved_on is not None:
        return Decimal(100)
    if goal.baseline is None or goal.current is None:
        return None
    way = goal.target - goal.baseline
    if way == 0:
        return Decimal(100) if goal.current == goal.target else None
    return ((goal.current - goal.baseline) / way * 100).quantize(Decimal("0.1"))


def behind(goal: Goal, began: date | None, day: date) -> bool:
    """Its date has passed, or less than the share of its time that is over, by a tenth, is done of its way."""
    if reached(goal):
        return False
    if goal.due_on < day:
        return True
    done = progress(goal)
    if done is None or began is None or goal.due_on <= began:
        return False
    return done < Decimal(100 * (day - began).days) / (goal.due_on - began).days - TENTH


def reached(goal: Goal) -> bool:
    """Once achieved it stays so. Where there is no way to go, only the target itself will do."""
    baseline = None if goal.baseline == goal.target else goal.baseline
    return goal.achieved_on is not None or is_at_target(baseline, goal.target, goal.current)


def _specific(goal: Goal) -> Verdict:
    """It says in words what will be so, and it is not the score, which is a summary of causes."""
    if goal.kpi in SUMMARIES:
        return Verdict("specific", False, Reason("goal_is_a_summary"))
    said = bool(goal.statement and goal.statement.strip())
    return Verdict("specific", said, Reason("goal_specific" if said else "goal_without_words"))


def _measurable(goal: Goal) -> Verdict:
    if goal.kpi not in MEASURED:
        return Verdict("measurable", False, Reason("goal_unmeasured"))
    if goal.baseline is None and goal.kpi != RESULT:
        return Verdict("measurable", False, Reason("goal_without_baseline"))
    return Verdict("measurable", True, Reason("goal_yes_or_no" if goal.kpi == RESULT else "goal_measured"))


def _within_reach(goal: Goal, peers: Peers, least: int) -> tuple[Verdict, Verdict]:
    n = len(peers.gains)
    if goal.baseline is None or goal.kpi in {RESULT, OUTCOME} or n < least:
        reason = Reason("goal_without_peers", {"n": n}) if 0 < n < least else Reason("goal_no_peers")
        return Verdict("achievable", None, reason), Verdict("realistic", None, reason)
    way = float(goal.target - goal.baseline)
    gains = sorted(gain if way >= 0 else -gain for gain in peers.gains)
    count = sum(gain >= abs(way) for gain in gains)
    upper = gains[-max(n // 4, 1)]
    told = {"n": n, "span": peers.days}
    by_some = Reason("goal_reached_by", {"count": count, **told}) if count else Reason("goal_reached_by_none", told)
    realistic = abs(way) <= upper
    code = "goal_realistic" if realistic else "goal_ambitious"
    quarter = Reason(code, {"gain": round(abs(way), 1), "upper": round(upper, 1), **told})
    return Verdict("achievable", count > 0, by_some), Verdict("realistic", realistic, quarter)


def _relevant(outcome: Outcome | None) -> Verdict:
    if outcome is None:
        return Verdict("relevant", None, Reason("goal_untied"))
    return Verdict("relevant", True, Reason("goal_tied", {"statement": outcome.statement}))


def _time_bound(goal: Goal, today: date) -> Verdict:
    ahead = goal.due_on >= today
    return Verdict("time_bound", ahead, Reason("goal_dated" if ahead else "goal_date_passed", {"due_on": goal.due_on}))


def _exact(value: float) -> Decimal:
    return Decimal(str(value))

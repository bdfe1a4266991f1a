"""What is looked at to say the facts of one account on a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.cases import Case
from domain.fact_kinds import Value
from domain.facts import Facts
from domain.policies.policy import Policy
from domain.policies.policy_journey import Stage


@dataclass(frozen=True, slots=True)
class Watch:
    """What only alerts ask. score_week: the reading of a week ago, or the last before it within another week, made
    with the same policy. abandoned: core features used in the 28 days before, not in the last 28; None: not known.

    goals_behind: open goals that are off their line. unready_on: the nearest front-stage day of a play within three
    days that is not ready. follow_up_on: the newest day on which a play's KPI was to be looked at.
    """

    score_week: int | None = None
    abandoned: int | None = None
    goals_behind: int = 0
    unready_on: date | None = None
    follow_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a situation is made of. `running`: names of the plays that run; `asked_on`: last asked for a referral."""

    facts: Facts
    case: Case
    policy: Policy
    stage: Stage | None = None
    fit: str | None = None
    at_risk: bool | None = None
    running: frozenset[str] = frozenset()
    asked_on: date | None = None
    handed_over_on: date | None = None
    watch: Watch = Watch()


Fact = Callable[[Seen], Value]


def since(day: Callable[[Seen], date | None]) -> Fact:
    """Days since; None where it has not been."""

    def value(seen: Seen) -> Value:
        on = day(seen)
        return None if on is None or on > seen.facts.day else float((seen.facts.day - on).days)

    return value


def until(day: Callable[[Seen], date | None]) -> Fact:
    """Days until; None where it has been."""

    def value(seen: Seen) -> Value:
        on = day(seen)
        return None if on is None or on < seen.facts.day else float((on - seen.facts.day).days)

    return value

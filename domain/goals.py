"""Goals: a baseline, a target and a day; whether each is SMART, and how far it is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.facts import Outcome
from domain.playbooks import Target
from domain.reasons import Reason

Letter = Literal["specific", "measurable", "achievable", "realistic", "relevant", "time_bound"]
RESULT = "result"
OUTCOME = "outcome"


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
    """Each letter of SMART, achievable and realistic apart; `outcome` is the one that the goal is tied to."""
    raise NotImplementedError


def target_of(target: Target, baseline: Decimal | None) -> Decimal | None:
    """The value to reach; None where it needs a baseline that is not known."""
    raise NotImplementedError


def progress(goal: Goal) -> Decimal | None:
    """The way from baseline to target that is done, in %; under 0 where it went the other way."""
    raise NotImplementedError


def reached(goal: Goal) -> bool:
    raise NotImplementedError

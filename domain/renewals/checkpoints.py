"""Where an account stands on the way to its decision: 180, 120, 90, 60, 30 days before, and the day itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from domain.health.signals import DECISION_DAYS, HALF_A_MONTH
from domain.renewals.renewals import Renewal

Code = Literal["days", "half_term", "decision", "passed"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """days: of code `days`, how many before the decision; since: the day it was reached; next_on: of the one after."""

    code: Code
    since: date
    due: tuple[str, ...]
    days: int | None = None
    next_on: date | None = None


def checkpoint(
    renewal: Renewal,
    today: date,
    *,
    steps: Mapping[int, Sequence[str]],
    half_term: Sequence[str],
    decision: Sequence[str],
) -> Checkpoint | None:
    """The checkpoint that the renewal is at; None before the first, below none of month to month, and for leavers.

    steps: days before the decision → what is due. Month to month has one, below half its term. On the decision date
    itself, and after it where the notice has passed, nothing but the decision is due.
    """
    if renewal.leaving:
        return None
    if today >= renewal.decision_on:
        code: Code = "decision" if today == renewal.decision_on else "passed"
        return Checkpoint(code, renewal.decision_on, tuple(decision))
    if renewal.kind == "month_to_month":
        since = decides_from(renewal)
        return Checkpoint("half_term", since, tuple(half_term), None, renewal.decision_on) if today >= since else None
    reached = [days for days in steps if days >= renewal.days_to_decide]
    if not reached:
        return None
    at = min(reached)
    return Checkpoint("days", renewal.decision_on - timedelta(at), tuple(steps[at]), at, _next(renewal, steps, at))


def decides_from(renewal: Renewal) -> date:
    """From this day on "monitor" is no call any more: 90 days before the decision, half a month month to month."""
    return renewal.decision_on - timedelta(HALF_A_MONTH if renewal.kind == "month_to_month" else DECISION_DAYS)


def _next(renewal: Renewal, steps: Collection[int], at: int) -> date:
    after = max((days for days in steps if days < at), default=0)
    return renewal.decision_on - timedelta(after)

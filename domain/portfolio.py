"""One account of a portfolio in a line: what the last night and today's contracts, calls and touches say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.accounts import Account
from domain.facts import RenewalCall, Sentiment, Voice
from domain.health.causes import telling
from domain.health.rules import Measure
from domain.money import Money
from domain.renewals.renewals import Renewal


class Earned(NamedTuple):
    """A measure of a stored score: points of weight, its value in its own unit."""

    measure: Measure
    points: int
    weight: int
    value: float | None = None

    @property
    def fraction(self) -> float:
        return self.points / self.weight if self.weight else 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """state, score, cap, coverage: of the last night, None before the first; change: of the score against 30 days
    before; against: the measure that speaks most against the score; annual: in force; calls: on the next renewal."""

    account: Account
    state: str | None = None
    score: int | None = None
    cap: str | None = None
    coverage: int | None = None
    change: int | None = None
    against: Earned | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    stage: str | None = None
    annual: Money | None = None
    renewal: Renewal | None = None
    calls: Mapping[Voice, RenewalCall] = field(default_factory=dict)
    seats: int | None = None
    touched_on: date | None = None
    sentiment: Sentiment | None = None

    @property
    def mrr(self) -> Decimal | None:
        return None if self.annual is None else (self.annual.amount / 12).quantize(Decimal("0.01"))


def against(score: int | None, earned: tuple[Earned, ...], before: Mapping[str, int] | None) -> Earned | None:
    """The measure that speaks most against a score; before: points by measure of 30 days before."""
    if score is None:
        return None
    falls: dict[str, int] = {}
    if before is not None:
        falls = {each.measure: each.points - before.get(each.measure, 0) for each in earned}
    return next(iter(telling(earned, falls)), None)

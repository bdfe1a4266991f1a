"""Health as a value: what the card, the stored score and the reports read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from domain.accounts import Account
from domain.health.rules import GROUPS, Band, CapCode, Group, Measure
from domain.reasons import Plain

State = Literal["red", "yellow", "green", "unknown", "onboarding", "leaving", "former", "prospect"]
Freshness = Literal["fresh", "stale", "missing"]
COLOURS: tuple[Band, ...] = ("red", "yellow", "green")


class Reading(NamedTuple):
    """One measure of one account: `value` in its own unit, `fraction` 0..1 of its weight, `fact_on` its newest fact.

    `parts` are what the value is made of, in the measure's own nouns; value and fraction are None where missing.
    """

    measure: Measure
    value: Decimal | None
    fact_on: date | None
    fraction: float | None
    parts: Mapping[str, Plain]
    state: Freshness
    max_age_days: int


class Factor(NamedTuple):
    """A fresh measure: points of weight, both whole; `base_weight` in % of the measures in use, before what it took
    over; `exact` its weight before rounding."""

    measure: Measure
    group: Group
    reading: Reading
    weight: int
    points: int
    base_weight: float
    exact: float

    @property
    def fraction(self) -> float:
        """What it earns of its weight."""
        return self.reading.fraction or 0.0


class GroupScore(NamedTuple):
    """The sums of its factors."""

    name: Group
    weight: int
    points: int


class Missing(NamedTuple):
    """A measure in use without a fresh fact: why, its last fact, and which measures took its weight."""

    measure: Measure
    why: Literal["never", "stale"]
    fact_on: date | None
    given_to: tuple[Measure, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Cap:
    """The rule that holds the colour at most so high; the score stays."""

    code: CapCode
    at_most: Band
    parts: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Health:
    """Points of factors and groups add up to `score`, weights and `uncovered` to 100.

    score: None unless state is a colour. coverage: whole percent of the weight in use that has fresh facts, rounded
    down. uncovered: weight that nobody could take over without growing above the cap. cap: only where it holds the
    colour down. day_of_onboarding: 1 on the first day; None where the start is not known.
    """

    account: Account
    day: date
    state: State
    score: int | None
    coverage: int
    factors: tuple[Factor, ...] = ()
    missing: tuple[Missing, ...] = ()
    cap: Cap | None = None
    uncovered: int = 0
    day_of_onboarding: int | None = None
    onboarding_days: int = 0

    def factor(self, measure: str) -> Factor | None:
        """The fresh measure of this name."""
        for factor in self.factors:
            if factor.measure == measure:
                return factor
        return None

    @property
    def groups(self) -> tuple[GroupScore, ...]:
        """Those that have a fresh measure."""
        found = ((group, [factor for factor in self.factors if factor.group == group]) for group in GROUPS)
        return tuple(
            GroupScore(group, sum(f.weight for f in mine), sum(f.points for f in mine)) for group, mine in found if mine
        )

    @property
    def held(self) -> bool:
        """A rule holds the colour below that of the score."""
        return self.cap is not None


@dataclass(frozen=True, slots=True)
class Then:
    """A stored score: points by measure."""

    score: int | None
    points: Mapping[str, int]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Differences against a stored score; those of measures add up to those of groups and to `score`.

    score: None where either side has none. measures: every measure on either side; `was`: the score then.
    """

    score: int | None
    was: int | None
    measures: Mapping[str, int]

    @property
    def groups(self) -> dict[str, int]:
        """Of every group."""
        return {group: sum(self.measures.get(measure, 0) for measure in mine) for group, mine in GROUPS.items()}


@dataclass(frozen=True, slots=True)
class Step:
    """A change that would earn `points`: from one value to another in the measure's own unit, named in `parts`.

    fraction: what the measure would then earn of its weight.
    """

    measure: Measure
    points: int
    from_: Decimal | int | None
    to: Decimal | int | None
    parts: Mapping[str, Plain]
    fraction: float

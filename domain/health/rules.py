"""The compiled health policy: plain numbers and curves, made once, read 100,000 times a night."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.health.curves import Curve, CurvesByAge
from domain.money import Rates

Measure = Literal[
    "licences",
    "core_features",
    "use",
    "outcomes",
    "nps",
    "csat_ces",
    "tickets",
    "touch",
    "sponsor",
    "invoices",
    "mrr_calls",
]
Group = Literal["adoption", "outcome", "experience", "relationship", "commercial"]
Band = Literal["red", "yellow", "green"]
CapCode = Literal["champion_left", "sponsor_left", "critical_ticket", "use_fell"]

GROUPS: Mapping[Group, tuple[Measure, ...]] = {
    "adoption": ("licences", "core_features", "use"),
    "outcome": ("outcomes",),
    "experience": ("nps", "csat_ces", "tickets"),
    "relationship": ("touch", "sponsor"),
    "commercial": ("invoices", "mrr_calls"),
}
MEASURES: tuple[Measure, ...] = tuple(measure for measures in GROUPS.values() for measure in measures)
GROUP_OF: Mapping[Measure, Group] = {measure: group for group, measures in GROUPS.items() for measure in measures}


@dataclass(frozen=True, slots=True)
class Burden:
    """What each open ticket weighs on the account; `day`: each day that the oldest is open beyond `patience` days."""

    severities: Mapping[str, float]
    escalated: float
    reopened: float
    day: float
    day_at_most: float
    patience: int


@dataclass(frozen=True, slots=True)
class Critical:
    """Signals that do not wait; None switches one off."""

    use_fall: float | None
    ticket: bool
    contact_left_days: int | None


@dataclass(frozen=True, slots=True)
class Rules:
    """`weights` of all measures as the policy writes them; `curves` of those that have one; ages in days.

    caps: the lowest colour first.
    """

    weights: Mapping[Measure, float]
    max_age: Mapping[Measure, int]
    curves: Mapping[Measure, Curve]
    licences_by_age: CurvesByAge
    burden: Burden
    outcome_roles: Mapping[str, float]
    trend_share: float
    bands: Mapping[Literal["yellow", "green"], int]
    coverage_min: int
    measure_cap: float
    at_risk_below: int
    caps: Mapping[CapCode, Band]
    contact_left_days: int
    critical: Critical
    rates: Rates
    grace_days: int
    onboarding_days: int
    cadence: int
    cadences: Mapping[str, int]
    scales: dict[tuple[frozenset[str], tuple[Measure, ...]], object] = field(
        default_factory=dict, compare=False, repr=False
    )

    def band(self, score: int) -> Band:
        """red < yellow line ≤ yellow < green line ≤ green."""
        if score < self.bands["yellow"]:
            return "red"
        return "yellow" if score < self.bands["green"] else "green"

    def cadence_of(self, segment: str | None) -> int:
        """Days between two-way touches."""
        return self.cadences.get(segment.casefold(), self.cadence) if segment else self.cadence

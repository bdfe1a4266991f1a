"""The health section of policy.yaml: five groups, eleven measures, bands and rules."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.health.curves import Curve, CurvesByAge
from domain.health.rules import GROUP_OF, MEASURES, Burden, CapCode, Critical, Measure, Rules
from domain.health.scores import COLOURS
from domain.money import Rates
from domain.policies.problems import Settings, problem

Point = tuple[float, Annotated[float, Field(ge=0, le=1)]]
CONTACT_LEFT_DAYS = 180


def _is_curve(points: tuple[Point, ...]) -> tuple[Point, ...]:
    if any(left[0] >= right[0] for left, right in pairwise(points)):
        raise problem("curve_not_rising")
    steps = [right[1] - left[1] for left, right in pairwise(points)]
    if any(step < 0 for step in steps) and any(step > 0 for step in steps):
        raise problem("curve_turns")
    return points


Points = Annotated[tuple[Point, ...], Field(min_length=2), AfterValidator(_is_curve)]
Weight = Annotated[float, Field(ge=0, le=100)]
Age = Annotated[int, Field(ge=1, le=3660)]
Percent = Annotated[int, Field(ge=0, le=100)]
Penalty = Annotated[float, Field(ge=0, le=1000)]


def _weight(default: float) -> Any:
    return Field(default, description="Its part of the score; 0 leaves it out")


def _age(default: int) -> Any:
    return Field(default, description="A newest fact older than this is stale: the weight goes to others")


class MeasurePolicy(Settings):
    weight: Weight = _weight(0)
    max_age_days: Age = _age(90)


def _curve(default: tuple[Point, ...], description: str) -> Any:
    return Field(default, description=f"[value, fraction of the weight] pairs. Value: {description}")


class Licences(MeasurePolicy):
    weight: Weight = _weight(15)
    max_age_days: Age = _age(14)
    by_age: dict[Annotated[int, Field(ge=0, le=600)], Points] = Field(
        default={
            4: ((0, 0), (35, 0.5), (55, 0.75), (85, 1)),
            8: ((0, 0), (55, 0.5), (72, 0.75), (95, 1)),
            14: ((0, 0), (65, 0.5), (80, 0.75), (100, 1)),
        },
        min_length=1,
        description="A curve for each age of the account in months; between two ages it slides. "
        "Value: % of seats with an active user in 28 days",
    )

    @model_validator(mode="after")
    def _same_fractions(self) -> Self:
        if len({tuple(fraction for _, fraction in points) for points in self.by_age.values()}) > 1:
            raise problem("curves_differ")
        return self


class CoreFeatures(MeasurePolicy):
    weight: Weight = _weight(10)
    max_age_days: Age = _age(14)
    curve: Points = _curve(((0, 0), (100, 1)), "% of the core features used in 28 days")


class Use(MeasurePolicy):
    weight: Weight = _weight(10)
    max_age_days: Age = _age(14)
    curve: Points = _curve(((-40, 0), (0, 1)), "change in % of the 28 days against the 28 before")


class Outcomes(MeasurePolicy):
    weight: Weight = _weight(20)
    max_age_days: Age = _age(120)
    curve: Points = _curve(((0, 0), (100, 1)), "% of the outcomes on track, weighted by stakeholder")
    roles: dict[str, Weight] = Field(
        default={"sponsor": 2, "decision_maker": 2, "champion": 1.5},
        description="What an outcome counts for by its stakeholder's role; others count 1",
    )


class Nps(MeasurePolicy):
    weight: Weight = _weight(8)
    max_age_days: Age = _age(180)
    curve: Points = _curve(((0, 0), (5, 0.3), (7, 0.62), (9, 1)), "mean 0-10 of each contact's latest answer")


class CsatCes(MeasurePolicy):
    weight: Weight = _weight(6)
    max_age_days: Age = _age(120)
    curve: Points = _curve(((0, 0), (50, 0.4), (75, 0.75), (100, 1)), "mean in % of the scale, CSAT and CES together")


class Tickets(MeasurePolicy):
    weight: Weight = _weight(6)
    max_age_days: Age = _age(14)
    curve: Points = _curve(((0, 1), (100, 0)), "burden of the open tickets, the sum of the penalties below")
    severities: dict[str, Penalty] = Field(
        default={"low": 1, "normal": 4, "high": 15, "critical": 40},
        description="Penalty of an open ticket by severity",
    )
    escalated: Penalty = Field(15, description="Added where it is escalated")
    reopened: Penalty = Field(10, description="Added where it was reopened, also if closed within 28 days")
    day: Penalty = Field(1, description="Added for each day that the oldest is open beyond patience_days")
    day_at_most: Penalty = Field(20, description="The most that age can add")
    patience_days: Age = Field(5, description="Days that a ticket may be open without harm")


class Touch(MeasurePolicy):
    weight: Weight = _weight(8)
    max_age_days: Age = _age(365)
    curve: Points = _curve(((1, 1), (2, 0.5), (4, 0)), "days since the last two-way touch ÷ the segment's cadence")


class Sponsor(MeasurePolicy):
    weight: Weight = _weight(7)
    max_age_days: Age = _age(365)
    curve: Points = _curve(
        ((30, 1), (60, 0.6), (90, 0.3), (180, 0)),
        "days since sponsor or champion, whoever waits longer, was spoken to; one of the two absent halves it",
    )


class Invoices(MeasurePolicy):
    weight: Weight = _weight(5)
    max_age_days: Age = _age(400)
    curve: Points = _curve(((0, 1), (1, 0.8), (30, 0.4), (90, 0)), "days that the oldest open invoice is overdue")


class MrrCalls(MeasurePolicy):
    weight: Weight = _weight(5)
    max_age_days: Age = _age(90)
    curve: Points = _curve(((-25, 0), (0, 1)), "change of the MRR in % over 90 days")
    trend_share: Annotated[float, Field(ge=0, le=1)] = Field(
        0.6, description="Part of the trend; the rest is whether the rule's and the CSM's renewal calls agree"
    )


class Adoption(Settings):
    licences: Licences = Field(default_factory=Licences, description="Active licences by the account's age")
    core_features: CoreFeatures = Field(default_factory=CoreFeatures, description="Breadth of core features")
    use: Use = Field(default_factory=Use, description="Use against the 28 days before")


class Outcome(Settings):
    outcomes: Outcomes = Field(default_factory=Outcomes, description="Required outcomes on track")


class Experience(Settings):
    nps: Nps = Field(default_factory=Nps, description="Latest NPS")
    csat_ces: CsatCes = Field(default_factory=CsatCes, description="Latest CSAT or CES")
    tickets: Tickets = Field(default_factory=Tickets, description="Open critical, escalated, reopened, age")


class Relationship(Settings):
    touch: Touch = Field(default_factory=Touch, description="Last two-way touch against the segment's cadence")
    sponsor: Sponsor = Field(default_factory=Sponsor, description="Sponsor and champion present and spoken to")


class Commercial(Settings):
    invoices: Invoices = Field(default_factory=Invoices, description="Overdue invoices")
    mrr_calls: MrrCalls = Field(default_factory=MrrCalls, description="MRR trend, and renewal calls agreed")


class Bands(Settings):
    yellow: Percent = Field(50, description="Below it red")
    green: Percent = Field(75, description="From it on green")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.yellow >= self.green:
            raise problem("bands_out_of_order")
        return self


class CriticalPolicy(Settings):
    use_fall: Annotated[float, Field(gt=0, le=100)] | None = Field(40, description="Fall of use in %; empty: off")
    escalated_ticket: bool = Field(default=True, description="An escalated critical ticket is open")
    contact_left_days: Age | None = Field(
        60,
        description="A champion, sponsor or decision maker left within so many days and has no successor; empty: off",
    )


class HealthPolicy(Settings):
    adoption: Adoption = Field(default_factory=Adoption, description="Do they use it, and rightly")
    outcome: Outcome = Field(default_factory=Outcome, description="Do they reach what they came for")
    experience: Experience = Field(default_factory=Experience, description="How it feels to be our customer")
    relationship: Relationship = Field(default_factory=Relationship, description="Who speaks to whom")
    commercial: Commercial = Field(default_factory=Commercial, description="Do they pay, and agree")
    bands: Bands = Field(default_factory=Bands, description="Where colours begin")
    coverage_min: Percent = Field(50, description="Less fresh weight than this: health is unknown")
    measure_cap: Annotated[int, Field(ge=1, le=100)] = Field(
        40, description="No measure grows above this % of the score by what others lack"
    )
    at_risk_below: Percent = Field(50, description="Score under which the account is at risk")
    caps: dict[CapCode, Literal["red", "yellow"]] = Field(
        default={
            "champion_left": "yellow",
            "sponsor_left": "yellow",
            "critical_ticket": "yellow",
            "use_fell": "yellow",
        },
        description="Rules that hold the colour down whatever the score",
    )
    contact_left_days: Age = Field(CONTACT_LEFT_DAYS, description="How long a departure holds the colour down")
    critical: CriticalPolicy = Field(default_factory=CriticalPolicy, description="Signals that do not wait")

    @model_validator(mode="after")
    def _something_weighs(self) -> Self:
        if not any(self.measure(name).weight for name in MEASURES):
            raise problem("nothing_weighs")
        return self

    def measure(self, name: Measure) -> MeasurePolicy:
        """The settings of one measure."""
        found: MeasurePolicy = getattr(getattr(self, GROUP_OF[name]), name)
        return found

    def compiled(
        self, *, rates: Rates, grace_days: int, onboarding_days: int, cadence: int, cadences: Mapping[str, int]
    ) -> Rules:
        """Plain numbers for the functions that score; call it once a policy (`Policy.rules`)."""
        tickets, outcomes, critical = self.experience.tickets, self.outcome.outcomes, self.critical
        ages = sorted(self.adoption.licences.by_age.items())
        return Rules(
            weights={name: self.measure(name).weight for name in MEASURES},
            max_age={name: self.measure(name).max_age_days for name in MEASURES},
            curves={name: Curve.of(self.measure(name).curve) for name in MEASURES if name != "licences"},  # type: ignore[attr-defined]
            licences_by_age=CurvesByAge(tuple(a for a, _ in ages), tuple(Curve.of(points) for _, points in ages)),
            burden=Burden(
                tickets.severities,
                tickets.escalated,
                tickets.reopened,
                tickets.day,
                tickets.day_at_most,
                tickets.patience_days,
            ),
            outcome_roles=outcomes.roles,
            trend_share=self.commercial.mrr_calls.trend_share,
            bands={"yellow": self.bands.yellow, "green": self.bands.green},
            coverage_min=self.coverage_min,
            measure_cap=self.measure_cap,
            at_risk_below=self.at_risk_below,
            caps=dict(sorted(self.caps.items(), key=lambda cap: COLOURS.index(cap[1]))),
            contact_left_days=self.contact_left_days,
            critical=Critical(critical.use_fall, critical.escalated_ticket, critical.contact_left_days),
            rates=rates,
            grace_days=grace_days,
            onboarding_days=onboarding_days,
            cadence=cadence,
            cadences=cadences,
        )

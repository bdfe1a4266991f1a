"""The journey and relationships sections of policy.yaml: when an account is in which stage of LAER, and with whom."""

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from domain.health.scores import State
from domain.policies.problems import Settings, problem

Stage = Literal["land", "adopt", "expand", "renew"]
RelationshipType = Literal["self-service", "automated", "personal", "dedicated", "community", "co-creation"]
Kpi = Literal[
    "nrr",
    "grr",
    "renewal-rate",
    "churn",
    "revenue-churn",
    "net-revenue-churn",
    "net-growth",
    "mrr",
    "arr",
    "quick-ratio",
    "clv",
    "retention",
    "retention-cost",
    "cost-ratio",
    "repeat-purchase",
    "nps",
    "csat",
    "ces",
    "licences",
    "core-features",
    "core-depth",
    "time-to-value",
    "activation",
    "conversion",
    "retained",
    "referral",
    "outcomes",
    "readiness",
]
Days = Annotated[int, Field(ge=1, le=3660)]


class Bounds(Settings):
    """A number inside both, as far as they are given; one that is not known is never inside."""

    at_least: float | None = Field(None, description="This or more")
    at_most: float | None = Field(None, description="This or less")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise problem("nothing_asked")
        return self

    def holds(self, value: float) -> bool:
        """Both ends included."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


class When(Settings):
    """All that is given must hold; what is not known holds in no way."""

    onboarding: bool | None = Field(
        None, description="Within onboarding_days of its start as a customer, or of its newest product"
    )
    first_value: bool | None = Field(
        None, description="The milestone first_value was reached, since its newest product began"
    )
    leaving: bool | None = Field(None, description="It gave notice or has cancelled all it has")
    days_to_decide: Bounds | None = Field(
        None, description="Days to the decision of the next renewal, in the second half of its term"
    )
    product_days: Bounds | None = Field(None, description="Days since its newest product began")
    colour: tuple[State, ...] | None = Field(None, description="One of these states of health")
    score: Bounds | None = Field(None, description="The health score")
    licences: Bounds | None = Field(None, description="Active licences in % of those sold")
    core_features: Bounds | None = Field(None, description="Core features used, in %")
    use: Bounds | None = Field(None, description="Change of use in % against the 28 days before")
    outcomes: Bounds | None = Field(None, description="Required outcomes on track, in %")
    csat_ces: Bounds | None = Field(None, description="CSAT and CES in % of their scales")
    nps: Bounds | None = Field(None, description="Mean of the latest answers, 0 to 10")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.asked:
            raise problem("nothing_asked")
        return self

    @cached_property
    def asked(self) -> tuple[tuple[str, Any], ...]:
        """The facts that are looked at, with what is wanted of each."""
        return tuple((fact, wanted) for fact, wanted in self if wanted is not None)


class Usual(Settings):
    usual_days: Days = Field(90, description="How long it takes as a rule, until enough of a segment's have ended")


class StageRule(Usual):
    """`enter`, `leave`: any one of the alternatives is enough; within one, all must hold."""

    enter: tuple[When, ...] = Field((), description="It enters when one of these holds")
    leave: tuple[When, ...] = Field((), description="It leaves when one of these holds; empty: when none of enter does")
    again: tuple[When, ...] = Field((), description="It enters anew when one of these holds; empty: as for enter")


def _rule(description: str, usual_days: int, *enter: When, leave: tuple[When, ...] = ()) -> Any:
    return Field(StageRule(enter=enter, leave=leave, usual_days=usual_days), description=description)


class JourneyPolicy(Settings):
    """Looked at in the order renew, land, expand; adopt is where an account stands that is in none of these."""

    renew: StageRule = _rule(
        "The renewal is being decided", 90, When(days_to_decide=Bounds(at_most=90)), When(leaving=True)
    )
    land: StageRule = _rule(
        "From the start, or that of another product, to the first value", 45, When(onboarding=True, first_value=False)
    )
    expand: StageRule = _rule(
        "It uses what it bought, is well, and can grow",
        120,
        When(licences=Bounds(at_least=90), colour=("green",)),
        leave=(When(licences=Bounds(at_most=80)), When(colour=("red", "yellow", "unknown"))),
    )
    adopt: Usual = Field(Usual(usual_days=180), description="Whenever none of the others holds")
    slow: Annotated[float, Field(ge=1, le=20)] = Field(
        1.5, description="Stuck: so many times longer in a stage than the segment's usual time"
    )
    least_stays: Annotated[int, Field(ge=1, le=1000)] = Field(
        5, description="Stays of a segment that must have ended before their median is its usual time"
    )

    def usual_days(self, stage: Stage) -> int:
        found: Usual = getattr(self, stage)
        return found.usual_days


class RelationshipPolicy(Settings):
    """How a segment is looked after, and what is expected of that: a hypothesis that the data can refute."""

    segment: str = Field(description="The segment of accounts.csv")
    type: RelationshipType = Field(description="self-service, automated, personal, dedicated, community or co-creation")
    statement: str = Field("", description="The hypothesis in words")
    kpi: Kpi | None = Field(None, description="What would show it: a name of /kpi")
    threshold: float | None = Field(None, description="What it must reach; ratios in %")
    since: date | None = Field(None, description="Since when it is tried: 2026-07-01")

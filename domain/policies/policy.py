"""policy.yaml: what an organisation decides. `Policy()` is sound without a file."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from domain.health.rules import Rules
from domain.hours import is_zone
from domain.money import Rates
from domain.policies.policy_alerts import OURS, AlertPolicy, SignalPolicy, known, with_defaults
from domain.policies.policy_assistant import AssistantPolicy
from domain.policies.policy_digest import DigestPolicy
from domain.policies.policy_experience import ExperiencePolicy, FitRule
from domain.policies.policy_health import HealthPolicy
from domain.policies.policy_journey import JourneyPolicy, RelationshipPolicy
from domain.policies.policy_kpis import Targets
from domain.policies.policy_limits import LimitsPolicy
from domain.policies.policy_playbooks import PlaybookPolicy
from domain.policies.policy_questions import QuestionPolicy
from domain.policies.problems import PolicyError, Problem, Settings, mapping_of, nearest, problem, problems_of

__all__ = ["FILES", "Policy", "PolicyError", "Problem", "Source", "load"]

FILES = (
    "accounts",
    "identifiers",
    "account_team",
    "people",
    "contacts",
    "subscriptions",
    "mrr",
    "features",
    "usage",
    "usage_users",
    "tickets",
    "surveys",
    "touches",
    "invoices",
    "orders",
    "costs",
    "milestones",
    "outcomes",
    "goals",
    "referrals",
    "sentiments",
    "renewal_calls",
    "experience_checks",
)
CHECKPOINTS: dict[int, tuple[str, ...]] = {
    180: ("review_outcomes",),
    120: ("review_value",),
    90: ("give_call",),
    60: ("send_offer",),
    30: ("agree_terms",),
}
SCORING = {"currency", "grace_days", "onboarding_days", "rates", "core_features", "cadence_days", "health"}


def _known_zone(name: str) -> str:
    if not is_zone(name):
        raise problem("unknown_time_zone")
    return name


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Days = Annotated[int, Field(ge=0, le=3660)]


class RatesPolicy(Settings):
    on: date | None = Field(None, description="Day of the rate table; printed beside every converted amount")
    worth: dict[Currency, Annotated[Decimal, Field(gt=0)]] = Field(
        default_factory=dict, description="What one unit of a currency is worth in the organisation's: {EUR: 1.08}"
    )


class Cadence(Settings):
    default: Annotated[int, Field(ge=1, le=3660)] = Field(30, description="Days between two-way touches")
    segments: dict[str, Annotated[int, Field(ge=1, le=3660)]] = Field(
        default_factory=lambda: {"enterprise": 21, "mid-market": 30, "smb": 60},
        description="Days between two-way touches by segment; segments not named take the default",
    )


Share = Annotated[Decimal, Field(ge=0, le=1)]


class RenewalPolicy(Settings):
    """Checkpoints are counted back from the decision date; what is due: review_value, give_call or words of yours."""

    checkpoints: dict[Annotated[int, Field(ge=1, le=730)], tuple[str, ...]] = Field(
        default_factory=lambda: dict(CHECKPOINTS),
        description="Days before the decision date, and what is due there",
    )
    half_term: tuple[str, ...] = Field(("give_call",), description="What is due below half a month-to-month term")
    decision: tuple[str, ...] = Field(("final_call",), description="What is due on the decision date itself")
    reduce: Share = Field(Decimal("0.7"), description="What a call 'reduce' counts where no amount was given")
    at_risk: Share = Field(Decimal("0.5"), description="What a call 'at_risk' counts in the forecast")
    lose: Share = Field(Decimal(0), description="What a call 'lose' counts in the forecast")


class ForecastPolicy(Settings):
    """What an expected amount is worth today."""

    margin: Share | None = Field(None, description="Gross margin, 0 to 1; empty: expected revenue, and it is said")
    discount: Annotated[Decimal, Field(ge=0, le=1)] = Field(
        Decimal("0.1"), description="What a year's wait costs, 0 to 1: 0.1 is 10 % a year"
    )


class Source(Settings):
    """How a file of a company is read; with `query`, a SQL source on SOURCE_<NAME>_URL."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    file: str | None = Field(None, description="The file of the data contract that it fills; default: its own name")
    dates: Literal["dmy", "mdy", "iso"] | None = Field(None, description="Order of day and month in 03/04/2026")
    decimal: Literal["point", "comma"] | None = Field(None, description="The decimal sign in 1.234 or 1,234")
    encoding: str | None = Field(None, description="utf-8, cp1252, …; default: recognised")
    ends_on: Literal["last_day", "first_day_not_covered"] = Field(
        "first_day_not_covered", description="What a subscription's ends_on names; last_day adds one day"
    )
    columns: dict[str, str] = Field(default_factory=dict, description="Their column names: {Kunde: account_id}")
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Their values, by our column: {severity: {urgent: critical}}"
    )
    query: str | None = Field(None, description="SQL with our column names and a bound :since")
    again_days: Days = Field(3, description="Of a query: how many days before its newest fact are asked for again")
    url_env: str | None = Field(None, description="The variable that holds its URL; default SOURCE_<NAME>_URL")


Signals = Annotated[dict[str, SignalPolicy], BeforeValidator(with_defaults), AfterValidator(known)]


class Policy(Settings):
    """Frozen; every key has a default. `digest` names the version that a score was made with."""

    currency: Currency = Field("USD", description="The organisation's currency (ISO 4217)")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field("UTC", description="IANA name, America/Bogota")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(
        None, description="ISO 3166: decides separators and date order where a language has several"
    )
    language: Literal["en", "es"] = Field("en", description="Where a person's own is not known")
    visibility: Literal["own", "team", "all"] = Field("all", description="Which accounts a CSM may see")
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = Field(1, description="Month in which years begin")
    credit: Literal["start", "today"] = Field(
        "start", description="Whose a figure is: who held the account at the period's start, or holds it today"
    )
    logo_level: Literal["account", "parent"] = Field("account", description="What counts as one customer in churn")
    grace_days: Annotated[int, Field(ge=0, le=366)] = Field(
        30, description="How long an ended contract waits for its renewal before it counts as churn"
    )
    undo_days: Days = Field(30, description="How long an import can be undone")
    onboarding_days: Days = Field(45, description="How long a new account is onboarding rather than a colour")
    notifications: Literal["full", "brief"] = Field("full", description="brief: only 'your digest is ready'")
    hourly_rate: Annotated[Decimal, Field(ge=0)] | None = Field(
        None, description="What an hour of a CSM costs, in the organisation's currency; empty: not counted"
    )
    rates: RatesPolicy = Field(default_factory=RatesPolicy, description="The one rate table of constant currency")
    core_features: tuple[str, ...] = Field((), description="Feature ids that are core beside those of features.csv")
    cadence_days: Cadence = Field(default_factory=Cadence, description="The rhythm of two-way touches")
    renewals: RenewalPolicy = Field(
        default_factory=RenewalPolicy, description="Checkpoints, and weights of the forecast"
    )
    forecast: ForecastPolicy = Field(default_factory=ForecastPolicy, description="What customers are still worth")
    health: HealthPolicy = Field(default_factory=HealthPolicy, description="Weights, ages, curves, bands, rules")
    targets: Targets = Field(default_factory=dict, description="What each metric of /kpi is to reach, by segment too")
    journey: JourneyPolicy = Field(default_factory=JourneyPolicy, description="When an account is in which LAER stage")
    relationships: tuple[RelationshipPolicy, ...] = Field(
        (), description="How each segment is looked after, and what is expected of it"
    )
    experience: ExperiencePolicy = Field(
        default_factory=ExperiencePolicy, description="The appropriate experience: a checklist over every function"
    )
    digests: DigestPolicy = Field(default_factory=DigestPolicy, description="When people hear from the bot unasked")
    playbooks: PlaybookPolicy = Field(
        default_factory=PlaybookPolicy, description="How much one contact gets to see of us, and how much we can do"
    )
    alerts: AlertPolicy = Field(
        default_factory=AlertPolicy, description="How much a person is told, and what becomes of what nobody answers"
    )
    signals: Signals = Field(
        default_factory=dict, description="What is noticed: parts of ours that are to be otherwise, and rules of yours"
    )
    fit: tuple[FitRule, ...] = Field(
        (), description="Fit to the ideal customer profile where accounts.csv says none; the first rule that holds"
    )
    limits: LimitsPolicy = Field(
        default_factory=LimitsPolicy, description="How much one person may ask, and how large a file may be"
    )
    questions: QuestionPolicy = Field(default_factory=QuestionPolicy, description="Questions in people's own words")
    assistant: AssistantPolicy = Field(
        default_factory=AssistantPolicy, description="What a language model may be told, where one is set up"
    )
    sources: dict[str, Source] = Field(
        default_factory=dict, description="How each file is read, by its name; and SQL sources, by a name of yours"
    )

    @field_validator("sources")
    @classmethod
    def _sources_fill_known_files(cls, sources: dict[str, Source]) -> dict[str, Source]:
        for name, source in sources.items():
            file = source.file or name
            if file not in FILES:
                raise problem("unknown_file", source=name, file=file, nearest=nearest(file, list(FILES)) or "")
        return sources

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits of what influences scores; `sources`, visibility and the like do not."""
        scoring = self.model_dump(mode="json", include=SCORING)
        scoring["core_features"] = sorted(scoring["core_features"])
        return hashlib.sha256(json.dumps(scoring, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def rules(self) -> Rules:
        """The health policy compiled for the nightly run: plain numbers and curves."""
        return self.health.compiled(
            rates=self.exchange,
            grace_days=self.grace_days,
            onboarding_days=self.onboarding_days,
            cadence=self.cadence_days.default,
            cadences={segment.casefold(): days for segment, days in self.cadence_days.segments.items()},
        )

    @cached_property
    def watched(self) -> Mapping[str, SignalPolicy]:
        """Every signal that is on, ours and the company's."""
        return {name: signal for name, signal in {**OURS, **self.signals}.items() if signal.on}

    @cached_property
    def exchange(self) -> Rates:
        """The rate table as a value of the domain."""
        return Rates(self.currency, self.rates.on, self.rates.worth)


def load(text: str, *, name: str = "policy.yaml") -> Policy:
    """The policy that YAML text holds; raises PolicyError with every problem: file, dotted key, reason, given value."""
    data = mapping_of(text, file=name)
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        raise PolicyError(problems_of(error, Policy, file=name)) from error

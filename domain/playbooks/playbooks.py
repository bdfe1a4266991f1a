"""A playbook as a file in five steps: the KPI, the clients, the goal, the priority, the plan and its follow-up."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from dateutil.rrule import rrulestr
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from domain.conditions import Where, all_hold
from domain.fact_kinds import Situation
from domain.health.rules import MEASURES
from domain.policies.policy_experience import Channel
from domain.policies.policy_journey import Kpi
from domain.policies.problems import Settings, nearest, problem

Side = Literal["front", "back", "customer"]
OurFunction = Literal["csm", "lead", "sales", "onboarding", "support", "finance", "product", "sponsor"]
TheirRole = Literal["subject", "champion", "sponsor", "decision_maker", "admin", "user"]
"""subject: the person that the play is about, else the champion."""
Rank = Literal["growth", "mrr", "decision", "risk"]
Verdict = Literal["continue", "adjust", "stop"]
MOMENT = re.compile(r"^([DER])([+-]\d{1,3})?$")
LANGUAGES = ("en", "es")
GOAL_MEASURES: tuple[str, ...] = (*get_args(Kpi), *MEASURES, "outcome", "result")


def _moment(text: str) -> str:
    if not MOMENT.match(text):
        raise problem("wrong_moment")
    return text


def _recurrence(text: str) -> str:
    """RFC 5545 without a start of its own; endless ones end with the play."""
    try:
        rrulestr(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise problem("wrong_recurrence") from None
    if "DTSTART" in text.upper():
        raise problem("wrong_recurrence")
    return text


def _measure(name: str) -> str:
    if name not in GOAL_MEASURES:
        raise problem("unknown_measure", nearest=nearest(name, list(GOAL_MEASURES)) or "")
    return name


def _as_words(value: Any) -> Any:
    """A number stands for its word, as a name of a tier does: 1."""
    if isinstance(value, dict):
        return {str(key) if isinstance(key, int) else key: said for key, said in value.items()}
    if isinstance(value, list):
        return [str(each) if isinstance(each, int) else each for each in value]
    return str(value) if isinstance(value, int) else value


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Moment = Annotated[str, AfterValidator(_moment)]
"""D+3 from the start, E-2 from the event, R-90 from the decision date; calendar days."""
Moments = Annotated[
    tuple[Moment, ...], BeforeValidator(_one_or_many, json_schema_input_type=str | list[str]), Field(min_length=1)
]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Hours = Annotated[float, Field(ge=0, le=200)]


class Said(Settings):
    """Both languages; a template where it may hold fields such as {{ account.name }}."""

    en: Text = Field(description="In English")
    es: Text = Field(description="In Spanish")

    def of(self, language: str) -> str:
        text: str = getattr(self, language if language in LANGUAGES else "en")
        return text


class Message(Settings):
    subject: Said = Field(description="The subject, with merge fields")
    text: Said = Field(description="One purpose, one question, at most 120 words; each line is a paragraph")

    def paragraphs(self, language: str) -> str:
        """The text with an empty line between its lines: YAML folds the one that a person has typed there."""
        return "\n\n".join(filter(None, map(str.strip, self.text.of(language).splitlines())))


class KpiMove(Settings):
    name: Kpi = Field(description="A metric of /kpi")
    moves: Literal["up", "down"] = Field(description="The direction that it must move in")


class Alternative(Settings):
    """All that is given must hold. `readings`: so many times, a week apart."""

    when: Where = Field(description="Facts, each with the numbers or words that will do")
    readings: Annotated[int, Field(ge=1, le=8)] = Field(1, description="It must hold so many times, a week apart")


class HoldOut(Settings):
    """A share of the eligible accounts that is left untreated at random, so that the effect can be told."""

    share: Annotated[float, Field(ge=0, le=0.5)] = Field(0, description="0 to 0.5")
    tiers: Annotated[tuple[str, ...], BeforeValidator(_as_words, json_schema_input_type=list[str | int])] = Field(
        (), description="Only of these tiers; empty: of all"
    )

    def reaches(self, tier: str | None) -> bool:
        """Whether the draw could hold out an account of the tier."""
        return self.share > 0 and (not self.tiers or tier in self.tiers)


class Clients(Settings):
    any: tuple[Alternative, ...] = Field(
        description="An account is one of the clients when one of these holds", min_length=1
    )
    unless: tuple[Where, ...] = Field((), description="Not when one of these holds, whatever the rest")
    leavers: bool = Field(False, description="Also those who gave notice or have left")
    about: Literal["account", "contact"] = Field(
        "account", description="contact: each person that it is about is a play of its own"
    )
    rank: Rank = Field("mrr", description="Who comes first: growth (potential), mrr, decision (nearest), risk")
    wave: Annotated[int, Field(ge=1, le=1000)] = Field(10, description="How many are started at a time")
    hold_out: HoldOut = Field(HoldOut(), description="Left untreated at random, so that the effect can be told")


class Target(Settings):
    """One of the four."""

    to: float | None = Field(None, description="This value; ratios in %")
    by: float | None = Field(None, description="So much more than the baseline (less where negative)")
    share: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None, description="This share of the way from the baseline to `of`"
    )
    of: float | None = Field(None, description="share: where the whole way leads")
    done: bool | None = Field(None, description="true: a yes or no result")

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [self.to is not None, self.by is not None, self.share is not None, self.done is not None]
        if sum(given) != 1 or (self.share is not None) != (self.of is not None):
            raise problem("one_target")
        return self


class Aim(Settings):
    measure: Annotated[
        str, AfterValidator(_measure), WithJsonSchema({"type": "string", "enum": list(GOAL_MEASURES)})
    ] = Field(description="A metric of /kpi, a health measure, `outcome` (the account's next required one) or `result`")
    statement: Said = Field(description="The goal of one account in words, with merge fields")
    target: Target = Field(description="to, by, share and of, or done")
    due: Moment = Field(description="D+90, R-15, …")


class OtherAim(Aim):
    when: Where = Field(description="For accounts of which this holds at the start")


class Goal(Aim):
    instead: tuple[OtherAim, ...] = Field((), description="Another goal for some accounts; the first that holds")

    def of(self, known: Situation) -> Aim:
        return next((aim for aim in self.instead if all_hold(aim.when, known)), self)


class Tier(Settings):
    effort: Annotated[float, Field(ge=0, le=2)] = Field(1, description="Hours are multiplied by it")
    instead: dict[Channel, Channel] = Field(default_factory=dict, description="Channels replaced: {meeting: call}")


class Priority(Settings):
    tiers: Annotated[dict[str, Tier], BeforeValidator(_as_words, json_schema_input_type=dict[str, Tier])] = Field(
        default_factory=lambda: {
            "1": Tier(),
            "2": Tier(effort=0.5, instead={"meeting": "call", "visit": "call"}),
            "3": Tier(effort=0.2, instead={"meeting": "email", "visit": "email", "call": "email"}),
        },
        description="Effort and channels by tier",
    )
    otherwise: Annotated[str, BeforeValidator(_as_words, json_schema_input_type=str | int)] = Field(
        "2", description="The tier of an account that has none"
    )

    def tier(self, name: str | None) -> Tier:
        return self.tiers.get(name or self.otherwise) or self.tiers.get(self.otherwise) or Tier()


class Contingency(Settings):
    text: Said = Field(description="What is done when it fails in public")
    owner: OurFunction = Field(description="Whose it is")


class Activity(Settings):
    """`day`: each moment is one task; with `repeats`, the first of them begins the recurrence."""

    id: Annotated[str, Field(pattern=r"^[A-Z]\d{1,2}$")] = Field(description="B1, F2, C1")
    side: Side = Field(description="front: the customer lives it; back: unseen; customer: their own task")
    title: Said = Field(description="What is done")
    owner: OurFunction | None = Field(None, description="front, back: the function that does it")
    together: tuple[OurFunction, ...] = Field((), description="Other functions that take part, as long as the owner")
    contact: TheirRole | None = Field(None, description="Whom it is for; customer: who does it")
    day: Moments = Field(description="D+3, E-2, R-90, or several")
    repeats: Annotated[str, AfterValidator(_recurrence)] | None = Field(
        None, description="RFC 5545, such as FREQ=WEEKLY;COUNT=6"
    )
    needs: tuple[str, ...] = Field(
        (), description="Ids of what must be done before; one that is not for this account is no need"
    )
    channel: Channel | None = Field(None, description="meeting, call, email, visit, event, chat")
    hours: Hours = Field(0.25, description="Effort for tier 1")
    when: Where | None = Field(None, description="Only for accounts of which this holds at the start")
    only_if_open: str | None = Field(None, description="Only if the activity of this id is still open that day")
    evidence: Said | None = Field(None, description="What shows that it was done")
    public: bool = Field(False, description="Can fail in front of others: not ready without a contingency")
    contingency: Contingency | None = Field(None, description="What is done when it fails in public, and by whom")
    message: Message | None = Field(None, description="A template to send")
    script: Said | None = Field(None, description="What to say, with merge fields")

    @model_validator(mode="after")
    def _somebody_does_it(self) -> Self:
        if (self.contact if self.side == "customer" else self.owner) is None:
            raise problem("nobody_does_it")
        return self


class Look(Settings):
    """What follows when `when` holds of the play; without it, whenever nothing above does."""

    verdict: Verdict = Field(description="continue, adjust or stop")
    when: Where | None = Field(None, description="Facts of the account, or of the play: progress, open, days")
    say: Said = Field(description="What is advised")
    start: Name | None = Field(None, description="The playbook to go on with")
    after_days: Annotated[int, Field(ge=0, le=730)] = Field(0, description="start: so many days later")


class FollowUp(Settings):
    days: Moments = Field(description="When to look at the KPI")
    rules: tuple[Look, ...] = Field(description="The first that holds", min_length=1)


class Again(Settings):
    after_days: Annotated[int, Field(ge=0, le=3660)] | None = Field(
        None, description="Days after its end before the same account may have it again; empty: never"
    )
    per: Literal["account", "contact", "term", "quarter"] = Field("account", description="Counted for each of these")
    unless_new: bool = Field(False, description="Never, but for one that came back after half a year")


class Playbook(Settings):
    """Frozen. `digest` names the version; a play keeps the one that it was started with."""

    name: Name = Field(description="The file's name")
    title: Said = Field(description="How people call it")
    summary: Said = Field(description="What it is for, in a sentence")
    kpi: KpiMove = Field(description="Step 1: what it must move")
    also: tuple[KpiMove, ...] = Field((), description="Further ones to watch")
    clients: Clients = Field(description="Step 2: which accounts")
    goal: Goal = Field(description="Step 3: a SMART goal for each account")
    priority: Priority = Field(Priority(), description="Step 4: effort by tier")
    plan: tuple[Activity, ...] = Field(description="Step 5: the activities", min_length=1)
    follow_up: FollowUp = Field(description="Whether the KPI moves, or the play must change")
    again: Again = Field(Again(), description="When the same account may have it again")
    pauses: tuple[Name, ...] = Field((), description="Plays of these playbooks wait while this one runs")
    wins_over: tuple[Name, ...] = Field(
        (), description="These run beside it in one calendar; where the front stages meet, this one's goes first"
    )
    lasts: Annotated[int, Field(ge=1, le=730)] = Field(90, description="Days until a play ends by itself")

    @cached_property
    def digest(self) -> str:
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        return {activity.id: activity for activity in self.plan}

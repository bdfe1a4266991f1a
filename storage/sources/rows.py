"""The files of the data contract: one model each. Required, choices, scales and order of dates are decided here."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from storage.sources.kinds import (
    AccountRef,
    Country,
    Currency,
    Day,
    Email,
    Flag,
    Hours,
    Key,
    Moment,
    Money,
    Month,
    Name,
    Named,
    Number,
    PastDay,
    Price,
    Someone,
    Text,
    Whole,
    Word,
)
from storage.sources.row import RENAMED, Row, in_order, problem

PERIODS_A_YEAR = {"month": 12, "quarter": 4, "year": 1}
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


class People(Row):
    KEY = ("email",)

    email: Email
    name: Name | None = None
    aliases: Text | None = Field(None, description="other names, separated by ; or ,")
    slack_id: Word | None = None
    role: Literal["csm", "lead", "admin", "viewer"] = "csm"
    function: Word | None = None
    time_zone: Word | None = Field(None, description="IANA name: Europe/Madrid")
    country: Country | None = None
    language: Word | None = None
    capacity_hours: Hours | None = Field(None, description="hours a week for accounts")
    manager: Someone | None = None


class Accounts(Row):
    KEY = ("account_id",)
    DATED = ("customer_since",)
    RENAMED: ClassVar = {"stage": "laer_stage"}

    account_id: Named
    name: Name
    segment: Word | None = None
    tier: Word | None = None
    csm: Someone | None = None
    ae: Someone | None = Field(None, description="who sold it")
    parent_id: AccountRef | None = Field(None, description="the company it belongs to")
    customer_since: Day | None = None
    country: Country | None = None
    language: Word | None = None
    currency: Currency | None = None
    industry: Word | None = None
    domains: Text | None = None
    relationship: Word | None = Field(None, description="an exception to the segment's")
    stage: Literal["land", "adopt", "expand", "renew"] | None = Field(None, description="an override of the rules")
    fit: Literal["good", "partial", "poor"] | None = None
    potential_mrr: Price | None = None
    crm_url: Text | None = None
    slack_channel: Word | None = None


class Identifiers(Row):
    KEY = ("system", "external_id")

    account_id: AccountRef
    system: Key
    external_id: Key


class AccountTeam(Row):
    KEY = ("account_id", "function", "email")

    account_id: AccountRef
    function: Key = Field(description="support, onboarding, sales, finance, product, sponsor, …")
    email: Email


class Contacts(Row):
    KEY = ("contact_id",)

    contact_id: Key
    account_id: AccountRef
    name: Name
    email: Email | None = None
    department: Word | None = None
    role: Literal["champion", "sponsor", "decision_maker", "admin", "user", "other"] | None = None
    left_on: Day | None = None


class Subscriptions(Row):
    KEY = ("subscription_id", "starts_on")
    DATED = ("starts_on",)
    PRICES: ClassVar = ("mrr", "arr", "amount", "interval")

    subscription_id: Key
    account_id: AccountRef
    product: Key = ""
    starts_on: Day
    ends_on: Day | None = Field(None, description="first day not covered; empty: evergreen")
    mrr: Price | None = Field(None, description="a price: exactly one of mrr, arr, or amount with interval")
    arr: Price | None = None
    amount: Price | None = Field(None, description="the price of one interval")
    interval: Literal["month", "quarter", "year"] | None = None
    currency: Currency | None = None
    seats: Whole | None = None
    term_months: Whole | None = None
    auto_renew: Flag = False
    notice_days: Whole | None = None
    status: Literal["active", "trialing", "paused"] = "active"
    cancelled_on: Day | None = Field(None, description="the date it takes effect")
    notice_given_on: PastDay | None = None
    cancel_reason: Text | None = None
    competitor: Word | None = None
    renews: Word | None = Field(None, description="the subscription_id that it continues")
    change_reason: Literal["seats", "product", "price", "indexation", "discount"] | None = None

    @model_validator(mode="after")
    def _one_price(self) -> Self:
        given = [name for name in ("mrr", "arr", "amount") if getattr(self, name) is not None]
        if len(given) > 1:
            raise problem("several_prices", given[1], columns=given)
        if not given:
            raise problem("no_price", "mrr")
        if (self.amount is None) != (self.interval is None):
            raise problem("amount_without_interval", "interval")
        in_order("ends_on", self.starts_on, self.ends_on)
        return self

    @property
    def annual(self) -> Decimal:
        """The exact price of a year."""
        if self.arr is not None:
            return self.arr
        if self.mrr is not None:
            return self.mrr * 12
        return (self.amount or Decimal(0)) * PERIODS_A_YEAR[self.interval or "year"]

    @classmethod
    def missing(cls, present: Iterable[str]) -> tuple[str, ...]:
        have = set(present)
        priced = have & {"mrr", "arr"} or {"amount", "interval"} <= have
        return (*super().missing(present), *(() if priced else ("mrr",)))

    @classmethod
    def table_columns(cls, present: Iterable[str]) -> tuple[str, ...]:
        return (*super().table_columns(name for name in present if name not in cls.PRICES), "annual")

    def stored(self, present: Iterable[str]) -> list[Any]:
        return [*super().stored(name for name in present if name not in self.PRICES), self.annual]


class Mrr(Row):
    KEY = ("account_id", "month")
    DATED = ("month",)

    account_id: AccountRef
    month: Month
    mrr: Price = Field(description="holds from the 1st of its month until the next row; 0 is written")
    currency: Currency | None = None

    @classmethod
    def table_columns(cls, present: Iterable[str]) -> tuple[str, ...]:
        return tuple({"mrr": "annual", **RENAMED}.get(name, name) for name in present)

    def stored(self, present: Iterable[str]) -> list[Any]:
        return [self.mrr * 12 if name == "mrr" else getattr(self, name) for name in present]


class Features(Row):
    KEY = ("feature",)

    feature: Key
    product: Word | None = None
    core: Flag = False


class Usage(Row):
    KEY = ("account_id", "day", "product", "feature")
    DATED = ("day",)

    account_id: AccountRef
    day: PastDay
    product: Key = ""
    feature: Key = Field("", description="empty: the whole product")
    active_users: Whole | None = None
    active_users_28d: Whole | None = Field(None, description="unique users of the 28 days up to day")
    events: Whole | None = None


class UsageUsers(Row):
    KEY = ("account_id", "day", "user", "feature")
    DATED = ("day",)

    account_id: AccountRef
    day: PastDay
    user: Key
    contact_id: Word | None = None
    feature: Key = ""
    events: Whole | None = None


class Tickets(Row):
    KEY = ("ticket_id",)
    DATED = ("opened_at",)

    ticket_id: Key
    account_id: AccountRef
    contact_id: Word | None = None
    opened_at: Moment
    first_response_at: Moment | None = None
    closed_at: Moment | None = None
    severity: Literal["low", "normal", "high", "critical"] | None = None
    category: Word | None = None
    escalated: Flag = False
    reopened: Flag = False
    csat_binary: Literal["good", "bad"] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order("first_response_at", self.opened_at, self.first_response_at)
        in_order("closed_at", self.opened_at, self.closed_at)
        return self


class Surveys(Row):
    KEY = ("response_id",)
    DATED = ("answered_at", "sent_at")

    response_id: Key
    account_id: AccountRef
    contact_id: Word | None = None
    kind: Literal["nps", "csat", "ces"]
    score: Whole | None = Field(
        None, description="nps 0-10, csat 1-5, ces 1-7 where 7 = very easy; empty: not answered"
    )
    sent_at: Moment | None = None
    answered_at: Moment | None = None
    comment: Text | None = None

    @model_validator(mode="after")
    def _on_the_scale(self) -> Self:
        lowest, highest = SCALES[self.kind]
        if self.score is not None and not lowest <= self.score <= highest:
            raise problem("off_scale", "score", lowest=lowest, highest=highest)
        in_order("answered_at", self.sent_at, self.answered_at)
        return self


class Touches(Row):
    KEY = ("touch_id",)
    DATED = ("at",)
    RENAMED: ClassVar = {**RENAMED, "stage": "side"}

    touch_id: Key
    account_id: AccountRef
    at: Moment
    channel: Literal["meeting", "call", "email", "visit", "event", "chat"] | None = None
    direction: Literal["in", "out", "both"] | None = None
    csm: Someone | None = None
    contacts: Text | None = Field(None, description="contact ids or e-mails, separated by ; or ,")
    subject: Text | None = None
    minutes: Whole | None = None
    stage: Literal["front", "back"] | None = None
    note: Text | None = None


class Invoices(Row):
    KEY = ("invoice_id",)
    DATED = ("issued_on",)

    invoice_id: Key
    account_id: AccountRef
    issued_on: Day
    due_on: Day
    paid_on: PastDay | None = None
    amount: Money
    currency: Currency | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order("due_on", self.issued_on, self.due_on)
        return self


class Orders(Row):
    KEY = ("order_id",)
    DATED = ("ordered_on",)

    order_id: Key
    account_id: AccountRef
    ordered_on: PastDay
    amount: Money
    currency: Currency | None = None


class Costs(Row):
    KEY = ("account_id", "month", "kind", "purpose", "currency")
    DATED = ("month",)

    account_id: AccountRef = Field("", description="empty: the whole base")
    month: Month
    kind: Key
    purpose: Literal["", "retention", "acquisition"] = ""
    amount: Money
    currency: Currency | None = None


class Milestones(Row):
    KEY = ("account_id", "milestone", "contact_id")
    DATED = ("reached_on",)

    account_id: AccountRef
    contact_id: Key = ""
    milestone: Key = Field(description="acquired, activated, converted, onboarded, first_value, trained, …")
    reached_on: PastDay


class Outcomes(Row):
    KEY = ("outcome_id",)

    outcome_id: Named
    account_id: AccountRef
    contact_id: Word | None = Field(None, description="the stakeholder")
    statement: Text
    measure: Text | None = None
    baseline: Number | None = None
    target: Number | None = None
    current: Number | None = None
    due_on: Day | None = None
    achieved_on: PastDay | None = None
    confirmed_by: Word | None = Field(None, description="a contact")
    confirmed_on: PastDay | None = Field(None, description="the customer's word, not ours")


class Goals(Row):
    KEY = ("goal_id",)

    goal_id: Key
    account_id: AccountRef
    playbook: Word | None = None
    kpi: Text = Field(description="a metric, a health measure, an outcome's measure, or a yes/no result")
    baseline: Number | None = None
    target: Number
    due_on: Day
    current: Number | None = None
    owner: Someone | None = None


class Referrals(Row):
    KEY = ("referral_id",)
    DATED = ("asked_on", "introduced_on", "converted_on")

    referral_id: Key
    account_id: AccountRef
    contact_id: Word | None = None
    kind: Literal["external", "internal"] | None = None
    asked_on: PastDay | None = None
    referred_name: Name | None = None
    introduced_on: PastDay | None = None
    converted_on: PastDay | None = None


class Sentiments(Row):
    KEY = ("account_id", "given_on")
    DATED = ("given_on",)

    account_id: AccountRef
    given_on: PastDay
    csm: Someone | None = None
    value: Literal["great", "good", "neutral", "worried", "lost"]
    note: Text | None = None


class RenewalCalls(Row):
    KEY = ("account_id", "renewal_on", "given_on", "by")
    DATED = ("given_on",)

    account_id: AccountRef
    renewal_on: Day
    given_on: PastDay
    by: Literal["rule", "csm", "final"]
    call: Literal["renew", "reduce", "at_risk", "lose", "monitor"]
    reason: Text | None = None
    competitor: Word | None = Field(None, description="whom it is lost to")
    annual: Price | None = Field(
        None, description="what stays a year where it is reduced, in the contract's currency, without a sign"
    )


class ExperienceChecks(Row):
    KEY = ("account_id", "item", "checked_on")
    DATED = ("checked_on",)

    account_id: AccountRef
    item: Key
    checked_on: PastDay
    met: Flag
    note: Text | None = None


# In the order in which they depend on one another.
MODELS: dict[str, type[Row]] = {
    "people": People,
    "accounts": Accounts,
    "identifiers": Identifiers,
    "account_team": AccountTeam,
    "contacts": Contacts,
    "features": Features,
    "subscriptions": Subscriptions,
    "mrr": Mrr,
    "usage": Usage,
    "usage_users": UsageUsers,
    "tickets": Tickets,
    "surveys": Surveys,
    "touches": Touches,
    "invoices": Invoices,
    "orders": Orders,
    "costs": Costs,
    "milestones": Milestones,
    "outcomes": Outcomes,
    "goals": Goals,
    "referrals": Referrals,
    "sentiments": Sentiments,
    "renewal_calls": RenewalCalls,
    "experience_checks": ExperienceChecks,
}

"""What is known of one account on a day: the only input of its measures. Nothing here is later than the day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from domain.accounts import Account, Contact
from domain.subscriptions import Month, Version

ActiveBasis = Literal["users", "unique_28d", "peak"]
Call = Literal["renew", "reduce", "at_risk", "lose", "monitor"]
Voice = Literal["rule", "csm", "final"]
Feeling = Literal["great", "good", "neutral", "worried", "lost"]


class Usage(NamedTuple):
    """Use of the 28 days up to the day (`recent`) and of the 28 before (`earlier`).

    active: distinct users of the last 28 days, counted as `basis` says; recent, earlier: mean a day with a row
    (events, else active users); *_days: how many days had a row; core_used, core_total: core features.
    """

    newest_on: date
    active: int | None = None
    basis: ActiveBasis = "users"
    recent: Decimal | None = None
    recent_days: int = 0
    earlier: Decimal | None = None
    earlier_days: int = 0
    core_used: int | None = None
    core_total: int | None = None
    core_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    ticket_id: str
    opened_on: date
    severity: str = "normal"
    escalated: bool = False
    reopened: bool = False
    closed_on: date | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One contact's latest answer of a kind: nps 0-10, csat 1-5, ces 1-7 where 7 = very easy."""

    kind: Literal["nps", "csat", "ces"]
    score: int
    answered_on: date
    contact_id: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    outcome_id: str
    statement: str
    contact_id: str | None = None
    measure: str | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    current: Decimal | None = None
    current_on: date | None = None
    due_on: date | None = None
    achieved_on: date | None = None
    confirmed_on: date | None = None
    recorded_on: date | None = None
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    invoice_id: str
    issued_on: date
    due_on: date
    amount: Decimal
    currency: str
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class RenewalCall:
    """annual: what stays a year where it is reduced, in the contract's currency; competitor: where lost to one."""

    by: Voice
    call: Call
    given_on: date
    renewal_on: date
    reason: str | None = None
    competitor: str | None = None
    annual: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sentiment:
    value: Feeling
    given_on: date
    csm: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    milestone: str
    reached_on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """`tickets`: open on the day, or closed in the 28 days before; `answers`: each contact's latest of a kind;
    `invoices`: unpaid on the day; `invoices_on`: day of the newest invoice fact; `touched_on`: last two-way touch."""

    account: Account
    day: date
    versions: tuple[Version, ...] = ()
    months: tuple[Month, ...] = ()
    contacts: tuple[Contact, ...] = ()
    usage: Usage | None = None
    tickets: tuple[Ticket, ...] = ()
    tickets_on: date | None = None
    answers: tuple[Answer, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    touched_on: date | None = None
    invoices: tuple[Invoice, ...] = ()
    invoices_on: date | None = None
    calls: tuple[RenewalCall, ...] = ()
    sentiment: Sentiment | None = None
    milestones: tuple[Milestone, ...] = ()

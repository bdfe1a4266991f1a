"""Who is served and who serves: accounts, contacts, people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Role = Literal["viewer", "csm", "lead", "admin", "operator"]
ContactRole = Literal["champion", "sponsor", "decision_maker", "admin", "user", "other"]
KEY_ROLES: tuple[ContactRole, ...] = ("champion", "sponsor", "decision_maker")


@dataclass(frozen=True, slots=True)
class Account:
    number: int
    account_id: str
    name: str
    segment: str | None = None
    tier: str | None = None
    csm: str | None = None
    ae: str | None = None
    parent_id: str | None = None
    customer_since: date | None = None
    country: str | None = None
    language: str | None = None
    currency: str | None = None
    industry: str | None = None
    relationship: str | None = None
    laer_stage: str | None = None
    fit: str | None = None
    potential_mrr: Decimal | None = None
    crm_url: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contact:
    contact_id: str
    name: str
    email: str | None = None
    department: str | None = None
    role: ContactRole | None = None
    left_on: date | None = None
    last_touch_on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of ours. `team` holds the e-mails of the people with the same manager, or led by this one.

    digest_hour: 0–23 in their time zone, None: the policy's. away_from…away_until, both included; deputy: stands in.
    digest_channel: a Slack id; None: their direct messages.
    """

    email: str
    name: str
    role: Role = "csm"
    slack_id: str | None = None
    time_zone: str | None = None
    country: str | None = None
    language: str | None = None
    manager: str | None = None
    team: tuple[str, ...] = ()
    digest_hour: int | None = None
    digest_channel: str | None = None
    away_from: date | None = None
    away_until: date | None = None
    deputy: str | None = None

    def away(self, day: date) -> bool:
        """An absence without an end lasts."""
        began = self.away_from is not None and self.away_from <= day
        return began and (self.away_until is None or day <= self.away_until)

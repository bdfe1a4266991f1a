"""What an account plan is made of, beside the domain's values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.accounts import Account
from domain.facts import Call, Facts
from domain.health.scores import Changes, Health, State, Step
from domain.reasons import Reason
from domain.renewals.renewals import Renewal
from domain.subscriptions import Span
from reports.plan_lines import NOTHING, Work


@dataclass(frozen=True, slots=True)
class Point:
    """One day of the history; the score is None where it was not known."""

    day: date
    score: int | None
    state: State = "unknown"


@dataclass(frozen=True, slots=True)
class Touch:
    """`at` is the day in the reader's time zone; `csm` a name; `side` front or back."""

    at: date
    channel: str | None = None
    direction: str | None = None
    csm: str | None = None
    subject: str | None = None
    note: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`facts` of the day of the plan; `contracts` as spans; `csm` a name; `changes` against 30 days before.

    why: in the order of the card; advice: for before the call; rule, said: the renewal calls; bands: where yellow and
    green begin; touches: in any order; stage: of LAER.
    """

    export_id: str
    facts: Facts
    health: Health
    contracts: Sequence[Span] = ()
    renewals: Sequence[Renewal] = ()
    csm: str | None = None
    changes: Changes | None = None
    steps: Sequence[Step] = ()
    why: Sequence[Reason] = ()
    advice: Sequence[Reason] = ()
    risks: Sequence[Reason] = ()
    rule: Call | None = None
    said: Call | None = None
    series: Sequence[Point] = ()
    touches: Sequence[Touch] = ()
    bands: tuple[int, int] = (50, 75)
    stage: str | None = None
    work: Work = NOTHING

    @property
    def account(self) -> Account:
        return self.facts.account

    @property
    def day(self) -> date:
        return self.facts.day

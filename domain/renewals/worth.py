"""What the contracts of many accounts are still worth: those that stand, by the survival of their like."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.money import Money, Rates
from domain.renewals.forecast import Life, Method, NoHistory, Retention, lifetime_value, retention
from domain.renewals.lifetimes import Lifetime

ENOUGH_LIVES = 30
NONE = Decimal(0)


class Cohort(NamedTuple):
    """Contracts that are likely to live alike."""

    segment: str
    term_months: int


class Here(NamedTuple):
    """Contracts in force of one kind; renewals: how often they have been renewed."""

    segment: str
    term_months: int
    renewals: int
    currency: str


@dataclass(slots=True)
class Standing:
    """annual: a year's amount of them; accounts: those whose next renewal is one of these."""

    annual: Decimal = NONE
    contracts: int = 0
    accounts: int = 0


@dataclass(slots=True)
class Holdings:
    """The lives of contracts so far, and those that stand and have not given notice."""

    lives: dict[Cohort, Counter[Life]] = field(default_factory=dict)
    here: dict[Here, Standing] = field(default_factory=dict)

    def add(self, segment: str, lifetimes: Iterable[Lifetime], accounts: int = 1) -> None:
        """One account's; or those of so many alike, with the sum of what they pay."""
        first = True
        for each in lifetimes:
            of_kind = self.lives.setdefault(Cohort(segment, each.term_months), Counter())
            of_kind[each.life] += accounts
            if each.annual is None:
                continue
            key = Here(segment, each.term_months, each.life.periods, each.annual.currency)
            standing = self.here.setdefault(key, Standing())
            standing.annual += each.annual.amount
            standing.contracts += accounts
            standing.accounts += accounts if first else 0
            first = False


@dataclass(frozen=True, slots=True)
class Curves:
    """Survival by length of term, of all and of the segments that have lives enough; day: of which they are."""

    of_all: Mapping[int, Retention] = field(default_factory=dict)
    own: Mapping[Cohort, Retention] = field(default_factory=dict)
    day: date | None = None

    def of(self, segment: str, term_months: int) -> Retention | None:
        """The segment's own where it has lives enough, else that of all; None where nobody was lost yet."""
        found = self.own.get(Cohort(segment, term_months)) or self.of_all.get(term_months)
        return found if found and found.lost else None


@dataclass(frozen=True, slots=True)
class Expected:
    """The worth of what stands, in one currency. margin None: revenue. used: the curves it was made by.

    unknown: contracts for whose kind nobody was lost yet, or nothing came up for renewal; they are left out.
    """

    worth: Decimal = NONE
    annual: Decimal = NONE
    contracts: int = 0
    accounts: int = 0
    unknown: int = 0
    renewed_ever: bool = False
    margin: Decimal | None = None
    discount: Decimal = NONE
    used: tuple[Retention, ...] = ()
    curves_of: date | None = None

    @property
    def methods(self) -> frozenset[Method]:
        return frozenset(curve.method for curve in self.used)


@dataclass(frozen=True, slots=True)
class Assumed:
    """The policy's: margin (None = revenue is told), and what a year's wait costs; 0 to 1."""

    margin: Decimal | None = None
    discount: Decimal = NONE


def curves(lives: Mapping[Cohort, Mapping[Life, int]], day: date | None = None) -> Curves:
    """The survival of all by length of term, and of each segment with 30 lives and a loss."""
    everyone: dict[int, Counter[Life]] = {}
    own: dict[Cohort, Retention] = {}
    for cohort, counted in lives.items():
        everyone.setdefault(cohort.term_months, Counter()).update(counted)
        if sum(counted.values()) >= ENOUGH_LIVES and (found := _retention(counted)) and found.lost:
            own[cohort] = found
    of_all = {term: found for term, counted in everyone.items() if (found := _retention(counted))}
    return Curves(of_all, own, day)


def each_worth(here: Mapping[Here, Standing], by: Curves, assumed: Assumed) -> dict[Here, Money]:
    """Of each kind of which something was lost: the expected remaining margin, in its own currency."""
    found = {}
    for kind, standing in here.items():
        curve = by.of(kind.segment, kind.term_months)
        if curve is not None:
            found[kind] = worth(Money(standing.annual, kind.currency), curve, kind.renewals, kind.term_months, assumed)
    return found


def worth(annual: Money, curve: Retention, renewals: int, term_months: int, assumed: Assumed) -> Money:
    """As domain/forecast.lifetime_value, with what the policy assumes."""
    margin = Decimal(1) if assumed.margin is None else assumed.margin
    return lifetime_value(
        annual, curve, renewals=renewals, term_months=term_months, margin=margin, discount=assumed.discount
    ).money


def expected(here: Mapping[Here, Standing], by: Curves, assumed: Assumed, rates: Rates) -> Expected:
    """All of it in the currency of the rates; raises NoRate."""
    worths = each_worth(here, by, assumed)
    told = {kind: standing for kind, standing in here.items() if kind in worths}
    used = {id(curve): curve for kind in told if (curve := by.of(kind.segment, kind.term_months))}
    return Expected(
        worth=rates.total(worths.values()).amount,
        annual=rates.total(Money(standing.annual, kind.currency) for kind, standing in told.items()).amount,
        contracts=sum(standing.contracts for standing in told.values()),
        accounts=sum(standing.accounts for standing in told.values()),
        unknown=sum(standing.contracts for kind, standing in here.items() if kind not in worths),
        renewed_ever=bool(by.of_all),
        margin=assumed.margin,
        discount=assumed.discount,
        used=tuple(used.values()),
        curves_of=by.day,
    )


def _retention(counted: Mapping[Life, int]) -> Retention | None:
    try:
        return retention(counted)
    except NoHistory:
        return None

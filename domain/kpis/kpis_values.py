"""What a metric is, what is counted for it, and the number that comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from domain.renewals.worth import Expected
from domain.waterfall import Revenue

Unit = Literal["ratio", "score", "days", "count", "money"]
Shown = Literal["percent", "times", "signed", "score", "days", "money"]
Better = Literal["up", "down"]
Family = Literal[
    "revenue", "renewals", "surveys", "spend", "licences", "core", "orders", "entries", "anniversaries", "referrals",
    "outcomes", "plays", "margin", "lifetimes",
]  # fmt: skip
Ranking = Literal["", "moved", "moved_of_cohort", "lost", "gone"]
Part = Decimal | int | str | None

NONE = Decimal(0)
RATIO, CENT = Decimal("0.0001"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Kpi:
    """value None: not defined, and why as a code. Money is in the organisation's currency, a ratio is 1.1111."""

    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    undefined_because: str | None = None


@dataclass(frozen=True, slots=True)
class Renewals:
    """Annual amounts that came up for renewal, renewed (at most what was due), and still wait within the grace."""

    due: Decimal = NONE
    renewed: Decimal = NONE
    pending: Decimal = NONE
    contracts: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """How many contacts gave each score last, and of how many that were asked somebody answered."""

    scores: Mapping[int, int] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0

    @property
    def n(self) -> int:
        return sum(self.scores.values())

    def between(self, low: int, high: int) -> int:
        """How many scores lie there, both ends included."""
        return sum(count for score, count in self.scores.items() if low <= score <= high)


@dataclass(frozen=True, slots=True)
class Spend:
    """In the organisation's currency. hourly: what an hour of a CSM costs, None = not counted.

    shared_left_out: costs of the whole base are there, and belong to no part of it.
    """

    retention: Decimal = NONE
    acquisition: Decimal = NONE
    retention_told: bool = False
    acquisition_told: bool = False
    minutes: int = 0
    hourly: Decimal | None = None
    shared_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Licences:
    """active and seats of the accounts for which both are known; without: how many lack one of them."""

    active: int = 0
    seats: int = 0
    accounts: int = 0
    without: int = 0
    by_peak: int = 0


@dataclass(frozen=True, slots=True)
class Core:
    """used of total core features, summed over accounts; users of core features against seats."""

    used: int = 0
    total: int = 0
    accounts: int = 0
    users: int = 0
    seats: int = 0
    accounts_with_users: int = 0


@dataclass(frozen=True, slots=True)
class Entries:
    """Accounts that came in the period: how far they got; days: from entry to first value, of those who are there."""

    acquired: int = 0
    activated: int = 0
    converted: int = 0
    customers: int = 0
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """All that metrics are made of; a family that nobody asked for is left empty.

    days: length of the period; problems: why a family could not be counted, and of what (an amount's currency).
    """

    revenue: Revenue = field(default_factory=Revenue)
    renewals: Renewals = field(default_factory=Renewals)
    answers: Mapping[str, Answers] = field(default_factory=dict)
    spend: Spend = field(default_factory=Spend)
    licences: Licences = field(default_factory=Licences)
    core: Core = field(default_factory=Core)
    entries: Entries = field(default_factory=Entries)
    buyers: tuple[int, int] = (0, 0)
    anniversaries: tuple[int, int] = (0, 0)
    referrals: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    readiness: tuple[int, int] = (0, 0)
    lifetimes: Expected = field(default_factory=Expected)
    days: int = 0
    margin: Decimal | None = None
    problems: Mapping[Family, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """families: what has to be counted; undefined: why it may have no value; sources: files of the data contract.

    cohort, period: codes of the texts; movers: which ranking of accounts explains it.
    """

    name: str
    unit: Unit
    shown: Shown
    better: Better
    families: tuple[Family, ...]
    cohort: str
    period: str
    undefined: tuple[str, ...]
    sources: tuple[str, ...]
    compute: Callable[[Counted], Kpi]
    movers: Ranking = ""

    def of(self, counted: Counted) -> Kpi:
        """The number, or why there is none."""
        for family in self.families:
            if family in counted.problems:
                code, of = counted.problems[family]
                return undefined(code, parts={"of": of} if of else None)
        return self.compute(counted)


def undefined(because: str, *, denominator: Decimal | None = None, parts: Mapping[str, Part] | None = None) -> Kpi:
    """No value, and why."""
    return Kpi(None, None, denominator, parts or {}, because)


def share(
    numerator: Decimal | int, denominator: Decimal | int, empty: str, parts: Mapping[str, Part] | None = None
) -> Kpi:
    """A ratio to four decimals; over an empty base there is none, for the reason `empty`."""
    if not denominator:
        return undefined(empty, denominator=NONE, parts=parts)
    part, whole = Decimal(numerator), Decimal(denominator)
    return Kpi((part / whole).quantize(RATIO), part, whole, parts or {})


def mrr(annual: Decimal) -> Decimal:
    """The monthly amount, to the cent."""
    return (annual / 12).quantize(CENT)

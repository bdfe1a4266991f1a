"""The funnel: acquired → activated → converted → retained → referred, by the month or quarter of entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.days import add_months

By = Literal["month", "quarter"]
MONTHS: dict[By, int] = {"month": 1, "quarter": 3}
YEAR = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """How far one account got. entered: milestone acquired, else customer since, else its first paying day.

    retained: still paying in month 12 after its first paying day, None before that; external, internal: a referral
    of that kind was introduced.
    """

    entered: date
    activated: bool = False
    converted: bool = False
    retained: bool | None = None
    paying: bool = False
    external: bool = False
    internal: bool = False


@dataclass(slots=True)
class Cohort:
    """Counts of accounts that entered from `first` on; due: month 12 has come; referring: paying, and introduced."""

    first: date | None
    acquired: int = 0
    activated: int = 0
    converted: int = 0
    converted_of_activated: int = 0
    due: int = 0
    retained: int = 0
    paying: int = 0
    referring: int = 0
    external: int = 0
    internal: int = 0

    def add(self, entry: Entry) -> None:
        self.acquired += 1
        self.activated += entry.activated
        self.converted += entry.converted
        self.converted_of_activated += entry.activated and entry.converted
        self.due += entry.retained is not None
        self.retained += bool(entry.retained)
        self.paying += entry.paying
        self.referring += entry.paying and (entry.external or entry.internal)
        self.external += entry.external
        self.internal += entry.internal

    @property
    def activation(self) -> Decimal | None:
        """Activated ÷ acquired."""
        return _share(self.activated, self.acquired)

    @property
    def conversion(self) -> Decimal | None:
        """Of those activated, converted ÷ activated."""
        return _share(self.converted_of_activated, self.activated)

    @property
    def retention(self) -> Decimal | None:
        """Paying in month 12 ÷ those whose month 12 has come."""
        return _share(self.retained, self.due)

    @property
    def referral(self) -> Decimal | None:
        """Accounts paying that introduced someone ÷ accounts paying."""
        return _share(self.referring, self.paying)


def funnel(entries: Iterable[Entry], *, by: By, fiscal_year_start: int = 1) -> tuple[Cohort, tuple[Cohort, ...]]:
    """All together, and each cohort, newest first."""
    whole = Cohort(None)
    cohorts: dict[date, Cohort] = {}
    for entry in entries:
        first = cohort_of(entry.entered, by, fiscal_year_start)
        whole.add(entry)
        cohorts.setdefault(first, Cohort(first)).add(entry)
    return whole, tuple(cohorts[first] for first in sorted(cohorts, reverse=True))


def cohort_of(day: date, by: By, fiscal_year_start: int = 1) -> date:
    """First day of the month, or of the quarter of the fiscal year."""
    back = (day.month - fiscal_year_start) % MONTHS[by]
    return add_months(day.replace(day=1), -back)


def month_12(first_paid: date | None, today: date) -> date | None:
    """The day on which the first paid year is over; None where it has not come."""
    due = add_months(first_paid, YEAR) if first_paid else None
    return due if due and due <= today else None


def quarter_of(first: date, fiscal_year_start: int) -> tuple[int, int]:
    """Fiscal year and number of the quarter that begins there; a fiscal year bears the year in which it ends."""
    months = (first.month - fiscal_year_start) % YEAR
    ends = add_months(first, YEAR - months - 1)
    return ends.year, months // 3 + 1


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None

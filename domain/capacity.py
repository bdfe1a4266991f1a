"""Hours of a team by week against those of its tasks: who is over, and which starts fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.plays import Task


@dataclass(frozen=True, slots=True)
class Load:
    """whose: an e-mail, or a function; week: its Monday; hours of open tasks against those that they have for plays."""

    whose: str
    week: date
    hours: float
    capacity: float

    @property
    def over(self) -> float:
        return max(self.hours - self.capacity, 0.0)


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone of ours; hours: a week for plays, None: the policy's."""

    email: str
    function: str | None = None
    hours: float | None = None


Hours = Mapping[tuple[str, date], float]
"""By owner and Monday."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A start that is wanted: what it would cost whom when; potential orders them, the most first."""

    account: int
    potential: float
    hours: Hours


@dataclass(frozen=True, slots=True)
class Fit:
    """now, wait: accounts in the order of their potential; short: by account, whose hours are missing and when."""

    now: tuple[int, ...]
    wait: tuple[int, ...]
    short: Mapping[int, tuple[Load, ...]]


def monday(day: date) -> date:
    """The first day of its ISO week."""
    raise NotImplementedError


def hours_of(tasks: Iterable[Task]) -> Hours:
    """Of open tasks of ours, by owner and week."""
    raise NotImplementedError


def loads(taken: Hours, staff: Iterable[Staff], *, default: float) -> tuple[Load, ...]:
    """By person, the fullest first; people without tasks too."""
    raise NotImplementedError


def by_function(taken: Hours, staff: Iterable[Staff], *, default: float) -> tuple[Load, ...]:
    """The same summed over each function."""
    raise NotImplementedError


def fits(wanted: Iterable[Wanted], taken: Hours, staff: Iterable[Staff], *, default: float, until: date) -> Fit:
    """Which starts the hours allow now, the most potential first; those that wait are assigned by capacity."""
    raise NotImplementedError

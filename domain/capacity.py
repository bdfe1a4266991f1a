"""Hours of a team by week against those of its tasks: who is over, and which starts fit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.plays import Task

TOLERANCE = 1e-6


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
"""By e-mail and Monday."""


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
    return day - timedelta(day.weekday())


def hours_of(tasks: Iterable[Task]) -> Hours:
    """Of open tasks of ours by week: of each who takes part, the owner and the helpers."""
    found: defaultdict[tuple[str, date], float] = defaultdict(float)
    for task in tasks:
        for who in task.workers if task.status == "open" else ():
            found[who, monday(task.due_on)] += task.hours
    return dict(found)


def loads(taken: Hours, staff: Sequence[Staff], *, default: float) -> tuple[Load, ...]:
    """By person and week, the fullest first; of people without tasks, a line for each week that others have."""
    known = {person.email: person for person in staff}
    weeks = sorted({week for _who, week in taken})
    owners = [*known, *sorted({who for who, _week in taken} - set(known))]
    found = (
        Load(who, week, taken.get((who, week), 0.0), _capacity(known.get(who), default))
        for who in owners
        for week in weeks
    )
    return tuple(sorted(found, key=_fullest))


def by_function(taken: Hours, staff: Sequence[Staff], *, default: float) -> tuple[Load, ...]:
    """The same summed over each function; people whose function is not told are left out."""
    functions = {person.email: person.function for person in staff if person.function}
    sums: dict[tuple[str, date], tuple[float, float]] = {}
    for load in loads(taken, staff, default=default):
        if function := functions.get(load.whose):
            hours, capacity = sums.get((function, load.week), (0.0, 0.0))
            sums[function, load.week] = hours + load.hours, capacity + load.capacity
    found = (Load(function, week, *summed) for (function, week), summed in sums.items())
    return tuple(sorted(found, key=_fullest))


def fits(wanted: Iterable[Wanted], taken: Hours, staff: Sequence[Staff], *, default: float, until: date) -> Fit:
    """Which starts the hours allow now, the most potential first; those that wait are assigned by capacity.

    Weeks that begin after `until` are not looked at. One that waits lets another pass that needs other people; a week
    that was over before is asked only of starts that add to it.
    """
    capacity = {person.email: _capacity(person, default) for person in staff}
    used = dict(taken)
    now, wait = [], []
    short: dict[int, tuple[Load, ...]] = {}
    for start in sorted(wanted, key=lambda each: (-each.potential, each.account)):
        asked = {(who, week): hours for (who, week), hours in start.hours.items() if week <= until and hours > 0}
        missing = [
            Load(who, week, used.get((who, week), 0.0) + hours, capacity.get(who, default))
            for (who, week), hours in asked.items()
        ]
        missing = sorted((load for load in missing if load.over > TOLERANCE), key=_fullest)
        if missing:
            wait.append(start.account)
            short[start.account] = tuple(missing)
            continue
        now.append(start.account)
        for cell, hours in asked.items():
            used[cell] = used.get(cell, 0.0) + hours
    return Fit(tuple(now), tuple(wait), short)


def _capacity(person: Staff | None, default: float) -> float:
    return default if person is None or person.hours is None else person.hours


def _fullest(load: Load) -> tuple[float, date, str]:
    return load.capacity - load.hours, load.week, load.whose

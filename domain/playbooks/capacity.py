"""Hours of a team by week against those of its tasks: who is over, and which starts fit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf

from domain.playbooks.plays import Task
from domain.playbooks.workdays import Workdays

TOLERANCE = 1e-6
WEEK = 7
LATER = 12


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

    @property
    def share(self) -> float:
        """Of the hours that they have; infinite where they have none."""
        return self.hours / self.capacity if self.capacity else inf if self.hours else 0.0


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
    """now, wait: accounts in the order of their potential; short: by account, whose hours are missing and when.

    opens: by account that waits, the Monday of the first week in which it could start, after those before it; those
    that none of the next LATER weeks would take are not among them.
    """

    now: tuple[int, ...]
    wait: tuple[int, ...]
    short: Mapping[int, tuple[Load, ...]]
    opens: Mapping[int, date]


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
    return _loads(taken, staff, sorted({week for _who, week in taken}), default)


def coming(
    taken: Hours, staff: Sequence[Staff], *, default: float, today: date, weeks: int, workdays: Workdays
) -> tuple[Load, ...]:
    """The same of so many weeks, from that of the next working day on, whether anything is due in them or not.

    What is late takes hours of the first week, and of that only the working days that are left count.
    """
    start = workdays.next(today)
    first = monday(start)
    ahead: defaultdict[tuple[str, date], float] = defaultdict(float)
    for (who, week), hours in taken.items():
        ahead[who, max(week, first)] += hours
    left = left_of_week(start, workdays)
    found = _loads(ahead, staff, [first + timedelta(weeks=n) for n in range(weeks)], default)
    cut = (replace(load, capacity=load.capacity * left) if load.week == first else load for load in found)
    return tuple(sorted(cut, key=_fullest))


def left_of_week(today: date, workdays: Workdays) -> float:
    """Which share of its working days is not over, today included."""
    days = [day for day in (monday(today) + timedelta(n) for n in range(WEEK)) if not workdays.off(day)]
    return sum(day >= today for day in days) / len(days) if days else 0.0


def by_function(found: Iterable[Load], staff: Sequence[Staff]) -> tuple[Load, ...]:
    """Loads summed over each function, the fullest first; people whose function is not told are left out."""
    functions = {person.email: person.function for person in staff if person.function}
    sums: dict[tuple[str, date], tuple[float, float]] = {}
    for load in found:
        if function := functions.get(load.whose):
            hours, capacity = sums.get((function, load.week), (0.0, 0.0))
            sums[function, load.week] = hours + load.hours, capacity + load.capacity
    summed = (Load(function, week, *both) for (function, week), both in sums.items())
    return tuple(sorted(summed, key=_fullest))


def _loads(taken: Hours, staff: Sequence[Staff], weeks: Sequence[date], default: float) -> tuple[Load, ...]:
    known = {person.email: person for person in staff}
    owners = [*known, *sorted({who for who, _week in taken} - set(known))]
    found = (
        Load(who, week, taken.get((who, week), 0.0), _capacity(known.get(who), default))
        for who in owners
        for week in weeks
    )
    return tuple(sorted(found, key=_fullest))


def fits(wanted: Iterable[Wanted], taken: Hours, staff: Sequence[Staff], *, default: float, until: date) -> Fit:
    """Which starts the hours allow now, the most potential first; those that wait are assigned by capacity.

    Weeks that begin after `until` are not looked at. One that waits lets another pass that needs other people; a week
    that was over before is asked only of starts that add to it.
    """
    room = _Room(dict(taken), {person.email: _capacity(person, default) for person in staff}, default)
    now, wait = [], []
    short: dict[int, tuple[Load, ...]] = {}
    for start in sorted(wanted, key=lambda each: (-each.potential, each.account)):
        asked = _within(start.hours, until)
        missing = room.missing(asked)
        if missing:
            wait.append(start)
            short[start.account] = missing
        else:
            now.append(start.account)
            room.take(asked)
    opens = _opens(wait, room, until)
    return Fit(tuple(now), tuple(start.account for start in wait), short, opens)


@dataclass
class _Room:
    used: dict[tuple[str, date], float]
    capacity: Mapping[str, float]
    default: float

    def missing(self, asked: Hours) -> tuple[Load, ...]:
        """Whose week would be over, the fullest first."""
        after = (
            Load(who, week, self.used.get((who, week), 0.0) + hours, self.capacity.get(who, self.default))
            for (who, week), hours in asked.items()
        )
        return tuple(sorted((load for load in after if load.over > TOLERANCE), key=_fullest))

    def take(self, asked: Hours) -> None:
        for cell, hours in asked.items():
            self.used[cell] = self.used.get(cell, 0.0) + hours


def _within(hours: Hours, until: date) -> dict[tuple[str, date], float]:
    return {(who, week): each for (who, week), each in hours.items() if week <= until and each > 0}


def _opens(waiting: Iterable[Wanted], room: _Room, until: date) -> dict[int, date]:
    """Each is tried a week later and another, with all of its hours, and takes the first place that there is."""
    found: dict[int, date] = {}
    for start in waiting:
        asked = _within(start.hours, until)
        for later in (timedelta(weeks=n) for n in range(1, LATER + 1)):
            shifted = {(who, week + later): hours for (who, week), hours in asked.items()}
            if not room.missing(shifted):
                room.take(shifted)
                found[start.account] = min(week for _who, week in asked) + later
                break
    return found


def _capacity(person: Staff | None, default: float) -> float:
    return default if person is None or person.hours is None else person.hours


def _fullest(load: Load) -> tuple[float, date, str]:
    return load.capacity - load.hours, load.week, load.whose

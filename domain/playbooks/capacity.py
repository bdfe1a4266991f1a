"""Hours of a team by week against those of its tasks: who is over, and which starts fit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
class Opening:
    """Of a start that is wanted. short: whose hours are missing and when, the most first; nobody's where it fits now.

    opens: the Monday of the first week in which it could start; None where none of the next LATER weeks would take it.
    """

    short: tuple[Load, ...] = ()
    opens: date | None = None

    @property
    def now(self) -> bool:
        return not self.short


@dataclass(frozen=True, slots=True)
class Ahead:
    """Hours of everybody from the week `first` on, of which only the share `left` is still to come.

    What is late takes hours of that week, and so does what would fall on a day before it.
    """

    taken: Hours
    staff: Sequence[Staff]
    default: float
    first: date
    left: float

    def weeks(self, count: int) -> list[date]:
        return [self.first + timedelta(weeks=n) for n in range(count)]

    def load(self, who: str, week: date, hours: float, known: Mapping[str, Staff]) -> Load:
        weekly = _capacity(known.get(who), self.default)
        return Load(who, week, hours, weekly * self.left if week == self.first else weekly)

    def within(self, hours: Hours, weeks: int) -> dict[tuple[str, date], float]:
        """What hours take of the first so many weeks."""
        end = self.first + timedelta(weeks=weeks)
        found: defaultdict[tuple[str, date], float] = defaultdict(float)
        for (who, week), each in hours.items():
            if week < end and each > 0:
                found[who, max(week, self.first)] += each
        return dict(found)

    def plus(self, starts: Iterable[Hours]) -> "Ahead":
        """With what would begin."""
        added: defaultdict[tuple[str, date], float] = defaultdict(float, self.taken)
        for hours in starts:
            for cell, each in hours.items():
                added[cell] += each
        return replace(self, taken=dict(added))


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
    owners, weeks = {*known, *(who for who, _week in taken)}, {week for _who, week in taken}
    found = (
        Load(who, week, taken.get((who, week), 0.0), _capacity(known.get(who), default))
        for who in owners
        for week in weeks
    )
    return tuple(sorted(found, key=_fullest))


def ahead(taken: Hours, staff: Sequence[Staff], *, default: float, today: date, workdays: Workdays) -> Ahead:
    """From the week of the next working day on."""
    start = workdays.next(today)
    return Ahead(taken, staff, default, monday(start), left_of_week(start, workdays))


def coming(known: Ahead, weeks: int) -> tuple[Load, ...]:
    """By person, of each of the first so many weeks, whether anything is due in it or not; the fullest first."""
    taken, staff = known.within(known.taken, weeks), {person.email: person for person in known.staff}
    everybody = {*staff, *(who for who, _week in taken)}
    found = (
        known.load(who, week, taken.get((who, week), 0.0), staff) for who in everybody for week in known.weeks(weeks)
    )
    return tuple(sorted(found, key=_fullest))


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


def fits(starts: Sequence[Hours], known: Ahead, weeks: int) -> list[Opening]:
    """Which starts the hours allow now, and when the others: the first of them is the one that matters most.

    Hours of later weeks than these are not looked at. One that waits lets another pass that needs other people; a week
    that was over before is asked only of starts that add to it.
    """
    room = _Room(known.within(known.taken, weeks + LATER), known, {person.email: person for person in known.staff})
    asked = [known.within(hours, weeks) for hours in starts]
    found = [Opening(room.take(hours)) for hours in asked]
    return [
        each if each.now else replace(each, opens=_opens(hours, room)) for each, hours in zip(found, asked, strict=True)
    ]


@dataclass
class _Room:
    used: dict[tuple[str, date], float]
    known: Ahead
    staff: Mapping[str, Staff]

    def take(self, asked: Hours) -> tuple[Load, ...]:
        """Nothing, where anybody's week would be over: those, the fullest first."""
        short = tuple(sorted((load for load in self._after(asked) if load.over > TOLERANCE), key=_fullest))
        if not short:
            for cell, hours in asked.items():
                self.used[cell] = self.used.get(cell, 0.0) + hours
        return short

    def _after(self, asked: Hours) -> Iterator[Load]:
        for (who, week), hours in asked.items():
            yield self.known.load(who, week, self.used.get((who, week), 0.0) + hours, self.staff)


def _opens(asked: Hours, room: _Room) -> date | None:
    """It is tried a week later and another, with all of its hours, and takes the first place that there is."""
    for later in room.known.weeks(LATER + 1)[1:]:
        if not room.take({(who, week + (later - room.known.first)): hours for (who, week), hours in asked.items()}):
            return later
    return None


def _capacity(person: Staff | None, default: float) -> float:
    return default if person is None or person.hours is None else person.hours


def _fullest(load: Load) -> tuple[float, date, str]:
    return load.capacity - load.hours, load.week, load.whose

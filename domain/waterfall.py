"""What recurring revenue did in a period: opening + new + expansion + reactivation ± indexation ± FX − losses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import TypeVar

from domain.money import Rates
from domain.periods import Period
from domain.revenue import INDEXATION, Change

NONE = Decimal(0)
MOVERS = 5
PRUNED_AT = 2000


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Amounts of one currency; contraction and churn are losses, told as positive amounts."""

    opening: Decimal = NONE
    new: Decimal = NONE
    expansion: Decimal = NONE
    reactivation: Decimal = NONE
    indexation: Decimal = NONE
    fx: Decimal = NONE
    contraction: Decimal = NONE
    churn: Decimal = NONE

    @property
    def losses(self) -> Decimal:
        return self.contraction + self.churn

    @property
    def closing(self) -> Decimal:
        gained = self.new + self.expansion + self.reactivation + self.indexation + self.fx
        return self.opening + gained - self.losses


LINES = tuple(line.name for line in fields(Waterfall))


@dataclass(frozen=True, slots=True)
class Step:
    """What changed on a day in the annual amount; `indexation` is the part of `delta` that a price index made."""

    day: date
    delta: Decimal
    indexation: Decimal = NONE


@dataclass(frozen=True, slots=True)
class Course:
    """One account through a period, in one currency at the period's rates.

    opening: at the end of the day before; fx: what the opening gained by other rates than those it was told at before;
    logo: the parent whose accounts count as one customer, '' = the account itself.
    """

    number: int
    opening: Decimal
    steps: tuple[Step, ...] = ()
    paid_before: bool = False
    fx: Decimal = NONE
    logo: str = ""

    @property
    def closing(self) -> Decimal:
        return sum((step.delta for step in self.steps), self.opening)


@dataclass(frozen=True, slots=True)
class Move:
    """What one account did in the period."""

    number: int
    opening: Decimal
    closing: Decimal
    losses: Decimal

    @property
    def change(self) -> Decimal:
        return self.closing - self.opening


@dataclass(frozen=True, slots=True)
class Logos:
    """How many customers paid: at the start, at the end too, at the end, and for the first time ever."""

    at_start: int = 0
    stayed: int = 0
    at_end: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class Revenue:
    """The courses of a scope, summed: annual amounts of one currency.

    cohort_closing: of those who paid at the start; kept: Σ min(start, end); cohort_losses: all that those lost on the
    way; moved, lost, gone: the accounts that changed and fell most, and those that ended at nothing.
    """

    waterfall: Waterfall = Waterfall()
    cohort_closing: Decimal = NONE
    kept: Decimal = NONE
    cohort_losses: Decimal = NONE
    logos: Logos = Logos()
    accounts: int = 0
    moved: tuple[Move, ...] = ()
    moved_of_cohort: tuple[Move, ...] = ()
    lost: tuple[Move, ...] = ()
    gone: tuple[Move, ...] = ()


Added = TypeVar("Added", Waterfall, Logos)


def waterfall(course: Course) -> Waterfall:
    """The lines of one account, day by day; churn is a fall to 0, new a first payment, reactivation one after 0."""
    return Waterfall(**lines(course))


def lines(course: Course) -> dict[str, Decimal]:
    """As `waterfall`, by name; lines of nothing may be left out."""
    found: dict[str, Decimal] = defaultdict(Decimal, opening=course.opening - course.fx, fx=course.fx)
    amount, paid = course.opening, course.paid_before or course.opening > 0
    for step in course.steps:
        after = amount + step.delta
        for line, part in _parts(amount, after, step, paid=paid):
            found[line] += part
        amount, paid = after, paid or after > 0
    return found


def _parts(before: Decimal, after: Decimal, step: Step, *, paid: bool) -> Iterable[tuple[str, Decimal]]:
    if not before:
        return (("reactivation" if paid else "new", after),)
    if not after:
        return (("churn", before),)
    rest = step.delta - step.indexation
    return (("indexation", step.indexation), ("expansion", rest) if rest > 0 else ("contraction", -rest))


def course(
    number: int, changes: Iterable[Change], period: Period, *, rates: Rates, rates_before: Rates | None = None
) -> Course:
    """One account's course from its changes, as all of them are known; raises NoRate.

    rates_before: the table in which the opening was told; left out, one table holds for all and FX is 0.
    """
    held = [change for change in changes if change.day <= period.last]
    before = [change for change in held if change.day < period.first]
    opening = rates.total(change.delta for change in before).amount
    told = opening if rates_before is None else rates_before.total(change.delta for change in before).amount
    days: dict[date, list[Change]] = defaultdict(list)
    for change in held:
        if change.day >= period.first:
            days[change.day].append(change)
    steps = tuple(_step(day, days[day], rates) for day in sorted(days))
    return Course(number, opening, steps, _ever_paid(before), opening - told)


def _step(day: date, changes: Iterable[Change], rates: Rates) -> Step:
    held = tuple(changes)
    indexed = rates.total(change.delta for change in held if change.kind == INDEXATION)
    return Step(day, rates.total(change.delta for change in held).amount, indexed.amount)


def _ever_paid(changes: Iterable[Change]) -> bool:
    days: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for change in changes:
        days[change.day, change.delta.currency] += change.delta.amount
    return any(days.values())


@dataclass(slots=True)
class _Sums:
    """Running sums; one for a whole scope, so that memory does not grow with it."""

    lines: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(LINES, NONE))
    cohort_closing: Decimal = NONE
    kept: Decimal = NONE
    cohort_losses: Decimal = NONE
    at_start: int = 0
    stayed: int = 0
    at_end: int = 0
    new: int = 0
    accounts: int = 0

    def rest(self, opening: Decimal) -> None:
        """An account that nothing happened to."""
        self.accounts += 1
        self.lines["opening"] += opening
        if opening:
            self.cohort_closing += opening
            self.kept += opening
            self.at_start += 1
            self.stayed += 1
            self.at_end += 1

    def count(self, one: Course) -> Move:
        told, opening, closing = lines(one), one.opening, one.closing
        for name, part in told.items():
            self.lines[name] += part
        losses = told.get("contraction", NONE) + told.get("churn", NONE)
        self.accounts += 1
        self.at_start += opening > 0
        self.at_end += closing > 0
        self.new += told.get("new", NONE) > 0
        if opening > 0:
            self.stayed += closing > 0
            self.cohort_closing += closing
            self.kept += min(opening, closing)
            self.cohort_losses += losses
        return Move(one.number, opening, closing, losses)


def revenue(courses: Iterable[Course]) -> Revenue:
    """The sum over accounts, and those that moved it most."""
    sums, moves = _Sums(), list[Move]()
    logos: dict[str, list[Decimal]] = {}
    for one in courses:
        if one.steps or one.fx:
            moves.append(sums.count(one))
        else:
            sums.rest(one.opening)
        if one.logo:
            _count_logo(logos.setdefault(one.logo, [NONE, NONE, NONE]), one)
        if len(moves) > PRUNED_AT:
            moves = [*{move.number: move for ranking in _ranked(moves) for move in ranking}.values()]
    counted = _counted(logos.values()) if logos else Logos(sums.at_start, sums.stayed, sums.at_end, sums.new)
    totals = (Waterfall(**sums.lines), sums.cohort_closing, sums.kept, sums.cohort_losses)
    moved, moved_of_cohort, lost, gone = _ranked(moves)
    return Revenue(*totals, counted, sums.accounts, moved, moved_of_cohort, lost, gone)


def together(parts: Iterable[Revenue]) -> Revenue:
    """The sum of parts that have no account in common, and no parent."""
    held = tuple(parts)
    moves = {name: [move for part in held for move in getattr(part, name)] for name in RANKINGS}
    return Revenue(
        _added(Waterfall, [part.waterfall for part in held]),
        sum((part.cohort_closing for part in held), NONE),
        sum((part.kept for part in held), NONE),
        sum((part.cohort_losses for part in held), NONE),
        _added(Logos, [part.logos for part in held]),
        sum(part.accounts for part in held),
        **{name: tuple(sorted(some, key=RANKINGS[name])[:MOVERS]) for name, some in moves.items()},
    )


def _added(kind: type[Added], parts: Iterable[Added]) -> Added:
    held = tuple(parts)
    return kind(*(sum(getattr(part, one.name) for part in held) for one in fields(kind)))


def _count_logo(logo: list[Decimal], one: Course) -> None:
    logo[0] += one.opening
    logo[1] += one.closing
    logo[2] += int(one.paid_before or one.opening > 0)


def _counted(logos: Iterable[list[Decimal]]) -> Logos:
    held = list(logos)
    stayed = sum(bool(opening and closing) for opening, closing, _ in held)
    new = sum(bool(closing and not paid) for _, closing, paid in held)
    return Logos(sum(bool(o) for o, _, _ in held), stayed, sum(bool(c) for _, c, _ in held), new)


def _ranked(moves: list[Move]) -> tuple[tuple[Move, ...], ...]:
    by_change = sorted((m for m in moves if m.change), key=_by_change)
    by_loss = sorted((m for m in moves if m.losses), key=_by_loss)
    of_cohort = [move for move in by_change if move.opening > 0]
    gone = [move for move in of_cohort if not move.closing]
    return tuple(tuple(ranking[:MOVERS]) for ranking in (by_change, of_cohort, by_loss, gone))


def _by_change(move: Move) -> tuple[Decimal, int]:
    return -abs(move.change), move.number


def _by_loss(move: Move) -> tuple[Decimal, int]:
    return -move.losses, move.number


RANKINGS = {"moved": _by_change, "moved_of_cohort": _by_change, "lost": _by_loss, "gone": _by_change}


def monthly(told: Waterfall, *, cent: Decimal = Decimal("0.01")) -> Mapping[str, Decimal]:
    """The lines ÷ 12, each to the cent and still closing: what rounding leaves goes to the next line."""
    shown: dict[str, Decimal] = {}
    total, said = NONE, NONE
    for name in LINES:
        sign = -1 if name in {"contraction", "churn"} else 1
        total += sign * getattr(told, name)
        rounded = (total / 12).quantize(cent)
        shown[name] = sign * (rounded - said) + 0
        said = rounded
    return {**shown, "closing": said}

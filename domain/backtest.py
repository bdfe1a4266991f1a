"""How well health foretold this company's own renewals; nothing that was recorded after the snapshot may enter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import ceil, sqrt
from operator import attrgetter
from typing import Literal

from domain.decisions import Decision
from domain.probability import Calibration, Seen, base_rate, brier, calibrated

Judgement = Literal["nothing", "too_few", "backwards", "does_not_predict", "only_ranks", "predicts"]

ENOUGH = 20
FOLDS = 5
BINS = 5
CERTAINTY = 1.959964
BISECTIONS = 60


class Leaked(ValueError):
    """A reading was recorded after the snapshot: the test would know the future."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A stored score and the day it is of: made of what was known by then."""

    day: date
    state: str
    score: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """One renewal of one account: was it lost? on: the snapshot, the decision date or the day before notice came."""

    account: int
    on: date
    ends_on: date
    settled_on: date
    lost: bool


@dataclass(frozen=True, slots=True)
class Past:
    """A question with what was known at its snapshot; raises Leaked for anything later."""

    question: Question
    reading: Reading | None

    def __post_init__(self) -> None:
        if self.reading and self.reading.day > self.question.on:
            raise Leaked(f"a reading of {self.reading.day} for a decision on {self.question.on}")

    @property
    def score(self) -> int | None:
        return self.reading.score if self.reading else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Renewals with a like probability of loss: how many, what was foretold, what came; 0 to 1."""

    count: int
    foretold: float
    came: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """`count` renewals with a score, `lost` of them; rates 0 to 1, None where there is nothing to divide by.

    auc: chance that of a lost and a kept renewal the lost one had the lower score; brier, brier_base: out of fold, in
    order of time, over `foretold` renewals; lift: loss among the lowest tenth ÷ base; false_greens: green and lost;
    calibration: fitted to all, for renewals still to come.
    """

    judgement: Judgement
    count: int
    lost: int
    unscored: int
    first: date | None
    last: date | None
    auc: float | None = None
    interval: tuple[float, float] | None = None
    brier: float | None = None
    brier_base: float | None = None
    foretold: int = 0
    lift: float | None = None
    red: int = 0
    red_lost: int = 0
    green: int = 0
    false_greens: int = 0
    table: tuple[Bin, ...] = ()
    calibration: Calibration | None = None

    @property
    def base(self) -> float | None:
        """The part that was lost."""
        return self.lost / self.count if self.count else None


def questions(account: int, decisions: Iterable[Decision]) -> list[Question]:
    """The settled renewals of an account: contracts of one end are one, lost where all are; months apart are none.

    Where notice was given before the decision date, the snapshot is the day before it: what is known is not foretold.
    """
    settled = [d for d in decisions if d.settled_on and d.term_months > 1]
    found = []
    for ends_on, group in groupby(sorted(settled, key=attrgetter("ends_on")), key=attrgetter("ends_on")):
        of_day = list(group)
        known = [d.gone_on - timedelta(1) for d in of_day if d.gone_on]
        on = min([*(d.decision_on for d in of_day), *known])
        settled_on = max(d.settled_on or ends_on for d in of_day)
        found.append(Question(account, on, ends_on, settled_on, all(d.result == "lost" for d in of_day)))
    return found


def backtest(pasts: Iterable[Past]) -> Backtest:
    """Every figure of the past renewals, and what they allow to say."""
    everything = sorted(pasts, key=lambda past: (past.question.on, past.question.account))
    scored = [past for past in everything if past.score is not None]
    lost = sum(past.question.lost for past in scored)
    days = [past.question.on for past in scored]
    span = (days[0], days[-1]) if days else (None, None)
    unscored = len(everything) - len(scored)
    if not scored:
        return Backtest("nothing", 0, 0, unscored, *span)
    area = auc(scored)
    interval = _interval(area, lost, len(scored) - lost) if area is not None else None
    foretold = _foretold(scored)
    happened = [past.question.lost for past, _, _ in foretold]
    mine = brier([probability for _, probability, _ in foretold], happened)
    base = brier([alone for _, _, alone in foretold], happened)
    red, green = ([p for p in scored if p.reading and p.reading.state == colour] for colour in ("red", "green"))
    return Backtest(
        judgement=_judgement(lost, len(scored) - lost, interval, mine, base),
        count=len(scored),
        lost=lost,
        unscored=unscored,
        first=span[0],
        last=span[1],
        auc=area,
        interval=interval,
        brier=mine,
        brier_base=base,
        foretold=len(foretold),
        lift=_lift(scored, lost),
        red=len(red),
        red_lost=sum(past.question.lost for past in red),
        green=len(green),
        false_greens=sum(past.question.lost for past in green),
        table=_table([(p, past.question.lost) for past, p, _ in foretold]),
        calibration=calibrated(Seen(_score(past), past.question.lost) for past in scored),
    )


def auc(scored: Sequence[Past]) -> float | None:
    """The chance that a lost renewal had the lower score than a kept one, ties half; None without both kinds."""
    lost = sum(past.question.lost for past in scored)
    kept = len(scored) - lost
    if not lost or not kept:
        return None
    above = wins = 0.0
    for _, group in groupby(sorted(scored, key=_score, reverse=True), key=_score):
        results = [past.question.lost for past in group]
        wins += sum(results) * (above + (len(results) - sum(results)) / 2)
        above += len(results) - sum(results)
    return wins / (lost * kept)


def _score(past: Past) -> int:
    return past.score or 0


def _interval(area: float, lost: int, kept: int) -> tuple[float, float]:
    """95 %, by the areas from which this one is 1.96 of their own Hanley-McNeil errors away (Newcombe 2006, no. 5)."""

    def far(candidate: float) -> float:
        many = (lost + kept) / 2 - 1
        spread = 1 + many * ((1 - candidate) / (2 - candidate) + candidate / (1 + candidate))
        return abs(area - candidate) - CERTAINTY * sqrt(candidate * (1 - candidate) * spread / (lost * kept))

    return _edge(far, area, 0.0), _edge(far, area, 1.0)


def _edge(far: Callable[[float], float], inside: float, outside: float) -> float:
    """Where near turns to far."""
    for _ in range(BISECTIONS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if far(middle) > 0 else (middle, outside)
    return (inside + outside) / 2


def _foretold(scored: Sequence[Past]) -> list[tuple[Past, float, float]]:
    """Each with the probability of loss, calibrated and base, from what was settled before its fold began."""
    size = ceil(len(scored) / FOLDS)
    found = []
    for start in range(size, len(scored), size):
        fold = scored[start : start + size]
        begins = fold[0].question.on
        known = [Seen(_score(p), p.question.lost) for p in scored[:start] if p.question.settled_on < begins]
        if known:
            fitted = calibrated(known)
            base = base_rate(fitted.events, fitted.count)
            found += [(past, fitted.lost(_score(past)), base) for past in fold]
    return found


def _lift(scored: Sequence[Past], lost: int) -> float | None:
    """Loss among the tenth with the lowest scores ÷ loss among all; a tie at its edge counts in part."""
    if not lost:
        return None
    wanted = max(len(scored) / 10, 1)
    room, found = wanted, 0.0
    for _, group in groupby(sorted(scored, key=_score), key=_score):
        results = [past.question.lost for past in group]
        taken = min(room, len(results))
        found += sum(results) * taken / len(results)
        room -= taken
        if room <= 0:
            break
    return (found / wanted) / (lost / len(scored))


def _table(foretold: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    ordered = sorted(foretold)
    size = ceil(len(ordered) / BINS)
    parts = [ordered[start : start + size] for start in range(0, len(ordered), size)] if ordered else []
    return tuple(
        Bin(len(part), sum(p for p, _ in part) / len(part), sum(lost for _, lost in part) / len(part)) for part in parts
    )


def _judgement(
    lost: int, kept: int, interval: tuple[float, float] | None, mine: float | None, base: float | None
) -> Judgement:
    """Fewer than 20 of a kind: too few. An interval that holds one half: does not predict."""
    if interval is None or min(lost, kept) < ENOUGH:
        return "too_few"
    if interval[1] < 1 / 2:
        return "backwards"
    if interval[0] <= 1 / 2:
        return "does_not_predict"
    if mine is None or base is None or mine >= base:
        return "only_ranks"
    return "predicts"

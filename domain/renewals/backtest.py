"""How well health foretold this company's own renewals; nothing that was recorded after the snapshot may enter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, sqrt
from operator import itemgetter
from typing import Literal, NamedTuple

from domain.renewals.learned import Case, Learner, Trial
from domain.renewals.pasts import Past
from domain.renewals.probability import Calibration, Seen, base_rate, brier, calibrated, passes

Judgement = Literal["nothing", "too_few", "backwards", "does_not_predict", "only_ranks", "predicts"]

ENOUGH = 20
FOLDS = 5
BINS = 5
CERTAINTY = 1.959964
BISECTIONS = 60
NO_TRIAL = Trial("not_installed")


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
    trial: Trial = NO_TRIAL

    @property
    def base(self) -> float | None:
        """The part that was lost."""
        return self.lost / self.count if self.count else None


class Foretold(NamedTuple):
    """A past renewal with its probability of loss by each way, from what was settled before its fold began."""

    past: Past
    rule: float
    base: float
    learned: float


def backtest(pasts: Iterable[Past], learner: Learner | None = None) -> Backtest:
    """Every figure of the past renewals, and what they allow to say; with a learner, how it compares."""
    everything = sorted(pasts, key=lambda past: (past.question.on, past.question.account))
    scored = [past for past in everything if past.score is not None]
    lost = sum(past.question.lost for past in scored)
    days = [past.question.on for past in scored]
    span = (days[0], days[-1]) if days else (None, None)
    unscored = len(everything) - len(scored)
    if not scored:
        return Backtest("nothing", 0, 0, unscored, *span)
    area, interval = auc(scored), None
    if area is not None:
        interval = _interval(area, lost, len(scored) - lost)
    foretold = _foretold(scored, learner)
    happened = [each.past.question.lost for each in foretold]
    mine = brier([each.rule for each in foretold], happened)
    base = brier([each.base for each in foretold], happened)
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
        table=_table([(each.rule, each.past.question.lost) for each in foretold]),
        calibration=calibrated(Seen(_score(past), past.question.lost) for past in scored),
        trial=_trial(scored, foretold, learner, mine, base),
    )


def _trial(
    scored: Sequence[Past], foretold: Sequence[Foretold], learner: Learner | None, rule: float | None,
    base: float | None,
) -> Trial:  # fmt: skip
    """The gate: enough of both results, and less Brier than the calibrated rule and than the base rate."""
    happened = [each.past.question.lost for each in foretold]
    learned = brier([each.learned for each in foretold], happened)
    if learner is None:
        return NO_TRIAL
    if learned is None or rule is None or base is None:
        return Trial("too_few")
    area = _area([(-each.learned, each.past.question.lost) for each in foretold])
    lost = sum(happened)
    interval = None if area is None else _interval(area, lost, len(happened) - lost)
    of_all = sum(past.question.lost for past in scored)
    if min(of_all, len(scored) - of_all) < ENOUGH:
        return Trial("too_few", learned, area, interval)
    model = learner(_cases(scored)) if passes(learned, rule=rule, base=base) else None
    return Trial("passes" if model else "fails", learned, area, interval, model)


def _cases(pasts: Iterable[Past]) -> list[Case]:
    return [(past.known, past.question.lost) for past in pasts]


def auc(scored: Sequence[Past]) -> float | None:
    """The chance that a lost renewal had the lower score than a kept one, ties half; None without both kinds."""
    return _area([(_score(past), past.question.lost) for past in scored])


def _area(ranked: Sequence[tuple[float, bool]]) -> float | None:
    lost = sum(gone for _, gone in ranked)
    kept = len(ranked) - lost
    if not lost or not kept:
        return None
    above = wins = 0.0
    rank = itemgetter(0)
    for _, group in groupby(sorted(ranked, key=rank, reverse=True), key=rank):
        results = [gone for _, gone in group]
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


def _foretold(scored: Sequence[Past], learner: Learner | None) -> list[Foretold]:
    """Without a learner, or where it finds nothing to learn from, its probability is the base rate."""
    size = ceil(len(scored) / FOLDS)
    found = []
    for start in range(size, len(scored), size):
        fold = scored[start : start + size]
        begins = fold[0].question.on
        settled = [past for past in scored[:start] if past.question.settled_on < begins]
        if settled:
            fitted = calibrated(Seen(_score(past), past.question.lost) for past in settled)
            base = base_rate(fitted.events, fitted.count)
            model = learner(_cases(settled)) if learner else None
            found += [
                Foretold(past, fitted.lost(_score(past)), base, model.lost(past.known) if model else base)
                for past in fold
            ]
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

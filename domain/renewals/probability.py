"""The probability that a renewal is lost: the rule's score, calibrated; and what a learned model must beat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

MIDDLE, SPREAD = 50, 25
OFFSET_WIDTH, SLOPE_WIDTH = 0.5, 0.5
STEPS = 30
TINY = 1e-10


class Seen(NamedTuple):
    """A score 0 to 100 and whether that renewal was lost."""

    score: int
    lost: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(lost) = 1 ÷ (1 + exp(−(logit(base) + offset + slope × (score − 50) ÷ 25))); events: losses it was fitted to."""

    base: float
    offset: float
    slope: float
    events: int
    count: int

    def lost(self, score: int) -> float:
        """The probability that a renewal with this score is lost, 0 to 1."""
        return _logistic(_logit(self.base) + self.offset + self.slope * _scaled(score))

    def renewed(self, score: int) -> float:
        return 1 - self.lost(score)


def base_rate(lost: int, count: int) -> float:
    """Of losses, one of each added (Laplace), so that it is never 0 or 1."""
    return (lost + 1) / (count + 2)


def calibrated(seen: Iterable[Seen]) -> Calibration:
    """Two parameters by penalised likelihood: both are shrunk to 0, where every score gets the base rate.

    Normal priors of width 0.5 on both, the slope per 25 points; Newton's method, the likelihood is concave.
    """
    cases = [(_scaled(each.score), float(each.lost)) for each in seen]
    events = round(sum(lost for _, lost in cases))
    base = base_rate(events, len(cases))
    offset = slope = 0.0
    for _ in range(STEPS):
        step = _newton(cases, _logit(base), offset, slope)
        offset, slope = offset - step[0], slope - step[1]
        if abs(step[0]) + abs(step[1]) < TINY:
            break
    return Calibration(base, offset, slope, events, len(cases))


def brier(foretold: Sequence[float], lost: Sequence[bool]) -> float | None:
    """The mean square of probability − result: 0 is perfect; None without any."""
    if not lost:
        return None
    return sum((p - happened) ** 2 for p, happened in zip(foretold, lost, strict=True)) / len(lost)


def passes(learned: float, *, rule: float, base: float) -> bool:
    """The gate: a learned model speaks only if its time-ordered out-of-fold Brier beats the rule's and the base's."""
    return learned < rule and learned < base


def _newton(cases: Sequence[tuple[float, float]], start: float, offset: float, slope: float) -> tuple[float, float]:
    g0, g1 = offset / OFFSET_WIDTH**2, slope / SLOPE_WIDTH**2
    h00, h01, h11 = 1 / OFFSET_WIDTH**2, 0.0, 1 / SLOPE_WIDTH**2
    for x, lost in cases:
        p = _logistic(start + offset + slope * x)
        weight = p * (1 - p)
        g0, g1 = g0 + p - lost, g1 + (p - lost) * x
        h00, h01, h11 = h00 + weight, h01 + weight * x, h11 + weight * x * x
    determinant = h00 * h11 - h01 * h01
    return (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant


def _scaled(score: int) -> float:
    return (score - MIDDLE) / SPREAD


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def _logit(p: float) -> float:
    return log(p / (1 - p))

"""Which subjects have a counterpart on the other side, by the chance of being treated that their covariates give."""

from bisect import bisect_left
from collections.abc import Sequence
from math import exp
from statistics import pstdev

from domain.effects.adjustment import TINY, Row, solve, standardised

STEPS = 25
WIDTH = 3.0
REACH, LEAST_REACH = 0.2, 0.5
MOST = 30.0


def comparable(rows: Sequence[Row]) -> list[Row]:
    """Rows with one of the other side near by, and a chance not so near 0 or 1 that they alone make the result.

    Near: log odds at most a fifth of their spread away (Austin 2011, Pharmaceutical Statistics 10), or half a unit.
    """
    odds = log_odds(rows)
    reach = max(REACH * pstdev(odds), LEAST_REACH) if odds else 0.0
    sides = [sorted(odd for odd, row in zip(odds, rows, strict=True) if row.treated is side) for side in (False, True)]
    met = [(row, odd) for row, odd in zip(rows, odds, strict=True) if _gap(sides[not row.treated], odd) <= reach + TINY]
    return _steady(met)


def _gap(others: Sequence[float], odd: float) -> float:
    place = bisect_left(others, odd)
    return min((abs(other - odd) for other in others[max(place - 1, 0) : place + 1]), default=float("inf"))


def _steady(rows: Sequence[tuple[Row, float]]) -> list[Row]:
    """With v = 1 ÷ (p(1 − p)): those up to the largest v that is at most twice the mean of the v up to it.

    It makes the variance least and leaves nobody out where chances are alike (Crump and others 2009, Biometrika 96).
    """
    spreads = [2 + exp(odd) + exp(-odd) for _, odd in rows]
    total, most = 0.0, 0.0
    for count, spread in enumerate(sorted(spreads), 1):
        total += spread
        if spread <= 2 * total / count:
            most = spread
    return [row for (row, _), spread in zip(rows, spreads, strict=True) if spread <= most * (1 + TINY)]


def log_odds(rows: Sequence[Row]) -> list[float]:
    """Of being treated, a line over the covariates by logistic regression, normal priors of width 3 on its slopes."""
    columns = standardised(list(zip(*(row.before for row in rows), strict=True)))
    points = [(1.0, *point) for point in zip(*columns, strict=True)] or [(1.0,)] * len(rows)
    line = [0.0] * len(points[0])
    for _ in range(STEPS):
        step = _newton(points, [row.treated for row in rows], line)
        line = [a + b for a, b in zip(line, step, strict=True)]
        if sum(map(abs, step)) < TINY:
            break
    return [min(max(_along(line, point), -MOST), MOST) for point in points]


def _newton(points: Sequence[Sequence[float]], treated: Sequence[bool], line: Sequence[float]) -> list[float]:
    prior = [TINY, *[1 / WIDTH**2] * (len(line) - 1)]
    slope = [-weight * b for weight, b in zip(prior, line, strict=True)]
    bend = [[prior[i] if i == j else 0.0 for j in range(len(line))] for i in range(len(line))]
    for point, started in zip(points, treated, strict=True):
        chance = _logistic(_along(line, point))
        for i, a in enumerate(point):
            slope[i] += (started - chance) * a
            for j, b in enumerate(point):
                bend[i][j] += chance * (1 - chance) * a * b
    return solve(bend, slope, least=0.0)


def _along(line: Sequence[float], point: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(line, point, strict=True))


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))

"""How far two groups lie apart once what was known before is adjusted for, with an interval; standard library only.

Each side gets its own straight line over the covariates, read at the mean of both (Lin 2013, Annals of Applied
Statistics 7). Errors by leaving out one customer at a time with all its accounts, close to HC3 (MacKinnon & White
1985); Welch's t for amounts, Wilson's intervals of both sides put together (Newcombe 1998, method 10) for rates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, pstdev
from typing import NamedTuple

TINY = 1e-9

Matrix = list[list[float]]
Sides = tuple[Matrix, Matrix]


class Row(NamedTuple):
    """One subject: `group` is the customer that it belongs to, `before` the covariates in an order shared by all."""

    treated: bool
    group: int
    outcome: float
    before: tuple[float, ...] = ()


class Difference(NamedTuple):
    """Treated − control in the unit of the outcome, with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Jackknife:
    """Both adjusted means (treated, control), their variances and covariance, that of the difference, its freedom."""

    means: tuple[float, float]
    variances: tuple[float, float]
    covariance: float
    variance: float
    freedom: float


def difference(rows: Sequence[Row], *, binary: bool, certainty: float = 0.95) -> Difference:
    """Adjusted treated − control; binary: outcomes are 0 or 1 and the ends stay within −1 and 1.

    Needs three or more customers on each side than there are covariates; ZeroDivisionError or a useless interval else.
    """
    scaled, spread = _scaled(rows)
    found = _jackknife(scaled)
    value = found.means[0] - found.means[1]
    t = quantile(certainty, found.freedom)
    if binary:
        return _rates(rows, found, spread, t)
    reach = t * sqrt(found.variance)
    return Difference(value * spread, (value - reach) * spread, (value + reach) * spread)


def quantile(certainty: float, freedom: float) -> float:
    """Of Student's t, two-sided (Abramowitz & Stegun 26.7.5): right to 0.001 from 5 degrees of freedom."""
    z = NormalDist().inv_cdf((1 + certainty) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def standardised(columns: Sequence[Sequence[float]]) -> list[tuple[float, ...]]:
    """Each column with mean 0 and spread 1, so that the sums below stay exact; a constant one is 0 throughout."""
    found = []
    for column in columns:
        middle, spread = fmean(column), pstdev(column)
        constant = spread <= TINY**1.5 * max(map(abs, column))
        found.append(tuple(0.0 if constant else (x - middle) / spread for x in column))
    return found


def solve(square: Matrix, right: Sequence[float], *, least: float) -> list[float]:
    """x of `square` · x = `right`, symmetric and not negative; what adds less than `least` to the others gets 0."""
    rows = [[*row, value] for row, value in zip(square, right, strict=True)]
    used = []
    for pivot in range(len(rows)):
        if rows[pivot][pivot] <= least:
            continue
        used.append(pivot)
        for other, row in enumerate(rows):
            if other != pivot:
                factor = row[pivot] / rows[pivot][pivot]
                rows[other] = [a - factor * b for a, b in zip(row, rows[pivot], strict=True)]
    return [rows[n][-1] / rows[n][n] if n in used else 0.0 for n in range(len(rows))]


def _scaled(rows: Sequence[Row]) -> tuple[list[Row], float]:
    """Rows without units, and the spread of the outcome that brings a difference back into its unit."""
    (outcomes,) = standardised([[row.outcome for row in rows]])
    columns = standardised(list(zip(*(row.before for row in rows), strict=True)))
    befores = list(zip(*columns, strict=True)) or [()] * len(rows)
    scaled = [
        Row(row.treated, row.group, outcome, before)
        for row, outcome, before in zip(rows, outcomes, befores, strict=True)
    ]
    return scaled, pstdev(row.outcome for row in rows)


def _jackknife(rows: Sequence[Row]) -> _Jackknife:
    """Delete-one-customer variance; with no covariates and no parents it is Welch's, to the digit."""
    width = len(rows[0].before) + 2
    sums, of_group = _empty(width), {row.group: _empty(width) for row in rows}
    for row in rows:
        for into in (sums, of_group[row.group]):
            _add(into[not row.treated], (1.0, *row.before, row.outcome))
    means = _means(sums)
    counts = [sum(part[side][0][0] > 0 for part in of_group.values()) for side in (0, 1)]
    spreads, variances, covariance = [0.0, 0.0], [0.0, 0.0], 0.0
    for part in of_group.values():
        left = _means((_minus(sums[0], part[0]), _minus(sums[1], part[1])))
        moved = [a - b for a, b in zip(left, means, strict=True)]
        for side in (0, 1):
            share = part[side][0][0] / (part[0][0][0] + part[1][0][0])
            factor = share * (counts[side] - 1) / counts[side]
            spreads[side] += factor * (moved[0] - moved[1]) ** 2
            variances[0] += factor * moved[0] ** 2
            variances[1] += factor * moved[1] ** 2
            covariance += factor * moved[0] * moved[1]
    return _Jackknife(
        means, (variances[0], variances[1]), covariance, sum(spreads), _freedom(spreads, counts, width - 2)
    )


def _freedom(spreads: Sequence[float], counts: Sequence[int], covariates: int) -> float:
    """Welch–Satterthwaite, each side less its covariates."""
    left = [max(count - 1 - covariates, 1) for count in counts]
    below = sum(spread**2 / freedom for spread, freedom in zip(spreads, left, strict=True))
    return sum(spreads) ** 2 / below if below else float(min(left))


def _means(sums: Sides) -> tuple[float, float]:
    """The mean outcome of each side, moved along its line to the covariates' mean of both."""
    everybody = sums[0][0][0] + sums[1][0][0]
    target = [(a + b) / everybody for a, b in zip(sums[0][0], sums[1][0], strict=True)]
    return _at(sums[0], target), _at(sums[1], target)


def _at(sums: Matrix, target: Sequence[float]) -> float:
    count, *middles = sums[0]
    means = [total / count for total in middles]
    size = len(means) - 1
    centred = [[sums[i + 1][j + 1] - count * means[i] * means[j] for j in range(size + 1)] for i in range(size)]
    slopes = solve([row[:size] for row in centred], [row[size] for row in centred], least=TINY * count)
    return means[size] + sum(b * (x - mean) for b, x, mean in zip(slopes, target[1:], means, strict=False))


def _empty(width: int) -> Sides:
    return [[0.0] * width for _ in range(width)], [[0.0] * width for _ in range(width)]


def _add(into: Matrix, values: Sequence[float]) -> None:
    for row, a in zip(into, values, strict=True):
        for n, b in enumerate(values):
            row[n] += a * b


def _minus(whole: Matrix, part: Matrix) -> Matrix:
    return [[a - b for a, b in zip(one, other, strict=True)] for one, other in zip(whole, part, strict=True)]


def _rates(rows: Sequence[Row], found: _Jackknife, spread: float, t: float) -> Difference:
    """Wilson's interval on each side with as many trials as its variance is worth, and the two put together."""
    middle = fmean(row.outcome for row in rows)
    means = [min(max(middle + mean * spread, 0.0), 1.0) for mean in found.means]
    variances = [variance * spread**2 for variance in found.variances]
    edges = [_wilson(rows, side, means[side], variances[side], t) for side in (0, 1)]
    both = sqrt(found.variances[0] * found.variances[1])
    together = found.covariance / both if both > TINY else 0.0
    value = means[0] - means[1]
    low = _joined(means[0] - edges[0][0], edges[1][1] - means[1], together)
    high = _joined(edges[0][1] - means[0], means[1] - edges[1][0], together)
    return Difference(value, max(value - low, -1.0), min(value + high, 1.0))


def _wilson(rows: Sequence[Row], side: int, rate: float, variance: float, t: float) -> tuple[float, float]:
    own = [row for row in rows if row.treated is not bool(side)]
    raw = fmean(row.outcome for row in own)
    alike = variance <= TINY or not 0 < raw < 1
    trials = len({row.group for row in own}) if alike else raw * (1 - raw) / variance
    middle = rate + t * t / (2 * trials)
    reach = t * sqrt(rate * (1 - rate) / trials + t * t / (4 * trials * trials))
    return (middle - reach) / (1 + t * t / trials), (middle + reach) / (1 + t * t / trials)


def _joined(one: float, other: float, together: float) -> float:
    return sqrt(max(one * one + other * other - 2 * together * one * other, 0.0))

"""How long customers stay, and what those who are here are still worth: sBG or Kaplan-Meier, never one average rate."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import exp, log, prod, sqrt
from typing import Literal, NamedTuple

from domain.money import Money

Method = Literal["sbg", "kaplan_meier"]
Point = tuple[float, float]

ENOUGH_PERIODS = 5
CERTAINTY = 1.959964
LOG_BOUND = 8.0
PRECISION = 1e-10
STEPS = 2000
NUDGE = 1e-3
HORIZON = 400


class Life(NamedTuple):
    """One contract's life in renewal periods: how many it was up for, and whether the last of them lost it."""

    periods: int
    lost: bool


class NoHistory(ValueError):
    """Nothing has been up for renewal yet."""


@dataclass(frozen=True, slots=True)
class Share:
    """The part that is still there after `period` renewals, with its 95 % interval where one can be given."""

    period: int
    share: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Retention:
    """The survival of a cohort by renewals; alpha, beta: of the sBG. lives: contracts, lost: how many ended."""

    method: Method
    lives: int
    lost: int
    periods: int
    curve: tuple[Share, ...]
    alpha: float | None = None
    beta: float | None = None
    later_loss: float = 0.0

    def survival(self, period: int) -> float:
        """The part still there after so many renewals, beyond what was observed too."""
        return prod(self.staying(n) for n in range(1, period + 1))

    def staying(self, period: int) -> float:
        """The part of those up for this renewal that renews: sBG by its law, (β + t − 1) ÷ (α + β + t − 1).

        Kaplan-Meier holds, beyond the last observed renewal, the loss of all renewals together.
        """
        if self.alpha is not None and self.beta is not None:
            return (self.beta + period - 1) / (self.alpha + self.beta + period - 1)
        if period > self.periods:
            return 1 - self.later_loss
        before = self.curve[period - 1].share
        return self.curve[period].share / before if before else 0.0


@dataclass(frozen=True, slots=True)
class LifetimeValue:
    """`money`: expected remaining margin; the rest names how it was made. `discount`: of a year."""

    money: Money
    method: Method
    margin: Decimal
    discount: Decimal
    renewals: int
    timing: Literal["from_next_renewal"] = "from_next_renewal"


def lives(survivors: Sequence[int]) -> dict[Life, int]:
    """A cohort told by its survivors, those at the start first: 1000, 631, 468 …"""
    last = len(survivors) - 1
    lost = {Life(n, True): before - after for n, (before, after) in enumerate(pairwise(survivors), start=1)}
    return {**lost, Life(last, False): survivors[last]}


def retention(cohort: Mapping[Life, int]) -> Retention:
    """The survival of a cohort, told as how many contracts had each life; raises NoHistory.

    From 5 renewal periods on the shifted beta-geometric (Fader & Hardie 2007, J. of Interactive Marketing 21(1)):
    each contract is lost at each renewal with its own chance, beta-distributed over contracts. Below, and where nothing
    was lost, Kaplan-Meier.
    """
    held = {life: count for life, count in cohort.items() if count and life.periods > 0}
    if not held:
        raise NoHistory
    periods = max(life.periods for life in held)
    total, lost = sum(held.values()), sum(count for life, count in held.items() if life.lost)
    if periods < ENOUGH_PERIODS or not lost:
        curve = _kaplan_meier(held, periods)
        chances = sum(life.periods * count for life, count in held.items())
        return Retention("kaplan_meier", total, lost, periods, curve, later_loss=lost / chances)
    fitted = _fitted(held)
    spread = _spread(held, fitted)
    shares = (_share(fitted, spread, period) for period in range(periods + 1))
    return Retention("sbg", total, lost, periods, tuple(shares), exp(fitted[0]), exp(fitted[1]))


def lifetime_value(
    annual: Money, found: Retention, *, renewals: int, term_months: int, margin: Decimal, discount: Decimal
) -> LifetimeValue:
    """Expected remaining margin of a contract that has been renewed `renewals` times and is up for its next renewal.

    Each term's margin counts at its start, times the chance that it is reached, discounted back to the next renewal:
    Σ k ≥ 0 of S(renewals + 1 + k) ÷ S(renewals) × margin × (1 + discount)^(−k × term ÷ 12).
    """
    rate = float(1 + discount) ** (-term_months / 12)
    terms, here = 0.0, 1.0
    for k in range(HORIZON):
        here *= found.staying(renewals + 1 + k)
        terms += here * rate**k
    each = annual * margin * term_months / 12
    return LifetimeValue(each * Decimal(str(round(terms, 6))), found.method, margin, discount, renewals)


def _survival(point: Point, period: int) -> float:
    """S(t) = Π (β + t − 1) ÷ (α + β + t − 1)."""
    alpha, beta = exp(point[0]), exp(point[1])
    share = 1.0
    for n in range(period):
        share *= (beta + n) / (alpha + beta + n)
    return share


def _likelihood(held: Mapping[Life, int], point: Point) -> float:
    alpha, beta = exp(point[0]), exp(point[1])
    found, stay = 0.0, [0.0]
    for n in range(max(life.periods for life in held)):
        stay.append(stay[-1] + log((beta + n) / (alpha + beta + n)))
    for life, count in held.items():
        if life.lost:
            before = life.periods - 1
            found += count * (stay[before] + log(alpha / (alpha + beta + before)))
        else:
            found += count * stay[life.periods]
    return found


def _fitted(held: Mapping[Life, int]) -> Point:
    """The logarithms of α and β that make what was seen likeliest; kept between e^−8 and e^8."""
    return _lowest(lambda point: -_likelihood(held, _bounded(point)), (0.0, 0.0))


def _bounded(point: Point) -> Point:
    return max(min(point[0], LOG_BOUND), -LOG_BOUND), max(min(point[1], LOG_BOUND), -LOG_BOUND)


def _lowest(value: Callable[[Point], float], start: Point) -> Point:
    """Nelder and Mead's simplex (1965) over two numbers."""
    corners = sorted((value(p), p) for p in (start, (start[0] + 0.5, start[1]), (start[0], start[1] + 0.5)))
    for _ in range(STEPS):
        (best, here), (middle, there), (worst, bad) = corners
        if abs(worst - best) < PRECISION and max(abs(bad[0] - here[0]), abs(bad[1] - here[1])) < PRECISION:
            break
        centre = ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
        turned = _along(centre, bad, -1)
        reached = value(turned)
        if reached < best:
            far = _along(centre, bad, -2)
            corners[2] = min((reached, turned), (value(far), far))
        elif reached < middle:
            corners[2] = (reached, turned)
        else:
            near = _along(centre, turned if reached < worst else bad, 0.5)
            inside = value(near)
            if inside < min(reached, worst):
                corners[2] = (inside, near)
            else:
                halved = [_along(here, p, 0.5) for p in (there, bad)]
                corners[1:] = [(value(p), p) for p in halved]
        corners.sort()
    return _bounded(corners[0][1])


def _along(centre: Point, point: Point, part: float) -> Point:
    return centre[0] + part * (point[0] - centre[0]), centre[1] + part * (point[1] - centre[1])


def _spread(held: Mapping[Life, int], at: Point) -> tuple[float, float, float] | None:
    """The covariance of the two logarithms (observed information); None where the data do not fix them."""

    def value(one: float, two: float) -> float:
        return -_likelihood(held, (at[0] + one * NUDGE, at[1] + two * NUDGE))

    middle = 2 * value(0, 0)
    first = (value(1, 0) + value(-1, 0) - middle) / NUDGE**2
    second = (value(0, 1) + value(0, -1) - middle) / NUDGE**2
    mixed = (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * NUDGE**2)
    determinant = first * second - mixed**2
    edge = max(abs(at[0]), abs(at[1])) > LOG_BOUND - 1 / 2
    if edge or first <= 0 or determinant <= 0:
        return None
    return second / determinant, first / determinant, -mixed / determinant


def _share(at: Point, spread: tuple[float, float, float] | None, period: int) -> Share:
    """The delta method on the logit, so that the interval stays within 0 and 1."""
    share = _survival(at, period)
    if spread is None or not period:
        return Share(period, share, (1.0, 1.0) if not period else None)
    slopes = [
        (_logit(_survival((at[0] + one, at[1] + two), period)) - _logit(share)) / NUDGE
        for one, two in ((NUDGE, 0.0), (0.0, NUDGE))
    ]
    variance = slopes[0] ** 2 * spread[0] + slopes[1] ** 2 * spread[1] + 2 * slopes[0] * slopes[1] * spread[2]
    width = CERTAINTY * sqrt(max(variance, 0.0))
    return Share(period, share, (_unlogit(_logit(share) - width), _unlogit(_logit(share) + width)))


def _kaplan_meier(held: Mapping[Life, int], periods: int) -> tuple[Share, ...]:
    """Product limit; the interval by Greenwood on the log-log scale, None where nothing or everything was lost."""
    curve, share, greenwood = [Share(0, 1.0, (1.0, 1.0))], 1.0, 0.0
    for period in range(1, periods + 1):
        up = sum(count for life, count in held.items() if life.periods >= period)
        lost = held.get(Life(period, lost=True), 0)
        share *= 1 - lost / up
        greenwood += lost / (up * (up - lost)) if up > lost else 0.0
        curve.append(Share(period, share, _log_log(share, greenwood)))
    return tuple(curve)


def _log_log(share: float, greenwood: float) -> tuple[float, float] | None:
    if not 0 < share < 1:
        return None
    width = CERTAINTY * sqrt(greenwood) / log(share)
    low, high = share ** exp(-width), share ** exp(width)
    return min(low, high), max(low, high)


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _unlogit(value: float) -> float:
    return 1 / (1 + exp(-value))


def cohort(found: Iterable[Life]) -> dict[Life, int]:
    """How many contracts had each life."""
    counts: dict[Life, int] = {}
    for life in found:
        counts[life] = counts.get(life, 0) + 1
    return counts

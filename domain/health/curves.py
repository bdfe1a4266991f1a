"""Piecewise-linear curves from a measure's value to the fraction of its weight that it earns; they invert."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """`xs` strictly rising values; `ys` their fractions 0..1, all rising or all falling; flat outside."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @classmethod
    def of(cls, points: Sequence[tuple[float, float]]) -> "Curve":
        """Of (value, fraction) points."""
        return cls(tuple(x for x, _ in points), tuple(y for _, y in points))

    def at(self, x: float) -> float:
        """The fraction at x."""
        xs, ys = self.xs, self.ys
        if x <= xs[0]:
            return ys[0]
        if x >= xs[-1]:
            return ys[-1]
        right = bisect_right(xs, x)
        left = right - 1
        return ys[left] + (ys[right] - ys[left]) * (x - xs[left]) / (xs[right] - xs[left])

    def reaching(self, y: float) -> float:
        """The value nearest to the bad end whose fraction is at least y; the best value where none is."""
        if self.ys[0] > self.ys[-1]:
            mirror = Curve(tuple(-x for x in reversed(self.xs)), tuple(reversed(self.ys)))
            return -mirror.reaching(y)
        best = self.ys[-1]
        for left in range(len(self.xs) - 1):
            low, high = self.ys[left], self.ys[left + 1]
            if low >= y:
                return self.xs[left]
            if high >= y:
                return self.xs[left] + (self.xs[left + 1] - self.xs[left]) * (y - low) / (high - low)
        return next(x for x, fraction in zip(self.xs, self.ys, strict=True) if fraction == best)


@dataclass(frozen=True, slots=True)
class CurvesByAge:
    """Curves that slide between ages (months) with the account; each has the same fractions."""

    months: tuple[float, ...]
    curves: tuple[Curve, ...]

    def at_age(self, months: float) -> Curve:
        """The curve at an age: between two ages its values are interpolated; flat outside."""
        if months <= self.months[0]:
            return self.curves[0]
        if months >= self.months[-1]:
            return self.curves[-1]
        right = bisect_right(self.months, months)
        young, old = self.curves[right - 1], self.curves[right]
        share = (months - self.months[right - 1]) / (self.months[right] - self.months[right - 1])
        xs = tuple(a + (b - a) * share for a, b in zip(young.xs, old.xs, strict=True))
        return Curve(xs, young.ys)

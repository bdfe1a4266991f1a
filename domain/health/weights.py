"""How weights move when measures have no fresh facts, and how exact numbers become whole ones that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from domain.health.rules import GROUP_OF, MEASURES, Group, Measure, Rules

TINY = 1e-9


class Place(NamedTuple):
    """A fresh measure on its scale: weights in % of the measures in use, of the score, and whole."""

    measure: Measure
    group: Group
    base: float
    exact: float
    shown: int


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights of one pattern of fresh measures; `shown` and `uncovered` are whole, 100 together."""

    places: tuple[Place, ...]
    shown: tuple[int, ...]
    coverage: int
    uncovered: int
    given: Mapping[Measure, tuple[tuple[Measure, ...], float]]


def scale(rules: Rules, in_use: frozenset[str], fresh: Sequence[Measure]) -> Scale:
    """Weights of the fresh measures, kept on `rules` by pattern.

    In use → 100 %; each missing weight goes to its own group, then to the others, in proportion to their base weights;
    nobody grows above the cap by it; what cannot be placed stays uncovered. Source: docs/metrics, Health.
    """
    key = (in_use, tuple(fresh))
    found = rules.scales.get(key)
    if not isinstance(found, Scale):
        found = rules.scales[key] = _scale(rules, in_use, fresh)
    return found


def whole(exact: Sequence[float], total: int, at_most: Sequence[int] | None = None) -> list[int]:
    """Whole numbers that add up to `total`, by largest remainder, none above its limit; ties go to the first.

    `total` is at least the sum of the floors and at most the sum of the limits.
    """
    found = [floor(value + TINY) for value in exact]
    left = total - sum(found)
    order = sorted(range(len(exact)), key=lambda i: round(found[i] - exact[i], 9))
    while left > 0:
        for i in order:
            if left and (at_most is None or found[i] < at_most[i]):
                found[i] += 1
                left -= 1
    return found


def rounded(value: float) -> int:
    """Half up, blind to the last bits of binary fractions."""
    return floor(value + 0.5 + TINY)


def _scale(rules: Rules, in_use: frozenset[str], fresh: Sequence[Measure]) -> Scale:
    weighing = [measure for measure in MEASURES if measure in in_use and rules.weights[measure] > 0]
    total = sum(rules.weights[measure] for measure in weighing)
    base: dict[Measure, float] = {measure: rules.weights[measure] * 100 / total for measure in weighing}
    present = [measure for measure in weighing if measure in fresh]
    exact = {measure: base[measure] for measure in present}
    lacking = [measure for measure in weighing if measure not in fresh]
    given = {measure: (_give(measure, base, exact, rules.measure_cap), base[measure]) for measure in lacking}
    placed = sum(exact.values())
    covered = rounded(placed)
    shown = whole(list(exact.values()), covered)
    places = tuple(Place(m, GROUP_OF[m], base[m], exact[m], mine) for m, mine in zip(present, shown, strict=True))
    coverage = floor(sum(base[measure] for measure in present) + TINY)
    return Scale(places, tuple(shown), coverage, 100 - covered, given)


def _give(
    measure: Measure, base: Mapping[Measure, float], exact: dict[Measure, float], cap: float
) -> tuple[Measure, ...]:
    """Moves the weight of one missing measure into `exact`; who took some."""
    own = [other for other in exact if GROUP_OF[other] == GROUP_OF[measure]]
    rest = [other for other in exact if GROUP_OF[other] != GROUP_OF[measure]]
    before = dict(exact)
    left = base[measure]
    for takers in (own, rest):
        left = _pour(left, takers, base, exact, cap)
    return tuple(other for other in exact if exact[other] > before[other] + TINY)


def _pour(
    left: float, takers: Sequence[Measure], base: Mapping[Measure, float], exact: dict[Measure, float], cap: float
) -> float:
    """Spreads in proportion to the base weights, again for what the cap cuts off; what nobody could take."""
    open_ = [measure for measure in takers if exact[measure] < cap - TINY]
    while left > TINY and open_:
        share = left / sum(base[measure] for measure in open_)
        for measure in open_:
            taken = min(base[measure] * share, cap - exact[measure])
            exact[measure] += taken
            left -= taken
        open_ = [measure for measure in open_ if exact[measure] < cap - TINY]
    return left

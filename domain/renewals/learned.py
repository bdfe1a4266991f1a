"""A learned model of loss: what it is made of, how it is fitted, and the gate that it must pass."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import exp
from typing import Any, Literal, NamedTuple

Known = Mapping[str, float]
Case = tuple[Known, bool]
Verdict = Literal["not_installed", "too_few", "fails", "passes"]

STRENGTH = 0.1
STEPS = 1000
EVEN = 1e-9


class Weight(NamedTuple):
    """A figure counts as (value − mean) ÷ scale × weight; one that is not known counts as the mean."""

    mean: float
    scale: float
    weight: float


@dataclass(frozen=True, slots=True)
class Learned:
    """P(lost) = 1 ÷ (1 + exp(−(intercept + Σ weight × (value − mean) ÷ scale))): plain numbers, nothing to import."""

    intercept: float
    weights: Mapping[str, Weight]

    def lost(self, known: Known) -> float:
        """The probability that a renewal of which this is known is lost, 0 to 1."""
        parts = ((known[name] - w.mean) / w.scale * w.weight for name, w in self.weights.items() if name in known)
        x = self.intercept + sum(parts)
        return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


@dataclass(frozen=True, slots=True)
class Trial:
    """How the learned model did out of fold, in order of time; `model`: fitted to all, only where it passes."""

    verdict: Verdict
    brier: float | None = None
    auc: float | None = None
    interval: tuple[float, float] | None = None
    model: Learned | None = None


Learner = Callable[[Sequence[Case]], Learned | None]


def learner() -> Learner | None:
    """`learn`, where the extra is installed."""
    return learn if find_spec("sklearn") else None


def learn(cases: Sequence[Case]) -> Learned | None:
    """Logistic regression, each figure standardised and its weight shrunk (C = 0.1); None without both results."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  an extra, and a second to import

    lost = [result for _, result in cases]
    names = sorted({name for known, _ in cases for name in known})
    spread = {name: scale for name in names if (scale := _scale(name, cases))[1] > EVEN}
    if len(set(lost)) < 2 or not spread:  # one result only, or nothing that differs
        return None
    rows = [[_scaled(known, name, *spread[name]) for name in spread] for known, _ in cases]
    fitted: Any = LogisticRegression(C=STRENGTH, max_iter=STEPS).fit(rows, lost)
    weights = {name: Weight(*spread[name], float(w)) for name, w in zip(spread, fitted.coef_[0], strict=True)}
    return Learned(float(fitted.intercept_[0]), weights)


def _scale(name: str, cases: Sequence[Case]) -> tuple[float, float]:
    """Mean and standard deviation of the figure where it is known."""
    values = [known[name] for known, _ in cases if name in known]
    mean = sum(values) / len(values)
    return mean, (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5


def _scaled(known: Known, name: str, mean: float, scale: float) -> float:
    return (known[name] - mean) / scale if name in known else 0.0

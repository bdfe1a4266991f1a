"""What `/playbook effect` would say of portfolios whose truth is known, and what before/after would have said.

python -m benchmarks effect [SEEDS]        default: 40
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, log1p, sqrt
from random import Random
from statistics import fmean
from typing import NamedTuple

from domain.effects.effect import Effect, Subject, effect, held_out
from domain.playbooks.plays import Assigned

MOST = 1000
ACCOUNTS = 700
POINTS, SHARE = 4.0, 0.12
THRESHOLD = 50


class Account(NamedTuple):
    """Truth: `health`, and `sense`, what the CSM notices and no column holds."""

    number: int
    csm: int
    health: float
    sense: float
    potential: float
    score: float
    kpi: float


@dataclass(frozen=True, slots=True)
class World:
    """One case: how starts are assigned, and what they do, as a part of the full effect."""

    name: str
    part: float
    draws: bool
    starts: Callable[[Sequence[Account], int], dict[int, tuple[bool, Assigned]]]


class Tally(NamedTuple):
    """What is said of each portfolio; and what would be said by leaving out the comparison, or by any comparison."""

    said: list[Effect]
    before_after: list[float]
    beside_all: list[float]
    regardless: list[float]


def main(arguments: Sequence[str] = ()) -> None:
    seeds = min(int(arguments[0]) if arguments else 40, MOST)
    print(f"{seeds} portfolios of {ACCOUNTS} accounts each; eligible: a score below {THRESHOLD}")
    print(f"{'':46}{'truth':>7}{'error':>8}{'RMSE':>7}{'inside':>9}{'n':>10}   without comparison, error")
    for world in WORLDS:
        for binary in (False, True):
            show(world, tally(world, seeds, binary=binary), binary=binary)


def tally(world: World, seeds: int, *, binary: bool) -> Tally:
    found = Tally([], [], [], [])
    for seed in range(seeds):
        subjects, others = portfolio(world, seed, binary=binary)
        found.said.append(effect(subjects, binary=binary))
        anyhow = effect([replace(s, assigned="rule" if s.treated else "capacity") for s in subjects], binary=binary)
        found.regardless.append(anyhow.difference or 0.0)
        treated = [s for s in subjects if s.treated]
        after = fmean(s.outcome or 0 for s in treated)
        found.before_after.append(after - fmean(s.kpi_before or 0 for s in treated))
        found.beside_all.append(after - fmean(others))
    return found


def show(world: World, found: Tally, *, binary: bool) -> None:
    truth = world.part * (SHARE if binary else POINTS)
    unit = 100 if binary else 1
    told = [e for e in found.said if e.difference is not None]
    name = f"{world.name}, {'renewals' if binary else 'KPI'}"
    naive = f"beside everybody else {(fmean(found.beside_all) - truth) * unit:+6.1f}"
    if not binary:
        naive = f"before/after {fmean(found.before_after) - truth:+6.1f}, {naive}"
    if not told:
        reasons = ", ".join(sorted({str(e.undefined_because) for e in found.said}))
        anyhow = f"compared all the same {(fmean(found.regardless) - truth) * unit:+6.1f}"
        print(f"{name:46}{truth * unit:7.1f}  {reasons} in {len(found.said)} of {len(found.said)}   {naive}, {anyhow}")
        return
    errors = [(e.difference or 0) - truth for e in told]
    inside = sum((e.low or 0) <= truth <= (e.high or 0) for e in told)
    rmse = sqrt(fmean(error**2 for error in errors))
    sizes = f"{fmean(e.treated_n for e in told):.0f}/{fmean(e.control_n for e in told):.0f}"
    figures = f"{truth * unit:7.1f}{fmean(errors) * unit:+8.2f}{rmse * unit:7.2f}"
    print(f"{name:46}{figures}{inside:5}/{len(found.said):<3}{sizes:>10}   {naive}")


def portfolio(world: World, seed: int, *, binary: bool) -> tuple[list[Subject], list[float]]:
    """The eligible accounts as subjects, and the outcomes of all others."""
    luck = Random(seed)
    everybody = [account(number, luck) for number in range(ACCOUNTS)]
    eligible = [a for a in everybody if a.score < THRESHOLD]
    starts = world.starts(eligible, seed)
    subjects, others = [], []
    for a in everybody:
        treated, assigned = starts.get(a.number, (False, "capacity"))
        outcome = came(a, world.part * treated, luck, binary=binary)
        if a.number in starts:
            before = {"score_before": a.score, "kpi_before": a.kpi, "potential": a.potential}
            subjects.append(Subject(a.number, treated, assigned, drawn=world.draws, outcome=outcome, **before))
        if not treated:
            others.append(outcome)
    return subjects, others


def account(number: int, luck: Random) -> Account:
    """A score reads health with an error of its week, and the KPI shares most of it."""
    health = luck.gauss(62, 12)
    week = luck.gauss(0, 9)
    potential = exp(luck.gauss(8 + health / 40, 0.8))
    score, kpi = health + week + luck.gauss(0, 3), health + week + luck.gauss(0, 4)
    return Account(number, luck.randrange(10), health, luck.gauss(0, 1), potential, score, kpi)


def came(a: Account, part: float, luck: Random, *, binary: bool) -> float:
    """Health, size and what only the CSM saw; the size bends, so that a straight line is not the whole truth."""
    size = log1p(a.potential) - 9.5
    if binary:
        base = 0.3 + 0.55 / (1 + exp(-(a.health - 55) / 8 - 0.5 * size - 0.8 * a.sense))
        return float(luck.random() < base + SHARE * part)
    return a.health + 3 * size + 0.5 * size**2 + 5 * a.sense + luck.gauss(0, 6) + POINTS * part


def drawn(eligible: Sequence[Account], seed: int) -> dict[int, tuple[bool, Assigned]]:
    """Three in ten are held out."""
    out = {a.number: held_out("rescue", str(a.number), share=0.3, salt=str(seed)) for a in eligible}
    return {number: (False, "hold_out") if kept else (True, "rule") for number, kept in out.items()}


def waves(eligible: Sequence[Account], seed: int) -> dict[int, tuple[bool, Assigned]]:
    """Each CSM starts those of most potential and lowest score, as many as the hours allow; they differ by CSM."""
    luck = Random(seed + 10_000)
    found: dict[int, tuple[bool, Assigned]] = {}
    for csm in range(10):
        own = [a for a in eligible if a.csm == csm]
        own.sort(key=lambda a: log1p(a.potential) - 0.04 * a.score + luck.gauss(0, 0.3), reverse=True)
        room = luck.uniform(0.2, 0.8) * len(own)
        found |= {a.number: (True, "rule") if n < room else (False, "capacity") for n, a in enumerate(own)}
    return found


def picked(eligible: Sequence[Account], seed: int) -> dict[int, tuple[bool, Assigned]]:
    """The CSM starts where a good end is felt."""
    luck = Random(seed + 20_000)
    felt = {a.number: a.sense + luck.gauss(0, 0.5) > 0 for a in eligible}
    return {number: (True, "chosen") if start else (False, "capacity") for number, start in felt.items()}


def mixed(eligible: Sequence[Account], seed: int) -> dict[int, tuple[bool, Assigned]]:
    """A draw, after the CSM has taken a fifth by feeling."""
    found = drawn(eligible, seed)
    return found | {a.number: (True, "chosen") for a in eligible if a.sense > 0.85}


WORLDS = (
    World("no effect, drawn", 0.0, True, drawn),
    World("effect, drawn", 1.0, True, drawn),
    World("no effect, by capacity", 0.0, False, waves),
    World("effect, by capacity", 1.0, False, waves),
    World("effect, drawn, a fifth chosen before", 1.0, True, mixed),
    World("no effect, chosen by the CSM", 0.0, False, picked),
)

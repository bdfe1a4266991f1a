"""What would make it green: the smallest set of changes, in the measures' own units, that crosses the line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from math import ceil

from domain.facts import Facts
from domain.health.evidence import burden, is_open, is_serious, on_track
from domain.health.measures import licence_curve
from domain.health.rules import Measure, Rules
from domain.health.scores import Factor, Health, Step
from domain.health.weights import TINY, rounded, whole
from domain.policies.policy import Policy
from domain.reasons import Plain

Value = Decimal | int | None
AT_MOST = 3
EASIEST_FIRST: tuple[Measure, ...] = (
    "licences",
    "use",
    "tickets",
    "touch",
    "sponsor",
    "core_features",
    "invoices",
    "mrr_calls",
    "outcomes",
    "nps",
    "csat_ces",
)


@dataclass(frozen=True, slots=True)
class Level:
    """A value that a measure could reach, and the fraction that it would then earn."""

    to: Value
    fraction: float
    parts: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Option:
    """A measure that can rise: `level(f)` is the least level that earns f of its weight, or its best one."""

    factor: Factor
    from_: Value
    level: Callable[[float], Level]

    def gain(self, level: Level) -> float:
        """Points that a level adds, before rounding."""
        return self.factor.exact * (level.fraction - (self.factor.reading.fraction or 0.0))

    def least(self, gain: float) -> Level:
        """The least level that gains so many points."""
        return self.level((self.factor.reading.fraction or 0.0) + gain / self.factor.exact)


def towards_green(health: Health, facts: Facts, policy: Policy) -> tuple[Step, ...] | None:
    """At most three changes whose points lift the score to the green line; their points add up to the rise.

    As few as suffice; among sets of one size what a CSM moves most directly comes first, and no change is asked
    further than needed. () where the score is green already and nothing holds it; None where three do not suffice,
    where a rule holds the colour, and where there is no score.
    """
    if health.score is None or (health.cap and health.score >= policy.rules.bands["green"]):
        return None
    if health.state == "green":
        return ()
    rules = policy.rules
    exact = sum(factor.exact * (factor.reading.fraction or 0.0) for factor in health.factors)
    options = _options(health, facts, rules)
    for size in range(1, AT_MOST + 1):
        for chosen in combinations(options, size):
            levels = [option.level(1.0) for option in chosen]
            if _score(exact, chosen, levels) >= rules.bands["green"]:
                return _steps(health.score, exact, chosen, _trimmed(exact, chosen, levels, rules.bands["green"]))
    return None


def _score(exact: float, chosen: Sequence[Option], levels: Sequence[Level]) -> int:
    return rounded(exact + sum(option.gain(level) for option, level in zip(chosen, levels, strict=True)))


def _trimmed(exact: float, chosen: Sequence[Option], levels: list[Level], green: int) -> list[Level]:
    """Each, the hardest first, asks no more than the others leave to be done."""
    for i, option in reversed(list(enumerate(chosen))):
        others = sum(o.gain(level) for j, (o, level) in enumerate(zip(chosen, levels, strict=True)) if j != i)
        less = option.least(max(green - 0.5 - exact - others, TINY))
        if less.fraction < levels[i].fraction and _score(exact, chosen, [*levels[:i], less, *levels[i + 1 :]]) >= green:
            levels = [*levels[:i], less, *levels[i + 1 :]]
    return levels


def _steps(score: int, exact: float, chosen: Sequence[Option], levels: Sequence[Level]) -> tuple[Step, ...]:
    gains = [option.gain(level) for option, level in zip(chosen, levels, strict=True)]
    points = whole(gains, _score(exact, chosen, levels) - score)
    return tuple(
        Step(option.factor.measure, mine, option.from_, level.to, level.parts, level.fraction)
        for option, level, mine in zip(chosen, levels, points, strict=True)
    )


def _options(health: Health, facts: Facts, rules: Rules) -> list[Option]:
    found = []
    for measure in EASIEST_FIRST:
        factor = health.factor(measure)
        option = OPTIONS[measure](factor, facts, rules) if factor else None
        if option and option.gain(option.level(1.0)) > TINY:
            found.append(option)
    return found


def _ladder(factor: Factor, from_: Value, levels: Sequence[Level]) -> Option:
    """Few levels, rising."""

    def level(fraction: float) -> Level:
        return next((rung for rung in levels if rung.fraction >= fraction - TINY), levels[-1])

    return Option(factor, from_, level)


def _counted(
    factor: Factor, part: str, whole_part: str, at: Callable[[float], float], reaching: Callable[[float], float]
) -> Option:
    """So many of so many: active of seats, used of all."""
    have, total = int(str(factor.reading.parts[part])), int(str(factor.reading.parts[whole_part]))

    def level(fraction: float) -> Level:
        count = min(max(ceil(reaching(fraction) * total / 100 - TINY), have), max(total, have))
        return Level(count, at(count * 100 / total), {whole_part: total, "percent": round(count * 100 / total)})

    return Option(factor, have, level)


def _licences(factor: Factor, facts: Facts, rules: Rules) -> Option:
    curve = licence_curve(facts, rules)
    return _counted(factor, "active", "seats", curve.at, curve.reaching)


def _core_features(factor: Factor, _: Facts, rules: Rules) -> Option:
    curve = rules.curves["core_features"]
    return _counted(factor, "used", "total", curve.at, curve.reaching)


def _use(factor: Factor, _: Facts, rules: Rules) -> Option | None:
    value = factor.reading.value
    if value is None or value >= 0:
        return None
    back = Level(0, rules.curves["use"].at(0), {"since": factor.reading.parts.get("since")})
    return _ladder(factor, value, [back])


def _tickets(factor: Factor, facts: Facts, rules: Rules) -> Option | None:
    still = [ticket for ticket in facts.tickets if is_open(ticket, facts.day)]
    serious = [ticket for ticket in still if is_serious(ticket)]
    if not still:
        return None
    kept = [ticket for ticket in facts.tickets if ticket not in serious]
    curve = rules.curves["tickets"]
    escalated = sum(ticket.escalated for ticket in serious)
    parts: dict[str, Plain] = {"closing": len(serious), "escalated": escalated}
    some = Level(len(still) - len(serious), curve.at(burden(kept, facts.day, rules.burden)), parts)
    closed = [ticket for ticket in kept if ticket not in still]
    every = Level(0, curve.at(burden(closed, facts.day, rules.burden)), {"closing": len(still), "escalated": escalated})
    return _ladder(factor, len(still), [some, every] if serious else [every])


def _touch(factor: Factor, _: Facts, rules: Rules) -> Option:
    return _ladder(factor, factor.reading.value, [Level(0, rules.curves["touch"].at(0), {})])


def _sponsor(factor: Factor, _: Facts, rules: Rules) -> Option:
    parts = factor.reading.parts
    absent = [role for role in ("sponsor", "champion") if not parts.get(role)]
    full = rules.curves["sponsor"].at(0)
    rungs = [Level(0, full * (2 - len(absent)) / 2, {"role": parts.get("role"), "absent": None})]
    if absent:
        rungs.append(Level(0, full, {"role": parts.get("role"), "absent": absent[0]}))
    return _ladder(factor, factor.reading.value, rungs)


def _invoices(factor: Factor, _: Facts, rules: Rules) -> Option:
    overdue = factor.reading.parts.get("overdue")
    return _ladder(factor, int(str(overdue)), [Level(0, rules.curves["invoices"].at(0), {})])


def _mrr_calls(factor: Factor, _: Facts, rules: Rules) -> Option | None:
    if factor.reading.parts.get("agreed") is not False:
        return None
    return _ladder(factor, 0, [Level(1, (factor.reading.fraction or 0.0) + 1 - rules.trend_share, {})])


def _outcomes(factor: Factor, facts: Facts, rules: Rules) -> Option:
    """One more on track at a time, the weightiest first."""
    roles = {contact.contact_id: contact.role for contact in facts.contacts}
    judged = [
        (rules.outcome_roles.get(roles.get(o.contact_id or "") or "", 1.0), on, o.statement)
        for o in facts.outcomes
        if (on := on_track(o, facts)) is not None
    ]
    total, good = sum(weight for weight, _, _ in judged) or 1, sum(weight for weight, on, _ in judged if on)
    count, rungs = sum(on for _, on, _ in judged), []
    for weight, _, statement in sorted((j for j in judged if not j[1]), key=lambda j: (-j[0], j[2])):
        good, count = good + weight, count + 1
        parts: dict[str, Plain] = {"total": len(judged), "statement": statement}
        rungs.append(Level(count, rules.curves["outcomes"].at(good * 100 / total), parts))
    return _ladder(factor, sum(on for _, on, _ in judged), rungs or [Level(count, factor.reading.fraction or 0.0, {})])


def _opinion(factor: Factor, _: Facts, rules: Rules) -> Option:
    """A mean in tenths, as its reading is."""
    curve = rules.curves[factor.measure]

    def level(fraction: float) -> Level:
        to = Decimal(ceil(curve.reaching(fraction) * 10 - TINY)) / 10
        return Level(to, curve.at(float(to)), {"n": factor.reading.parts.get("n")})

    return Option(factor, factor.reading.value, level)


OPTIONS: Mapping[Measure, Callable[[Factor, Facts, Rules], Option | None]] = {
    "licences": _licences,
    "core_features": _core_features,
    "use": _use,
    "outcomes": _outcomes,
    "nps": _opinion,
    "csat_ces": _opinion,
    "tickets": _tickets,
    "touch": _touch,
    "sponsor": _sponsor,
    "invoices": _invoices,
    "mrr_calls": _mrr_calls,
}

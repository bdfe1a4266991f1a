"""The appropriate experience: what was lived, judged item by item; too much counts as too little does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Literal

from domain.facts import Outcome
from domain.folding import fold
from domain.outcomes import REACHED, Judged
from domain.policies.policy_experience import ExperiencePolicy, Item, MeasuredBy
from domain.reasons import Plain, Reason

State = Literal["met", "too_little", "too_much", "unknown"]
Answer = Literal[
    "reached_right", "reached_wrong", "reached_unknown", "open_right", "open_wrong", "open_unknown", "no_outcomes"
]

IN_TIME_PERCENT = 80
ENOUGH_TOUCHES = 3
FUNCTION_OF = {"sales": "sales", "onboarding": "onboarding", "services": "services", "finance": "services",
               "support": "support", "product": "product"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Response:
    """Of a ticket: hours to its first answer, or None with the hours that it has waited so far."""

    severity: str
    hours: float | None
    waited: float


@dataclass(frozen=True, slots=True)
class Check:
    met: bool
    checked_on: date
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Lived:
    """What is known of the window of `days`: two-way touches by (function of ours, channel), first answers of tickets,
    open tickets (None: no tickets are supplied), the latest check by folded item. `touches_known`: any are supplied."""

    days: int
    touches: Mapping[tuple[str, str], int] = field(default_factory=dict)
    touches_known: bool = True
    responses: tuple[Response, ...] = ()
    open_tickets: int | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Experienced:
    """parts: what was measured, and against what, by names that the words use."""

    item: Item
    state: State
    parts: Mapping[str, Plain] = field(default_factory=dict)


def appropriate(policy: ExperiencePolicy, segment: str | None, products: Sequence[str]) -> tuple[Item, ...]:
    """The items for a segment and products; of those with one id the one that names the most: product over segment."""
    best: dict[str, tuple[int, Item]] = {}
    for item in policy.items:
        close = _closeness(item, segment, products)
        if close is not None and (item.id not in best or close > best[item.id][0]):
            best[item.id] = (close, item)
    return tuple(item for _close, item in best.values())


def _closeness(item: Item, segment: str | None, products: Sequence[str]) -> int | None:
    if item.segments and fold(segment or "") not in map(fold, item.segments):
        return None
    if item.products and not set(map(fold, item.products)) & set(map(fold, products)):
        return None
    return 2 * bool(item.products) + bool(item.segments)


def judge(items: Sequence[Item], lived: Lived, policy: ExperiencePolicy, day: date) -> tuple[Experienced, ...]:
    """Each item met, too little, too much, or unknown where nothing tells."""
    return tuple(JUDGES[item.measure](item, lived, policy, day) for item in items)


def _touches(item: Item, lived: Lived, policy: ExperiencePolicy, _day: date) -> Experienced:
    """Not less than one every ceiling_days while they are with us, not more than one every floor_days of the window.

    A new customer may so be spoken to more often at first.
    """
    count = sum(n for (function, _), n in lived.touches.items() if FUNCTION_OF.get(function, "cs") == item.function)
    least = lived.days // item.ceiling_days if item.ceiling_days else 0
    most = ceil(policy.window_days / item.floor_days) if item.floor_days else count
    parts = {"n": count, "days": lived.days, "floor": item.floor_days, "ceiling": item.ceiling_days}
    if not lived.touches_known or (not count and not least):
        return Experienced(item, "unknown", parts)
    return Experienced(item, _between(count, least, most), parts)


def _channels(item: Item, lived: Lived, _policy: ExperiencePolicy, _day: date) -> Experienced:
    mine = {ch: 0 for _, ch in lived.touches}
    for (function, channel), n in lived.touches.items():
        mine[channel] += n if FUNCTION_OF.get(function, "cs") == item.function else 0
    total = sum(mine.values())
    percent = round(sum(mine.get(channel, 0) for channel in item.channels) * 100 / total) if total else None
    least, most = item.at_least or 0, 100 if item.at_most is None else item.at_most
    parts: dict[str, Plain] = {"n": total, "percent": percent, "at_least": least, "at_most": most}
    if percent is None or total < ENOUGH_TOUCHES:
        return Experienced(item, "unknown", parts)
    return Experienced(item, _between(percent, least, most), parts)


def _first_response(item: Item, lived: Lived, _policy: ExperiencePolicy, _day: date) -> Experienced:
    """Answered in time ÷ all that were answered or have waited longer than they should."""
    in_time = late = 0
    for response in lived.responses:
        limit = {**item.hours}.get(response.severity)  # type: ignore[call-overload]
        taken = response.waited if response.hours is None else response.hours
        if limit is not None:
            late += taken > limit
            in_time += response.hours is not None and taken <= limit
    least = IN_TIME_PERCENT if item.at_least is None else item.at_least
    total = in_time + late
    parts = {"in_time": in_time, "n": total, "at_least": least}
    if not total:
        return Experienced(item, "unknown", parts)
    return Experienced(item, "met" if in_time * 100 >= least * total else "too_little", parts)


def _open_tickets(item: Item, lived: Lived, _policy: ExperiencePolicy, _day: date) -> Experienced:
    most = item.at_most or 0
    parts = {"n": lived.open_tickets, "at_most": most}
    if lived.open_tickets is None:
        return Experienced(item, "unknown", parts)
    return Experienced(item, "met" if lived.open_tickets <= most else "too_little", parts)


def _tick(item: Item, lived: Lived, policy: ExperiencePolicy, day: date) -> Experienced:
    named = [fold(name) for name in (item.id, *item.label.values())]
    found = [lived.checks[name] for name in named if name in lived.checks]
    check = max(found, key=lambda each: each.checked_on, default=None)
    if check is None:
        return Experienced(item, "unknown")
    parts = {"on": check.checked_on, "note": check.note}
    if (day - check.checked_on).days > policy.tick_days:
        return Experienced(item, "unknown", parts)
    return Experienced(item, "met" if check.met else "too_little", parts)


def _between(value: int, least: int, most: int) -> State:
    if value < least:
        return "too_little"
    return "too_much" if value > most else "met"


JUDGES: Mapping[MeasuredBy, Callable[[Item, Lived, ExperiencePolicy, date], Experienced]] = {
    "touches": _touches,
    "channels": _channels,
    "first_response": _first_response,
    "open_tickets": _open_tickets,
    "tick": _tick,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """reached, confirmed: of `wanted` outcomes; met: of `known` items; `next`: what to do, the most urgent first."""

    answer: Answer
    wanted: int
    reached: int
    confirmed: int
    met: int
    known: int
    items: int
    next: tuple[Reason, ...]


ANSWERS: Mapping[tuple[bool, bool | None], Answer] = {
    (True, True): "reached_right",
    (True, False): "reached_wrong",
    (True, None): "reached_unknown",
    (False, True): "open_right",
    (False, False): "open_wrong",
    (False, None): "open_unknown",
}


def verdict(outcomes: Sequence[Judged], lived: Sequence[Experienced], policy: ExperiencePolicy) -> Verdict:
    """Reached: every required outcome, confirmed or not. The right way: enough is known, and enough of it is met."""
    reached = [each for each in outcomes if each.state in REACHED]
    known = [each for each in lived if each.state != "unknown"]
    met = [each for each in known if each.state == "met"]
    right = _right(len(met), len(known), len(lived), policy)
    return Verdict(
        answer=ANSWERS[len(reached) == len(outcomes), right] if outcomes else "no_outcomes",
        wanted=len(outcomes),
        reached=len(reached),
        confirmed=sum(each.state == "confirmed" for each in reached),
        met=len(met),
        known=len(known),
        items=len(lived),
        next=(*_outcome_step(outcomes), *_experience_step(lived, right=right)),
    )


def _right(met: int, known: int, items: int, policy: ExperiencePolicy) -> bool | None:
    """Wrong as soon as what is known suffices for it; None where too little is known to call it right."""
    wrong = known - met
    if wrong * 100 > items * (100 - policy.met_percent):
        return False
    if not known or known * 100 < items * policy.known_percent:
        return None
    return met * 100 >= known * policy.met_percent


def _outcome_step(outcomes: Sequence[Judged]) -> list[Reason]:
    if not outcomes:
        return [Reason("ask_for_outcomes")]
    steps = {each.state: each.outcome for each in reversed(outcomes)}
    for state, said in STEPS.items():
        if state in steps:
            return [said(steps[state])]
    return [Reason("ask_what_next")] if all(each.state == "confirmed" for each in outcomes) else []


STEPS: Mapping[str, Callable[[Outcome], Reason]] = {
    "overdue": lambda o: Reason("renew_outcome", {"statement": o.statement}),
    "behind": lambda o: Reason("review_outcome", {"statement": o.statement, "due_on": o.due_on}),
    "reached": lambda o: Reason("confirm_outcome", {"statement": o.statement}),
    "unmeasured": lambda o: Reason("measure_outcome", {"statement": o.statement}),
}


def _experience_step(lived: Sequence[Experienced], *, right: bool | None) -> list[Reason]:
    by_state: dict[State, list[str]] = {}
    for each in lived:
        by_state.setdefault(each.state, []).append(each.item.id)
    steps = [Reason("give_less", {"item": item}) for item in by_state.get("too_much", ())]
    steps += [Reason("give_more", {"item": item}) for item in by_state.get("too_little", ())]
    if not steps and right is None and by_state.get("unknown"):
        steps = [Reason("tick_experience", {"count": len(by_state["unknown"])})]
    return steps[:1]

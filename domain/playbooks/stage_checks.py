"""A condition of a stage against what is known of an account, and the reasons that it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.policies.policy_journey import Bounds, When
from domain.reasons import Plain, Reason

Situation = Mapping[str, Any]
Wanted = Bounds | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """`value` is what is, None where it is not known: then it does not hold."""

    fact: str
    wanted: Wanted
    value: Plain
    holds: bool


def checks(when: When, known: Situation) -> tuple[Check, ...]:
    """Every condition of one alternative; all must hold."""
    return tuple(Check(fact, wanted, known[fact], _holds(wanted, known[fact])) for fact, wanted in when.asked)


def all_hold(when: When, known: Situation) -> bool:
    """As every one of `checks`, without saying what is."""
    for fact, wanted in when.asked:  # noqa: SIM110  a generator would take longer than the rule, for every account
        if not _holds(wanted, known[fact]):
            return False
    return True


def value_of(check: Check) -> Reason:
    """What is."""
    fact, value = check.fact, check.value
    if fact in YES_OR_NO:
        return Reason(YES_OR_NO[fact][0 if value else 1])
    if value is None:
        return Reason("stage_unknown", {"measure": fact})
    if fact in OF_VALUE:
        code, name = OF_VALUE[fact]
        return Reason(code, {name: value})
    return Reason("stage_measure", {"measure": fact, "percent": value})


def wanting(check: Check) -> Reason:
    """What would have to come for it to hold."""
    fact, wanted = check.fact, check.wanted
    if isinstance(wanted, bool):
        return Reason(WANTED[fact][0 if wanted else 1])
    if isinstance(wanted, tuple):
        return Reason("wants_colour", {"states": ",".join(wanted)})
    if fact == "days_to_decide":
        return Reason("wants_decision", {"days": None if wanted.at_most is None else int(wanted.at_most)})
    least = wanted.at_least is not None
    name = "percent" if fact in PERCENT else "points"
    bound = _number(wanted.at_least if least else wanted.at_most)
    return Reason(f"wants_{'least' if least else 'most'}_{name}", {"measure": fact, name: bound})


def ending(check: Check) -> Reason:
    """What would end it, for one that holds."""
    if check.fact == "days_to_decide":
        return Reason("wants_decided")
    if isinstance(check.wanted, bool):
        return Reason(WANTED[check.fact][1 if check.wanted else 0])
    if check.fact == "colour":
        return Reason("wants_other_colour", {"states": ",".join(check.wanted)})  # type: ignore[arg-type]
    bounds = check.wanted
    assert isinstance(bounds, Bounds)  # noqa: S101
    least = bounds.at_least is not None
    name = "percent" if check.fact in PERCENT else "points"
    bound = _number(bounds.at_least if least else bounds.at_most)
    return Reason(f"wants_{'under' if least else 'over'}_{name}", {"measure": check.fact, name: bound})


YES_OR_NO: Mapping[str, tuple[str, str]] = {
    "onboarding": ("stage_onboarding", "stage_settled"),
    "first_value": ("stage_first_value", "stage_no_first_value"),
    "leaving": ("stage_leaving", "stage_staying"),
}
OF_VALUE: Mapping[str, tuple[str, str]] = {
    "days_to_decide": ("stage_decision", "days"),
    "product_days": ("stage_product", "days"),
    "colour": ("stage_colour", "states"),
    "score": ("stage_score", "score"),
    "nps": ("stage_nps", "score"),
}
WANTED: Mapping[str, tuple[str, str]] = {
    "onboarding": ("wants_product", "wants_settled"),
    "first_value": ("wants_first_value", "wants_product"),
    "leaving": ("wants_notice", "wants_no_notice"),
}
PERCENT = {"licences", "core_features", "use", "outcomes", "csat_ces"}


def _holds(wanted: Wanted, value: Any) -> bool:
    if value is None:
        return False
    if isinstance(wanted, Bounds):
        return wanted.holds(float(value))
    return value in wanted if isinstance(wanted, tuple) else value is wanted


def _number(bound: float | None) -> Decimal | None:
    if bound is None:
        return None
    return Decimal(int(bound)) if bound == int(bound) else Decimal(str(bound))

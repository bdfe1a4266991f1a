"""A rule over accounts, written as data: facts by name, each with the numbers or words that will do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from typing_extensions import TypeAliasType

from domain.fact_kinds import KINDS, SPOKEN, Situation, Value
from domain.folding import fold
from domain.policies.policy_journey import Bounds
from domain.policies.problems import nearest, problem
from domain.reasons import Plain, Reason

NUMBER = (int, float)
NUMBERS = ("percent", "points", "days", "count", "money")
Wanted = Bounds | bool | tuple[str, ...]
Test = Callable[[Value], bool]


def _known(when: dict[str, Wanted]) -> dict[str, Wanted]:
    """Raises for a fact that there is not, and for one that is asked as what it is not."""
    if not when:
        raise problem("nothing_asked")
    for name, wanted in when.items():
        if name.startswith("x_"):
            kind = "word"
        elif name in KINDS:
            kind = KINDS[name]
        else:
            raise problem("unknown_fact", fact=name, nearest=nearest(name, list(KINDS)) or "")
        form = "number" if isinstance(wanted, Bounds) else "flag" if isinstance(wanted, bool) else "word"
        expected = _form(kind)
        if form != expected:
            raise problem("wrong_condition", fact=name, expected=expected)
        if isinstance(wanted, tuple) and name in SPOKEN and not set(wanted) <= set(SPOKEN[name]):
            raise problem("wrong_condition", fact=name, expected=", ".join(SPOKEN[name]))
    return when


def _form(kind: str) -> str:
    return "number" if kind in NUMBERS else "flag" if kind == "flag" else "word"


def _listed(when: Any) -> Any:
    """One word may stand for a list of one; a number is its word (tier: 1)."""
    if not isinstance(when, dict):
        return when
    return {str(name): _words(wanted) for name, wanted in when.items()}


def _words(wanted: Any) -> Any:
    if isinstance(wanted, str) or (isinstance(wanted, int) and not isinstance(wanted, bool)):
        return (str(wanted),)
    if isinstance(wanted, list):
        return tuple(str(one) for one in wanted)
    return wanted


_BOUNDS = {name: {"type": "number"} for name in Bounds.model_fields}
_WORD = {"type": ["string", "integer"]}
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "number": {"type": "object", "properties": _BOUNDS, "additionalProperties": False, "minProperties": 1},
    "flag": {"type": "boolean"},
    "word": {"anyOf": [_WORD, {"type": "array", "items": _WORD}]},
}


def _schema() -> dict[str, Any]:
    """For editors: every fact with the form in which it is asked."""
    forms = {name: dict(_SCHEMAS[_form(kind)]) for name, kind in KINDS.items()}
    for name, spoken in SPOKEN.items():
        word = {"enum": list(spoken)}
        forms[name] = {"anyOf": [word, {"type": "array", "items": word}]}
    own = {"^x_": _SCHEMAS["word"]}
    return {"type": "object", "properties": forms, "patternProperties": own, "additionalProperties": False}


Where = TypeAliasType(
    "Where",
    Annotated[
        dict[str, Wanted],
        BeforeValidator(_listed),
        AfterValidator(_known),
        WithJsonSchema(_schema() | {"minProperties": 1}),
    ],
)
"""All that is given must hold; what is not known holds in no way."""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition against what is; `value` None: it is not known, so it does not hold."""

    fact: str
    wanted: Wanted
    value: Value
    holds: bool

    @property
    def reason(self) -> Reason:
        """What is, for `clause`: the fact's name and its value."""
        kind = KINDS.get(self.fact, "word")
        return Reason("fact_is", {"fact": self.fact, "kind": kind, "value": _plain(self.value)})


def checks(where: Mapping[str, Wanted], known: Situation) -> tuple[Check, ...]:
    """Every condition, in the order in which it is written."""
    return tuple(Check(name, wanted, known.get(name), holds(wanted, known.get(name))) for name, wanted in where.items())


def all_hold(where: Mapping[str, Wanted], known: Situation) -> bool:
    return all(holds(wanted, known.get(name)) for name, wanted in where.items())


def holds(wanted: Wanted, value: Value) -> bool:
    """A number inside its bounds, both ends included; a yes or no as asked; a word, or one of several, among those."""
    return value is not None and condition(wanted)(value)


def condition(wanted: Wanted) -> Test:
    """`holds` of one condition for many values that are known: bounds are read and words folded once."""
    if isinstance(wanted, Bounds):
        least = -inf if wanted.at_least is None else wanted.at_least
        most = inf if wanted.at_most is None else wanted.at_most
        return lambda value: isinstance(value, NUMBER) and least <= value <= most
    if isinstance(wanted, bool):
        return lambda value: value is wanted
    asked = frozenset(map(fold, wanted))
    return lambda value: (
        not asked.isdisjoint(map(fold, value)) if isinstance(value, frozenset) else fold(str(value)) in asked
    )


def _plain(value: Value) -> Plain:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else value

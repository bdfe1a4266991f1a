"""What is wrong in a settings file, said precisely: file, key, reason, what was given."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

OurRule = Literal[
    "bands_out_of_order",
    "curve_not_rising",
    "curve_turns",
    "curves_differ",
    "nothing_weighs",
    "unknown_time_zone",
    "unknown_file",
    "unknown_column",
    "unknown_metric",
    "floor_above_ceiling",
    "nothing_asked",
    "unknown_fact",
    "wrong_condition",
    "wrong_moment",
    "wrong_recurrence",
    "one_target",
    "nobody_does_it",
    "duplicate_activity",
    "unknown_activity",
    "needs_in_circle",
    "wrong_name",
    "wrong_field",
    "too_long",
    "one_question",
    "wrong_template",
    "unknown_playbook",
    "unknown_measure",
    "same_name",
    "too_big",
    "unreadable",
]
ReasonCode = Literal[
    "not_yaml",
    "not_a_mapping",
    "duplicate_key",
    "unknown_key",
    "missing",
    "wrong_type",
    "not_allowed",
    "out_of_range",
    "wrong_form",
    OurRule,
]
OF_PLAYBOOKS = {"unknown_fact", "wrong_condition", "duplicate_activity", "unknown_activity", "needs_in_circle"}
OUR_RULES: tuple[OurRule, ...] = get_args(OurRule)
REASONS: Mapping[str, ReasonCode] = {
    "extra_forbidden": "unknown_key",
    "missing": "missing",
    "literal_error": "not_allowed",
    "enum": "not_allowed",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "too_short": "out_of_range",
    "string_pattern_mismatch": "wrong_form",
    **{code: code for code in OUR_RULES},
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` is dotted; `detail` holds the given value, and as they fit: nearest, allowed, expected, limit, line."""

    file: str
    key: str
    reason_code: ReasonCode
    detail: Mapping[str, str | int | float] = field(default_factory=dict)


class PolicyError(ValueError):
    """The file cannot be used; `problems` says all that is wrong with it at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.file}: {p.key}: {p.reason_code} {dict(p.detail)}" for p in problems))
        self.problems = problems


class DuplicateKeyError(yaml.YAMLError):
    """A mapping names a key twice."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class PlainLoader(yaml.SafeLoader):
    """Safe, with true and false as the only booleans (`on`, `no` and `NO` are words) and no key twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise DuplicateKeyError(str(key), key_node.start_mark.line + 1)
            seen.add(key if isinstance(key, Hashable) else id(key_node))
        return super().construct_mapping(node, deep=deep)


def mapping_of(text: str, *, file: str) -> dict[str, Any]:
    """The mapping that YAML text holds, {} for an empty one; raises PolicyError with line and column."""
    loader = PlainLoader(text) if text.isprintable() or _readable(text) else None
    if loader is None:
        raise PolicyError((Problem(file, "", "not_yaml", {"value": text[:40]}),))
    try:
        data = loader.get_single_data()
    except DuplicateKeyError as error:
        raise PolicyError((Problem(file, error.key, "duplicate_key", {"line": error.line}),)) from error
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:
        # PyYAML lets a tag that does not fit its value (!!bool abc) fail as it comes.
        raise PolicyError((Problem(file, "", "not_yaml", _place(error)),)) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise PolicyError((Problem(file, "", "not_a_mapping", {"value": _short(data)}),))
    return data


class Settings(BaseModel):
    """A section of the file; an empty one (`rates:` with nothing below) is its default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        sections = {name for name, known in cls.model_fields.items() if _is_section(known.annotation)}
        return {key: value for key, value in data.items() if value is not None or key not in sections}


def problem(code: ReasonCode, **detail: str) -> PydanticCustomError:
    """To raise in a validator: one of our own rules is broken."""
    return PydanticCustomError(code, code, detail or None)


def problems_of(error: ValidationError, model: type[BaseModel], *, file: str) -> tuple[Problem, ...]:
    """One problem for each of pydantic's errors; unknown keys with the nearest known one."""
    return tuple(_problem(dict(item), model, file) for item in error.errors(include_url=False))


def _problem(error: Mapping[str, Any], model: type[BaseModel], file: str) -> Problem:
    steps = [step for step in error["loc"] if step != "[key]"]
    detail: dict[str, str | int | float] = {"value": _short(error["input"])}
    context = error.get("ctx") or {}
    for name in ("ge", "gt", "le", "lt", "min_length"):
        if name in context:
            detail["limit"] = f"{name} {context[name]}"
    if "expected" in context:
        detail["allowed"] = str(context["expected"]).replace(" or ", ", ").replace("'", "")
    reason = REASONS.get(error["type"], "wrong_type")
    if reason == "wrong_type":
        detail["expected"] = error["type"].removesuffix("_type").removesuffix("_parsing")
    if reason in OF_PLAYBOOKS:
        detail |= {"value": context.get("fact") or context.get("activity") or detail["value"]}
        detail |= {name: context[name] for name in ("nearest", "expected") if context.get(name)}
    if reason == "unknown_file":
        steps.append(context["source"])
        detail = {"value": context["file"]}
    if reason in {"unknown_file", "unknown_metric", "unknown_measure"} and context.get("nearest"):
        detail["nearest"] = context["nearest"]
    if reason == "unknown_key" and (close := nearest(str(steps[-1]), list(_keys(model, steps[:-1])))):
        detail["nearest"] = close
    return Problem(file, ".".join(map(str, steps)), reason, detail)


def nearest(word: str, known: list[str]) -> str | None:
    return next(iter(get_close_matches(word.lower(), known, n=1, cutoff=0.5)), None)


def _keys(model: type[BaseModel], steps: list[Any]) -> Iterator[str]:
    """The keys that a place of the file knows."""
    here: type[BaseModel] | None = model
    for i, step in enumerate(steps):
        known = here.model_fields.get(str(step)) if here else None
        here = _model_in(known.annotation) if known else (here if i else None)
    return iter(here.model_fields if here else ())


def _is_section(annotation: Any) -> bool:
    return get_origin(annotation) is dict or (isinstance(annotation, type) and issubclass(annotation, BaseModel))


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Annotated, Union, UnionType, dict, tuple, list}:
        return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)
    return None


def _readable(text: str) -> bool:
    return yaml.reader.Reader.NON_PRINTABLE.search(text) is None


def _place(error: Exception) -> dict[str, str | int | float]:
    mark = getattr(error, "problem_mark", None)
    why = str(getattr(error, "problem", None) or error)[:200]
    return {"why": why} | ({"line": mark.line + 1, "column": mark.column + 1} if mark else {})


def _short(value: object) -> str:
    try:
        text = str(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits
        text = "…"
    return text if len(text) <= 80 else text[:79] + "…"

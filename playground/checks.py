"""The words in which the table of limits is written: each check yields what is wrong, with its JSON pointer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Fault = tuple[str, str]
Faults = Iterator[Fault]
Rule = Callable[[dict[str, Any]], Faults]


class Check(Protocol):
    def __call__(self, value: Any, at: str) -> Faults: ...


@dataclass(frozen=True, slots=True)
class String:
    most: int
    least: int = 1
    pattern: str = ""

    def __call__(self, value: Any, at: str) -> Faults:
        if not isinstance(value, str):
            yield at, "must provide a string"
        elif len(value) < self.least:
            yield at, f"must be more than {self.least - 1} characters"
        elif len(value) > self.most:
            yield at, f"must be less than {self.most + 1} characters"
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield at, f"failed to match the pattern {self.pattern}"


@dataclass(frozen=True, slots=True)
class Whole:
    least: int
    most: int

    def __call__(self, value: Any, at: str) -> Faults:
        if not isinstance(value, int) or isinstance(value, bool):
            yield at, "must provide a number"
        elif not self.least <= value <= self.most:
            yield at, f"must be between {self.least} and {self.most}"


@dataclass(frozen=True, slots=True)
class Among:
    names: tuple[str, ...]

    def __call__(self, value: Any, at: str) -> Faults:
        if value not in self.names:
            yield at, f"must be one of {', '.join(self.names)}"


class Flag:
    def __call__(self, value: Any, at: str) -> Faults:
        if not isinstance(value, bool):
            yield at, "must provide a boolean"


class Whatever:
    """Not looked into: Slack has a shape for it that this playground does not need."""

    def __call__(self, value: Any, at: str) -> Faults:
        del value, at
        yield from ()


@dataclass(frozen=True, slots=True)
class Many:
    """A list of `least` to `most` items, each of which passes `item`."""

    item: Check
    least: int
    most: int

    def __call__(self, value: Any, at: str) -> Faults:
        if not isinstance(value, list):
            yield at, "must provide an array"
            return
        if len(value) < self.least:
            yield at, f"no fewer than {self.least} items allowed"
        if len(value) > self.most:
            yield at, f"no more than {self.most} items allowed"
            return
        for place, item in enumerate(value):
            yield from self.item(item, f"{at}/{place}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text object; the kind that is named first is the usual one."""

    most: int
    kinds: tuple[str, ...] = ("mrkdwn", "plain_text")
    least: int = 1

    def __call__(self, value: Any, at: str) -> Faults:
        if not isinstance(value, dict):
            yield at, "must provide an object"
        elif value.get("type") not in self.kinds:
            yield f"{at}/type", f"must be one of {', '.join(self.kinds)}"
        else:
            more = {"plain_text": {"emoji": Flag()}, "mrkdwn": {"verbatim": Flag()}}[value["type"]]
            shape = Shape({"type": Whatever(), "text": String(self.most, self.least)}, more)
            yield from shape(value, at)


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: the fields it must have, those it may have, rules over the whole, and what any other field must be."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    rest: Check | None = None

    def __call__(self, value: Any, at: str) -> Faults:
        if not isinstance(value, dict):
            yield at, "must provide an object"
            return
        for name in self.required:
            if value.get(name) is None:
                yield at, f"missing required field: {name}"
        for name, inside in value.items():
            check = self.required.get(name) or self.optional.get(name) or self.rest
            if check is None:
                yield at, f"invalid additional property: {name}"
            elif inside is not None:
                yield from check(inside, f"{at}/{name}")
        for rule in self.rules:
            yield from ((at + where, what) for where, what in rule(value))


@dataclass(frozen=True, slots=True)
class Kinds:
    """An object whose `type` says which shape it has."""

    shapes: Mapping[str, Shape]

    def __call__(self, value: Any, at: str) -> Faults:
        if not isinstance(value, dict):
            yield at, "must provide an object"
        elif "type" not in value:
            yield at, "missing required field: type"
        elif value["type"] not in self.shapes:
            yield f"{at}/type", f"unsupported type: {value['type']}"
        else:
            yield from self.shapes[value["type"]](value, at)


def only(names: Mapping[str, Shape], *chosen: str) -> Kinds:
    return Kinds({name: names[name] for name in chosen})


def exactly_one(*names: str) -> Rule:
    def check(value: dict[str, Any]) -> Faults:
        given = [name for name in names if value.get(name) is not None]
        if len(given) != 1:
            yield "", f"must define exactly one of: {', '.join(names)}"

    return check


def at_least_one(*names: str) -> Rule:
    def check(value: dict[str, Any]) -> Faults:
        if all(value.get(name) is None for name in names):
            yield "", f"must define one of: {', '.join(names)}"

    return check


def unique(list_name: str, key: str) -> Rule:
    """No two items of the list share the key."""

    def check(value: dict[str, Any]) -> Faults:
        items = value.get(list_name)
        seen = set()
        for place, item in enumerate(items if isinstance(items, list) else []):
            name = item.get(key) if isinstance(item, dict) else None
            if name is not None and name in seen:
                yield f"/{list_name}/{place}/{key}", f"{key} already exists"
            seen.add(name)

    return check


def first_choices_offered(value: dict[str, Any]) -> Faults:
    """What is chosen at first must be one of the options, whole."""
    groups = value.get("option_groups") or [value]
    offered = [option for group in groups for option in group.get("options") or []]
    for name in ("initial_option", "initial_options"):
        first = value.get(name)
        chosen = first if isinstance(first, list) else [first] if first is not None else []
        if any(option not in offered for option in chosen):
            yield f"/{name}", "must be one of the provided options"

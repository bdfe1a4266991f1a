"""A playbook as YAML text: what is wrong in it, with key, line and reason."""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from domain.merge import FieldsOf, wrong_texts
from domain.playbooks import Playbook
from domain.problems import PlainLoader, PolicyError, Problem, mapping_of, nearest, problems_of


def load(text: str, *, file: str, fields_of: FieldsOf) -> Playbook:
    """The playbook that YAML text holds; raises PolicyError with every problem: file, key, line, reason.

    `fields_of` names the merge fields of a text, and raises ValueError for one that cannot be filled in.
    """
    data = mapping_of(text, file=file)
    try:
        found = Playbook.model_validate(data)
    except ValidationError as error:
        raise PolicyError(tuple(placed(one, text) for one in problems_of(error, Playbook, file=file))) from error
    wrong = tuple(placed(one, text) for one in _wrong_in(found, file, fields_of))
    if wrong:
        raise PolicyError(wrong)
    return found


def _wrong_in(found: Playbook, file: str, fields_of: FieldsOf) -> Iterator[Problem]:
    expected = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if found.name != expected:
        yield Problem(file, "name", "wrong_name", {"value": found.name, "allowed": expected})
    for key, code, detail in wrong_texts(found.model_dump(exclude_none=True), fields_of):
        yield Problem(file, key, code, detail)


def strangers(found: Playbook, names: Iterable[str], *, file: str) -> tuple[Problem, ...]:
    """The playbooks that it speaks of and that are not among the names."""
    known = list(names)
    said = [(f"{key}.{n}", name) for key in ("pauses", "wins_over") for n, name in enumerate(getattr(found, key))]
    said += [(f"follow_up.rules.{n}.start", rule.start) for n, rule in enumerate(found.follow_up.rules) if rule.start]
    return tuple(
        Problem(file, key, "unknown_playbook", {"value": name} | ({"nearest": close} if close else {}))
        for key, name in said
        if name not in known
        for close in (nearest(name, known),)
    )


def placed(wrong: Problem, text: str) -> Problem:
    """With the line of its key, or of the nearest key above that stands in the file."""
    node, line = yaml.compose(text, Loader=PlainLoader), 1
    for step in filter(None, wrong.key.split(".")):
        child = _child(node, step)
        if child is None:
            break
        node, line = child
    return Problem(wrong.file, wrong.key, wrong.reason_code, {"line": line, **wrong.detail})


def _child(node: Any, step: str) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        found = ((value, key.start_mark.line + 1) for key, value in node.value if key.value == step)
        return next(found, None)
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        value = node.value[int(step)]
        return value, value.start_mark.line + 1
    return None

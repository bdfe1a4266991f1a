"""A playbook as YAML text: what is wrong in it, with key, line and reason."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from domain.fact_kinds import OF_PLAY
from domain.playbooks.merge import FieldsOf, Wrong, wrong_texts
from domain.playbooks.playbooks import Activity, Playbook
from domain.policies.problems import PlainLoader, PolicyError, Problem, mapping_of, nearest, problems_of


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
    texts = wrong_texts(found.model_dump(exclude_none=True), fields_of)
    for key, code, detail in (*_wrong_plan(found), *_asked_too_early(found), *texts):
        yield Problem(file, key, code, detail)


def _wrong_plan(found: Playbook) -> Iterator[Wrong]:
    """What does not hold together between activities, and what the follow-up asks of them."""
    ids = [activity.id for activity in found.plan]
    for n, activity in enumerate(found.plan):
        if activity.id in ids[:n]:
            yield f"plan.{n}.id", "duplicate_activity", {"value": activity.id}
        if _leads_back(activity.id, found.activities):
            yield f"plan.{n}.needs", "needs_in_circle", {"value": activity.id}
    for key, name in _named(found):
        if name not in ids:
            yield key, "unknown_activity", {"value": name, "allowed": ", ".join(ids)}


def _named(found: Playbook) -> Iterator[tuple[str, str]]:
    """Every activity that is spoken of, by the key that does."""
    for n, activity in enumerate(found.plan):
        yield from ((f"plan.{n}.needs.{k}", need) for k, need in enumerate(activity.needs))
        if activity.only_if_open:
            yield f"plan.{n}.only_if_open", activity.only_if_open
    for n, rule in enumerate(found.follow_up.rules):
        still = (rule.when or {}).get("open", ())
        yield from ((f"follow_up.rules.{n}.when.open", name) for name in (still if isinstance(still, tuple) else ()))


def _leads_back(name: str, plan: Mapping[str, Activity]) -> bool:
    reached: set[str] = set()
    ahead = list(plan[name].needs)
    while ahead:
        need = ahead.pop()
        if need == name:
            return True
        if need not in reached and need in plan:
            reached.add(need)
            ahead += plan[need].needs
    return False


def _asked_too_early(found: Playbook) -> Iterator[Wrong]:
    """Facts of a play, asked where there is none yet."""
    before = [(f"clients.any.{n}.when", each.when) for n, each in enumerate(found.clients.any)]
    before += [(f"clients.unless.{n}", each) for n, each in enumerate(found.clients.unless)]
    before += [(f"goal.instead.{n}.when", each.when) for n, each in enumerate(found.goal.instead)]
    before += [(f"plan.{n}.when", each.when) for n, each in enumerate(found.plan) if each.when]
    for key, fact in ((key, fact) for key, where in before for fact in where):
        if fact in OF_PLAY:
            yield f"{key}.{fact}", "unknown_fact", {"value": fact}


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

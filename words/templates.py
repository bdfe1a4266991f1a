"""Texts with fields, as people write them in playbooks: {{ account.name }}, {% if goal.due is defined %} … {% endif %}.

Whoever fills them formats each value in the reader's language: it is text, ready to be read (51 %, 26 February, Ana).
A value that is not known is left out: the text asks whether it `is defined`, or is not ready, and `missing` says why.
Nothing else is spoken here: no loop, call, filter or sum, so that a file from elsewhere can do no harm.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

LONGEST = 4000
DEEPEST = 6
NAME = re.compile(r"[a-z]+\.[a-z][a-z_]*")
SPOKEN = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Getattr,
    nodes.Name,
    nodes.If,
    nodes.Test,
    nodes.Not,
    nodes.And,
    nodes.Or,
)


class WrongTemplate(ValueError):
    """The text is not one that can be filled in."""


class Missing(LookupError):
    """Fields that the text needs and that are not known."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def render(text: str, fields: Mapping[str, str]) -> str:
    """The text filled in; raises Missing, and WrongTemplate for a text that `fields_of` refuses."""
    lacking = missing(text, fields)
    if lacking:
        raise Missing(lacking)
    return _environment().from_string(text).render(_nested(fields, fields_of(text))).strip()


def fields_of(text: str) -> frozenset[str]:
    """Every field that the text names; raises WrongTemplate."""
    return frozenset(_name(found) for found in _parsed(text).find_all(nodes.Getattr))


def missing(text: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that it would show and that are not known, in the order of the text; raises WrongTemplate."""
    asked = _shown(_parsed(text).body, fields)
    return tuple(dict.fromkeys(name for name in asked if not fields.get(name)))


@lru_cache
def _environment() -> SandboxedEnvironment:
    # Plain text: what escapes is the medium that shows it.
    made = SandboxedEnvironment(
        autoescape=False,
        undefined=StrictUndefined,
        loader=None,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.clear()
    made.filters.clear()
    return made


@lru_cache(512)
def _parsed(text: str) -> nodes.Template:
    if len(text) > LONGEST:
        raise WrongTemplate(f"more than {LONGEST} characters")
    try:
        found = _environment().parse(text)
        _checked(found.iter_child_nodes(), 0)
    except TemplateError as error:
        raise WrongTemplate(str(error)) from None
    except RecursionError:
        raise WrongTemplate("too deep") from None
    return found


def _checked(found: Iterable[nodes.Node], deep: int) -> None:
    """Raises for all that is neither text nor a field nor a question whether one is known."""
    if deep > DEEPEST:
        raise WrongTemplate("too deep")
    for node in found:
        if not isinstance(node, SPOKEN) or (isinstance(node, nodes.Test) and node.name != "defined"):
            raise WrongTemplate("only fields, and whether one is defined")
        if isinstance(node, nodes.Getattr):
            _name(node)
        elif isinstance(node, nodes.Name) or (isinstance(node, nodes.If) and not _asks(node.test)):
            raise WrongTemplate("only fields, and whether one is defined")
        else:
            _checked(node.iter_child_nodes(), deep + isinstance(node, nodes.If | nodes.Not | nodes.And | nodes.Or))


def _asks(test: nodes.Node) -> bool:
    return isinstance(test, nodes.Test | nodes.Not | nodes.And | nodes.Or)


def _name(node: nodes.Getattr) -> str:
    name = f"{node.node.name}.{node.attr}" if isinstance(node.node, nodes.Name) else ""
    if not NAME.fullmatch(name):
        raise WrongTemplate("a field has two parts, as in account.name")
    return name


def _shown(body: Iterable[nodes.Node], fields: Mapping[str, str]) -> Iterator[str]:
    for node in body:
        if isinstance(node, nodes.Getattr):
            yield _name(node)
        elif isinstance(node, nodes.If):
            yield from _shown(_branch(node, fields), fields)
        else:
            yield from _shown(node.iter_child_nodes(), fields)


def _branch(node: nodes.If, fields: Mapping[str, str]) -> list[nodes.Node]:
    for each in (node, *node.elif_):
        if _holds(each.test, fields):
            return each.body
    return node.else_


def _holds(test: nodes.Node, fields: Mapping[str, str]) -> bool:
    if isinstance(test, nodes.And):
        return _holds(test.left, fields) and _holds(test.right, fields)
    if isinstance(test, nodes.Or):
        return _holds(test.left, fields) or _holds(test.right, fields)
    inner = next(iter(test.iter_child_nodes()))
    return not _holds(inner, fields) if isinstance(test, nodes.Not) else bool(fields.get(_name_in(inner)))


def _name_in(node: nodes.Node) -> str:
    return _name(node) if isinstance(node, nodes.Getattr) else ""


def _nested(fields: Mapping[str, str], asked: Iterable[str]) -> dict[str, dict[str, str]]:
    """account.name under account; what is not known is not there."""
    found: dict[str, dict[str, str]] = {}
    for name in asked:
        group, _, rest = name.partition(".")
        found.setdefault(group, {}).update({rest: fields[name]} if fields.get(name) else {})
    return found

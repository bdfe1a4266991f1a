"""The blocks that Slack added in 2026, which not every workspace has yet: their limits as far as they are known."""

from __future__ import annotations

from typing import Any

from playground.checks import Among, Faults, Flag, Kinds, Many, Shape, String, Text, Whatever, Whole, at_least_one, only
from playground.elements import BLOCK_ID, CELL, ELEMENTS, RICH_TEXT, TYPE

DATA_CHARACTERS = 20_000
# A message, not a block, has this many at most.
MOST_OF_A_KIND = {"table": 1, "data_visualization": 2}

CARD = Shape(
    TYPE,
    {
        **BLOCK_ID,
        "hero_image": ELEMENTS["image"],
        "icon": ELEMENTS["image"],
        "title": Text(150),
        "subtitle": Text(150),
        "body": Text(200),
        "actions": Many(only(ELEMENTS, "button", "icon_button"), 1, 3),
    },
    (at_least_one("hero_image", "title", "body", "actions"),),
)


def even_rows(block: dict[str, Any]) -> Faults:
    rows = [row for row in block.get("rows") or [] if isinstance(row, list)]
    for place, row in enumerate(rows):
        if len(row) != len(rows[0]):
            yield f"/rows/{place}", "must have as many cells as the first row"


def not_too_much(block: dict[str, Any]) -> Faults:
    if letters(block.get("rows")) > DATA_CHARACTERS:
        yield "/rows", f"must be less than {DATA_CHARACTERS + 1} characters"


def letters(value: Any) -> int:
    """How many characters a reader would see."""
    if isinstance(value, list):
        return sum(map(letters, value))
    if isinstance(value, dict):
        shown = value.get("text", value.get("value", value.get("elements")))
        return letters(shown)
    return 0 if value is None else len(str(value))


NEWER: dict[str, Shape] = {
    "card": CARD,
    "carousel": Shape({**TYPE, "elements": Many(Kinds({"card": CARD}), 1, 10)}, BLOCK_ID),
    "data_table": Shape(
        {**TYPE, "caption": String(2000), "rows": Many(Many(CELL, 1, 20), 2, 201)},
        {**BLOCK_ID, "page_size": Whole(1, 100), "row_header_column_index": Whole(0, 19)},
        (even_rows, not_too_much),
    ),
    "data_visualization": Shape(TYPE, BLOCK_ID, rest=Whatever()),
}


def container(children: Kinds) -> Shape:
    """A group of other blocks: those of the surface on which it stands."""
    return Shape(
        {**TYPE, "child_blocks": Many(children, 1, 10)},
        {
            **BLOCK_ID,
            "title": Text(150, ("plain_text",)),
            "rich_text_title": RICH_TEXT,
            "subtitle": Text(150),
            "icon": ELEMENTS["image"],
            "width": Among(("narrow", "standard", "wide", "full")),
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        (at_least_one("title", "rich_text_title"),),
    )


def few_of_a_kind(message: dict[str, Any]) -> Faults:
    blocks = message["blocks"] if isinstance(message["blocks"], list) else []
    for kind, most in MOST_OF_A_KIND.items():
        places = [place for place, block in enumerate(blocks) if isinstance(block, dict) and block.get("type") == kind]
        yield from ((f"/blocks/{place}", f"only {most} {kind} allowed") for place in places[most:])

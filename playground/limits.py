"""What Slack accepts in messages and views: one table of shapes and limits, and how to ask it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from playground.checks import (
    Among,
    Check,
    Fault,
    Faults,
    Flag,
    Kinds,
    Many,
    Shape,
    String,
    Text,
    Whatever,
    Whole,
    at_least_one,
    exactly_one,
    only,
    unique,
)
from playground.elements import (
    BLOCK_ID,
    CELL,
    COLUMN,
    CONTEXT,
    ELEMENTS,
    IMAGE,
    MULTI_SELECT,
    ONE_IMAGE,
    ONE_SELECT,
    OPTION,
    OPTIONS,
    PICKERS,
    RICH_TEXT,
    SECTION_ELEMENTS,
    TYPE,
    TYPED_INPUTS,
    plain,
)
from playground.newer_blocks import NEWER, container, few_of_a_kind

MESSAGE_TEXT = 40_000
METADATA = 16_000  # Slack names an error for too much of it, and no number
ATTACHMENTS = 100
VIEW_BYTES = 250_000
MARKDOWN = 12_000
BLOCKS = {"message": 50, "modal": 100, "home": 100}

SHAPES: dict[str, Shape] = {
    **NEWER,
    "header": Shape({**TYPE, "text": plain(150)}, {**BLOCK_ID, "level": Whole(1, 6)}),
    "section": Shape(
        TYPE,
        {
            **BLOCK_ID,
            "text": Text(3000),
            "fields": Many(Text(2000), 1, 10),
            "accessory": only(ELEMENTS, *SECTION_ELEMENTS),
            "expand": Flag(),
        },
        (at_least_one("text", "fields"),),
    ),
    "divider": Shape(TYPE, BLOCK_ID),
    "context": Shape({**TYPE, "elements": Many(CONTEXT, 1, 10)}, BLOCK_ID),
    "context_actions": Shape(
        {**TYPE, "elements": Many(only(ELEMENTS, "feedback_buttons", "icon_button"), 1, 5)}, BLOCK_ID
    ),
    "actions": Shape(
        {**TYPE, "elements": Many(only(ELEMENTS, "button", "overflow", *ONE_SELECT, *PICKERS), 1, 25)},
        BLOCK_ID,
        (unique("elements", "action_id"),),
    ),
    "image": Shape({**TYPE, "alt_text": String(2000)}, {**BLOCK_ID, **IMAGE, "title": plain(2000)}, (ONE_IMAGE,)),
    "input": Shape(
        {
            **TYPE,
            "label": plain(2000),
            "element": only(ELEMENTS, *TYPED_INPUTS, *ONE_SELECT, *MULTI_SELECT, *PICKERS, "file_input"),
        },
        {**BLOCK_ID, "hint": plain(2000), "optional": Flag(), "dispatch_action": Flag()},
    ),
    "rich_text": RICH_TEXT,
    "markdown": Shape({**TYPE, "text": String(MARKDOWN)}, BLOCK_ID),
    "table": Shape(
        {**TYPE, "rows": Many(Many(CELL, 1, 20), 1, 100)}, {**BLOCK_ID, "column_settings": Many(COLUMN, 1, 20)}
    ),
    "alert": Shape(
        {**TYPE, "text": Text(200)},
        {**BLOCK_ID, "level": Among(("default", "info", "warning", "error", "success"))},
    ),
}
EVERYWHERE = ("header", "section", "divider", "context", "actions", "image", "input", "rich_text")
DATA = ("table", "data_table", "data_visualization")
SURFACES = {
    "message": (*EVERYWHERE, *DATA, "context_actions", "markdown", "card", "carousel"),
    "modal": (*EVERYWHERE, "alert"),
    "home": (*EVERYWHERE, *DATA, "card", "carousel"),
}
VIEW: dict[str, Check] = {
    "private_metadata": String(3000, 0),
    "callback_id": String(255, 0),
    "external_id": String(255, 0),
}
MODAL: dict[str, Check] = {
    **VIEW,
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": Flag(),
    "notify_on_close": Flag(),
    "submit_disabled": Flag(),
}


def blocks_on(surface: str) -> Many:
    inside = only(SHAPES, *SURFACES[surface])
    grouped = {} if surface == "modal" else {"container": container(inside)}
    return Many(Kinds({**inside.shapes, **grouped}), 0, BLOCKS[surface])


def submit_for_inputs(view: dict[str, Any]) -> Faults:
    blocks = view.get("blocks")
    inputs = [b for b in blocks if isinstance(b, dict) and b.get("type") == "input"] if isinstance(blocks, list) else []
    if inputs and not view.get("submit"):
        yield "/submit", "a modal with an input block needs a submit button"


ONE_OF_EACH = unique("blocks", "block_id")
VIEWS = Kinds({
    "modal": Shape(
        {**TYPE, "title": plain(24), "blocks": blocks_on("modal")}, MODAL, (ONE_OF_EACH, submit_for_inputs)
    ),
    "home": Shape({**TYPE, "blocks": blocks_on("home")}, VIEW, (ONE_OF_EACH,)),
})  # fmt: skip


METADATA_SHAPE = Shape(
    {"event_type": String(255, pattern=r"\w+"), "event_payload": Shape({}, rest=Whatever())}, {"entities": Whatever()}
)


def message_faults(blocks: Any) -> list[str]:
    """Why Slack would refuse these blocks in a message; nothing where it would take them."""
    whole = Shape({}, {"blocks": blocks_on("message")}, (ONE_OF_EACH, few_of_a_kind, markdown_in_all))
    return spelled(whole({"blocks": blocks}, ""))


def metadata_faults(given: Any) -> list[str]:
    return spelled(METADATA_SHAPE(given, "/metadata"))


def view_faults(view: Any) -> list[str]:
    return spelled(VIEWS(view, "/view"))


def option_faults(body: Any) -> list[str]:
    """Why Slack would refuse the answer to a question for suggestions."""
    answer = Shape({}, {**OPTIONS, "options": Many(OPTION, 0, 100)}, (exactly_one("options", "option_groups"),))
    return spelled(answer(body, "")) if body else []


def markdown_in_all(message: dict[str, Any]) -> Iterator[Fault]:
    blocks = message["blocks"] if isinstance(message["blocks"], list) else []
    written = [b for b in blocks if isinstance(b, dict) and b.get("type") == "markdown"]
    if sum(len(str(block.get("text", ""))) for block in written) > MARKDOWN:
        yield "/blocks", f"markdown must be less than {MARKDOWN + 1} characters in all"


def spelled(faults: Iterable[Fault]) -> list[str]:
    return [f"[ERROR] {what} [json-pointer:{where}]" for where, what in faults]

"""What a person fills in: the state of inputs as Slack sends it, and what Slack's own form refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from playground.values import Json

Values = Mapping[str, Any]

# The key under which each kind of element carries its value, in the state and, with `initial_`, at first.
CARRIES = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
LONGEST = 3000
REQUIRED = "Please complete this required field."


def state_of(blocks: list[Json], values: Values) -> Json:
    """`state.values` for these blocks: what was entered, else what stood there at first."""
    state: Json = {}
    for block, element in _stateful(blocks):
        entered = _entered(block, element, values)
        state.setdefault(block["block_id"], {})[element["action_id"]] = {
            "type": element["type"],
            CARRIES[element["type"]]: first_value(element) if entered is None else chosen(element, entered),
        }
    return state


def refused(blocks: list[Json], state: Json) -> dict[str, str]:
    """The inputs that Slack's form does not submit, by block id: empty ones, and what is no number or address."""
    errors = {}
    for block, element in _stateful(blocks):
        value = state[block["block_id"]][element["action_id"]][CARRIES[element["type"]]]
        if block["type"] != "input":
            continue
        if wrong := _empty(block) if value in (None, "", []) else _wrong(element, value):
            errors[block["block_id"]] = wrong
    return errors


def _empty(block: Json) -> str:
    return "" if block.get("optional") else REQUIRED


def _wrong(element: Json, value: Any) -> str:
    check = WRONG.get(element["type"])
    return check(element, value) if check else ""


def _wrong_text(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", LONGEST):
        return f"Please enter at most {element.get('max_length', LONGEST)} characters."
    return ""


def _wrong_number(element: Json, value: str) -> str:
    if not re.fullmatch(r"[-+]?\d+" + (r"(\.\d+)?" if element["is_decimal_allowed"] else ""), value):
        return "Please enter a number." if element["is_decimal_allowed"] else "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and Decimal(value) < Decimal(least):
        return f"Please enter {least} or more."
    if most is not None and Decimal(value) > Decimal(most):
        return f"Please enter {most} or less."
    return ""


def _wrong_email(_: Json, value: str) -> str:
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Please enter an e-mail address."


def _wrong_address(_: Json, value: str) -> str:
    return "" if re.fullmatch(r"https?://\S+", value) else "Please enter a web address."


def _too_many(element: Json, value: list[Any]) -> str:
    most = element.get("max_selected_items")
    return f"Please choose at most {most}." if most and len(value) > most else ""


Wrong = Callable[[Json, Any], str]
WRONG: dict[str, Wrong] = {
    "plain_text_input": _wrong_text,
    "number_input": _wrong_number,
    "email_text_input": _wrong_email,
    "url_text_input": _wrong_address,
    **{f"multi_{kind}_select": _too_many for kind in ("static", "external", "users", "conversations", "channels")},
}


def first_value(element: Json) -> Any:
    names = {"value": "initial_value", "rich_text_value": "initial_value"}
    carried = CARRIES[element["type"]]
    name = names.get(carried, carried.replace("selected", "initial"))
    empty: Any = [] if carried.endswith("s") else None
    return element.get(name, empty)


def chosen(element: Json, value: Any) -> Any:
    """What was entered, as the element carries it: an option is found by its value or by its text."""
    if element["type"] in {"external_select", "multi_external_select"}:
        return [_external(v) for v in value] if isinstance(value, list) else _external(value)
    carried = CARRIES[element["type"]]
    if carried == "selected_options":
        return [_option(element, v) for v in (value if isinstance(value, list) else [value])]
    if carried == "selected_option":
        return _option(element, value) if value else None
    return str(value) if carried == "value" else value or None


def _external(value: Any) -> Any:
    known = isinstance(value, dict) or not value
    return value or None if known else {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}


def _option(element: Json, value: Any) -> Json:
    groups = element.get("option_groups") or [element]
    for option in (option for group in groups for option in group["options"]):
        if value in (option, option["value"], option["text"]["text"]):
            return dict(option)
    raise LookupError(f"no option {value!r} in {element.get('action_id')}")


def _stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            kind = element.get("type") if isinstance(element, dict) else None
            if kind in CARRIES and kind != "overflow":
                yield block, element


def _entered(block: Json, element: Json, values: Values) -> Any:
    """The value for this element: by block and action id, or by either, or by the label that people read."""
    inside = values.get(block["block_id"])
    if isinstance(inside, Mapping) and element["action_id"] in inside:
        return inside[element["action_id"]]
    label = block.get("label", {}).get("text", "")
    names = (element["action_id"], block["block_id"], label)
    return next((values[name] for name in names if name in values and not isinstance(values[name], Mapping)), None)

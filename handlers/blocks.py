"""The vocabulary of Block Kit: the one place where text is escaped for Slack and cut to Slack's limits."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from words import Words

Block = dict[str, Any]
Style = Literal["primary", "danger"]

SECTION, CONTEXT, BUTTON, BUTTON_VALUE, BUTTON_URL, OPTION, PLACEHOLDER = 3000, 2000, 75, 2000, 3000, 75, 150
ACTIONS, CONTEXT_ELEMENTS, MENU_VALUE = 25, 10, 150
ELLIPSIS = "…"
PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"
UNNAMED = re.compile(r"[*_~`\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """Nothing a person wrote can become a mention, a link or a command to everyone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clipped(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def named(text: str, limit: int = 80) -> str:
    """A name on one line, whatever it holds, with no sign that formats it or turns the line around."""
    return clipped(" ".join(UNNAMED.sub("", text).split()), limit) or ELLIPSIS


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    return {"type": "mrkdwn", "text": _escaped_within(text, limit), "verbatim": True}


def _escaped_within(text: str, limit: int) -> str:
    """Cut before escaping, so that no entity is cut in two."""
    kept = clipped(text, limit)
    while len(escaped(kept)) > limit:
        kept = clipped(kept, len(kept) - (len(escaped(kept)) - limit))
    return escaped(kept)


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": clipped(text, limit) or " ", "emoji": True}


def section(*lines: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn("\n".join(lines))}
    return {**block, "accessory": _numbered(accessory, 0)} if accessory else block


def bullets(words: Words, lines: Sequence[str], most: int) -> list[str]:
    """The first lines of a list, and how many more there are."""
    return [*(f"• {line}" for line in lines[:most]), *words.and_more(len(lines) - most)]


def context(*lines: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(line, CONTEXT) for line in lines[:CONTEXT_ELEMENTS]]}


def in_channel(line: str, channel: str) -> Block:
    """A line in small print that names a channel at `PLACE`, as Slack shows it to whoever may see it."""
    block = context(line)
    shown = block["elements"][0]
    return {**block, "elements": [{**shown, "text": shown["text"].replace(PLACE, f"<#{channel}>")}]}


def button(label: str, action: str, value: str = "", *, style: Style | None = None, url: str | None = None) -> Block:
    """`action`: ask (answers anew), turn (replaces the message), form (opens a modal) or link (opens `url`)."""
    element: Block = {"type": "button", "text": plain(label, BUTTON), "action_id": action}
    if value:
        element["value"] = clipped(value, BUTTON_VALUE)
    if style:
        element["style"] = style
    if url:
        element["url"] = url
    return element


def actions(*elements: Block | None) -> Block:
    shown = [element for element in elements if element][:ACTIONS]
    return {"type": "actions", "elements": [_numbered(element, i) for i, element in enumerate(shown)]}


def _numbered(element: Block, position: int) -> Block:
    return {**element, "action_id": f"{element['action_id']}.{position}"}


def code(rows: Iterable[str]) -> str:
    """Rows in a monospaced block, the only columns that Slack has everywhere."""
    return "```" + "\n".join(row.replace("`", "'") for row in rows) + "```"


def field(label: str, block_id: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": {**element, "action_id": block_id},
        "optional": optional,
    }
    return {**block, "hint": plain(hint, 2000)} if hint else block


def line(longest: int, *, initial: str = "") -> Block:
    return {"type": "plain_text_input", "max_length": longest, **({"initial_value": initial} if initial else {})}


def lines(longest: int, *, initial: str = "") -> Block:
    return {**line(longest, initial=initial), "multiline": True}


def whole_number(most: int) -> Block:
    return {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": str(most)}


def number(initial: Decimal | None = None) -> Block:
    given = {} if initial is None else {"initial_value": format(initial.normalize(), "f")}
    return {"type": "number_input", "is_decimal_allowed": True, **given}


def day(chosen: date | None = None) -> Block:
    return {"type": "datepicker", **({"initial_date": chosen.isoformat()} if chosen else {})}


def hour(chosen: str = "") -> Block:
    """`chosen`: HH:MM."""
    return {"type": "timepicker", **({"initial_time": chosen} if chosen else {})}


def ticks(options: Iterable[tuple[str, str]]) -> Block:
    """Up to ten of (value, label), all of them ticked."""
    drawn = [{"text": plain(label, OPTION), "value": value} for value, label in options]
    return {"type": "checkboxes", "options": drawn, "initial_options": drawn}


def tick(value: str, label: str) -> Block:
    return {"type": "checkboxes", "options": [{"text": plain(label, OPTION), "value": value}]}


def menu(action: str, options: Iterable[tuple[str, str]]) -> Block | None:
    """Of (value, label), two to five: each acts as a button with that value would; None where one is too long."""
    drawn = [{"text": plain(label, OPTION), "value": value} for value, label in options]
    fits = all(len(option["value"]) <= MENU_VALUE for option in drawn)
    return {"type": "overflow", "action_id": action, "options": drawn} if fits else None


def room() -> Block:
    """A public or private channel that is shared with nobody."""
    wanted = {"include": ["public", "private"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
    return {"type": "conversations_select", "filter": wanted}


def choice(options: Iterable[tuple[str, str]], *, kind: str = "static_select", chosen: str = "") -> Block:
    """A select or radio group of (value, label)."""
    drawn = [{"text": plain(label, OPTION), "value": value} for value, label in options]
    initial = [option for option in drawn if option["value"] == chosen]
    return {"type": kind, "options": drawn, **({"initial_option": initial[0]} if initial else {})}


def modal(callback: str, title: str, submit: str, close: str, blocks: Sequence[Block], *, memory: str = "") -> Block:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain(close, 24),
        "private_metadata": memory,
        "blocks": list(blocks),
    }

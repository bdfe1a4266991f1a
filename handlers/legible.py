"""Blocks as a reader sees them, line by line, without marks of formatting."""

import re
from collections.abc import Iterable
from typing import Any

from handlers.ask import Reply


def shown(reply: Reply) -> str:
    """The blocks as lines for a terminal, or the text where there are none."""
    return "\n".join(_of(reply.blocks)) or reply.text


def stated(reply: Reply) -> str:
    """As `shown`, without what is only there to be clicked."""
    return "\n".join(_of(block for block in reply.blocks if block["type"] != "actions")) or reply.text


def _of(blocks: Iterable[dict[str, Any]]) -> Iterable[str]:
    return (line for block in blocks for line in _lines(block))


def _lines(block: dict[str, Any]) -> list[str]:
    texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    if block["type"] == "actions":
        return ["  ".join(f"[{element['text']['text']}]" for element in block["elements"] if "text" in element)]
    if block["type"] == "divider":
        return [""]
    return [_plain(text["text"]) for text in texts if text and isinstance(text.get("text"), str)]


def _plain(text: str) -> str:
    bare = re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

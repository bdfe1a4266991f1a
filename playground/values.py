"""What a workspace is made of: people, channels, messages, files, views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]


@dataclass(frozen=True, slots=True)
class Team:
    id: str = "T0PLAYGROUND"
    name: str = "Playground"
    domain: str = "playground"
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the workspace; `role` is only the label of the page's person switch."""

    id: str
    name: str
    email: str = ""
    locale: str = "en-US"
    tz: str = "UTC"
    title: str = ""
    role: str = ""
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    team_id: str = ""
    enterprise_id: str = ""

    @property
    def is_outside(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted or self.is_stranger

    def sees(self, channel: Channel) -> bool:
        """Guests and strangers see what they are in; the others every public channel too."""
        return self.id in channel.members or (channel.kind == "public" and not self.is_outside)


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation; `members` are person ids, and the app is in it unless `with_app` is false.

    `connected`: the ids of the other organisations that share it.
    """

    id: str
    name: str = ""
    kind: Kind = "public"
    members: tuple[str, ...] | list[str] = ()
    with_app: bool = True
    topic: str = ""
    is_shared: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_org_shared: bool = False
    connected: tuple[str, ...] = ()
    is_archived: bool = False

    @property
    def is_direct(self) -> bool:
        return self.kind in {"im", "mpim"}


@dataclass(frozen=True, slots=True)
class File:
    id: str
    name: str
    title: str
    content: bytes
    mimetype: str
    owner: str
    created: int
    channels: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `ephemeral_to` names the only person who sees it."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    files: tuple[File, ...] = ()
    metadata: Json | None = None
    edited: str | None = None
    subtype: str | None = None
    reactions: tuple[tuple[str, str], ...] = ()
    attachments: list[Json] = field(default_factory=list)

    @property
    def actions(self) -> list[Json]:
        """Every interactive element of the message, each with the `block_id` it stands in."""
        return list(elements(self.blocks))

    @property
    def buttons(self) -> list[str]:
        return [element["text"]["text"] for element in self.actions if element["type"] == "button"]

    @property
    def plain(self) -> str:
        """All the words that a reader sees, one line a block, for assertions and for the log."""
        return "\n".join(filter(None, [*map(words_of, self.blocks)])) if self.blocks else self.text


@dataclass(frozen=True, slots=True)
class View:
    """A modal of one person, or their Home tab; `body` is the view as the app sent it, with block ids."""

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str | None = None

    @property
    def title(self) -> str:
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def actions(self) -> list[Json]:
        return list(elements(self.body["blocks"]))

    @property
    def plain(self) -> str:
        return "\n".join(filter(None, map(words_of, self.body["blocks"])))


def elements(blocks: list[Json]) -> Iterator[Json]:
    """The interactive elements of these blocks, each with the `block_id` it stands in."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield {**element, "block_id": block["block_id"]}


def words_of(value: Any) -> str:
    """The text of a block, text object or element, as a reader would read it aloud."""
    if isinstance(value, list):
        return " ".join(filter(None, map(words_of, value)))
    if not isinstance(value, dict):
        return str(value or "")
    if value.get("type") == "raw_number":
        return str(value["value"])
    parts = ("title", "label", "text", "fields", "rows", "elements", "element", "accessory", "options", "placeholder")
    return " ".join(filter(None, (words_of(value.get(part)) for part in parts)))

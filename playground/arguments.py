"""The arguments of one call of the Web API: a form's strings or a JSON body's values, read the same way."""

from __future__ import annotations

import json
from typing import Any

from playground.limits import (
    ATTACHMENTS,
    MESSAGE_TEXT,
    METADATA,
    VIEW_BYTES,
    message_faults,
    metadata_faults,
    view_faults,
)
from playground.tickets import RefusedError
from playground.values import Channel, Json, Message, Person
from playground.workspace import Workspace


class Arguments:
    def __init__(self, workspace: Workspace, values: Json) -> None:
        self.workspace, self.values = workspace, values

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        if not (value := self.text(name)):
            raise RefusedError("invalid_arguments", **_reasons([f"[ERROR] missing required field: {name}"]))
        return value

    def flag(self, name: str) -> bool:
        return self.text(name).casefold() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise RefusedError("invalid_arguments", **_reasons([f"[ERROR] not a number: {name}"])) from None

    def names(self, name: str) -> list[str]:
        """A list of ids: comma-separated in a form, an array in JSON."""
        value = self.values.get(name) or []
        return [str(v) for v in value] if isinstance(value, list) else [v.strip() for v in value.split(",")]

    def json(self, name: str, error: str) -> Any:
        """A nested value, which a form carries as a JSON string."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise RefusedError(error) from None

    def person(self, name: str, error: str = "user_not_found") -> Person:
        person = self.workspace.people.get(self.required(name))
        if person is None:
            raise RefusedError(error)
        return person

    def channel(
        self, name: str = "channel", *, member: bool = False, writable: bool = False, named: bool = False
    ) -> Channel:
        """The conversation with this id, or where it may be `named`, this name; one that the app cannot see is none."""
        given = self.required(name)
        channel = self.workspace.find_channel(given) if named else self.workspace.channels.get(given)
        joined = channel is not None and self.workspace.app.id in channel.members
        if channel is None or (channel.kind != "public" and not joined):
            raise RefusedError("channel_not_found")
        if (member or writable) and not joined:
            raise RefusedError("not_in_channel")
        if writable and channel.is_archived:
            raise RefusedError("is_archived")
        return channel

    def message(self) -> Message:
        """The app's own message that `channel` and `ts` name; an ephemeral one cannot be named."""
        message = self.workspace.message(self.channel().id, self.required("ts"))
        if message is None or message.ephemeral_to:
            raise RefusedError("message_not_found")
        return message

    def content(self) -> Json:
        """The text, blocks and attachments of a message, within Slack's limits."""
        text = self.text("text")
        blocks = self.json("blocks", "invalid_blocks_format") or []
        attachments = self.json("attachments", "invalid_attachments") or []
        check_message(text, blocks, attachments)
        return {"text": text, "blocks": blocks, "attachments": attachments}

    def metadata(self) -> Json | None:
        """A message's metadata; an empty object, which takes it away, or None where nothing is said of it."""
        given = self.json("metadata", "invalid_metadata_format")
        if not given:
            return None if given is None else {}
        if metadata_faults(given):
            raise RefusedError("invalid_metadata_schema")
        if len(json.dumps(given)) > METADATA:
            raise RefusedError("metadata_too_large")
        return dict(given)

    def view(self) -> Json:
        view = self.json("view", "invalid_arguments")
        check_view(view)
        return dict(view)


def check_message(text: str, blocks: Any, attachments: Any = ()) -> None:
    if not (text or blocks or attachments):
        raise RefusedError("no_text")
    if len(text) > MESSAGE_TEXT:
        raise RefusedError("msg_too_long")
    if len(attachments) > ATTACHMENTS:
        raise RefusedError("too_many_attachments")
    if faults := message_faults(blocks):
        raise RefusedError("invalid_blocks", errors=faults, **_reasons(faults))


def check_view(view: Any) -> None:
    if len(json.dumps(view)) > VIEW_BYTES:
        raise RefusedError("view_too_large")
    if faults := view_faults(view):
        raise RefusedError("invalid_arguments", **_reasons(faults))


def _reasons(messages: list[str]) -> dict[str, object]:
    return {"response_metadata": {"messages": messages}}

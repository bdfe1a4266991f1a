"""conversations.*"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import TypeVar

from playground.arguments import Arguments
from playground.objects import channel_json, message_json
from playground.tickets import RefusedError
from playground.values import Channel, Json, Message

T = TypeVar("T")
MOST = 1000
MOST_TOGETHER = 8
KINDS = {"public_channel": "public", "private_channel": "private", "mpim": "mpim", "im": "im"}


def page(call: Arguments, items: Sequence[T]) -> tuple[Sequence[T], Json]:
    """One page of the items; the cursor is the number of those already given."""
    cursor, limit = call.text("cursor") or "0", call.number("limit", 100)
    if not cursor.isdecimal() or int(cursor) > len(items):
        raise RefusedError("invalid_cursor")
    if not 1 <= limit <= MOST:
        raise RefusedError("invalid_limit")
    start, end = int(cursor), int(cursor) + limit
    following = str(end) if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}


def open_conversation(call: Arguments) -> Json:
    if call.text("channel"):
        channel, known = call.channel(), True
    else:
        people = call.names("users")
        if not people:
            raise RefusedError("users_list_not_supplied")
        if len(people) > MOST_TOGETHER:
            raise RefusedError("too_many_users")
        if any(person not in call.workspace.people for person in people):
            raise RefusedError("user_not_found")
        channel, known = call.workspace.open_direct(people)
    body = channel_json(call.workspace, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": body, **({"no_op": True, "already_open": True} if known else {})}


def info(call: Arguments) -> Json:
    return {"channel": channel_json(call.workspace, call.channel())}


def members(call: Arguments) -> Json:
    found, more = page(call, call.channel().members)
    return {"members": list(found), **more}


def list_conversations(call: Arguments) -> Json:
    here = call.workspace.app.id
    return _listed(call, lambda channel: channel.kind == "public" or here in channel.members)


def list_joined(call: Arguments) -> Json:
    """users.conversations: those that somebody is in, the app itself unless told otherwise."""
    who, here = call.text("user") or call.workspace.app.id, call.workspace.app.id
    if who not in call.workspace.people:
        raise RefusedError("user_not_found")
    return _listed(call, lambda c: who in c.members and (c.kind == "public" or here in c.members))


def _listed(call: Arguments, seen: Callable[[Channel], bool]) -> Json:
    kinds = [KINDS.get(kind) for kind in call.names("types") or ["public_channel"]]
    if None in kinds:
        raise RefusedError("invalid_types")
    listed = [
        channel
        for channel in list(call.workspace.channels.values())
        if channel.kind in kinds and seen(channel) and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    found, more = page(call, listed)
    return {"channels": [channel_json(call.workspace, channel) for channel in found], **more}


def history(call: Arguments) -> Json:
    channel = call.channel(member=True)
    roots = [m for m in _lasting(call, channel.id) if m.thread_ts in {None, m.ts}]
    return _told(call, roots[::-1])


def replies(call: Arguments) -> Json:
    channel = call.channel(member=True)
    thread = call.required("ts")
    found = [m for m in _lasting(call, channel.id) if thread in {m.ts, m.thread_ts}]
    if not found:
        raise RefusedError("thread_not_found")
    return _told(call, found)


def _lasting(call: Arguments, channel: str) -> list[Message]:
    """What a history holds: no ephemeral message, and only the time that was asked for."""
    oldest, latest = call.text("oldest"), call.text("latest")
    first, last = _moment(call, "oldest", 0), _moment(call, "latest", inf)
    edges = call.flag("inclusive")
    kept = [m for m in call.workspace.messages(channel) if m.ephemeral_to is None]
    return [m for m in kept if first < float(m.ts) < last or (edges and m.ts in {oldest, latest})]


def _moment(call: Arguments, name: str, default: float) -> float:
    try:
        return float(call.text(name) or default)
    except ValueError:
        raise RefusedError(f"invalid_ts_{name}") from None


def _told(call: Arguments, messages: list[Message]) -> Json:
    found, more = page(call, messages)
    shown = [message_json(call.workspace, message) for message in found]
    if not call.flag("include_all_metadata"):
        shown = [{name: value for name, value in message.items() if name != "metadata"} for message in shown]
    return {"messages": shown, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}

"""chat.* and reactions.*"""

from __future__ import annotations

from dataclasses import replace

from playground.arguments import Arguments
from playground.objects import message_json
from playground.tickets import RefusedError
from playground.values import Channel, Json


def post_message(call: Arguments) -> Json:
    channel = _addressed(call)
    content = call.content()
    metadata = call.metadata() or None
    thread = call.text("thread_ts") or None
    workspace = call.workspace
    message = workspace.post(channel.id, workspace.app.id, thread_ts=thread, metadata=metadata, **content)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(workspace, message)}


def _addressed(call: Arguments) -> Channel:
    """A person's id stands for their direct message with the app."""
    named = call.required("channel")
    if named in call.workspace.people:
        if call.workspace.people[named].is_bot:
            raise RefusedError("cannot_dm_bot")
        return call.workspace.open_direct([named])[0]
    return call.channel(writable=True, named=True)


def post_ephemeral(call: Arguments) -> Json:
    channel = call.channel(writable=True, named=True)
    reader = call.person("user", "user_not_in_channel")
    if reader.id not in channel.members:
        raise RefusedError("user_not_in_channel")
    thread = call.text("thread_ts") or None
    workspace = call.workspace
    content = call.content()
    message = workspace.post(channel.id, workspace.app.id, thread_ts=thread, ephemeral_to=reader.id, **content)
    return {"message_ts": message.ts}


def update(call: Arguments) -> Json:
    message = call.message()
    if message.user != call.workspace.app.id:
        raise RefusedError("cant_update_message")
    given = {"text": message.text, "blocks": message.blocks, "attachments": message.attachments} | {
        name: call.values[name] for name in ("text", "blocks", "attachments") if call.values.get(name) is not None
    }
    if "text" in call.values and "blocks" not in call.values:
        given["blocks"] = []
    content = Arguments(call.workspace, given).content()
    metadata = call.metadata()
    kept = message.metadata if metadata is None else metadata or None
    changed = call.workspace.edit(message, **content, metadata=kept, edited=call.workspace.tick())
    body = message_json(call.workspace, changed)
    return {"channel": message.channel, "ts": message.ts, "text": changed.text, "message": body}


def delete(call: Arguments) -> Json:
    message = call.message()
    if message.user != call.workspace.app.id:
        raise RefusedError("cant_delete_message")
    call.workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(call: Arguments) -> Json:
    channel = call.channel()
    message = call.workspace.message(channel.id, call.required("message_ts"))
    if message is None:
        raise RefusedError("message_not_found")
    place = f"https://{call.workspace.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": place}


def add_reaction(call: Arguments) -> Json:
    name = call.required("name").strip(":")
    message = call.workspace.message(call.channel().id, call.required("timestamp"))
    if message is None:
        raise RefusedError("message_not_found")
    mark = (name, call.workspace.app.id)
    if mark in message.reactions:
        raise RefusedError("already_reacted")
    call.workspace.edit(replace(message), reactions=(*message.reactions, mark))
    return {}

"""What one person sees of the workspace, as the page draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.actor import Actor
from playground.clock import STEPS
from playground.values import Channel, File, Json, Message, Person, View

if TYPE_CHECKING:
    from playground.slack import Playground

SHOWN = 100


def scene(slack: Playground, actor: Actor, chosen: str, typed: list[Json]) -> Json:
    workspace = slack.workspace
    version = workspace.version  # read first: what changes from here on makes another one
    me = workspace.people[actor.person.id]
    channels = [actor.direct, *(c for c in list(workspace.channels.values()) if c.id != actor.direct.id and me.sees(c))]
    current = next((channel for channel in channels if channel.id == chosen), actor.direct)
    seen = workspace.messages(current.id, seen_by=me.id)[-SHOWN:]
    lines = [t for t in typed if t["user"] == me.id and t["channel"] == current.id]
    lines += [note for note in workspace.notes if note["channel"] == current.id]
    return {
        "version": version,
        "now": workspace.clock(),
        "steps": list(STEPS) if slack.can_move else [],
        "lang": me.locale.partition("-")[0],
        "team": workspace.team.name,
        "app": {"id": workspace.app.id, "name": workspace.app.name},
        "me": me.id,
        "people": [_person(person) for person in workspace.people.values()],
        "channels": [_channel(slack, channel, me) for channel in channels],
        "channel": current.id,
        "messages": sorted([*map(_message, seen), *lines], key=lambda m: float(m["ts"])),
        "modals": [_view(view) for view in slack.modals.stack(me.id)],
        "home": _view(slack.home(me.id)),
        "hasHome": slack.manifest.has_home,
        "commands": [
            {"name": command.name, "usage": command.usage, "description": command.description}
            for command in slack.manifest.commands.values()
        ],
        "shortcuts": [s for s in slack.manifest.shortcuts if s.get("type") == "message"],
        "suggestions": slack.suggestions,
        "commandWords": slack.command_words,
        "sceneWords": slack.scene_words,
        "partners": [{"id": partner.id, "name": partner.name} for partner in workspace.partners.values()],
    }


def _person(person: Person) -> Json:
    plain = {name: getattr(person, name) for name in ("id", "name", "title", "role", "locale", "tz", "is_bot")}
    return plain | {"is_guest": person.is_outside, "team": person.team_id}


def _channel(slack: Playground, channel: Channel, me: Person) -> Json:
    seen = slack.workspace.messages(channel.id, seen_by=me.id)
    last = seen[-1] if seen else None
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "topic": channel.topic,
        "members": list(channel.members),
        "shared": channel.is_ext_shared or channel.is_pending_ext_shared,
        "connected": list(channel.connected),
        "last": {"ts": last.ts, "user": last.user, "text": last.text} if last else None,
    }


def _message(message: Message) -> Json:
    return {
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread": message.thread_ts,
        "ephemeral": message.ephemeral_to is not None,
        "edited": bool(message.edited),
        "files": [_file(file) for file in message.files],
        "reactions": sorted({name for name, _ in message.reactions}),
    }


def _file(file: File) -> Json:
    return {"id": file.id, "name": file.name, "title": file.title, "size": file.size, "type": file.mimetype}


def _view(view: View | None) -> Json | None:
    return {"id": view.id, "hash": view.hash, **view.body} if view else None

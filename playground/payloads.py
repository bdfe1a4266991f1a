"""What Slack sends for each thing that a person does."""

from __future__ import annotations

from playground.objects import app_id, bot_id, handle, message_json, view_json
from playground.values import Channel, File, Json, Message, Person, View
from playground.workspace import Workspace

# Slack names every conversation that is not a channel like this in a command.
CHANNEL_NAMES = {"im": "directmessage", "mpim": "mpdm", "private": "privategroup"}
CHANNEL_TYPES = {"im": "im", "mpim": "mpim", "private": "group", "public": "channel"}
MESSAGE_EVENTS = {"im": "message.im", "mpim": "message.mpim", "private": "message.groups", "public": "message.channels"}
DEPRECATED_TOKEN = "verification-token"  # noqa: S105  Slack still sends one; no app should read it


def command(
    workspace: Workspace, person: Person, channel: Channel, name: str, text: str, *, response_url: str, trigger_id: str
) -> Json:
    where = {"team_id": workspace.team.id, "team_domain": workspace.team.domain}
    if workspace.team.enterprise_id:
        where |= {"enterprise_id": workspace.team.enterprise_id, "enterprise_name": workspace.team.name}
    return {
        "token": DEPRECATED_TOKEN,
        **where,
        "channel_id": channel.id,
        "channel_name": CHANNEL_NAMES.get(channel.kind, channel.name),
        "user_id": person.id,
        "user_name": handle(person),
        "command": name,
        "text": text,
        "response_url": response_url,
        "trigger_id": trigger_id,
        "api_app_id": app_id(workspace),
        "is_enterprise_install": "false",
    }


def event(workspace: Workspace, inner: Json, *, channel: Channel | None = None) -> Json:
    """The envelope of an event; a retry carries the same `event_id`."""
    return {
        "token": DEPRECATED_TOKEN,
        "team_id": workspace.team.id,
        "context_team_id": workspace.team.id,
        "context_enterprise_id": workspace.team.enterprise_id or None,
        "api_app_id": app_id(workspace),
        "event": {"event_ts": workspace.tick(), **inner},
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.clock()),
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "authorizations": [
            {
                "enterprise_id": workspace.team.enterprise_id or None,
                "team_id": workspace.team.id,
                "user_id": workspace.app.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }


def message_event(workspace: Workspace, message: Message, channel: Channel, kind: str) -> Json:
    person = workspace.people[message.user]
    team = workspace.team_of(person)
    inner = message_json(workspace, message) | {"type": kind, "channel": channel.id, "user_team": team}
    inner |= {"source_team": team} if channel.is_ext_shared else {}
    if kind == "message":
        inner["channel_type"] = CHANNEL_TYPES[channel.kind]
    return inner


def interaction(workspace: Workspace, person: Person, kind: str) -> Json:
    enterprise = workspace.team.enterprise_id
    team = {"id": workspace.team.id, "domain": workspace.team.domain}
    return {
        "type": kind,
        "token": DEPRECATED_TOKEN,
        "api_app_id": app_id(workspace),
        "team": team,
        "enterprise": {"id": enterprise, "name": workspace.team.name} if enterprise else None,
        "is_enterprise_install": False,
        "user": {
            "id": person.id,
            "username": handle(person),
            "name": handle(person),
            "team_id": workspace.team_of(person),
        },
    }


def in_message(workspace: Workspace, message: Message) -> Json:
    """Where an action happened; Slack shows the app no ephemeral message again."""
    channel = workspace.channels[message.channel]
    name = channel.name if channel.kind == "public" else CHANNEL_NAMES[channel.kind]
    ephemeral = message.ephemeral_to is not None
    found: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        },
        "channel": {"id": channel.id, "name": name},
    }
    if not ephemeral:
        found["message"] = message_json(workspace, message)
    return found


def in_view(workspace: Workspace, view: View, state: Json) -> Json:
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(workspace, view, state=state),
    }


def joined(workspace: Workspace, person: Person, channel: Channel, *, inviter: str = "") -> Json:
    found: Json = _membership(workspace, person, channel) | {"type": "member_joined_channel"}
    return found | ({"inviter": inviter} if inviter else {})


def left(workspace: Workspace, person: Person, channel: Channel) -> Json:
    return _membership(workspace, person, channel) | {"type": "member_left_channel"}


def _membership(workspace: Workspace, person: Person, channel: Channel) -> Json:
    kind = "C" if channel.kind == "public" else "G"
    where = {"channel": channel.id, "channel_type": kind, "team": workspace.team_of(person)}
    return {"user": person.id, **where, "bot_id": bot_id(workspace) if person.id == workspace.app.id else None}


def shared(channel: Channel, team: str) -> Json:
    return {"type": "channel_shared", "connected_team_id": team, "channel": channel.id}


def unshared(channel: Channel, team: str) -> Json:
    """`is_ext_shared` says whether it still is, with somebody else."""
    left_over = channel.is_ext_shared
    return {
        "type": "channel_unshared",
        "previously_connected_team_id": team,
        "channel": channel.id,
        "is_ext_shared": left_over,
    }


def file_shared(file: File, channel: Channel, person: Person) -> Json:
    where = {"channel_id": channel.id, "user_id": person.id}
    return {"type": "file_shared", "file_id": file.id, "file": {"id": file.id}, **where}


def rate_limited(workspace: Workspace) -> Json:
    """Instead of an event, once a minute, where there were too many in the hour."""
    minute = int(workspace.clock()) // 60 * 60
    named = {"team_id": workspace.team.id, "api_app_id": app_id(workspace), "token": DEPRECATED_TOKEN}
    return {"type": "app_rate_limited", "minute_rate_limited": minute, **named}

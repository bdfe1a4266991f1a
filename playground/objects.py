"""People, channels, messages, files and views as the Web API spells them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playground.values import Channel, File, Json, Message, Person, View
from playground.workspace import Workspace


def person_json(workspace: Workspace, person: Person, *, locale: bool = False) -> Json:
    moment = datetime.fromtimestamp(workspace.clock(), ZoneInfo(person.tz))
    offset = moment.utcoffset()
    found: Json = {
        "id": person.id,
        "team_id": workspace.team_of(person),
        "name": handle(person),
        "real_name": person.name,
        "deleted": person.deleted,
        "tz": person.tz,
        "tz_label": moment.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {"real_name": person.name, "display_name": person.name, "title": person.title},
        "is_admin": person.is_admin,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "updated": 1,
    }
    if person.email and not person.is_stranger and workspace.grants("users:read.email"):
        found["profile"]["email"] = person.email
    if person.is_stranger:
        found["is_stranger"] = True
    if locale:
        found["locale"] = person.locale
    enterprise = person.enterprise_id or (workspace.team.enterprise_id if not person.team_id else "")
    if enterprise:
        found["enterprise_user"] = {"id": person.id, "enterprise_id": enterprise, "teams": [found["team_id"]]}
    return found


def handle(person: Person) -> str:
    """The lower-case name that payloads still carry."""
    local = person.email.split("@")[0] if person.email else person.name
    return local.casefold().replace(" ", ".")


def channel_json(workspace: Workspace, channel: Channel) -> Json:
    found: Json = {
        "id": channel.id,
        "created": 1,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_org_shared": channel.is_org_shared,
        "context_team_id": workspace.team.id,
    }
    if channel.kind == "im":
        others = [m for m in channel.members if m != workspace.app.id]
        return found | {"user": others[0] if others else workspace.app.id, "is_open": True}
    return found | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_general": channel.name == "general",
        "is_shared": channel.is_shared or channel.is_ext_shared or channel.is_org_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "pending_shared": [],
        "conversation_host_id": workspace.team.id,
        "shared_team_ids": [workspace.team.id, *channel.connected],
        "connected_team_ids": list(channel.connected),
        "is_member": workspace.app.id in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def message_json(workspace: Workspace, message: Message) -> Json:
    person = workspace.people[message.user]
    found: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    found["team"] = workspace.team_of(person)
    if message.blocks:
        found["blocks"] = message.blocks
    if message.attachments:
        found["attachments"] = message.attachments
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    if message.subtype:
        found["subtype"] = message.subtype
    if message.metadata:
        found["metadata"] = message.metadata
    if message.files:
        found["files"] = [file_json(workspace, file) for file in message.files]
    if message.edited:
        found["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        found["reactions"] = _reactions(message)
    if message.user == workspace.app.id:
        found |= {"bot_id": bot_id(workspace), "app_id": app_id(workspace)}
    return found


def _reactions(message: Message) -> list[Json]:
    names = dict.fromkeys(name for name, _ in message.reactions)
    people = {name: [user for other, user in message.reactions if other == name] for name in names}
    return [{"name": name, "users": people[name], "count": len(people[name])} for name in names]


# One app lives in a workspace here, so its ids follow from the workspace's.
def app_id(workspace: Workspace) -> str:
    return "A" + workspace.team.id[1:]


def bot_id(workspace: Workspace) -> str:
    return "B" + workspace.team.id[1:]


def file_json(workspace: Workspace, file: File) -> Json:
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.name.rsplit(".", 1)[-1] if "." in file.name else "text",
        "size": file.size,
        "mode": "hosted",
        "user": file.owner,
        "channels": list(file.channels),
        "is_external": False,
        "is_public": False,
        "url_private": f"{workspace.url}/files/{file.id}/{file.name}",
        "url_private_download": f"{workspace.url}/files/{file.id}/download/{file.name}",
        "permalink": f"https://{workspace.team.domain}.slack.com/files/{file.owner}/{file.id}",
    }


def view_json(workspace: Workspace, view: View, *, state: Json | None = None) -> Json:
    body = {"private_metadata": "", "callback_id": "", "external_id": "", "submit": None, "close": None, **view.body}
    return body | {
        "id": view.id,
        "team_id": workspace.team.id,
        "app_id": app_id(workspace),
        "app_installed_team_id": workspace.team.id,
        "bot_id": bot_id(workspace),
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "state": {"values": state or {}},
    }

"""The part of the Web API that is here: the name of each method, the scope it asks for, and what does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playground.arguments import Arguments
from playground.methods import assistant, chat, conversations, files, people
from playground.methods.files import Uploads
from playground.methods.views import Views
from playground.values import Json

Call = Callable[[Arguments], Json]
CONVERSATION_SCOPES = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True, slots=True)
class Method:
    """`scope` may hold a *, which stands for the kind of the conversation."""

    call: Call
    scope: str = ""
    token: str = "xoxb"  # noqa: S105  the first letters of the token it wants


def methods(views: Views, uploads: Uploads, open_connection: Call) -> dict[str, Method]:
    return {
        "api.test": Method(people.test_api, token=""),
        "assistant.threads.setStatus": Method(assistant.set_status, "assistant:write"),
        "assistant.threads.setSuggestedPrompts": Method(assistant.suggest, "assistant:write"),
        "auth.test": Method(people.test_auth),
        "apps.connections.open": Method(open_connection, token="xapp"),  # noqa: S106
        "chat.delete": Method(chat.delete, "chat:write"),
        "chat.getPermalink": Method(chat.get_permalink),
        "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
        "chat.postMessage": Method(chat.post_message, "chat:write"),
        "chat.update": Method(chat.update, "chat:write"),
        "conversations.history": Method(conversations.history, "*:history"),
        "conversations.info": Method(conversations.info, "*:read"),
        "conversations.list": Method(conversations.list_conversations),
        "conversations.members": Method(conversations.members, "*:read"),
        "conversations.open": Method(conversations.open_conversation, "im:write"),
        "conversations.replies": Method(conversations.replies, "*:history"),
        "files.completeUploadExternal": Method(uploads.complete, "files:write"),
        "files.delete": Method(files.delete, "files:write"),
        "files.getUploadURLExternal": Method(uploads.ask, "files:write"),
        "files.info": Method(files.info, "files:read"),
        "reactions.add": Method(chat.add_reaction, "reactions:write"),
        "users.conversations": Method(conversations.list_joined),
        "users.info": Method(people.info, "users:read"),
        "users.list": Method(people.list_users, "users:read"),
        "users.lookupByEmail": Method(people.look_up_by_email, "users:read.email"),
        "views.open": Method(views.open),
        "views.publish": Method(views.publish),
        "views.push": Method(views.push),
        "views.update": Method(views.update),
    }


def scope_of(method: Method, call: Arguments) -> str:
    """The scope this call needs; a conversation's kind decides which of four."""
    if "*" not in method.scope:
        return method.scope
    channel = call.workspace.find_channel(call.text("channel"))
    return method.scope.replace("*", CONVERSATION_SCOPES[channel.kind]) if channel else ""

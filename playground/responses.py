"""Answers that come by another way than the Web API: response URLs, and the body of an acknowledgement."""

from __future__ import annotations

from typing import Any

from playground.api import WebApi
from playground.arguments import Arguments
from playground.tickets import RefusedError, Reply, Tickets
from playground.values import Json
from playground.workspace import Workspace

STATUS = {"no_such_url": 404, "expired_url": 404, "used_url": 404}


class Responses:
    def __init__(self, workspace: Workspace, tickets: Tickets, api: WebApi) -> None:
        self._workspace, self._tickets, self._api = workspace, tickets, api

    def receive(self, ticket: str, body: Any) -> tuple[int, str]:
        """One POST to a response URL: Slack's status and its one word."""
        if not isinstance(body, dict):
            return 400, "invalid_payload"
        try:
            self.apply(self._tickets.answer(ticket), body)
        except RefusedError as refusal:
            self._api.note("response_url", body, _told(refusal))
            return STATUS.get(refusal.error, 400), refusal.error
        self._api.note("response_url", body, {"ok": True})
        return 200, "ok"

    def acknowledged(self, reply: Reply, body: Any) -> bool:
        """Show what an app answered to a command at once; false if Slack would not take it."""
        said = {"text": body} if isinstance(body, str) else body
        if not isinstance(said, dict) or not (said.get("text") or said.get("blocks")):
            return not said
        try:
            self.apply(reply, said)
        except RefusedError as refusal:
            self._api.note("ack", said, _told(refusal))
            return False
        self._api.note("ack", said, {"ok": True})
        return True

    def apply(self, reply: Reply, body: Json) -> None:
        original = self._workspace.message(reply.channel, reply.message_ts) if reply.message_ts else None
        if body.get("delete_original"):
            if original:
                self._workspace.delete(original)
            return
        content = Arguments(self._workspace, body).content()
        if original and body.get("replace_original"):
            self._workspace.edit(original, **content, edited=self._workspace.tick())
            return
        public = body.get("response_type") == "in_channel"
        reader = None if public else reply.user
        thread = body.get("thread_ts")
        self._workspace.post(reply.channel, self._workspace.app.id, ephemeral_to=reader, thread_ts=thread, **content)


def _told(refusal: RefusedError) -> Json:
    return {"ok": False, "error": refusal.error, **refusal.extra}

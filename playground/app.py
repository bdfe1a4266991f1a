"""The app as the workspace meets it: what happens is told to it, and events again where it did not hear."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from playground import payloads
from playground.api import WebApi
from playground.delivery import Answer, Courier, Retry
from playground.manifest import Manifest
from playground.modals import Modals
from playground.objects import person_json
from playground.responses import Responses
from playground.tickets import Tickets
from playground.values import Channel, Json, Message, Person
from playground.workspace import Workspace


@dataclass(frozen=True, slots=True)
class App:
    workspace: Workspace
    manifest: Manifest
    courier: Courier
    tickets: Tickets
    modals: Modals
    responses: Responses
    api: WebApi
    retry_delays: Sequence[float]
    stopped: threading.Event

    def tell(self, inner: Json, *, channel: Channel | None = None) -> Answer:
        """Deliver an event; the first time in the caller's thread, again in the background as Slack does."""
        payload = payloads.event(self.workspace, inner, channel=channel)
        answer = self.courier.deliver("events_api", payload)
        if not answer.ok and answer.wants_retry and self.retry_delays:
            threading.Thread(target=self._again, args=(payload, answer.reason), daemon=True).start()
        return answer

    def _again(self, payload: Json, reason: str) -> None:
        for number, delay in enumerate(self.retry_delays, start=1):
            if self.stopped.wait(delay):
                return
            answer = self.courier.deliver("events_api", payload, Retry(number, reason))
            if answer.ok or not answer.wants_retry:
                return
            reason = answer.reason

    def tell_message(self, message: Message, channel: Channel) -> None:
        """What the app hears of a message: the message if it is in there, and a mention of it anywhere it is."""
        here = self.workspace.app.id in channel.members
        if here and self.manifest.subscribes(payloads.MESSAGE_EVENTS[channel.kind]):
            self.tell(payloads.message_event(self.workspace, message, channel, "message"), channel=channel)
        mentioned = f"<@{self.workspace.app.id}>" in message.text and channel.kind != "im"
        if here and mentioned and self.manifest.subscribes("app_mention"):
            self.tell(payloads.message_event(self.workspace, message, channel, "app_mention"), channel=channel)

    def changed(self, person: str) -> None:
        """Someone's profile is not what it was."""
        if self.manifest.subscribes("user_change"):
            found = person_json(self.workspace, self.workspace.people[person], locale=True)
            self.tell({"type": "user_change", "user": found})

    def add(self, person: Person, channel: Channel) -> None:
        """Someone, perhaps the app itself, joins a conversation."""
        self.workspace.change_channel(channel.id, members=tuple(dict.fromkeys([*channel.members, person.id])))
        if self.manifest.subscribes("member_joined_channel"):
            self.tell(payloads.joined(self.workspace, person, channel), channel=channel)

    def response_url(self, ticket: str) -> str:
        return f"{self.workspace.url}/response/{ticket}"

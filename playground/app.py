"""The app as the workspace meets it: what happens is told to it, and events again where it did not hear."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from playground import payloads
from playground.api import WebApi
from playground.delivery import Answer, Courier, Retry
from playground.manifest import Manifest
from playground.modals import Modals
from playground.objects import person_json
from playground.responses import Responses
from playground.tickets import Tickets
from playground.values import Channel, File, Json, Message, Person, Team
from playground.workspace import Workspace

EVENTS_AN_HOUR = 30_000


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
    told: deque[Json] = field(default_factory=lambda: deque(maxlen=EVENTS_AN_HOUR))

    def tell(self, inner: Json, *, channel: Channel | None = None) -> Answer:
        """Deliver an event; the first time in the caller's thread, again in the background as Slack does."""
        payload = payloads.event(self.workspace, inner, channel=channel)
        if self._too_many():
            return self.courier.deliver("events_api", payloads.rate_limited(self.workspace))
        self.told.append(payload)
        return self.deliver(payload)

    def _too_many(self) -> bool:
        full = len(self.told) == EVENTS_AN_HOUR
        return full and self.told[0]["event_time"] > self.workspace.clock() - 3600

    def deliver(self, payload: Json) -> Answer:
        """Deliver this event, be it for the second time or later than another: Slack promises neither."""
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

    def tell_file(self, file: File, channel: Channel, person: Person) -> None:
        self._tell_of(channel, payloads.file_shared(file, channel, person))

    def changed(self, person: str) -> None:
        """Someone's profile is not what it was."""
        if self.manifest.subscribes("user_change"):
            found = person_json(self.workspace, self.workspace.people[person], locale=True)
            self.tell({"type": "user_change", "user": found})

    def add(self, person: Person, channel: Channel, *, inviter: str = "") -> None:
        """Someone, perhaps the app itself, joins a conversation."""
        self.workspace.change_channel(channel.id, members=tuple(dict.fromkeys([*channel.members, person.id])))
        self._tell_of(channel, payloads.joined(self.workspace, person, channel, inviter=inviter))

    def remove(self, person: Person, channel: Channel) -> None:
        """Someone leaves a conversation; the app itself hears that it was taken out."""
        members = tuple(member for member in channel.members if member != person.id)
        self.workspace.change_channel(channel.id, members=members)
        if person.id != self.workspace.app.id:
            self._tell_of(channel, payloads.left(self.workspace, person, channel))
            return
        kind = "channel_left" if channel.kind == "public" else "group_left"
        if self.manifest.subscribes(kind):
            self.tell({"type": kind, "channel": channel.id}, channel=channel)

    def share(self, channel: Channel, team: Team) -> None:
        """Another organisation shares a channel from now on, and its people come in."""
        connected = tuple(dict.fromkeys([*channel.connected, team.id]))
        self.workspace.change_channel(channel.id, is_shared=True, is_ext_shared=True, connected=connected)
        self._tell_of(channel, payloads.shared(channel, team.id))
        for stranger in self.workspace.people_of(team.id):
            self.add(stranger, self.workspace.channels[channel.id])

    def unshare(self, channel: Channel, team: Team) -> None:
        """The organisation leaves, and its people with it."""
        for stranger in self.workspace.people_of(team.id):
            self.remove(stranger, self.workspace.channels[channel.id])
        others = tuple(each for each in channel.connected if each != team.id)
        self.workspace.change_channel(channel.id, is_shared=bool(others), is_ext_shared=bool(others), connected=others)
        self._tell_of(channel, payloads.unshared(self.workspace.channels[channel.id], team.id))

    def _tell_of(self, channel: Channel, inner: Json) -> None:
        """What happens in a conversation is told only to those in it."""
        now = self.workspace.channels[channel.id]
        if self.workspace.app.id in now.members and self.manifest.subscribes(inner["type"]):
            self.tell(inner, channel=now)

    def response_url(self, ticket: str) -> str:
        return f"{self.workspace.url}/response/{ticket}"

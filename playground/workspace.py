"""The state of one workspace: thread-safe, with its clock as an argument."""

from __future__ import annotations

import mimetypes
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from playground.values import Channel, File, Json, Message, Person, Team

Clock = Callable[[], float]
SLACKBOT = "USLACKBOT"
NOTED = 200


class Workspace:
    """People, channels, messages and files; every change raises `version` and wakes those who wait."""

    def __init__(
        self, team: Team, people: Iterable[Person], channels: Iterable[Channel], *, app: Person, clock: Clock
    ) -> None:
        self.team, self.app, self.clock = team, app, clock
        self.people = {person.id: person for person in [*people, app, Person(SLACKBOT, "Slackbot", is_bot=True)]}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.version = 0
        self.url = ""
        self.scopes: frozenset[str] | None = None
        self.partners: dict[str, Team] = {}
        self.notes: list[Json] = []
        self._messages: dict[str, list[Message]] = {}
        self._last_tick = 0
        self._changed = threading.Condition(threading.RLock())
        for channel in channels:
            self.add_channel(channel)
        for person in list(self.people.values()):
            if not person.is_bot:
                self.open_direct([person.id])

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock, then tell everyone who waits that something changed."""
        with self._changed:
            yield
            self.version += 1
            self._changed.notify_all()

    def wait(self, seconds: float, *, after: int) -> int:
        """The version, as soon as it is another than `after`, or when the time is over."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while self.version == after and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            return self.version

    # Slack's own ids tell the kind by the first letter; bots rely on it for U, W, C, G and D.
    def new_id(self, letter: str) -> str:
        return f"{letter}0{secrets.token_hex(5).upper()}"

    def tick(self) -> str:
        """A `ts`: the clock's time, never the same twice and never backwards."""
        with self._changed:
            self._last_tick = max(int(self.clock() * 1_000_000), self._last_tick + 1)
            return f"{self._last_tick // 1_000_000}.{self._last_tick % 1_000_000:06d}"

    def grants(self, scope: str) -> bool:
        """Whether the app was installed with this scope; without a list of scopes it has them all."""
        return self.scopes is None or scope in self.scopes

    def person_by_email(self, email: str) -> Person | None:
        matches = (p for p in self.people.values() if p.email and p.email.casefold() == email.casefold())
        return next(matches, None)

    def team_of(self, person: Person) -> str:
        return person.team_id or self.team.id

    def people_of(self, team: str) -> list[Person]:
        return [person for person in self.people.values() if self.team_of(person) == team]

    def add_channel(self, channel: Channel) -> None:
        members = dict.fromkeys([*channel.members, *([self.app.id] if channel.with_app else [])])
        with self.change():
            self.channels[channel.id] = replace(channel, members=tuple(members))
            self._messages.setdefault(channel.id, [])

    def change_channel(self, channel: str, **what: Any) -> None:
        with self.change():
            self.channels[channel] = replace(self.channels[channel], **what)

    def change_person(self, person: str, **what: Any) -> None:
        with self.change():
            self.people[person] = replace(self.people[person], **what)

    def note(self, channel: str, what: str, **names: str) -> None:
        """Something that happened in a conversation and that people see, but that is no message."""
        with self.change():
            self.notes.append({"ts": self.tick(), "channel": channel, "note": what, "names": names})
            del self.notes[:-NOTED]

    def remove_channel(self, channel: str) -> None:
        """It vanishes, with all that was said in it."""
        with self.change():
            del self.channels[channel]
            del self._messages[channel]

    def find_channel(self, named: str) -> Channel | None:
        """A conversation by id, by name, with or without #."""
        if named in self.channels:
            return self.channels[named]
        return next((c for c in list(self.channels.values()) if c.name and c.name == named.removeprefix("#")), None)

    def open_direct(self, people: Iterable[str]) -> tuple[Channel, bool]:
        """The conversation of the app with these people, and whether it was there already."""
        members = {*people, self.app.id}
        with self._changed:
            for channel in self.channels.values():
                if channel.is_direct and set(channel.members) == members:
                    return channel, True
            one = len(members) == 2
            identity = f"D0{min(members - {self.app.id})}" if one else self.new_id("G")
            channel = Channel(identity, kind="im" if one else "mpim", members=tuple(sorted(members)))
            self.add_channel(channel)
            return channel, False

    def messages(self, channel: str, *, seen_by: str | None = None) -> list[Message]:
        """The messages in order of time; with `seen_by`, those which that person sees."""
        with self._changed:
            found = list(self._messages.get(channel, []))
        return [m for m in found if m.ephemeral_to is None or seen_by in {None, m.ephemeral_to}]

    def message(self, channel: str, ts: str) -> Message | None:
        return next((m for m in self.messages(channel) if m.ts == ts), None)

    def post(self, channel: str, user: str, text: str = "", **what: Any) -> Message:
        message = Message(channel, self.tick(), user, text, **what)
        message = replace(message, blocks=self.with_block_ids(message.blocks))
        with self.change():
            self._messages[channel].append(message)
        return message

    def edit(self, message: Message, **what: Any) -> Message:
        changed = replace(message, **what)
        changed = replace(changed, blocks=self.with_block_ids(changed.blocks))
        with self.change():
            kept = self._messages[message.channel]
            kept[[m.ts for m in kept].index(message.ts)] = changed
        return changed

    def keep_file(self, name: str, content: bytes, *, owner: str, **what: Any) -> File:
        """A new file; its kind follows from its name."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        given = {"id": self.new_id("F"), "title": name, **what}
        file = File(name=name, content=content, mimetype=kind, owner=owner, created=int(self.clock()), **given)
        with self.change():
            self.files[file.id] = file
        return file

    def shows_app(self, file: File) -> bool:
        """Whether the app may read a file: its own, or one of a conversation that it is in."""
        here = (self.channels[channel].members for channel in file.channels if channel in self.channels)
        return file.owner == self.app.id or any(self.app.id in members for members in here)

    def delete(self, message: Message) -> None:
        with self.change():
            kept = self._messages[message.channel]
            self._messages[message.channel] = [m for m in kept if m.ts != message.ts]

    def with_block_ids(self, blocks: Iterable[Json]) -> list[Json]:
        """The blocks as Slack keeps them: each block and each element of an action has an id."""
        return [self._with_ids(block) for block in blocks]

    def _with_ids(self, block: Json) -> Json:
        named = {"block_id": secrets.token_urlsafe(4), **block}
        if named["type"] == "actions":
            named["elements"] = [{"action_id": secrets.token_urlsafe(4), **e} for e in named["elements"]]
        for place in ("accessory", "element"):
            if place in named and named[place]["type"] != "image":
                named[place] = {"action_id": secrets.token_urlsafe(4), **named[place]}
        return named

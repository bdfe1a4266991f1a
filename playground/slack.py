"""The whole box: a workspace, its Web API, its deliveries to one app, and the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from playground import methods, web
from playground.actor import Actor
from playground.api import Request, WebApi
from playground.app import App
from playground.clock import MovableClock
from playground.delivery import Courier
from playground.faults import Fault
from playground.manifest import Manifest
from playground.methods.files import Uploads
from playground.methods.views import Views
from playground.modals import Modals
from playground.objects import app_id
from playground.paces import Paces
from playground.responses import Responses
from playground.server import Server
from playground.sockets import Sockets
from playground.tickets import TRIGGER_SECONDS, Tickets
from playground.values import Channel, File, Json, Message, Person, Team, View
from playground.workspace import Clock, Workspace

APP_USER = "U0APUNTADOR"
PATIENCE_S = 30
# By language: how roles and topics read, {"viewer": …}; what an empty conversation offers to try,
# [{"label": …, "text": …}]; and what the completion says of a command where the manifest has only one language,
# {"/health": {"usage": …, "description": …}}.
Suggestions = Mapping[str, Sequence[Mapping[str, str]]]
CommandWords = Mapping[str, Mapping[str, Mapping[str, str]]]


class Playground:
    """A Slack in a box; see the package's docstring for how to use it."""

    def __init__(
        self,
        *,
        people: Iterable[Person],
        channels: Iterable[Channel] = (),
        manifest: Json | None = None,
        team: Team | None = None,
        partners: Iterable[Team] = (),
        clock: Clock = time.time,
        app_url: str = "",
        signing_secret: str = "playground-signing-secret",  # noqa: S107  a secret of a box without secrets
        bot_token: str = "xoxb-playground",  # noqa: S107
        app_token: str = "xapp-playground",  # noqa: S107
        paced: bool = False,
        ack_seconds: float = TRIGGER_SECONDS,
        retry_delays: Sequence[float] = (0, 60, 300),
        suggestions: Suggestions | None = None,
        command_words: CommandWords | None = None,
        scene_words: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.manifest = Manifest(manifest)
        self.signing_secret, self.bot_token, self.app_token = signing_secret, bot_token, app_token
        self.suggestions, self.command_words = suggestions or {}, command_words or {}
        self.scene_words = scene_words or {}
        bot = Person(APP_USER, self.manifest.app_name, is_bot=True)
        self.workspace = Workspace(team or Team(), people, channels, app=bot, clock=clock)
        self.workspace.scopes = self.manifest.scopes
        self.workspace.partners = {partner.id: partner for partner in partners}
        self._movable = clock if isinstance(clock, MovableClock) else None
        self.moved: list[Callable[[], object]] = []
        self._stopped = threading.Event()
        self.tickets, self.modals = Tickets(clock, trigger_seconds=ack_seconds), Modals(self.workspace)
        self.sockets = Sockets(app_id(self.workspace))
        self.uploads = Uploads(self.workspace)
        table = methods.methods(Views(self.modals, self.tickets), self.uploads, self.sockets.open)
        self.api = WebApi(self.workspace, table, {"xoxb": bot_token, "xapp": app_token})
        self.api.paces = Paces() if paced else None
        self.responses = Responses(self.workspace, self.tickets, self.api)
        self.courier = Courier(signing_secret, ack_seconds=ack_seconds, socket=self.sockets.deliver)
        self.courier.app_url = app_url
        self.app = App(
            self.workspace,
            self.manifest,
            self.courier,
            self.tickets,
            self.modals,
            self.responses,
            self.api,
            retry_delays,
            self._stopped,
        )
        self._server: Server | None = None

    # -- start and stop

    def start(self, port: int = 0) -> Self:
        """Serve the Web API and the page on 127.0.0.1; port 0 takes a free one."""
        self._server = Server(web.build(self), port)
        self.workspace.url = f"http://127.0.0.1:{self._server.port}"
        return self

    def stop(self) -> None:
        self._stopped.set()
        self.api.stopped.set()
        with self.workspace.change():
            pass
        self.sockets.stop()
        if self._server:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    @property
    def url(self) -> str:
        """The page."""
        return f"{self.workspace.url}/"

    @property
    def api_url(self) -> str:
        """What the app takes as SLACK_API_URL."""
        return f"{self.workspace.url}/api/"

    @property
    def app_url(self) -> str:
        """Where the app listens for signed requests, with its path (`…/slack/events`)."""
        return self.courier.app_url

    @app_url.setter
    def app_url(self, url: str) -> None:
        self.courier.app_url = url

    # -- act and look

    def as_user(self, person: str) -> Actor:
        """Someone's hands, by id or e-mail."""
        found = self.workspace.people.get(person) or self.workspace.person_by_email(person)
        if found is None:
            raise LookupError(f"nobody is {person!r}")
        return Actor(self.app, found)

    @property
    def first_person(self) -> str:
        """Who the page is at first: the first of the people given."""
        return next(person.id for person in self.workspace.people.values() if not person.is_bot)

    def direct(self, person: str) -> str:
        """The id of a person's direct message with the app."""
        return self.as_user(person).direct.id

    def messages(self, channel: str | None = None, *, seen_by: str | None = None) -> list[Message]:
        """The messages of a conversation, oldest first; without one, those of `seen_by`'s direct message."""
        named = channel or (self.direct(seen_by) if seen_by else "")
        found = self.workspace.find_channel(named)
        if found is None:
            raise LookupError(f"no conversation {named!r}")
        return self.workspace.messages(found.id, seen_by=seen_by)

    def last(self, channel: str | None = None, *, seen_by: str | None = None) -> Message:
        """The newest message there."""
        return self.messages(channel, seen_by=seen_by)[-1]

    def modal(self, person: str) -> View | None:
        """What lies on top on a person's screen."""
        return self.modals.top(person)

    def home(self, person: str) -> View | None:
        return self.modals.homes.get(person)

    def files(self, person: str) -> list[File]:
        """The files of every conversation that a person is in, oldest first."""
        channels = {c.id for c in list(self.workspace.channels.values()) if person in c.members}
        return [file for file in list(self.workspace.files.values()) if channels & set(file.channels)]

    @property
    def requests(self) -> list[Request]:
        """Every call of the Web API so far, with its answer; also `response_url` posts and what `ack` bodies say."""
        return list(self.api.log)

    @property
    def refused(self) -> list[Request]:
        """The calls that Slack would not have taken."""
        return [request for request in self.requests if request.error]

    @property
    def told(self) -> list[Json]:
        """Every event so far, in its envelope; `tell_again` delivers one once more."""
        return list(self.app.told)

    def tell_again(self, event: Json) -> None:
        self.app.deliver(event)

    def revoke(self, *, revoked: bool = True) -> None:
        """The bot's token is worth nothing from now on, or again something."""
        self.api.revoked = revoked

    # -- time

    @property
    def can_move(self) -> bool:
        return self._movable is not None

    def move_to(self, moment: float) -> None:
        """Let it be later; signatures and waiting stay in real time. Whoever is in `moved` is told then."""
        if self._movable is None:
            raise LookupError("the clock cannot be moved")
        with self.workspace.change():
            self._movable.move_to(moment)
        for tell in self.moved:
            tell()

    def fail_next(self, method: str, fault: Fault | str, *, times: int = 1) -> None:
        """Let the next calls of a method fail: with one of Slack's errors, or as a `Fault` says."""
        self.api.faults.plan(method, Fault(error=fault) if isinstance(fault, str) else fault, times=times)

    def wait(self, condition: Callable[[], object], *, seconds: float = PATIENCE_S) -> None:
        """Go on as soon as the condition holds; one that finds no message, modal or element yet does not hold."""
        deadline = time.monotonic() + seconds
        while True:
            version = self.workspace.version
            with suppress(LookupError, AttributeError):
                if condition():
                    return
            if time.monotonic() > deadline:
                calls = [(request.method, request.error) for request in self.requests[-5:]]
                raise TimeoutError(f"not within {seconds} s; the last calls: {calls}")
            # Some conditions look at the app, of whose changes nothing is heard here: look again soon.
            self.workspace.wait(0.05, after=version)

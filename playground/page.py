"""The page's own doors: its static files, what a person sees, what a person does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask

from playground.actor import Actor, Outcome
from playground.attachments import attachment, picture
from playground.clock import after
from playground.scene import scene
from playground.values import Json, Message, View

if TYPE_CHECKING:
    from playground.slack import Playground

STATIC = Path(__file__).parent / "static"
LONGEST_WAIT = 15.0
# Fewer than waitress has threads, so that pages that wait never keep the app from being served.
WAITING_PAGES = 8
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def add(web: flask.Flask, slack: Playground) -> None:
    doors = Doors(slack)
    web.after_request(guard)
    web.add_url_rule("/", view_func=doors.index)
    web.add_url_rule("/static/<path:name>", view_func=doors.static)
    web.add_url_rule("/page/scene", view_func=doors.look)
    web.add_url_rule("/page/act", view_func=doors.act, methods=["POST"])
    web.add_url_rule("/page/upload", view_func=doors.share, methods=["POST"])
    web.add_url_rule("/page/files/<identity>", view_func=doors.file)


def guard(response: flask.Response) -> flask.Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


class Doors:
    def __init__(self, slack: Playground) -> None:
        self._slack = slack
        self._places = threading.BoundedSemaphore(WAITING_PAGES)
        self._typed: list[Json] = []

    def index(self) -> flask.Response:
        return flask.send_from_directory(STATIC, "index.html")

    def static(self, name: str) -> flask.Response:
        return flask.send_from_directory(STATIC, name)

    def look(self) -> flask.Response:
        """What this person sees, as soon as it is another version than the one they have."""
        asked = flask.request.args
        seconds = min(asked.get("wait", 0.0, float), LONGEST_WAIT)
        if seconds > 0 and self._places.acquire(blocking=False):
            try:
                self._slack.workspace.wait(seconds, after=asked.get("after", -1, int))
            finally:
                self._places.release()
        person = self._person(asked.get("person", ""))
        return flask.jsonify(scene(self._slack, person, asked.get("channel", ""), self._typed))

    def act(self) -> flask.Response | tuple[flask.Response, int]:
        """Do what someone did in the page; only JSON, which no other site's form can send."""
        said = flask.request.get_json()
        done = DEEDS.get(str(said.get("do"))) if isinstance(said, dict) else None
        if done is None:
            return flask.jsonify({"error": "unknown"}), 400
        actor = self._person(str(said.get("person")))
        if said["do"] == "command":
            self._note(actor, said)
        try:
            result = done(self._slack, actor, said)
        except LookupError as error:
            return flask.jsonify({"error": "gone", "detail": str(error)}), 409
        outcome = result if isinstance(result, Outcome) else Outcome()
        more = {"options": result} if isinstance(result, list) else {}
        return flask.jsonify({"error": outcome.error, "errors": dict(outcome.errors), **more})

    def share(self) -> flask.Response:
        """A file that someone shares: its bytes as they are, of a content type that no form can send."""
        asked = flask.request.args
        if flask.request.mimetype != "application/octet-stream":
            flask.abort(415)
        actor = self._person(asked.get("person", ""))
        actor.upload(asked["name"], flask.request.get_data(), text=asked.get("text", ""), channel=asked.get("channel"))
        return flask.jsonify({"error": "", "errors": {}})

    def file(self, identity: str) -> flask.Response:
        person = self._person(flask.request.args.get("person", "")).person.id
        known = self._slack.workspace.files.get(identity)
        if known is None or (known.channels and known not in self._slack.files(person)):
            flask.abort(404)
        return picture(known) if "inline" in flask.request.args else attachment(known)

    def _person(self, named: str) -> Actor:
        try:
            return self._slack.as_user(named) if named else self._slack.as_user(self._slack.first_person)
        except LookupError:
            flask.abort(404)

    def _note(self, actor: Actor, said: Json) -> None:
        """Remember a typed command for its author's page: Slack keeps none, but a first visitor looks for it."""
        typed = {"ts": self._slack.workspace.tick(), "user": actor.person.id, "typed": str(said["text"])}
        self._typed.append(typed | {"channel": said.get("channel") or actor.direct.id})
        del self._typed[:-200]


def _place(slack: Playground, actor: Actor, said: Json) -> Message | View:
    """The message or view on this person's screen in which they did something."""
    return _view(slack, actor, said) if "view" in said else _message(slack, actor, said)


def _view(slack: Playground, actor: Actor, said: Json) -> View:
    views = [*slack.modals.stack(actor.person.id), slack.home(actor.person.id)]
    for view in views:
        if view and view.id == said["view"]:
            return view
    raise LookupError("it is not there any more")


def _message(slack: Playground, actor: Actor, said: Json) -> Message:
    for message in slack.messages(said["channel"], seen_by=actor.person.id):
        if message.ts == said["ts"]:
            return message
    raise LookupError("it is not there any more")


def _click(slack: Playground, actor: Actor, said: Json) -> Outcome:
    where = _place(slack, actor, said)
    return actor.click(where, said["action_id"], block_id=said["block_id"], values=said.get("values"))


def _choose(slack: Playground, actor: Actor, said: Json) -> Outcome:
    where = _place(slack, actor, said)
    values, block = said.get("values"), said["block_id"]
    return actor.choose(where, said["action_id"], said["choice"], block_id=block, values=values)


def _submit(slack: Playground, actor: Actor, said: Json) -> Outcome:
    return actor.submit(said.get("values"), view=_view(slack, actor, said))


def _suggest(slack: Playground, actor: Actor, said: Json) -> list[Json]:
    return actor.suggest(_place(slack, actor, said), said["action_id"], str(said["typed"]))


def _shortcut(slack: Playground, actor: Actor, said: Json) -> Outcome:
    return actor.shortcut(_message(slack, actor, said), said["callback_id"])


def _move(slack: Playground, actor: Actor, said: Json) -> None:
    slack.move_to(after(said["step"], slack.workspace.clock(), actor.person.tz))


Deed = Callable[["Playground", Actor, Json], Any]
DEEDS: dict[str, Deed] = {
    "say": lambda _, actor, said: actor.say(said["text"], channel=said.get("channel"), thread=said.get("thread")),
    "command": lambda _, actor, said: actor.command(
        said["text"], channel=said.get("channel"), thread=said.get("thread")
    ),
    "click": _click,
    "choose": _choose,
    "suggest": _suggest,
    "submit": _submit,
    "shortcut": _shortcut,
    "speak": lambda _, actor, said: actor.speak(str(said["language"])),
    "share": lambda _, actor, said: actor.share(said["channel"], said["team"]),
    "unshare": lambda _, actor, said: actor.unshare(said["channel"], said["team"]),
    "invite": lambda _, actor, said: actor.invite(said["who"], said["channel"]),
    "remove": lambda _, actor, said: actor.remove(said["who"], said["channel"]),
    "move": _move,
    "close": lambda _, actor, said: actor.close(everything=bool(said.get("everything"))),
    "home": lambda _, actor, said: actor.open_home(said.get("tab", "home")),
}

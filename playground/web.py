"""The doors of the playground: the Web API, uploads, downloads and response URLs, behind the same guard as the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import flask
from waitress.channel import ClientDisconnected

from playground import page
from playground.attachments import attachment
from playground.values import Json

if TYPE_CHECKING:
    from playground.slack import Playground

LONGEST_UPLOAD = 64 * 1024 * 1024
Answer = flask.Response | tuple[flask.Response, int]


def build(slack: Playground) -> flask.Flask:
    """The Flask application of one playground; nothing of it lives in the module."""
    web = flask.Flask("playground", static_folder=None)
    # A cut connection is an exception that must reach waitress: it then closes the socket without a word.
    web.config.update(PROPAGATE_EXCEPTIONS=True, MAX_CONTENT_LENGTH=LONGEST_UPLOAD)
    web.before_request(only_from_here)
    web.add_url_rule("/api/<method>", view_func=Doors(slack).call, methods=["GET", "POST"])
    web.add_url_rule("/upload/<identity>", view_func=Doors(slack).upload, methods=["POST"])
    web.add_url_rule("/response/<ticket>", view_func=Doors(slack).respond, methods=["POST"])
    web.add_url_rule("/files/<identity>/<path:name>", view_func=Doors(slack).download)
    page.add(web, slack)
    return web


def only_from_here() -> None:
    """Refuse a foreign Host (DNS rebinding) and a foreign Origin (another site's page writing here)."""
    host = urlsplit(f"//{flask.request.host}").hostname
    if host not in {"127.0.0.1", "localhost"}:
        flask.abort(403)
    origin = flask.request.headers.get("Origin")
    if origin is not None and origin != f"http://{flask.request.host}":
        flask.abort(403)


class Doors:
    def __init__(self, slack: Playground) -> None:
        self._slack = slack

    def call(self, method: str) -> Answer:
        values = sent()
        answer = self._slack.api.call(method, bearer() or str(values.get("token", "")), values)
        if answer.cut:
            raise ClientDisconnected
        response = flask.jsonify(answer.body)
        response.headers.update(answer.headers)
        return response, answer.status

    def upload(self, identity: str) -> Answer:
        multipart = flask.request.mimetype == "multipart/form-data"
        content = next(iter(flask.request.files.values())).read() if multipart else flask.request.get_data()
        kept = self._slack.uploads.receive(identity, content)
        word = f"OK - {len(content)}" if kept else "length mismatch or unknown upload"
        return flask.Response(word, content_type="text/plain"), 200 if kept else 400

    def respond(self, ticket: str) -> Answer:
        body = flask.request.get_json(silent=True, force=True) or flask.request.form.get("payload")
        status, word = self._slack.responses.receive(ticket, body)
        return flask.Response(word, content_type="text/plain"), status

    def download(self, identity: str, name: str) -> Answer:
        """A private download: with the bot's token and the scope for it; without, as in Slack, its page to log in."""
        del name
        workspace = self._slack.workspace
        file = workspace.files.get(identity)
        if not (self._slack.api.accepts(bearer()) and workspace.grants("files:read")):
            return flask.Response("<!doctype html><title>Sign in</title>", content_type="text/html"), 200
        if file is None or not workspace.shows_app(file):
            flask.abort(404)
        return attachment(file)


def bearer() -> str:
    return flask.request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def sent() -> Json:
    """The arguments, from the query, a form or a JSON body, in this order of growing weight."""
    found: dict[str, Any] = {**flask.request.args, **flask.request.form}
    body = flask.request.get_json(silent=True) if flask.request.is_json else None
    return {**found, **body} if isinstance(body, dict) else found

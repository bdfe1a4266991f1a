"""What the app is sent, and what people see when it does not answer."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from tests.stage import PATIENCE_S

LITTLE, TOO_LATE = 1.5, 10


class Ear:
    """An app that only listens: it keeps what it hears and answers what it is told to."""

    def __init__(self):
        self.heard, self.answers = [], []
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.heard.append((dict(self.headers), body))
                status, said, wait = ear.answers.pop(0) if ear.answers else (200, "", 0)
                threading.Event().wait(wait)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"


@pytest.fixture
def patience():
    """Seconds for an acknowledgement: plenty, where none is to come too late."""
    return PATIENCE_S


in_little_time = pytest.mark.parametrize("patience", [LITTLE], ids=[""])


@pytest.fixture
def ear(open_box, patience):
    ear = Ear()
    ear.slack = open_box(app_url=ear.url, ack_seconds=patience)
    yield ear
    ear.server.shutdown()
    ear.server.server_close()


def said_by_slackbot(slack):
    message = slack.last(seen_by="U1")
    assert (message.user, message.ephemeral_to) == ("USLACKBOT", "U1")
    return message.text


def test_a_command_is_a_signed_form(ear):
    assert ear.slack.as_user("U1").command("/health", "ácme & co", channel="C1").ok
    headers, body = ear.heard[0]
    basis = b"v0:" + headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    digest = hmac.new(ear.slack.signing_secret.encode(), basis, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={digest}"
    form = {name: value[0] for name, value in parse_qs(body.decode()).items()}
    assert form["text"] == "ácme & co"
    assert form["command"] == "/health"
    assert (form["user_id"], form["channel_id"], form["channel_name"]) == ("U1", "C1", "general")
    assert form["response_url"].startswith(ear.slack.workspace.url)
    assert {"team_id", "team_domain", "trigger_id", "api_app_id", "is_enterprise_install", "token"} <= set(form)


def test_in_a_direct_message_the_channel_is_called_so(ear):
    ear.slack.as_user("U1").command("/health")
    assert b"channel_name=directmessage" in ear.heard[0][1]


def test_only_commands_of_the_manifest_exist(ear):
    assert ear.slack.as_user("U1").command("/nonsense").error == "not_a_command"
    assert said_by_slackbot(ear.slack) == "/nonsense is not a valid command."
    assert ear.heard == []


def test_commands_do_not_work_in_threads(ear):
    root = ear.slack.workspace.post("C1", "U1", "root")
    assert ear.slack.as_user("U1").command("/health", channel="C1", thread=root.ts).error == "not_in_threads"
    assert ear.heard == []


def test_a_guest_is_kept_out_of_public_channels(ear):
    with pytest.raises(LookupError):
        ear.slack.as_user("U3").command("/health", channel="C1")


@in_little_time
def test_too_late_and_broken(ear):
    ear.answers = [(200, "", TOO_LATE), (500, "", 0), (404, "", 0)]
    ana = ear.slack.as_user("U1")
    assert ana.command("/health").error == "operation_timeout"
    assert said_by_slackbot(ear.slack) == "/health failed with the error “operation_timeout”"
    assert ana.command("/health").error == "dispatch_failed"
    assert ana.command("/health").error == "dispatch_failed"
    assert said_by_slackbot(ear.slack) == "/health failed with the error “dispatch_failed”"


def test_nobody_listens(open_box):
    slack = open_box(app_url="http://127.0.0.1:9/slack/events")
    assert slack.as_user("U1").command("/health").error == "dispatch_failed"


def test_an_answer_that_slack_refuses(ear):
    ear.answers = [(200, json.dumps({"blocks": [{"type": "poster"}]}), 0), (200, json.dumps({"text": "aloud"}), 0)]
    assert ear.slack.as_user("U1").command("/health").error == "invalid_command_response"
    assert ear.slack.refused[0].method == "ack"
    assert ear.slack.as_user("U1").command("/health").ok
    assert ear.slack.last(seen_by="U1").text == "aloud"


@in_little_time
def test_an_event_is_retried_three_times_and_is_the_same(ear):
    ear.answers = [(500, "", 0), (200, "", TOO_LATE), (500, "", 0), (500, "", 0)]
    ear.slack.as_user("U1").say("hello")
    ear.slack.wait(lambda: len(ear.heard) == 4)
    envelopes = [json.loads(body) for _, body in ear.heard]
    assert len({envelope["event_id"] for envelope in envelopes}) == 1
    marks = [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h, _ in ear.heard]
    assert marks == [(None, None), ("1", "http_error"), ("2", "http_timeout"), ("3", "http_error")]
    event = envelopes[0]["event"]
    assert (event["type"], event["channel_type"], event["text"]) == ("message", "im", "hello")
    assert envelopes[0]["authorizations"][0]["user_id"] == ear.slack.workspace.app.id


def test_a_mention_in_a_shared_channel_says_so(ear):
    ear.slack.as_user("U3").mention("how is it?", channel="C3")
    [envelope] = [json.loads(body) for _, body in ear.heard]
    assert envelope["event"]["type"] == "app_mention"
    assert envelope["is_ext_shared_channel"] is True
    assert envelope["event"]["source_team"] == ear.slack.workspace.team.id


def test_the_app_does_not_hear_channels_it_is_not_in(ear):
    ear.slack.as_user("U1").mention("psst", channel="C2")
    assert ear.heard == []
    with pytest.raises(LookupError):
        ear.slack.as_user("U2").say("let me in", channel="C2")


def test_a_click_on_an_ephemeral_message_shows_the_app_no_message(ear):
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "v"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    seen = ear.slack.workspace.post("C1", ear.slack.workspace.app.id, "x", blocks=blocks)
    private = ear.slack.workspace.post("C1", ear.slack.workspace.app.id, "x", blocks=blocks, ephemeral_to="U1")
    for message in (seen, private):
        ear.slack.as_user("U1").click(message, text="Go")
    first, second = [json.loads(parse_qs(body.decode())["payload"][0]) for _, body in ear.heard]
    assert first["message"]["ts"] == seen.ts
    assert "message" not in second
    assert second["container"]["is_ephemeral"] is True
    assert (second["actions"][0]["value"], second["actions"][0]["block_id"]) == ("v", "b")
    with pytest.raises(LookupError, match="Go"):
        ear.slack.as_user("U1").click(seen, text="Stop")

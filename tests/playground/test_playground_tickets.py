import json
import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import tickets
from tests.playground.stagehand import section

MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [section("x")]}


@pytest.fixture
def moving(open_box):
    """A box whose clock moves only when told to."""
    now = [1_800_000_000.0]
    slack = open_box(clock=lambda: now[0], ack_seconds=tickets.TRIGGER_SECONDS)
    slack.now = now
    return slack


def opened(slack, trigger):
    try:
        return WebClient(slack.bot_token, base_url=slack.api_url).views_open(trigger_id=trigger, view=MODAL)["ok"]
    except SlackApiError as error:
        return error.response["error"]


def test_a_trigger_is_good_once_and_for_three_seconds(moving):
    trigger = moving.tickets.trigger("U1")
    moving.now[0] += tickets.TRIGGER_SECONDS
    assert opened(moving, trigger) is True
    assert opened(moving, trigger) == "exchanged_trigger_id"
    late = moving.tickets.trigger("U1")
    moving.now[0] += tickets.TRIGGER_SECONDS + 0.1
    assert opened(moving, late) == "expired_trigger_id"
    assert opened(moving, "1.2.3") == "invalid_trigger_id"


def respond(slack, ticket, **body):
    request = urllib.request.Request(f"{slack.workspace.url}/response/{ticket}", json.dumps(body).encode())  # noqa: S310
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()


def test_a_response_url_is_good_five_times_in_half_an_hour(moving):
    ticket = moving.tickets.reply("U1", "C2")
    assert [respond(moving, ticket, text=str(n)) for n in range(6)] == ["ok"] * 5 + ["used_url"]
    assert moving.last("C2", seen_by="U1").ephemeral_to == "U1"
    late = moving.tickets.reply("U1", "C2")
    moving.now[0] += tickets.RESPONSE_SECONDS + 1
    assert respond(moving, late, text="x") == "expired_url"
    assert respond(moving, "nothing", text="x") == "no_such_url"


def test_what_a_response_does(moving):
    message = moving.workspace.post("C1", moving.workspace.app.id, "first")
    ticket = moving.tickets.reply("U1", "C1", message_ts=message.ts)
    respond(moving, ticket, text="aloud", response_type="in_channel")
    assert moving.last("C1").ephemeral_to is None
    respond(moving, ticket, text="second", replace_original=True)
    assert [m.text for m in moving.messages("C1")] == ["second", "aloud"]
    respond(moving, ticket, delete_original=True)
    assert [m.text for m in moving.messages("C1")] == ["aloud"]
    assert respond(moving, ticket, text="x", blocks=[section("")]) == "invalid_blocks"
    assert moving.refused[-1].method == "response_url"


def test_a_ts_is_never_the_same_twice(moving):
    stamps = [moving.workspace.tick() for _ in range(50)]
    moving.now[0] -= 100
    stamps.append(moving.workspace.tick())
    assert stamps == sorted(set(stamps))

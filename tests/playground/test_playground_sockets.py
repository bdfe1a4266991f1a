"""Socket Mode against slack_sdk's own client."""

import json

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.sync.client import connect

from tests.playground.stagehand import Stagehand


@pytest.fixture
def linked(slack):
    hand = Stagehand(slack, socket=True)
    yield hand
    hand.stop()


def test_commands_forms_and_events_go_over_the_socket(slack, linked):
    ana = slack.as_user("U1")
    assert ana.command("/health", "acme", channel="C1").ok
    slack.wait(lambda: slack.messages("C1", seen_by="U1"))
    ana.click(slack.last("C1", seen_by="U1"), text="Log a touch")
    slack.wait(lambda: slack.modal("U1"))
    [globex] = ana.suggest(None, "account", "glo")
    filled = {"account": {"account": globex}, "kind": "call", "note": "no"}
    assert ana.submit(filled).errors == {"note": "Tell me a little more."}
    assert ana.submit({**filled, "note": "They are glad"}).ok
    slack.wait(lambda: slack.messages(seen_by="U1"))
    ana.say("hello")
    slack.wait(lambda: slack.last(seen_by="U1").text == "You said: hello")
    assert ana.command("/quick").ok
    assert slack.last(seen_by="U1").text == "At once."
    assert not slack.refused


def address(slack):
    return WebClient(slack.app_token, base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"]


def test_envelopes_take_turns_and_an_ack_in_time(open_box):
    slack = open_box(ack_seconds=0.2, retry_delays=())
    with connect(address(slack)) as one, connect(address(slack)) as other:
        assert [json.loads(link.recv())["type"] for link in (one, other)] == ["hello", "hello"]
        slack.wait(lambda: slack.sockets.connected == 2)
        ana = slack.as_user("U1")
        assert [ana.command("/health").error for _ in range(2)] == ["operation_timeout"] * 2
        envelopes = [json.loads(link.recv()) for link in (one, other)]
        assert {envelope["type"] for envelope in envelopes} == {"slash_commands"}
        assert envelopes[0]["envelope_id"] != envelopes[1]["envelope_id"]
        assert envelopes[0]["payload"]["command"] == "/health"
        slack.sockets.disconnect()
        assert json.loads(one.recv())["type"] == "disconnect"


def test_the_address_wants_an_app_token_and_is_good_once(slack):
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        WebClient(slack.bot_token, base_url=slack.api_url).apps_connections_open(app_token=slack.bot_token)
    url = address(slack)
    with connect(url) as link:
        assert json.loads(link.recv())["type"] == "hello"
        with connect(url) as second, pytest.raises(Exception, match="link_disabled"):
            second.recv()

"""Who may read a channel changes while the app is in it."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Person, Team
from playground.delivery import Answer
from tests.playground.stagehand import PEOPLE

PARTNER = Team("T0HARBOR", "Harborlight Ltd", "harborlight")
NORA = Person("U8", "Nora Quist", "nora@harborlight.example", team_id="T0HARBOR", is_stranger=True)


@pytest.fixture
def slack(open_box):
    return open_box(people=[*PEOPLE, NORA], partners=[PARTNER], manifest={"display_information": {"name": "A"}})


@pytest.fixture
def client(slack):
    return WebClient(slack.bot_token, base_url=slack.api_url)


def told(slack):
    return [(event["event"]["type"], event["event"].get("user")) for event in slack.told]


def channel(client):
    found = client.conversations_info(channel="C1")["channel"]
    return found["is_ext_shared"], found["connected_team_ids"]


def test_a_channel_becomes_shared_and_is_so_no_longer(slack, client):
    ana = slack.as_user("U1")
    ana.share("C1", "T0HARBOR")
    assert channel(client) == (True, ["T0HARBOR"])
    assert told(slack) == [("channel_shared", None), ("member_joined_channel", "U8")]
    shared, joined = slack.told
    assert shared["event"]["connected_team_id"] == "T0HARBOR"
    assert shared["is_ext_shared_channel"] is True
    assert joined["event"]["team"] == "T0HARBOR"
    assert slack.as_user("U8").person.sees(slack.workspace.channels["C1"])
    ana.unshare("C1", "T0HARBOR")
    assert channel(client) == (False, [])
    assert told(slack)[2:] == [("member_left_channel", "U8"), ("channel_unshared", None)]
    assert slack.told[-1]["event"]["is_ext_shared"] is False
    assert not slack.as_user("U8").person.sees(slack.workspace.channels["C1"])


def test_a_guest_is_invited(slack):
    slack.as_user("U1").invite("U3", "C1")
    assert told(slack) == [("member_joined_channel", "U3")]
    assert slack.told[0]["event"]["inviter"] == "U1"
    assert "U3" in slack.workspace.channels["C1"].members


def test_the_app_is_taken_out_and_brought_back(slack, client):
    app = slack.workspace.app.id
    slack.as_user("U1").remove(app, "C1")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.chat_postMessage(channel="C1", text="x")
    slack.as_user("U1").share("C1", "T0HARBOR")
    assert told(slack) == [("channel_left", None)], "what happens where it is not, it does not hear"
    slack.as_user("U1").invite(app, "C1")
    assert told(slack)[-1] == ("member_joined_channel", app)
    assert client.chat_postMessage(channel="C1", text="x")["ok"]


@pytest.mark.parametrize("who", ["U3", "U8"])
def test_guests_and_strangers_may_not_change_a_channel(slack, who):
    slack.as_user("U1").share("C3", "T0HARBOR")
    with pytest.raises(LookupError, match="may not change"):
        slack.as_user(who).invite("U2", "C3")
    with pytest.raises(LookupError, match="may not change"):
        slack.as_user("U1").share(slack.direct("U1"), "T0HARBOR")


def test_a_channel_vanishes_and_a_token_is_revoked(slack, client):
    slack.workspace.remove_channel("C1")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.chat_postMessage(channel="C1", text="x")
    slack.revoke()
    with pytest.raises(SlackApiError, match="token_revoked"):
        client.auth_test()
    slack.revoke(revoked=False)
    assert client.auth_test()["ok"]
    assert client.auth_test().headers["Date"]


def test_an_event_comes_twice_and_out_of_order(slack, hand):
    slack.as_user("U1").say("first")
    slack.as_user("U1").say("second")
    one, two = (event for event in slack.told if event["event"]["type"] == "message")
    slack.tell_again(two)
    slack.tell_again(one)
    slack.wait(lambda: len(hand.heard) == 4)
    assert sorted(event["text"] for event in hand.heard) == ["first", "first", "second", "second"]
    assert len({one["event_id"], two["event_id"]}) == 2


def test_too_many_events_are_said_to_be_too_many(slack, monkeypatch):
    sent = []
    monkeypatch.setattr("playground.app.EVENTS_AN_HOUR", 2)
    monkeypatch.setattr(slack.courier, "deliver", lambda kind, payload: sent.append(payload["type"]) or Answer())
    for _ in range(3):
        slack.as_user("U1").say("x")
    assert sent == ["event_callback", "event_callback", "app_rate_limited"]

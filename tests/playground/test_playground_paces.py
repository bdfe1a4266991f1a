"""How fast an app may be."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.paces import CONVERSATION, TIERS, Paces


@pytest.fixture
def now():
    return [1000.0]


@pytest.fixture
def paces(now):
    return Paces(lambda: now[0])


def test_a_short_burst_and_then_a_post_a_second(paces, now):
    def post(channel="C1"):
        return paces.seconds_to_wait("chat.postMessage", channel)

    assert [post() for _ in range(CONVERSATION.burst)] == [0] * CONVERSATION.burst
    assert [post(), post()] == [1, 1]
    assert post("C2") == 0, "one conversation does not hold up another"
    now[0] += 1
    assert [post(), post()] == [0, 1], "what was refused did not count"
    now[0] += 3600
    assert [post() for _ in range(CONVERSATION.burst + 1)] == [0] * CONVERSATION.burst + [1]


def test_a_workspace_has_a_cap(paces, now):
    waits = [paces.seconds_to_wait("chat.postMessage", f"C{n}") for n in range(301)]
    assert (max(waits[:300]), waits[300]) == (0, 1)


@pytest.mark.parametrize(("method", "tier"), [("users.list", 2), ("chat.update", 3), ("users.info", 4)])
def test_every_other_method_has_its_tier(paces, now, method, tier):
    calls = TIERS[tier].burst
    assert [paces.seconds_to_wait(method, "") for _ in range(calls)] == [0] * calls
    assert 0 < paces.seconds_to_wait(method, "") <= 60 / calls + 1
    assert paces.seconds_to_wait("auth.test", "") == 0
    now[0] += 60 / calls
    assert paces.seconds_to_wait(method, "") == 0


def test_who_posts_too_fast_is_told_for_how_long_to_wait(open_box, now):
    slack = open_box(paced=True)
    slack.api.paces = Paces(lambda: now[0])
    client = WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    for number in range(CONVERSATION.burst):
        client.chat_postMessage(channel=("U1", slack.direct("U1"))[number % 2], text=str(number))
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="U1", text="one too many")
    answer = caught.value.response
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "1")
    assert client.chat_postMessage(channel="C1", text="elsewhere")["ok"]
    now[0] += 1
    assert client.chat_postMessage(channel="U1", text="again")["ok"]
    assert [m.text for m in slack.messages(seen_by="U1")] == ["0", "1", "2", "3", "again"]


def test_an_unpaced_box_lets_all_through(slack):
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    assert all(client.chat_postMessage(channel="C1", text="x")["ok"] for _ in range(CONVERSATION.burst + 2))

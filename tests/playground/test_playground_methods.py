"""The Web API as slack_sdk meets it."""

import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Fault, Person
from tests.playground.stagehand import card, section


@pytest.fixture
def client(slack):
    return WebClient(slack.bot_token, base_url=slack.api_url)


def refusal(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response


def test_who_am_i(client, slack):
    assert client.auth_test()["user_id"] == slack.workspace.app.id
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}


def test_tokens(slack):
    assert refusal(WebClient("xoxb-other", base_url=slack.api_url).auth_test)["error"] == "invalid_auth"
    assert refusal(WebClient(base_url=slack.api_url).auth_test)["error"] == "not_authed"
    wrong = WebClient(slack.app_token, base_url=slack.api_url)
    assert refusal(wrong.auth_test)["error"] == "not_allowed_token_type"
    assert "token" not in slack.requests[0].args


def test_unknown_method(client):
    assert refusal(lambda: client.api_call("cakes.bake"))["error"] == "unknown_method"


def test_people(client):
    ana = client.users_info(user="U1", include_locale=True)["user"]
    assert (ana["locale"], ana["tz"], ana["profile"]["email"]) == ("en-GB", "Europe/Madrid", "ana@example.com")
    assert ana["tz_offset"] in {3600, 7200}
    assert "locale" not in client.users_info(user="U1")["user"]
    assert client.users_info(user="U3")["user"]["is_restricted"]
    assert client.users_lookupByEmail(email="SOFIA@example.com")["user"]["id"] == "U2"
    assert refusal(client.users_lookupByEmail, email="no@example.com")["error"] == "users_not_found"
    assert refusal(client.users_info, user="U9")["error"] == "user_not_found"


def test_lists_have_pages(client):
    first = client.users_list(limit=2)
    assert len(first["members"]) == 2
    everyone = [member["id"] for answer in client.users_list(limit=2) for member in answer["members"]]
    assert {"U1", "U2", "U3", "USLACKBOT"} <= set(everyone)
    assert len(everyone) == len(set(everyone))


def test_pages_have_limits_and_cursors(client):
    assert len(client.conversations_members(channel="C1", limit=1)["members"]) == 1
    everyone = [m for answer in client.conversations_members(channel="C1", limit=1) for m in answer["members"]]
    assert everyone == client.conversations_members(channel="C1")["members"]
    assert refusal(client.conversations_members, channel="C1", cursor="dXNlcg==")["error"] == "invalid_cursor"
    assert refusal(client.users_list, limit=1001)["error"] == "invalid_limit"
    assert refusal(client.conversations_history, channel="C1", oldest="then")["error"] == "invalid_ts_oldest"


def test_where_the_app_is(client, slack):
    assert [c["id"] for c in client.users_conversations()["channels"]] == ["C1", "C3"]
    slack.workspace.change_channel("C1", members=("U1",))
    assert [c["id"] for c in client.users_conversations()["channels"]] == ["C3"]
    assert [c["id"] for c in client.conversations_list()["channels"]] == ["C1", "C3"]


def test_only_posts_may_name_a_channel(client, slack):
    assert client.chat_postMessage(channel="#general", text="x")["channel"] == "C1"
    for call in (client.conversations_info, client.conversations_history, client.conversations_members):
        assert refusal(call, channel="general")["error"] == "channel_not_found"
    upload = {"filename": "a", "content": "x"}
    assert refusal(client.files_upload_v2, channel="general", **upload)["error"] == "channel_not_found"


def test_too_much_of_anything(client, slack):
    many = [{"text": "x"}] * 101
    assert refusal(client.chat_postMessage, channel="C1", text="x", attachments=many)["error"] == "too_many_attachments"
    assert refusal(client.conversations_open, users=["U1"] * 9)["error"] == "too_many_users"
    heavy = {"type": "home", "blocks": [section("x" * 3000)] * 90}
    assert refusal(client.views_publish, user_id="U1", view=heavy)["error"] == "view_too_large"


def test_an_archived_channel_takes_nothing_more(client, slack):
    slack.workspace.change_channel("C1", is_archived=True)
    for call, more in ((client.chat_postMessage, {}), (client.chat_postEphemeral, {"user": "U1"})):
        assert refusal(call, channel="C1", text="x", **more)["error"] == "is_archived"
    assert refusal(client.files_upload_v2, channel="C1", filename="a", content="x")["error"] == "is_archived"


def test_channels(client):
    assert [c["id"] for c in client.conversations_list()["channels"]] == ["C1", "C3"]
    assert client.conversations_info(channel="C3")["channel"]["is_ext_shared"]
    assert "U2" in client.conversations_members(channel="C1")["members"]
    assert refusal(client.conversations_info, channel="C2")["error"] == "channel_not_found"
    assert refusal(client.conversations_list, types="canal")["error"] == "invalid_types"


def test_messages_are_posted_changed_and_deleted(client, slack):
    posted = client.chat_postMessage(channel="C1", text="one", metadata={"event_type": "e", "event_payload": {"a": 1}})
    [message] = slack.messages("C1")
    assert message.metadata["event_payload"] == {"a": 1}
    client.chat_update(channel="C1", ts=posted["ts"], text="two", blocks=card("Globex"))
    assert slack.last("C1").buttons[0] == "Account plan"
    client.chat_update(channel="C1", ts=posted["ts"], text="three")
    assert (slack.last("C1").text, slack.last("C1").blocks) == ("three", [])
    assert client.chat_getPermalink(channel="C1", message_ts=posted["ts"])["permalink"].startswith("https://")
    client.reactions_add(channel="C1", timestamp=posted["ts"], name="eyes")
    client.chat_delete(channel="C1", ts=posted["ts"])
    assert slack.messages("C1") == []
    assert refusal(client.chat_update, channel="C1", ts=posted["ts"], text="x")["error"] == "message_not_found"


MARK = {"event_type": "delivered", "event_payload": {"id": "7"}}


def marks(client, **more):
    found = client.conversations_history(channel="C1", include_all_metadata=True, **more)["messages"]
    return [message.get("metadata") for message in found]


def test_metadata_stays_with_its_message_and_is_told_to_who_asks(client):
    ts = client.chat_postMessage(channel="C1", text="one", metadata=MARK)["ts"]
    client.chat_update(channel="C1", ts=ts, text="two")
    assert marks(client) == [MARK]
    assert "metadata" not in client.conversations_history(channel="C1")["messages"][0]
    told = client.conversations_replies(channel="C1", ts=ts, include_all_metadata=True)["messages"]
    assert told[0]["metadata"] == MARK
    client.chat_postMessage(channel="C1", text="later", metadata={**MARK, "event_payload": {"id": "8"}})
    assert [mark["event_payload"]["id"] for mark in marks(client, oldest=ts)] == ["8"]
    assert [mark["event_payload"]["id"] for mark in marks(client, oldest=ts, inclusive=True)] == ["8", "7"]
    client.chat_update(channel="C1", ts=ts, text="three", metadata={})
    assert marks(client)[1] is None


WRONG_METADATA = {
    "[": "invalid_metadata_format",
    '{"event_type": "e"}': "invalid_metadata_schema",
    '{"event_type": "e", "event_payload": "x"}': "invalid_metadata_schema",
    '{"event_type": "e", "event_payload": {"a": "' + "x" * 20_000 + '"}}': "metadata_too_large",
}


@pytest.mark.parametrize(("given", "error"), WRONG_METADATA.items(), ids=WRONG_METADATA.values())
def test_metadata_has_a_form(client, given, error):
    assert refusal(client.chat_postMessage, channel="C1", text="x", metadata=given)["error"] == error


def test_posting_where_one_may_not(client, slack):
    assert refusal(client.chat_postMessage, channel="C2", text="x")["error"] == "channel_not_found"
    assert refusal(client.chat_postMessage, channel="C9", text="x")["error"] == "channel_not_found"
    slack.workspace.change_channel("C1", members=("U1",))
    assert refusal(client.chat_postMessage, channel="C1", text="x")["error"] == "not_in_channel"


def test_refused_content(client):
    assert refusal(lambda: client.api_call("chat.postMessage", params={"channel": "C1"}))["error"] == "no_text"
    assert refusal(client.chat_postMessage, channel="C1", text="x" * 40_001)["error"] == "msg_too_long"
    answer = refusal(client.chat_postMessage, channel="C1", text="x", blocks=[section("")])
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0/text/text]" in answer["response_metadata"]["messages"][0]
    assert refusal(client.chat_postMessage, channel="C1", blocks="[{", text="x")["error"] == "invalid_blocks_format"


def test_an_ephemeral_message_is_in_no_history(client, slack):
    sent = client.chat_postEphemeral(channel="C1", user="U1", text="psst")
    client.chat_postMessage(channel="C1", text="aloud")
    assert [m["text"] for m in client.conversations_history(channel="C1")["messages"]] == ["aloud"]
    assert refusal(client.chat_update, channel="C1", ts=sent["message_ts"], text="x")["error"] == "message_not_found"
    assert refusal(client.chat_postEphemeral, channel="C1", user="U3", text="x")["error"] == "user_not_in_channel"
    assert [m.text for m in slack.messages("C1", seen_by="U2")] == ["aloud"]


def test_threads(client):
    root = client.chat_postMessage(channel="C1", text="root")["ts"]
    client.chat_postMessage(channel="C1", text="reply", thread_ts=root)
    assert [m["text"] for m in client.conversations_replies(channel="C1", ts=root)["messages"]] == ["root", "reply"]
    assert [m["text"] for m in client.conversations_history(channel="C1")["messages"]] == ["root"]


def test_a_persons_id_is_their_direct_message(client, slack):
    posted = client.chat_postMessage(channel="U1", text="hello")
    assert posted["channel"] == slack.direct("U1") == client.conversations_open(users="U1")["channel"]["id"]
    assert refusal(client.conversations_open, users="U9")["error"] == "user_not_found"


def test_files(client, slack):
    channel = slack.direct("U1")
    file = client.files_upload_v2(channel=channel, filename="plan.xlsx", content=b"\x00\x01", initial_comment="Here")[
        "file"
    ]
    assert slack.last(channel).text == "Here"
    told = client.files_info(file=file["id"])["file"]
    request = urllib.request.Request(told["url_private_download"])  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.headers.get_content_type() == "text/html"
    request.add_header("Authorization", f"Bearer {slack.bot_token}")
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.read() == b"\x00\x01"
    assert refusal(client.files_upload_v2, channel="U1", filename="a", content="x")["error"] == "channel_not_found"
    assert refusal(client.files_info, file="F9")["error"] == "file_not_found"


def fetched(address, token):
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return answer.headers.get_content_type(), answer.read()


def test_a_file_that_a_person_sends(slack, hand, client):
    slack.as_user("U1").upload("plan.xlsx", b"a workbook", text="My changes")
    slack.wait(lambda: hand.heard)
    [event] = hand.heard
    assert (event["subtype"], event["text"], event["channel_type"]) == ("file_share", "My changes", "im")
    [file] = event["files"]
    assert client.files_info(file=file["id"])["file"]["size"] == 10
    assert fetched(file["url_private_download"], slack.bot_token)[1] == b"a workbook"
    assert fetched(file["url_private_download"], "xoxb-other")[0] == "text/html"
    slack.revoke()
    assert fetched(file["url_private_download"], slack.bot_token)[0] == "text/html"


def test_the_app_reads_no_file_of_a_conversation_that_it_is_not_in(slack, client):
    file = slack.as_user("U1").upload("secret.csv", b"x", channel="C2").files[0]
    assert refusal(client.files_info, file=file.id)["error"] == "file_not_found"
    with pytest.raises(urllib.error.HTTPError):
        fetched(f"{slack.workspace.url}/files/{file.id}/secret.csv", slack.bot_token)
    own = slack.as_user("U1").upload("mine.csv", b"x").files[0]
    assert refusal(client.files_delete, file=own.id)["error"] == "cant_delete_file"


def test_without_the_scope_a_download_is_a_page_to_sign_in(open_box):
    slack = open_box(manifest={"oauth_config": {"scopes": {"bot": ["files:write"]}}})
    file = slack.as_user("U1").upload("plan.csv", b"x").files[0]
    assert fetched(f"{slack.workspace.url}/files/{file.id}/plan.csv", slack.bot_token)[0] == "text/html"


def test_a_scope_that_the_manifest_lacks(open_box):
    slack = open_box(manifest={"oauth_config": {"scopes": {"bot": ["users:read", "channels:read"]}}})
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    headers = {name.lower(): value for name, value in client.auth_test().headers.items()}
    assert headers["x-oauth-scopes"] == "channels:read,users:read"
    assert "email" not in client.users_info(user="U1")["user"]["profile"]
    assert client.conversations_info(channel="C1")["ok"]
    answer = refusal(client.chat_postMessage, channel="C1", text="x")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")


def test_faults_on_purpose(client, slack):
    slack.fail_next("chat.postMessage", "fatal_error")
    assert refusal(client.chat_postMessage, channel="C1", text="x")["error"] == "fatal_error"
    slack.fail_next("chat.postMessage", Fault(status=429, retry_after=7))
    limited = refusal(client.chat_postMessage, channel="C1", text="x")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    slack.fail_next("chat.postMessage", Fault(status=500))
    assert refusal(client.chat_postMessage, channel="C1", text="x").status_code == 500
    assert [request.error for request in slack.refused] == ["fatal_error", "ratelimited", "internal_error"]
    assert client.chat_postMessage(channel="C1", text="x")["ok"]


def test_a_cut_connection_and_a_hanging_one(slack):
    client = WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.fail_next("auth.test", Fault(cut=True))
    with pytest.raises(ConnectionError):
        client.auth_test()
    client.timeout = 0.2
    slack.fail_next("auth.test", Fault(hang=5))
    with pytest.raises(TimeoutError):
        client.auth_test()


def test_what_was_accepted_before_its_answer_was_lost(slack):
    client = WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.fail_next("chat.postMessage", Fault(cut=True, accepted=True))
    with pytest.raises(ConnectionError):
        client.chat_postMessage(channel="C1", text="one", metadata=MARK)
    slack.fail_next("chat.postMessage", Fault(status=500, accepted=True))
    assert refusal(client.chat_postMessage, channel="C1", text="two").status_code == 500
    slack.fail_next("chat.postMessage", Fault(status=500))
    assert refusal(client.chat_postMessage, channel="C1", text="three").status_code == 500
    assert [message.text for message in slack.messages("C1")] == ["one", "two"]
    assert marks(client) == [None, MARK]


def test_strangers_and_their_teams(open_box):
    visitor = Person("U7", "Vera", "vera@other.example", is_stranger=True, team_id="T0OTHER")
    slack = open_box(people=[visitor], channels=[])
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    user = client.users_info(user="U7")["user"]
    assert (user["team_id"], user["is_stranger"]) == ("T0OTHER", True)
    assert "email" not in user["profile"]
    assert refusal(client.users_lookupByEmail, email="vera@other.example")["error"] == "users_not_found"


def test_what_an_agent_offers_to_be_asked(open_box):
    slack = open_box(manifest={"oauth_config": {"scopes": {"bot": ["assistant:write", "im:write"]}}})
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    direct = client.conversations_open(users=["U1"])["channel"]["id"]
    prompt = {"title": "How is it?", "message": "How is it?"}
    assert client.assistant_threads_setSuggestedPrompts(channel_id=direct, prompts=[prompt])["ok"]
    assert client.assistant_threads_setStatus(channel_id=direct, thread_ts="1.0", status="is looking …")["ok"]
    offer = client.assistant_threads_setSuggestedPrompts
    assert refusal(offer, channel_id=direct, prompts=[prompt] * 5)["error"] == "invalid_arguments"
    assert refusal(offer, channel_id=direct, prompts=[{"title": "?"}])["error"] == "invalid_arguments"
    assert refusal(offer, channel_id="C9", prompts=[prompt])["error"] == "channel_not_found"

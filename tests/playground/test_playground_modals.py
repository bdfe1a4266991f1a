import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.entries import REQUIRED, missing, state_of
from tests.playground.stagehand import plain_input, section

TITLE = {"type": "plain_text", "text": "x"}


def view(text="x", **more):
    return {"type": "modal", "title": TITLE, "blocks": [section(text)], **more}


@pytest.fixture
def client(slack):
    return WebClient(slack.bot_token, base_url=slack.api_url)


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response["error"]


def test_a_stack_of_three(client, slack):
    client.views_open(trigger_id=slack.tickets.trigger("U1"), view=view("first", external_id="e"))
    second = client.views_push(trigger_id=slack.tickets.trigger("U1"), view=view("second"))["view"]
    client.views_push(trigger_id=slack.tickets.trigger("U1"), view=view("third"))
    assert error_of(client.views_push, trigger_id=slack.tickets.trigger("U1"), view=view()) == "push_limit_reached"
    assert slack.modal("U1").plain == "third"
    client.views_update(external_id="e", view=view("changed"))
    slack.as_user("U1").close()
    assert slack.modal("U1").id == second["id"]
    slack.as_user("U1").close()
    assert slack.modal("U1").plain == "changed"


def test_an_update_that_comes_too_late(client, slack):
    opened = client.views_open(trigger_id=slack.tickets.trigger("U1"), view=view())["view"]
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=view("again"))
    late = {"view_id": opened["id"], "hash": opened["hash"], "view": view("late")}
    assert error_of(client.views_update, **late) == "hash_conflict"
    assert error_of(client.views_update, view_id="V9", view=view()) == "not_found"


def test_a_refused_view_does_not_spend_its_trigger(client, slack):
    trigger = slack.tickets.trigger("U1")
    assert error_of(client.views_open, trigger_id=trigger, view=view("")) == "invalid_arguments"
    assert client.views_open(trigger_id=trigger, view=view())["ok"]


def option(value):
    return {"text": {"type": "plain_text", "text": value.upper()}, "value": value}


ENTRIES = [
    plain_input("text", "Name", {"type": "plain_text_input", "action_id": "t", "initial_value": "first"}),
    plain_input("many", "Many", {"type": "checkboxes", "action_id": "m", "options": [option("a"), option("b")]}),
    plain_input("who", "Who", {"type": "users_select", "action_id": "u"}),
    plain_input("when", "When", {"type": "timepicker", "action_id": "w", "initial_time": "09:00"}, optional=True),
]


def test_what_stands_in_a_form_is_its_state():
    state = state_of(ENTRIES, {})
    assert state["text"]["t"] == {"type": "plain_text_input", "value": "first"}
    assert state["many"]["m"]["selected_options"] == []
    assert state["when"]["w"]["selected_time"] == "09:00"
    assert missing(ENTRIES, state) == {"many": REQUIRED, "who": REQUIRED}


def test_values_are_named_as_people_or_programs_name_them():
    state = state_of(ENTRIES, {"Name": "by label", "m": ["A"], "who": {"u": "U1"}, "when": "10:30"})
    assert state["text"]["t"]["value"] == "by label"
    assert state["many"]["m"]["selected_options"] == [option("a")]
    assert state["who"]["u"]["selected_user"] == "U1"
    assert state["when"]["w"]["selected_time"] == "10:30"
    assert missing(ENTRIES, state) == {}
    with pytest.raises(LookupError, match="'z'"):
        state_of(ENTRIES, {"m": ["z"]})

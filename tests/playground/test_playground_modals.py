import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.entries import REQUIRED, refused, state_of
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
    assert refused(ENTRIES, state) == {"many": REQUIRED, "who": REQUIRED}


def test_values_are_named_as_people_or_programs_name_them():
    state = state_of(ENTRIES, {"Name": "by label", "m": ["A"], "who": {"u": "U1"}, "when": "10:30"})
    assert state["text"]["t"]["value"] == "by label"
    assert state["many"]["m"]["selected_options"] == [option("a")]
    assert state["who"]["u"]["selected_user"] == "U1"
    assert state["when"]["w"]["selected_time"] == "10:30"
    assert refused(ENTRIES, state) == {}
    with pytest.raises(LookupError, match="'z'"):
        state_of(ENTRIES, {"m": ["z"]})


def number(**more):
    return plain_input("n", "Number", {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, **more})


def text(**more):
    return plain_input("n", "Text", {"type": "plain_text_input", "action_id": "n", **more})


def typed(kind):
    return plain_input("n", "Typed", {"type": f"{kind}_text_input", "action_id": "n"})


WRONG = [
    (number(), "seven", "whole number"),
    (number(), "7.5", "whole number"),
    (number(is_decimal_allowed=True), "7,5", "a number"),
    (number(min_value="1"), "0", "1 or more"),
    (number(max_value="40"), "41", "40 or less"),
    (text(min_length=5), "abc", "at least 5"),
    (text(max_length=2), "abc", "at most 2"),
    (typed("email"), "ana", "e-mail"),
    (typed("url"), "example.com", "web address"),
]
RIGHT = [
    (number(min_value="-2", max_value="40"), "-2"),
    (number(is_decimal_allowed=True), "7.5"),
    (text(min_length=3, max_length=3), "abc"),
    (typed("email"), "ana@example.com"),
    (typed("url"), "https://example.com/a"),
]


@pytest.mark.parametrize(("block", "entered", "said"), WRONG)
def test_what_a_form_does_not_submit(block, entered, said):
    assert said in refused([block], state_of([block], {"n": entered}))["n"]


@pytest.mark.parametrize(("block", "entered"), RIGHT)
def test_what_a_form_submits(block, entered):
    assert refused([block], state_of([block], {"n": entered})) == {}


def test_no_more_than_were_asked_for():
    options = [option(name) for name in "abc"]
    element = {"type": "multi_static_select", "action_id": "m", "options": options, "max_selected_items": 2}
    block = plain_input("n", "Some", element)
    assert "at most 2" in refused([block], state_of([block], {"m": ["a", "b", "c"]}))["n"]
    assert refused([block], state_of([block], {"m": ["a", "b"]})) == {}


def test_an_external_id_names_one_view(client, slack):
    client.views_open(trigger_id=slack.tickets.trigger("U1"), view=view(external_id="e"))
    asked = {"trigger_id": slack.tickets.trigger("U2"), "view": view(external_id="e")}
    assert error_of(client.views_open, **asked) == "duplicate_external_id"


def home(text):
    return {"type": "home", "blocks": [section(text)]}


def test_a_home_is_published_only_over_the_one_that_was_seen(client, slack):
    first = client.views_publish(user_id="U1", view=home("first"))["view"]
    client.views_publish(user_id="U1", view=home("second"), hash=first["hash"])
    assert error_of(client.views_publish, user_id="U1", view=home("late"), hash=first["hash"]) == "hash_conflict"
    client.views_update(view_id=first["id"], view=home("third"))
    assert slack.home("U1").plain == "third"
    assert error_of(client.views_publish, user_id="U1", view=view()) == "invalid_arguments"

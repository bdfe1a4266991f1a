import pytest

from playground.limits import message_faults, option_faults, view_faults
from tests.playground.stagehand import card, section, touch_form

TEXT = {"type": "plain_text", "text": "x"}
OPTION = {"text": TEXT, "value": "v"}
DIVIDER = {"type": "divider"}


def plain(length):
    return {"type": "plain_text", "text": "x" * length}


def button(**more):
    return {"type": "button", "text": TEXT, "action_id": "a", **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def select(**more):
    return actions({"type": "static_select", "action_id": "s", **more})


def entry(element=None, **more):
    return {"type": "input", "label": TEXT, "element": element or {"type": "plain_text_input"}, **more}


def modal(**more):
    return {"type": "modal", "title": TEXT, "blocks": [DIVIDER], **more}


def image(**more):
    return {"type": "image", "alt_text": "x", **more}


def table(rows, columns):
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def data(rows, columns, text="x"):
    return {"type": "data_table", "caption": "x", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def confirm(**more):
    return {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30), **more}


JUST_WITHIN = {
    "section text": [section("x" * 3000)],
    "fields": [{"type": "section", "fields": [plain(2000)] * 10}],
    "header": [{"type": "header", "text": plain(150)}],
    "context": [{"type": "context", "elements": [TEXT] * 10}],
    "actions": [actions(*[button(action_id=str(n)) for n in range(25)])],
    "button": [actions(button(text=plain(75), value="x" * 2000, url="https://e.co/" + "x" * 2987))],
    "blocks": [DIVIDER] * 50,
    "options": [select(options=[OPTION] * 100)],
    "option": [select(options=[{"text": plain(75), "value": "x" * 150}])],
    "table": [table(100, 20)],
    "markdown": [{"type": "markdown", "text": "x" * 12000}],
    "data table": [data(201, 1, "x" * 99)],
    "card": [{"type": "card", "title": plain(150), "body": plain(200), "actions": [button()] * 3}],
    "container": [{"type": "container", "title": plain(150), "child_blocks": [DIVIDER] * 10}],
    "confirm": [actions(button(confirm=confirm()))],
    "label": [entry(label=plain(2000), hint=plain(2000))],
    "image": [image(image_url="https://e.co/x.png"), image(slack_file={"id": "F1"})],
}


@pytest.mark.parametrize("blocks", JUST_WITHIN.values(), ids=JUST_WITHIN)
def test_what_just_fits_is_taken(blocks):
    assert message_faults(blocks) == []


REFUSED = {
    "section text": ([section("x" * 3001)], "less than 3001 characters", "/blocks/0/text/text"),
    "empty text": ([section("")], "more than 0 characters", "/blocks/0/text/text"),
    "no text": ([{"type": "section"}], "must define one of: text, fields", "/blocks/0"),
    "field": ([{"type": "section", "fields": [plain(2001)]}], "less than 2001", "/blocks/0/fields/0/text"),
    "fields": ([{"type": "section", "fields": [TEXT] * 11}], "no more than 10 items", "/blocks/0/fields"),
    "header": ([{"type": "header", "text": plain(151)}], "less than 151", "/blocks/0/text/text"),
    "kind": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "one of plain_text", "/blocks/0/text/type"),
    "context": ([{"type": "context", "elements": [TEXT] * 11}], "no more than 10", "/blocks/0/elements"),
    "actions": ([actions(*[button(action_id=str(n)) for n in range(26)])], "no more than 25", "/blocks/0/elements"),
    "no actions": ([actions()], "no fewer than 1", "/blocks/0/elements"),
    "button text": ([actions(button(text=plain(76)))], "less than 76", "/blocks/0/elements/0/text/text"),
    "button value": ([actions(button(value="x" * 2001))], "less than 2001", "/blocks/0/elements/0/value"),
    "action id": ([actions(button(action_id="x" * 256))], "less than 256", "/blocks/0/elements/0/action_id"),
    "style": ([actions(button(style="default"))], "primary, danger", "/blocks/0/elements/0/style"),
    "blocks": ([DIVIDER] * 51, "no more than 50 items", "/blocks"),
    "block ids": ([{**DIVIDER, "block_id": "b"}] * 2, "block_id already exists", "/blocks/1/block_id"),
    "action ids": ([actions(button(), button())], "action_id already exists", "/blocks/0/elements/1/action_id"),
    "no options": ([select(options=[])], "no fewer than 1", "/blocks/0/elements/0/options"),
    "options": ([select(options=[OPTION] * 101)], "no more than 100", "/blocks/0/elements/0/options"),
    "neither": ([select()], "exactly one of: options, option_groups", "/blocks/0/elements/0"),
    "initial": (
        [select(options=[OPTION], initial_option={**OPTION, "value": "w"})], "one of the provided", "/initial_option"
    ),
    "overflow": (
        [actions({"type": "overflow", "options": [OPTION]})], "no fewer than 2", "/blocks/0/elements/0/options"
    ),
    "checkboxes": ([actions({"type": "checkboxes", "options": [OPTION] * 11})], "no more than 10", "/options"),
    "unknown block": ([{"type": "poster"}], "unsupported type: poster", "/blocks/0/type"),
    "unknown element": ([actions({"type": "lever"})], "unsupported type: lever", "/blocks/0/elements/0/type"),
    "text input": ([actions({"type": "plain_text_input"})], "unsupported type", "/blocks/0/elements/0/type"),
    "unknown field": ([{**DIVIDER, "color": "red"}], "invalid additional property: color", "/blocks/0"),
    "rows": ([table(101, 1)], "no more than 100", "/blocks/0/rows"),
    "columns": ([table(1, 21)], "no more than 20", "/blocks/0/rows/0"),
    "two tables": ([table(1, 1), table(1, 1)], "only 1 table", "/blocks/1"),
    "markdown in all": ([{"type": "markdown", "text": "x" * 6001}] * 2, "less than 12001", "/blocks"),
    "data rows": ([data(202, 1)], "no more than 201", "/blocks/0/rows"),
    "data header": ([data(1, 1)], "no fewer than 2", "/blocks/0/rows"),
    "data columns": ([data(2, 21)], "no more than 20", "/blocks/0/rows/0"),
    "data length": ([data(201, 20, "x" * 6)], "less than 20001", "/blocks/0/rows"),
    "page": ([{**data(2, 1), "page_size": 101}], "between 1 and 100", "/blocks/0/page_size"),
    "pictures": ([{"type": "data_visualization", "title": "x"}] * 3, "only 2 data_visualization", "/blocks/2"),
    "card title": ([{"type": "card", "title": plain(151)}], "less than 151", "/blocks/0/title/text"),
    "card body": ([{"type": "card", "body": plain(201)}], "less than 201", "/blocks/0/body/text"),
    "card actions": ([{"type": "card", "actions": [button()] * 4}], "no more than 3", "/blocks/0/actions"),
    "carousel": ([{"type": "carousel", "elements": [{"type": "card", "body": TEXT}] * 11}], "no more than 10", "/el"),
    "container": (
        [{"type": "container", "title": TEXT, "child_blocks": [DIVIDER] * 11}], "no more than 10", "/child_blocks"
    ),
    "inside a container": (
        [{"type": "container", "title": TEXT, "child_blocks": [section("")]}], "more than 0", "/child_blocks/0/text"
    ),
    "context actions": (
        [{"type": "context_actions", "elements": [{"type": "icon_button", "icon": "x", "text": TEXT}] * 6}],
        "no more than 5", "/blocks/0/elements",
    ),
    "confirm": ([actions(button(confirm=confirm(text=plain(301))))], "less than 301", "/confirm/text/text"),
    "alt text": ([image(image_url="https://e.co/x.png", alt_text="x" * 2001)], "less than 2001", "/alt_text"),
    "alert": ([{"type": "alert", "text": TEXT}], "unsupported type: alert", "/blocks/0/type"),
    "image address": ([image(image_url="file:///etc/passwd")], "failed to match", "/blocks/0/image_url"),
    "image without": ([image()], "exactly one of: image_url, slack_file", "/blocks/0"),
    "date": ([actions({"type": "datepicker", "initial_date": "31/12/2026"})], "failed to match", "/initial_date"),
    "not a list": ({}, "must provide an array", "/blocks"),
    "not a block": (["x"], "must provide an object", "/blocks/0"),
}  # fmt: skip


@pytest.mark.parametrize(("blocks", "what", "where"), REFUSED.values(), ids=REFUSED)
def test_what_is_too_much_is_refused_with_its_place(blocks, what, where):
    faults = message_faults(blocks)
    assert any(what in fault and where in fault for fault in faults), faults


REFUSED_VIEWS = {
    "title": (modal(title=plain(25)), "less than 25", "/view/title/text"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title", "/view"),
    "metadata": (modal(private_metadata="x" * 3001), "less than 3001", "/view/private_metadata"),
    "submit": (modal(blocks=[entry()]), "needs a submit", "/view/submit"),
    "blocks": (modal(blocks=[DIVIDER] * 101), "no more than 100", "/view/blocks"),
    "table": (modal(blocks=[table(1, 1)]), "unsupported type: table", "/view/blocks/0/type"),
    "markdown": (modal(blocks=[{"type": "markdown", "text": "x"}]), "unsupported type", "/view/blocks/0/type"),
    "home title": ({"type": "home", "blocks": [], "title": TEXT}, "invalid additional", "/view"),
    "kind": ({"type": "window", "blocks": []}, "unsupported type: window", "/view/type"),
    "nothing": (None, "must provide an object", "/view"),
}


@pytest.mark.parametrize(("view", "what", "where"), REFUSED_VIEWS.values(), ids=REFUSED_VIEWS)
def test_views_have_limits_of_their_own(view, what, where):
    faults = view_faults(view)
    assert any(what in fault and where in fault for fault in faults), faults


def test_real_cards_and_forms_pass():
    assert message_faults(card("Acme")) == []
    assert view_faults(touch_form()) == []
    assert view_faults(modal(blocks=[DIVIDER] * 100)) == []
    assert view_faults({"type": "home", "blocks": [table(1, 1)]}) == []


def test_suggestions():
    assert option_faults({"options": []}) == []
    assert option_faults({"options": [OPTION] * 101})
    assert option_faults({"options": [OPTION], "option_groups": []})

"""What Slack accepts inside blocks: texts, options, and every interactive element, as a table of shapes and limits."""

from __future__ import annotations

from playground.checks import (
    Among,
    Check,
    Flag,
    Kinds,
    Many,
    Shape,
    String,
    Text,
    Whatever,
    Whole,
    exactly_one,
    first_choices_offered,
)

ID = String(255)
URL = String(3000, pattern=r"[a-z][a-z0-9+.-]*:\S+")
IMAGE_URL = String(3000, pattern=r"https?://\S+")
DATE = String(10, pattern=r"\d{4}-\d\d-\d\d")
TIME = String(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
PLAIN = ("plain_text",)


def plain(most: int) -> Text:
    return Text(most, PLAIN)


TYPE: dict[str, Check] = {"type": Whatever()}
CONFIRM = Shape(
    {"title": plain(100), "text": Text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": Among(("primary", "danger"))},
)
ACTION: dict[str, Check] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": Flag()}
ENTRY: dict[str, Check] = {**ACTION, "placeholder": plain(150)}


def option(*kinds: str) -> Shape:
    return Shape({"text": Text(75, kinds or PLAIN), "value": String(150)}, {"description": Text(75, kinds or PLAIN)})


OPTION = option()
RICH_OPTION = option("plain_text", "mrkdwn")
GROUP = Shape({"label": plain(75), "options": Many(OPTION, 1, 100)})
SLACK_FILE = Shape({}, {"id": ID, "url": URL}, (exactly_one("id", "url"),))
IMAGE: dict[str, Check] = {"image_url": IMAGE_URL, "slack_file": SLACK_FILE}
ONE_IMAGE = exactly_one("image_url", "slack_file")
OPTIONS: dict[str, Check] = {"options": Many(OPTION, 1, 100), "option_groups": Many(GROUP, 1, 100)}
CHOICES = (exactly_one("options", "option_groups"), first_choices_offered)
SEVERAL: dict[str, Check] = {"max_selected_items": Whole(1, 100)}
TYPED: dict[str, Check] = {**ENTRY, "initial_value": String(3000, 0), "dispatch_action_config": Whatever()}
CONVERSATIONS: dict[str, Check] = {
    **ENTRY,
    "default_to_current_conversation": Flag(),
    "response_url_enabled": Flag(),
    "filter": Whatever(),
}
QUERY: dict[str, Check] = {"min_query_length": Whole(0, 100)}
BOXES = Shape(
    {**TYPE, "options": Many(RICH_OPTION, 1, 10)},
    {**ACTION, "initial_options": Many(RICH_OPTION, 1, 10), "initial_option": RICH_OPTION},
    (first_choices_offered,),
)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {**TYPE, "text": plain(75)},
        {
            **ACTION,
            "value": String(2000),
            "url": URL,
            "style": Among(("primary", "danger")),
            "accessibility_label": String(75),
        },
    ),
    "overflow": Shape(
        {
            **TYPE,
            "options": Many(
                Shape({"text": plain(75), "value": String(150)}, {"description": plain(75), "url": URL}), 2, 5
            ),
        },
        ACTION,
    ),
    "image": Shape({**TYPE, "alt_text": String(2000)}, IMAGE, (ONE_IMAGE,)),
    "static_select": Shape(TYPE, {**ENTRY, **OPTIONS, "initial_option": OPTION}, CHOICES),
    "external_select": Shape(TYPE, {**ENTRY, **QUERY, "initial_option": OPTION}),
    "users_select": Shape(TYPE, {**ENTRY, "initial_user": ID}),
    "conversations_select": Shape(TYPE, {**CONVERSATIONS, "initial_conversation": ID}),
    "channels_select": Shape(TYPE, {**ENTRY, "initial_channel": ID, "response_url_enabled": Flag()}),
    "multi_static_select": Shape(
        TYPE, {**ENTRY, **OPTIONS, **SEVERAL, "initial_options": Many(OPTION, 1, 100)}, CHOICES
    ),
    "multi_external_select": Shape(TYPE, {**ENTRY, **QUERY, **SEVERAL, "initial_options": Many(OPTION, 1, 100)}),
    "multi_users_select": Shape(TYPE, {**ENTRY, **SEVERAL, "initial_users": Many(ID, 1, 100)}),
    "multi_conversations_select": Shape(TYPE, {**CONVERSATIONS, **SEVERAL, "initial_conversations": Many(ID, 1, 100)}),
    "multi_channels_select": Shape(TYPE, {**ENTRY, **SEVERAL, "initial_channels": Many(ID, 1, 100)}),
    "datepicker": Shape(TYPE, {**ENTRY, "initial_date": DATE}),
    "timepicker": Shape(TYPE, {**ENTRY, "initial_time": TIME, "timezone": String(100)}),
    "datetimepicker": Shape(TYPE, {**ACTION, "initial_date_time": Whole(1_000_000_000, 9_999_999_999)}),
    "checkboxes": BOXES,
    "radio_buttons": BOXES,
    "plain_text_input": Shape(
        TYPE, {**TYPED, "multiline": Flag(), "min_length": Whole(0, 3000), "max_length": Whole(1, 3000)}
    ),
    "email_text_input": Shape(TYPE, TYPED),
    "url_text_input": Shape(TYPE, TYPED),
    "number_input": Shape(
        {**TYPE, "is_decimal_allowed": Flag()}, {**TYPED, "min_value": String(100), "max_value": String(100)}
    ),
    "rich_text_input": Shape(TYPE, {**ENTRY, "initial_value": Whatever(), "dispatch_action_config": Whatever()}),
    "file_input": Shape(TYPE, {"action_id": ID, "filetypes": Many(String(20), 1, 100), "max_files": Whole(1, 10)}),
    "feedback_buttons": Shape(
        {**TYPE, "positive_button": Whatever(), "negative_button": Whatever()}, {"action_id": ID}
    ),
    "icon_button": Shape({**TYPE, "icon": Whatever(), "text": plain(75)}, {**ACTION, "value": String(2000)}),
}
ONE_SELECT = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI_SELECT = tuple(f"multi_{name}" for name in ONE_SELECT)
PICKERS = ("datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons")
TYPED_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")

RICH_PARTS = ("text", "link", "user", "usergroup", "channel", "emoji", "date", "broadcast", "team", "color")
RICH_PART = Kinds(
    {
        name: Shape(
            TYPE,
            dict.fromkeys(
                (
                    "text",
                    "url",
                    "style",
                    "user_id",
                    "usergroup_id",
                    "channel_id",
                    "name",
                    "unicode",
                    "timestamp",
                    "format",
                    "fallback",
                    "range",
                    "team_id",
                    "value",
                    "unsafe",
                    "skin_tone",
                ),
                Whatever(),
            ),
        )
        for name in RICH_PARTS
    }
)
RICH_SECTION = Shape({**TYPE, "elements": Many(RICH_PART, 0, 1000)}, {"border": Whole(0, 1)})
RICH: dict[str, Shape] = {
    "rich_text_section": RICH_SECTION,
    "rich_text_preformatted": RICH_SECTION,
    "rich_text_quote": RICH_SECTION,
    "rich_text_list": Shape(
        {
            **TYPE,
            "elements": Many(Kinds({"rich_text_section": RICH_SECTION}), 1, 1000),
            "style": Among(("bullet", "ordered")),
        },
        {"indent": Whole(0, 8), "offset": Whole(0, 10_000), "border": Whole(0, 1)},
    ),
}
BLOCK_ID: dict[str, Check] = {"block_id": ID}
RICH_TEXT = Shape({**TYPE, "elements": Many(Kinds(RICH), 1, 1000)}, BLOCK_ID)
CELL = Kinds({
    "raw_text": Shape({**TYPE, "text": String(3000)}),
    "raw_number": Shape({**TYPE, "value": Whatever()}, {"text": String(3000)}),
    "rich_text": RICH_TEXT,
})  # fmt: skip
COLUMN = Shape({}, {"align": Among(("left", "center", "right")), "is_wrapped": Flag()})
CONTEXT = Kinds({
    "image": ELEMENTS["image"],
    "mrkdwn": Shape({**TYPE, "text": String(3000)}, {"verbatim": Flag()}),
    "plain_text": Shape({**TYPE, "text": String(3000)}, {"emoji": Flag()}),
})  # fmt: skip
SECTION_ELEMENTS = ("button", "overflow", "image", *ONE_SELECT, *MULTI_SELECT, *PICKERS[:2], *PICKERS[3:])

"""What is seen outside a conversation: Home, and the modals over it in which a click there is answered."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.ask import Ask, Refused, Reply, sentence
from handlers.blocks import Block, plain
from handlers.digests import home
from handlers.slack.posting import sent
from words import Words

TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id")
FIT = {"section", "actions", "context", "divider", "header", "image"}
MOST = 100
HOME = "home"


def is_view(body: Mapping[str, Any]) -> bool:
    return bool(body.get("view"))


def over_home(body: Mapping[str, Any]) -> bool:
    """Whether it was clicked in Home, or in a modal that was opened from there."""
    view = body.get("view") or {}
    return view.get("type") == HOME or bool(_memory(view).get(HOME))


def _memory(view: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(view["private_metadata"]) if view.get("private_metadata") else {}


def in_modal(body: Mapping[str, Any]) -> bool:
    return (body.get("view") or {}).get("type") == "modal"


def put(client: WebClient, body: Mapping[str, Any], view: Block, words: Words) -> None:
    """A modal, over the one in which the click was if there is one; raises Refused where Slack waited too long."""
    show = client.views_push if in_modal(body) else client.views_open
    try:
        show(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if error.response["error"] in TOO_LATE:
            late = sentence(words._("That took me too long. Please press the button again."))
            raise Refused(late, "too_late") from None
        if error.response["error"] != "push_limit_reached":
            raise
        client.views_update(view_id=body["view"]["id"], view=view)


def answer(reply: Reply, value: str, body: Mapping[str, Any], client: WebClient, ask: Ask, *, turn: bool) -> None:
    """Where a click in a view is answered: what changes Home in Home, the rest in a modal."""
    if turn and body["view"]["type"] == HOME:
        is_home = ask.capability == home.WORD or value.endswith(f" {home.WORD}")
        blocks = reply.blocks if is_home else (*reply.blocks, *home.answer(ask.about("")).blocks)
        publish(client, ask, blocks=blocks, seen=body["view"]["hash"])
        return
    if any(block["type"] not in FIT for block in reply.blocks) or not reply.blocks:
        client.chat_postMessage(channel=body["user"]["id"], **sent(reply))
        return
    view = _pane(reply, ask.words, home_below=over_home(body))
    if turn and reply.answered:
        client.views_update(view_id=body["view"]["id"], view=view)
        _renew(client, body, ask)
        return
    try:
        put(client, body, view, ask.words)
    except Refused:
        client.chat_postMessage(channel=body["user"]["id"], **sent(reply))


def _renew(client: WebClient, body: Mapping[str, Any], ask: Ask) -> None:
    if over_home(body):
        publish(client, ask)


def _pane(reply: Reply, words: Words, *, home_below: bool) -> Block:
    return {
        "type": "modal",
        "callback_id": "pane",
        "title": plain("Apuntador", 24),
        "close": plain(words._("Close"), 24),
        "private_metadata": json.dumps({HOME: home_below}),
        "blocks": list(reply.blocks[:MOST]),
    }


def publish(client: WebClient, ask: Ask, *, blocks: Sequence[Block] = (), seen: str = "") -> None:
    """Show Home; if another has shown it since the one that was seen, what holds now is drawn again."""
    first = blocks or home.answer(ask.about("")).blocks
    try:
        _publish(client, ask.caller.slack_id or "", first, seen)
    except SlackApiError as error:
        if error.response["error"] != "hash_conflict":
            raise
        _publish(client, ask.caller.slack_id or "", home.answer(ask.about("")).blocks, "")


def _publish(client: WebClient, user: str, blocks: Sequence[Block], seen: str) -> None:
    view = {"type": HOME, "blocks": list(blocks[:MOST])}
    client.views_publish(user_id=user, view=view, **({"hash": seen} if seen else {}))


def refuse(client: WebClient, user: str, reply: Reply) -> None:
    """Home of somebody who is not let in: one sentence."""
    _publish(client, user, reply.blocks, "")

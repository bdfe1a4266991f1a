"""What Slack sends from Home, from shortcuts and from the picker of an account."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from domain.accounts import Person
from handlers import picking
from handlers.ask import SEEN, Ask, Desk, Form, Refused
from handlers.gestures import check_may_write
from handlers.slack import observing, panes, prompts
from handlers.slack.admission import admitted
from handlers.slack.doors import Doors
from words import Words

log = logging.getLogger("apuntador.screens")

MESSAGE, ANYWHERE = "touch-message", "touch"
NOTE, LINK = 1500, 500


def register(app: App) -> None:
    app.event("app_home_opened")(entered)
    app.options(picking.FIELD)(suggested)
    app.action(picking.FIELD)(picked)
    app.view(picking.PICK)(continued)
    app.shortcut(MESSAGE)(noted)
    app.shortcut(ANYWHERE)(begun)


def entered(event: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    """Home is drawn each time that it is opened; where one writes to the bot, it offers what could be asked.

    Who is not let in reads one sentence in Home, and nothing where they have not written anything.
    """
    at_home = event.get("tab", panes.HOME) == panes.HOME
    try:
        caller, words = admitted(desk, doors, client, context, event["user"], None, paced=False)
    except Refused as refused:
        if at_home:
            panes.refuse(client, event["user"], refused.reply)
        observing.refused(context, desk, panes.HOME, refused.reason)
        return
    ask = Ask(desk, caller, words, capability=panes.HOME)
    if not at_home:
        prompts.offer(client, event["channel"], ask)
        return
    panes.publish(client, ask, seen=str((event.get("view") or {}).get("hash") or ""))
    observing.note(context, desk, panes.HOME, "answered")


def renew(body: Mapping[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    """After what was saved there; what cannot be drawn now is drawn when it is opened again."""
    try:
        caller, words = admitted(desk, doors, client, context, body["user"]["id"], None, paced=False)
        panes.publish(client, Ask(desk, caller, words, capability=panes.HOME))
    except Exception:
        log.exception("home was not drawn again")


def noted(ack: Ack, shortcut: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext,
          desk: Desk, doors: Doors) -> None:  # fmt: skip
    """A message becomes a touch: its words and its address stand in the form."""
    ack()
    caller, words = _writer(body, client, context, desk, doors)
    said = shortcut["message"].get("text") or ""
    given = {"note": _plain(said)[:NOTE], "link": _address(client, shortcut)[:LINK]}
    _pick(Ask(desk, caller, words, capability="touch", given=given), body, client)
    observing.note(context, desk, "touch", "opened")


def begun(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    ack()
    caller, words = _writer(body, client, context, desk, doors)
    _pick(Ask(desk, caller, words, capability="touch"), body, client)
    observing.note(context, desk, "touch", "opened")


def suggested(ack: Ack, payload: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext,
              desk: Desk, doors: Doors) -> None:  # fmt: skip
    try:
        caller, words = admitted(desk, doors, client, context, body["user"]["id"], None, paced=False)
    except Refused:
        ack(options=[])
        return
    ack(options=picking.suggested(Ask(desk, caller, words), payload.get("value") or ""))


def picked(body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    """The form about the account lies over the picker, so that one can go back and pick another."""
    ask = _asked(body, client, context, desk, doors)
    if not ask.text:
        return
    try:
        panes.put(client, body, drawn(ask, home=panes.over_home(body), over=True), ask.words)
    except Refused as refused:
        below, memory = body["view"], _memory(body)
        view = picking.view(ask, {panes.HOME: memory.get(panes.HOME)}, wrong=refused.reply.text)
        client.views_update(view_id=below["id"], hash=below["hash"], view=view)
    observing.note(context, desk, ask.capability, "opened")


def continued(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk,
              doors: Doors) -> None:  # fmt: skip
    """The button under the picker does what picking does."""
    try:
        ask = _asked(body, client, context, desk, doors)
        view = drawn(ask, home=panes.over_home(body), over=True)
    except Refused as refused:
        ack(response_action="errors", errors={picking.FIELD: refused.reply.text})
        observing.refused(context, desk, None, refused.reason)
        return
    ack(response_action="push", view=view)
    observing.note(context, desk, ask.capability, "opened")


def drawn(ask: Ask, *, home: bool, over: bool) -> dict[str, Any]:
    """The form, with what it has to remember; home: it was opened there; over: another modal lies under it."""
    if not ask.text and ask.capability in picking.FORMS:
        return picking.view(ask, {panes.HOME: home})
    view = form_of(ask.desk, ask.capability).view(ask)
    memory = {"about": ask.text, "language": ask.words.language, SEEN: view["private_metadata"]}
    memory |= ({panes.HOME: True} if home else {}) | ({"over": True} if over else {})
    return {**view, "private_metadata": json.dumps(memory)}


def form_of(desk: Desk, word: str) -> Form:
    form = desk.capabilities[word].form
    if form is None:
        raise LookupError(word)
    return form


def _writer(
    body: Mapping[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors
) -> tuple[Person, Words]:
    """The form is seen by them alone, wherever it is opened."""
    caller, words = admitted(desk, doors, client, context, body["user"]["id"], None)
    check_may_write(caller, words)
    return caller, words


def _pick(ask: Ask, body: Mapping[str, Any], client: WebClient) -> None:
    panes.put(client, body, drawn(ask, home=False, over=False), ask.words)


def _asked(body: Mapping[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> Ask:
    """The form that waits for an account, and the account that was picked."""
    caller, words = _writer(body, client, context, desk, doors)
    memory = _memory(body)
    state = body["view"]["state"]["values"].get(picking.FIELD, {}).get(picking.FIELD, {})
    account = (state.get("selected_option") or {}).get("value") or ""
    return Ask(desk, caller, words, account, memory["word"], given=memory["given"])


def _memory(body: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(body["view"]["private_metadata"]))


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _address(client: WebClient, shortcut: Mapping[str, Any]) -> str:
    """Where the message stands; nothing where the bot may not look."""
    try:
        found = client.chat_getPermalink(channel=shortcut["channel"]["id"], message_ts=shortcut["message"]["ts"])
    except SlackApiError:
        return ""
    return str(found["permalink"])

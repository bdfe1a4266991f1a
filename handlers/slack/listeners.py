"""What Slack sends, each to the same answer: acknowledge, see who asks and where, answer."""

import json
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from threading import Semaphore
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from handlers.answers import answered, split
from handlers.ask import OBSTACLE, SEEN, Ask, Desk, Form, Invalid, Refused, Reply
from handlers.gestures import check_may_write
from handlers.slack import observing, panes, prompts, screens, withdrawal
from handlers.slack.admission import admitted, home_of
from handlers.slack.conversation import converse, places_of, places_of_button, remember
from handlers.slack.doors import Doors
from handlers.slack.pace import Pace
from handlers.slack.patience import WAITING, PatientAck
from handlers.slack.posting import answer_event, apology, hand_over, reply_to, say, sent
from handlers.workbooks import plan_upload
from storage.database import FAILURES
from storage.delivery import heard, leases, outbox
from words import Words, spoken

log = logging.getLogger("apuntador.listeners")

MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")
LOOKING_S = 1.5
PROVIDED = ("desk", "doors")
WHO_READS = ("channel_shared", "channel_unshared", "member_joined_channel", "user_change")


def register(app: App, desk: Desk, doors: Doors) -> None:
    pace, waiting = Pace(desk.policy.limits), Semaphore(WAITING)

    def provide(ack: Ack, body: dict[str, Any], context: BoltContext, next_: Any) -> None:
        """Buttons are acknowledged, and news of who reads heard, before anything waits for a thread."""
        context["desk"], context["doors"], context["pace"] = desk, doors, pace
        observing.begin(context)
        _hear(body.get("event") or {}, doors)
        if "command" in body:
            context["ack"] = PatientAck(waiting)
        elif body.get("type") == "block_actions":
            ack()
        next_()

    app.use(lambda ack, body, context, next: provide(ack, body, context, next))  # noqa: A006, PLW0108
    for word in (*desk.capabilities, desk.prefix):
        app.command(f"/{desk.names.get(word, word)}")(command)
    app.event("message")(message)
    app.event("app_mention")(mention)
    for event in WHO_READS:
        app.event(event)(changed)
    screens.register(app)
    app.action(re.compile(r"^(ask|turn)\."))(pressed)
    app.action(re.compile(r"^form\."))(opened)
    app.action(re.compile(r"^link\."))(followed)
    app.action(re.compile(rf"^{withdrawal.ACTION}\."))(withdrawn)
    app.view(re.compile(r"."))(submitted)
    app.error(failed)


def command(body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    try:
        _commanded(body, client, context, desk, doors)
    except Exception as error:  # noqa: BLE001  Bolt would look whether it is acknowledged before it says what is wrong
        failed(error, body, client, context)


def _commanded(command: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    caller, words = admitted(desk, doors, client, context, command["user_id"], command["channel_id"])
    word = command["command"].removeprefix("/")
    typed = f"/{word} {_unescaped(command.get('text') or '')}"
    given = answered(desk, caller, words, typed)
    capability, reply = given.capability, given.reply
    reply_to(reply, context, command["user_id"])
    remember(desk, caller, given, places_of({"channel": command["channel_id"]}))
    hand_over(reply.files, desk, client, command["user_id"], words)
    observing.answered(context, desk, typed, capability, reply)


def message(body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    event = body["event"]
    shared = event.get("subtype") == "file_share" and plan_upload.workbooks(event)
    if event.get("channel_type") == "im" and (shared or not event.get("subtype")):
        _heard(body, client, context, desk, doors)


def mention(body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    _heard(body, client, context, desk, doors)


def _heard(body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    event = body["event"]
    if event.get("bot_id") or not event.get("user") or _heard_before(body.get("event_id"), desk):
        return
    caller, words = admitted(desk, doors, client, context, event["user"], event["channel"])
    typed = _unescaped(MENTION.sub(" ", event.get("text") or ""))
    files = plan_upload.workbooks(event)
    prompts.working(client, event, words)
    if files:
        capability, reply = plan_upload.answer(desk, caller, words, files, client)
    else:
        given = converse(desk, caller, words, typed, event)
        capability, reply = given.capability, given.reply
    ts = answer_event(reply, event, client)
    if ts and not files:
        remember(desk, caller, given, (f"{event['channel']}:{ts}",))
    hand_over(reply.files, desk, client, event["user"], words)
    observing.answered(context, desk, typed, capability, reply)


def _heard_before(event_id: str | None, desk: Desk) -> bool:
    """Slack tells an event again where it did not hear that it came, and to any replica.

    Without a database nobody knows; the answer says so in the caller's language.
    """
    if not event_id:
        return False
    try:
        with desk.database.changing() as tx:
            return not heard.is_new(tx, event_id, at=leases.moment(tx))
    except FAILURES:
        return False


def changed(event: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    """Who reads a channel, or who someone is: heard in `provide`, so that no question overtakes it.

    Where the bot itself was let in, what was parked for that channel goes on.
    """
    if event.get("type") == "member_joined_channel" and event.get("user") == context.bot_user_id:
        with desk.database.changing() as tx:
            outbox.resume(tx, readers=[event["channel"]])
    withdrawal.offer(event, client, context, desk, doors)


def _hear(event: Mapping[str, Any], doors: Doors) -> None:
    if event.get("type") in WHO_READS:
        user = event.get("user")
        for name in (event.get("channel"), user.get("id") if isinstance(user, dict) else user):
            if name:
                doors.forget(name)


def pressed(action: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk,
            doors: Doors) -> None:  # fmt: skip
    user = body["user"]["id"]
    caller, words = admitted(desk, doors, client, context, user, _channel(body))
    value, turn = _pressed_value(action), action["action_id"].startswith("turn.")
    given = answered(desk, caller, words, value)
    capability, reply = given.capability, given.reply
    if panes.is_view(body):
        panes.answer(reply, value, body, client, Ask(desk, caller, words, capability=capability or ""), turn=turn)
    else:
        remember(desk, caller, given, places_of_button(body))
        reply_to(reply, context, user, replace=turn and reply.answered)
    hand_over(reply.files, desk, client, user, words)
    observing.answered(context, desk, "", capability, reply)


def opened(action: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk,
           doors: Doors) -> None:  # fmt: skip
    caller, words = admitted(desk, doors, client, context, body["user"]["id"], _channel(body))
    word, subject = split(desk, _pressed_value(action))
    if not screens.form_of(desk, word).own:
        check_may_write(caller, words)
    ask = Ask(desk, caller, words, text=subject, capability=word)
    view = screens.drawn(ask, home=panes.over_home(body), over=panes.in_modal(body))
    panes.put(client, body, view, words)
    observing.note(context, desk, word, "opened")


def withdrawn(action: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk,
              doors: Doors) -> None:  # fmt: skip
    """Somewhere else than in a listener's thread: Slack lets so many be deleted a minute."""
    caller, words = admitted(desk, doors, client, context, body["user"]["id"], _channel(body))
    withdrawal.check_may_withdraw(caller, words)
    desk.exports.submit(withdrawal.withdraw, desk, client, caller, words, _pressed_value(action))
    observing.note(context, desk, withdrawal.ACTION, "answered")


def followed() -> None:
    """A link button: the browser goes there by itself."""


def submitted(ack: Ack, view: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext,
              desk: Desk, doors: Doors) -> None:  # fmt: skip
    """What was entered is checked within Slack's three seconds: without the database, and of Slack only a channel.

    The rest comes after the acknowledgement.
    """
    form, memory = screens.form_of(desk, view["callback_id"]), json.loads(view["private_metadata"])
    fields = {**_entered(view["state"]["values"]), SEEN: memory[SEEN]}
    if form.room and fields.get(form.room):
        fields[OBSTACLE] = doors.barred(client, fields[form.room], home_of(context), within=LOOKING_S)
    try:
        entered = form.read(Words(memory["language"], desk.policy.country), desk.today, fields)
    except Invalid as invalid:
        ack(response_action="errors", errors=dict(invalid.errors))
        observing.refused(context, desk, view["callback_id"], "invalid")
        return
    ack(response_action="clear") if memory.get("over") else ack()
    try:
        reply = _saved(form, entered, memory, view, body, client, context, desk, doors)
        client.chat_postMessage(channel=body["user"]["id"], **sent(reply))
        observing.note(context, desk, view["callback_id"], "saved")
    except Exception as error:  # noqa: BLE001  Bolt forgets the acknowledgement of a listener that fails soon after it
        failed(error, body, client, context)
    if memory.get(panes.HOME):
        screens.renew(body, client, context, desk, doors)


def _saved(form: Form, entered: Any, memory: Mapping[str, Any], view: Mapping[str, Any], body: Mapping[str, Any],
           client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> Reply:  # fmt: skip
    caller, words = admitted(desk, doors, client, context, body["user"]["id"], None, paced=False)
    if not form.own:
        check_may_write(caller, words)
    return form.save(Ask(desk, caller, words, memory["about"], view["callback_id"], token=view["id"]), entered)


def failed(error: Exception, body: dict[str, Any], client: WebClient, context: BoltContext) -> BoltResponse | None:
    """A refusal is said as it is; anything else gets a reference that stands in the log beside the traceback."""
    if "desk" not in context:
        log.error("refused before it was known who asks", exc_info=error)
        return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")
    reference, word = context["request"], _word(body, context["desk"])
    if isinstance(error, Refused):
        reply = error.reply
        observing.refused(context, context["desk"], word, error.reason)
    else:
        log.error("failed %s", reference, exc_info=error)
        reply = apology(_spoken_by(context, body), reference)
        observing.note(context, context["desk"], word, "failed")
    try:
        say(reply, body, client, context)
    except (SlackClientError, OSError):
        log.exception("could not be said: %s", reference)
    return BoltResponse(status=200, body="") if context.ack.response is None else None


def _spoken_by(context: BoltContext, body: Mapping[str, Any]) -> Words:
    return context.get("words") or spoken(body.get("user_locale"))


def _word(body: Mapping[str, Any], desk: Desk) -> str:
    """Of which capability a request was; '' where its text would have to be read."""
    pressed = (body.get("actions") or [{}])[0]
    typed = str(body.get("command") or _pressed_value(pressed) or (body.get("view") or {}).get("callback_id") or "")
    return split(desk, f"{typed} {body.get('text') or ''}")[0]


def _channel(body: Mapping[str, Any]) -> str | None:
    return (body.get("channel") or {}).get("id")


def _pressed_value(action: Mapping[str, Any]) -> str:
    return str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")


def _entered(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What was entered, by block id, whatever the kind of field."""
    return {block: _value(next(iter(elements.values()))) for block, elements in values.items()}


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    if "selected_conversation" in element:
        return element["selected_conversation"]
    return element.get("selected_date") or element.get("selected_time") or element.get("value")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()

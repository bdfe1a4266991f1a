"""What Slack sends, each to the same answer: acknowledge, see who asks and where, answer."""

import json
import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from domain.accounts import Person
from handlers.answers import answer, split
from handlers.ask import Ask, Desk, File, Form, Invalid, Refused, Reply
from handlers.blocks import section
from handlers.doors import Doors, Home, Visitor
from storage import people
from words import Words, spoken

log = logging.getLogger("apuntador.listeners")

MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")
PROVIDED = ("desk", "doors")


def register(app: App, desk: Desk, doors: Doors) -> None:
    def provide(context: BoltContext, next_: Any) -> None:
        context["desk"], context["doors"] = desk, doors
        next_()

    app.use(lambda context, next: provide(context, next))  # noqa: A006, PLW0108
    for word in (*desk.capabilities, desk.prefix):
        app.command(f"/{desk.names.get(word, word)}")(command)
    app.event("message")(message)
    app.event("app_mention")(mention)
    for event in ("channel_shared", "channel_unshared", "member_joined_channel", "user_change"):
        app.event(event)(changed)
    app.action(re.compile(r"^(ask|turn)\."))(pressed)
    app.action(re.compile(r"^form\."))(opened)
    app.action(re.compile(r"^link\."))(followed)
    app.view(re.compile(r"."))(submitted)
    app.error(failed)


def command(ack: Ack, command: dict[str, Any], client: WebClient, respond: Respond, context: BoltContext,
            desk: Desk, doors: Doors) -> None:  # fmt: skip
    ack()
    caller, words = _admitted(desk, doors, client, context, command["user_id"], command["channel_id"])
    word = command["command"].removeprefix("/")
    typed = f"{word} {_unescaped(command.get('text') or '')}"
    reply = answer(desk, caller, words, typed)[1]
    respond(text=reply.text, blocks=list(reply.blocks) or None, response_type="ephemeral")
    _hand_over(reply.files, desk, client, command["user_id"], words)


def message(event: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    if event.get("channel_type") != "im" or event.get("subtype") or event.get("bot_id"):
        return
    caller, words = _admitted(desk, doors, client, context, event["user"], event["channel"])
    reply = answer(desk, caller, words, _unescaped(event.get("text") or ""))[1]
    client.chat_postMessage(
        channel=event["channel"], text=reply.text, blocks=list(reply.blocks) or None, thread_ts=event.get("thread_ts")
    )
    _hand_over(reply.files, desk, client, event["user"], words)


def mention(event: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    if event.get("bot_id") or not event.get("user"):
        return
    caller, words = _admitted(desk, doors, client, context, event["user"], event["channel"])
    reply = answer(desk, caller, words, _unescaped(MENTION.sub(" ", event.get("text") or "")))[1]
    client.chat_postEphemeral(
        channel=event["channel"],
        user=event["user"],
        text=reply.text,
        blocks=list(reply.blocks) or None,
        thread_ts=event.get("thread_ts"),
    )
    _hand_over(reply.files, desk, client, event["user"], words)


def changed(event: dict[str, Any], doors: Doors) -> None:
    """Who reads a channel, or who someone is, may be different from now on."""
    user = event.get("user")
    for name in (event.get("channel"), user.get("id") if isinstance(user, dict) else user):
        if name:
            doors.forget(name)


def pressed(ack: Ack, action: dict[str, Any], body: dict[str, Any], client: WebClient, respond: Respond,
            context: BoltContext, desk: Desk, doors: Doors) -> None:  # fmt: skip
    ack()
    caller, words = _admitted(desk, doors, client, context, body["user"]["id"], _channel(body))
    reply = answer(desk, caller, words, _pressed_value(action))[1]
    respond(
        text=reply.text,
        blocks=list(reply.blocks) or None,
        response_type="ephemeral",
        replace_original=action["action_id"].startswith("turn."),
    )
    _hand_over(reply.files, desk, client, body["user"]["id"], words)


def opened(ack: Ack, action: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext,
           desk: Desk, doors: Doors) -> None:  # fmt: skip
    ack()
    caller, words = _admitted(desk, doors, client, context, body["user"]["id"], _channel(body))
    word, subject = split(desk, _pressed_value(action))
    view = _form(desk, word).view(Ask(desk, caller, words, text=subject, capability=word))
    client.views_open(trigger_id=body["trigger_id"], view={**view, "private_metadata": json.dumps({"about": subject})})


def followed(ack: Ack) -> None:
    """A link button: the browser goes there by itself."""
    ack()


def submitted(ack: Ack, view: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext,
              desk: Desk, doors: Doors) -> None:  # fmt: skip
    caller, words = _admitted(desk, doors, client, context, body["user"]["id"], None)
    word = view["callback_id"]
    subject = json.loads(view["private_metadata"])["about"]
    ask = Ask(desk, caller, words, text=subject, capability=word, token=view["id"])
    try:
        entered = _form(desk, word).read(ask, _entered(view["state"]["values"]))
    except Invalid as invalid:
        ack(response_action="errors", errors=dict(invalid.errors))
        return
    ack()
    reply = _form(desk, word).save(ask, entered)
    client.chat_postMessage(channel=body["user"]["id"], text=reply.text, blocks=list(reply.blocks) or None)


def failed(error: Exception, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
    """A refusal is said as it is; anything else gets a reference that stands in the log beside the traceback."""
    if isinstance(error, Refused):
        reply = error.reply
    else:
        reference = secrets.token_hex(4)
        log.error("failed %s", reference, exc_info=error)
        reply = _apology(_spoken_by(context, body), reference)
    _say(reply, body, client, context)


def _apology(words: Words, reference: str) -> Reply:
    text = words._("Something went wrong on my side. Tell whoever administers me this number: {ref}", ref=reference)
    return Reply(text, (section(text),))


def _spoken_by(context: BoltContext, body: Mapping[str, Any]) -> Words:
    return context.get("words") or spoken(body.get("user_locale"))


def _say(reply: Reply, body: Mapping[str, Any], client: WebClient, context: BoltContext) -> None:
    blocks = list(reply.blocks) or None
    if context.response_url and context.respond:
        context.respond(text=reply.text, blocks=blocks, response_type="ephemeral", replace_original=False)
        return
    event = body.get("event") or {}
    channel, user = event.get("channel") or context.user_id, event.get("user") or context.user_id
    if not channel or not user:
        return
    if event.get("type") == "app_mention":
        client.chat_postEphemeral(channel=channel, user=user, text=reply.text, blocks=blocks)
    else:
        client.chat_postMessage(channel=channel, text=reply.text, blocks=blocks, thread_ts=event.get("thread_ts"))


def _admitted(
    desk: Desk, doors: Doors, client: WebClient, context: BoltContext, user: str, channel: str | None
) -> tuple[Person, Words]:
    """The person of ours behind a Slack user; raises Refused for an outsider, and where outsiders read."""
    home = _home(context)
    visitor = doors.visitor(client, user, home)
    words = context["words"] = spoken(visitor.locale, country=desk.policy.country, default=desk.policy.language)
    if not visitor.insider or (channel is not None and not doors.is_private_to_us(client, channel)):
        raise Refused(_not_here(words))
    person = _person(desk, visitor)
    if person is None:
        raise Refused(_unknown(words, visitor))
    return person, _own_words(words, person)


def _home(context: BoltContext) -> Home:
    known = context.authorize_result
    return Home(known.team_id or "", known.enterprise_id or "") if known else Home("")


def _own_words(words: Words, person: Person) -> Words:
    return Words(words.language, person.country or words.country)


def _not_here(words: Words) -> Reply:
    text = words._("I cannot show account data here. Write to me in a direct message.")
    return Reply(text, (section(text),), answered=False)


def _unknown(words: Words, visitor: Visitor) -> Reply:
    text = words._(
        "I do not know you yet. Ask whoever administers me to add {email} to the people file.",
        email=visitor.email or visitor.slack_id,
    )
    return Reply(text, (section(text),), answered=False)


def _person(desk: Desk, visitor: Visitor) -> Person | None:
    with desk.database.transaction() as tx:
        known = people.by_slack_id(tx, visitor.slack_id)
        return known or (people.by_email(tx, visitor.email) if visitor.email else None)


def _form(desk: Desk, word: str) -> Form:
    form = desk.capabilities[word].form
    if form is None:
        raise LookupError(word)
    return form


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
    return element.get("selected_date") or element.get("selected_time") or element.get("value")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _hand_over(files: tuple[File, ...], desk: Desk, client: WebClient, user: str, words: Words) -> None:
    """Files go to the caller's direct message only, made on a pool of their own."""
    for file in files:
        desk.exports.submit(_upload, file, client, user, words)


def _upload(file: File, client: WebClient, user: str, words: Words) -> None:
    channel = client.conversations_open(users=[user])["channel"]["id"]
    try:
        client.files_upload_v2(channel=channel, filename=file.name, title=file.name, content=file.build())
    except Exception as error:
        reference = secrets.token_hex(4)
        log.exception("upload failed %s", reference, exc_info=error)
        client.chat_postMessage(channel=channel, text=_apology(words, reference).text)

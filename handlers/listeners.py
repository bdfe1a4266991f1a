"""What Slack sends, each to the same answer: acknowledge, see who asks and where, answer."""

import json
import logging
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from domain.accounts import Person
from handlers.answers import answer, split
from handlers.ask import SEEN, Ask, Desk, File, Form, Invalid, Refused, Reply
from handlers.blocks import escaped, section
from handlers.doors import Doors, Home, Visitor
from storage import people
from words import Words, spoken

log = logging.getLogger("apuntador.listeners")

MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")
PROVIDED = ("desk", "doors")
TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id")


def register(app: App, desk: Desk, doors: Doors) -> None:
    def provide(ack: Ack, body: dict[str, Any], context: BoltContext, next_: Any) -> None:
        """Commands and buttons are acknowledged here, before they wait for a thread."""
        context["desk"], context["doors"] = desk, doors
        if "command" in body or body.get("type") == "block_actions":
            ack()
        next_()

    app.use(lambda ack, body, context, next: provide(ack, body, context, next))  # noqa: A006, PLW0108
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


def command(command: dict[str, Any], client: WebClient, respond: Respond, context: BoltContext,
            desk: Desk, doors: Doors) -> None:  # fmt: skip
    caller, words = _admitted(desk, doors, client, context, command["user_id"], command["channel_id"])
    word = command["command"].removeprefix("/")
    typed = f"{word} {_unescaped(command.get('text') or '')}"
    reply = answer(desk, caller, words, typed)[1]
    _respond(reply, respond, client, command["user_id"])
    _hand_over(reply.files, desk, client, command["user_id"], words)


def message(event: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    if event.get("channel_type") == "im" and not event.get("subtype"):
        _heard(event, client, context, desk, doors)


def mention(event: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    _heard(event, client, context, desk, doors)


def _heard(event: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    if event.get("bot_id") or not event.get("user"):
        return
    caller, words = _admitted(desk, doors, client, context, event["user"], event["channel"])
    reply = answer(desk, caller, words, _unescaped(MENTION.sub(" ", event.get("text") or "")))[1]
    _answer_event(reply, event, client)
    _hand_over(reply.files, desk, client, event["user"], words)


def changed(event: dict[str, Any], doors: Doors) -> None:
    """Who reads a channel, or who someone is, may be different from now on."""
    user = event.get("user")
    for name in (event.get("channel"), user.get("id") if isinstance(user, dict) else user):
        if name:
            doors.forget(name)


def pressed(action: dict[str, Any], body: dict[str, Any], client: WebClient, respond: Respond,
            context: BoltContext, desk: Desk, doors: Doors) -> None:  # fmt: skip
    user = body["user"]["id"]
    caller, words = _admitted(desk, doors, client, context, user, _channel(body))
    reply = answer(desk, caller, words, _pressed_value(action))[1]
    _respond(reply, respond, client, user, replace=action["action_id"].startswith("turn."))
    _hand_over(reply.files, desk, client, user, words)


def opened(action: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext, desk: Desk,
           doors: Doors) -> None:  # fmt: skip
    caller, words = _admitted(desk, doors, client, context, body["user"]["id"], _channel(body))
    word, subject = split(desk, _pressed_value(action))
    form = _form(desk, word)
    _check_may_write(caller, words)
    view = form.view(Ask(desk, caller, words, text=subject, capability=word))
    memory = json.dumps({"about": subject, "language": words.language, SEEN: view["private_metadata"]})
    try:
        client.views_open(trigger_id=body["trigger_id"], view={**view, "private_metadata": memory})
    except SlackApiError as error:
        if error.response["error"] in TOO_LATE:
            raise Refused(_said(words._("That took me too long. Please press the button again."))) from None
        raise


def followed() -> None:
    """A link button: the browser goes there by itself."""


def submitted(ack: Ack, view: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext,
              desk: Desk, doors: Doors) -> None:  # fmt: skip
    """What was entered is checked without asking Slack or the database; the rest comes after the acknowledgement."""
    form, memory = _form(desk, view["callback_id"]), json.loads(view["private_metadata"])
    fields = {**_entered(view["state"]["values"]), SEEN: memory[SEEN]}
    try:
        entered = form.read(Words(memory["language"], desk.policy.country), desk.today, fields)
    except Invalid as invalid:
        ack(response_action="errors", errors=dict(invalid.errors))
        return
    ack()
    try:
        reply = _saved(form, entered, memory["about"], view, body, client, context, desk, doors)
        client.chat_postMessage(channel=body["user"]["id"], **_sent(reply))
    except Exception as error:  # noqa: BLE001  Bolt forgets the acknowledgement of a listener that fails soon after it
        failed(error, body, client, context)


def _saved(form: Form, entered: Any, about: str, view: Mapping[str, Any], body: Mapping[str, Any], client: WebClient,
           context: BoltContext, desk: Desk, doors: Doors) -> Reply:  # fmt: skip
    caller, words = _admitted(desk, doors, client, context, body["user"]["id"], None)
    _check_may_write(caller, words)
    return form.save(Ask(desk, caller, words, about, view["callback_id"], token=view["id"]), entered)


def failed(error: Exception, body: dict[str, Any], client: WebClient, context: BoltContext) -> BoltResponse | None:
    """A refusal is said as it is; anything else gets a reference that stands in the log beside the traceback."""
    if "desk" not in context:
        log.error("refused before it was known who asks", exc_info=error)
        return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")
    if isinstance(error, Refused):
        reply = error.reply
    else:
        reference = secrets.token_hex(4)
        log.error("failed %s", reference, exc_info=error)
        reply = _apology(_spoken_by(context, body), reference)
    try:
        _say(reply, body, client, context)
    except (SlackClientError, OSError):
        log.exception("could not be said: %s", "a refusal" if isinstance(error, Refused) else reference)
    return BoltResponse(status=200, body="") if context.ack.response is None else None


def _apology(words: Words, reference: str) -> Reply:
    return _said(
        words._("Something went wrong on my side. Tell whoever administers me this number: {ref}", ref=reference)
    )


def _spoken_by(context: BoltContext, body: Mapping[str, Any]) -> Words:
    return context.get("words") or spoken(body.get("user_locale"))


def _say(reply: Reply, body: Mapping[str, Any], client: WebClient, context: BoltContext) -> None:
    event, user = body.get("event") or {}, context.user_id
    if context.response_url and context.respond and user:
        _respond(reply, context.respond, client, user)
    elif event.get("channel") and event.get("user"):
        _answer_event(reply, event, client)
    elif user:
        client.chat_postMessage(channel=user, **_sent(reply))


def _respond(reply: Reply, respond: Respond, client: WebClient, user: str, *, replace: bool = False) -> None:
    """Where the question was asked; by direct message where Slack does not take it there."""
    try:
        answered = respond(**_sent(reply), response_type="ephemeral", replace_original=replace)
        taken = answered.status_code == HTTPStatus.OK
    except OSError:
        taken = False
    if not taken:
        client.chat_postMessage(channel=user, **_sent(reply))


def _answer_event(reply: Reply, event: Mapping[str, Any], client: WebClient) -> None:
    """A mention is answered to the one who asks; a direct message where it was written."""
    where = {"channel": event["channel"], "thread_ts": event.get("thread_ts")}
    if event.get("type") == "app_mention":
        client.chat_postEphemeral(user=event["user"], **where, **_sent(reply))
    else:
        client.chat_postMessage(**where, **_sent(reply))


def _sent(reply: Reply) -> dict[str, Any]:
    """Blocks are escaped as they are built; the text beside them here."""
    return {"text": escaped(reply.text), "blocks": list(reply.blocks) or None}


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
    return _said(words._("I cannot show account data here. Write to me in a direct message."))


def _unknown(words: Words, visitor: Visitor) -> Reply:
    return _said(
        words._(
            "I do not know you yet. Ask whoever administers me to add {email} to the people file.",
            email=visitor.email or visitor.slack_id,
        )
    )


def _said(text: str) -> Reply:
    """One sentence instead of an answer."""
    return Reply(text, (section(text),), answered=False)


def _check_may_write(caller: Person, words: Words) -> None:
    if caller.role == "viewer":
        raise Refused(_said(words._("You may read and not write. Ask whoever administers me for another role.")))


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
    try:
        channel = client.conversations_open(users=[user])["channel"]["id"]
        client.files_upload_v2(channel=channel, filename=file.name, title=file.name, content=file.build())
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("upload failed %s", reference)
        _tell(_apology(words, reference), client, user, reference)


def _tell(reply: Reply, client: WebClient, user: str, reference: str) -> None:
    try:
        client.chat_postMessage(channel=user, **_sent(reply))
    except (SlackClientError, OSError):
        log.exception("could not be said: %s", reference)

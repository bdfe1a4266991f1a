"""How an answer reaches whoever asked: where they asked, in their direct messages, as a file."""

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from handlers.ask import Desk, File, Reply, sentence
from handlers.blocks import escaped
from handlers.slack.patience import goes_with_ack
from words import Words

log = logging.getLogger("apuntador.posting")


def reply_to(reply: Reply, context: BoltContext, user: str, *, replace: bool = False) -> None:
    """Where the question was asked; by direct message where Slack does not take it there."""
    said = {**sent(reply), "response_type": "ephemeral"}
    if not goes_with_ack(context, said) and not _responded(context, {**said, "replace_original": replace}):
        context.client.chat_postMessage(channel=user, **sent(reply))


def _responded(context: BoltContext, said: dict[str, Any]) -> bool:
    try:
        return context.respond is not None and context.respond(**said).status_code == HTTPStatus.OK
    except OSError:
        return False


def answer_event(reply: Reply, event: Mapping[str, Any], client: WebClient) -> str:
    """A mention is answered to the one who asks; a direct message where it was written. When, if it stays there."""
    where = {"channel": event["channel"], "thread_ts": event.get("thread_ts")}
    if event.get("type") == "app_mention":
        client.chat_postEphemeral(user=event["user"], **where, **sent(reply))
        return ""
    return str(client.chat_postMessage(**where, **sent(reply)).get("ts") or "")


def say(reply: Reply, body: Mapping[str, Any], client: WebClient, context: BoltContext) -> None:
    event, user = body.get("event") or {}, context.user_id
    if context.response_url and user:
        reply_to(reply, context, user)
    elif event.get("channel") and event.get("user"):
        answer_event(reply, event, client)
    elif user:
        client.chat_postMessage(channel=user, **sent(reply))


def hand_over(files: tuple[File, ...], desk: Desk, client: WebClient, user: str, words: Words) -> None:
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
        _tell(apology(words, reference), client, user, reference)


def _tell(reply: Reply, client: WebClient, user: str, reference: str) -> None:
    try:
        client.chat_postMessage(channel=user, **sent(reply))
    except (SlackClientError, OSError):
        log.exception("could not be said: %s", reference)


def apology(words: Words, reference: str) -> Reply:
    return sentence(
        words._("Something went wrong on my side. Tell whoever administers me this number: {ref}", ref=reference)
    )


def sent(reply: Reply) -> dict[str, Any]:
    """Blocks are escaped as they are built; the text beside them here."""
    return {"text": escaped(reply.text), "blocks": list(reply.blocks) or None}

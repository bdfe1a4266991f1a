"""A channel in which outsiders read from now on: what the bot posted there is offered to the admins for deletion."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from domain.accounts import Person
from domain.roles import may
from handlers.ask import Desk, Refused, Reply, sentence
from handlers.blocks import actions, button, named, section
from handlers.slack.admission import home_of, own_words
from handlers.slack.doors import Doors
from handlers.slack.posting import sent
from storage import people
from storage.delivery import heard, leases, posts
from words import Words

log = logging.getLogger("apuntador.withdrawal")

ACTION = "withdraw"
MOST = 200
GONE = {"message_not_found", "channel_not_found"}


def offer(event: Mapping[str, Any], client: WebClient, context: BoltContext, desk: Desk, doors: Doors) -> None:
    """After a channel was shared, or somebody from outside joined it."""
    channel = str(event.get("channel") or "")
    if not channel or not _outsiders_read(event, client, context, doors):
        return
    with desk.database.changing() as tx:
        count = posts.count(tx, channel)
        if not count or not heard.is_new(tx, f"{ACTION} {channel} {count}", at=leases.moment(tx)):
            return
        admins = [person for person in people.every(tx) if may(person.role, "administer") and person.slack_id]
    if not admins:
        log.error("%s posts stand where outsiders read, and no admin has a Slack id", count)
    name = _name(client, channel)
    for admin in admins:
        words = own_words(desk.policy, admin, doors.visitor(client, str(admin.slack_id), home_of(context)))
        _tell(client, str(admin.slack_id), _offered(words, channel, name, count))


def _name(client: WebClient, channel: str) -> str:
    try:
        return f"#{client.conversations_info(channel=channel)['channel']['name']}"
    except (SlackClientError, OSError, KeyError):
        return channel


def _outsiders_read(event: Mapping[str, Any], client: WebClient, context: BoltContext, doors: Doors) -> bool:
    if event.get("type") == "channel_shared":
        return True
    if event.get("type") != "member_joined_channel" or event.get("user") == context.bot_user_id:
        return False
    return not doors.visitor(client, str(event.get("user")), home_of(context)).may_read


def _offered(words: Words, channel: str, name: str, count: int) -> Reply:
    said = words.ngettext(
        "People from outside your organisation can read {channel} from now on. {n} message of mine stands there;"
        " I post nothing more.",
        "People from outside your organisation can read {channel} from now on. {n} messages of mine stand there;"
        " I post nothing more.",
        count,
        channel=named(name),
    )
    delete = button(words._("Delete what I posted there"), ACTION, channel, style="danger")
    return Reply(said, (section(said), actions(delete)))


def _tell(client: WebClient, user: str, reply: Reply) -> None:
    try:
        client.chat_postMessage(channel=user, **sent(reply))
    except (SlackClientError, OSError):
        log.exception("an offer to delete could not be said")


def check_may_withdraw(caller: Person, words: Words) -> None:
    if not may(caller.role, "administer"):
        raise Refused(sentence(words._("Only who administers me may delete what I posted.")), "role")


def withdraw(desk: Desk, client: WebClient, caller: Person, words: Words, channel: str) -> None:
    """Delete, and say how it went; Slack's pace may make it last."""
    try:
        with desk.database.transaction() as tx:
            found = posts.standing(tx, channel, limit=MOST)
        deleted = sum(_deleted(desk, client, caller, channel, post) for post in found)
        with desk.database.transaction() as tx:
            left = posts.count(tx, channel)
    except Exception:
        log.exception("posts could not be deleted")
        raise
    _tell(client, str(caller.slack_id), sentence("\n".join(_said(words, deleted, left))))


def _deleted(desk: Desk, client: WebClient, caller: Person, channel: str, post: posts.Post) -> bool:
    try:
        client.chat_delete(channel=channel, ts=post.ts)
    except SlackApiError as error:
        if error.response["error"] not in GONE:
            return False
    except (SlackClientError, OSError):
        return False
    with desk.database.changing() as tx:
        posts.take_back(tx, post.id, caller.email)
    return True


def _said(words: Words, deleted: int, left: int) -> Iterator[str]:
    yield words.ngettext("{n} message is deleted.", "{n} messages are deleted.", deleted)
    if left:
        yield words.ngettext(
            "{n} could not be deleted: press again, or delete it by hand.",
            "{n} could not be deleted: press again, or delete them by hand.",
            left,
        )

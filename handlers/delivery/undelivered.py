"""What could not be delivered: an admin is told once, and it goes on once what stood in its way is mended."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError

from domain.accounts import Person
from handlers.ask import Desk, Reply
from handlers.blocks import Block, section
from handlers.delivery.office import TOKENS, Office
from storage import people
from storage.database import Transaction
from storage.delivery import outbox
from storage.delivery.outbox import Message
from words import N_, Words

KIND = "undelivered"
GONE = N_("Slack says that it is not there any more. Name another one, or bring it back.")
OUT = N_("I am not in it. Invite me there.")
UNKNOWN = N_("Nobody of ours in Slack has this address. Mend the people file, or ask them to join.")
TOKEN = N_("Slack did not take my token. It does again, or you would not read this.")
WHY = {
    "channel_not_found": GONE,
    "is_archived": GONE,
    "not_in_channel": OUT,
    "unknown_person": UNKNOWN,
    "user_not_found": UNKNOWN,
    "users_not_found": UNKNOWN,
    "outsiders": N_("People outside the organisation, or guests, read there. I say nothing about accounts to them."),
    "missing_scope": N_("I may not read there what I posted. Install me again with the scopes of manifest.yaml."),
    "not_worded": N_("I could not put it into words; my log says why."),
    **dict.fromkeys(TOKENS, TOKEN),
}  # fmt: skip
MENDED_BY_READERS = frozenset(WHY.keys() - TOKENS - {"missing_scope", "not_worded"})
ITSELF = N_("Once that is mended, it goes by itself within the hour; at once with bot.py alerts.")
BY_NOW = N_("What waited goes by itself within the hour; at once with bot.py alerts.")
AGAIN = N_("Once that is mended, it goes with bot.py alerts, or as soon as I am started again.")


def notices(tx: Transaction, desk: Desk, message: Message, error: str) -> list[Message]:
    """One for each admin, once a day for each reader who cannot be reached."""
    now, today = desk.clock(), desk.today
    content = {"error": error, "person": message.person, "channel": message.channel}
    return [
        Message(f"{KIND} {message.reader} {today} {admin.email}", KIND, today, content, now, person=admin.email)
        for admin in people.every(tx)
        if admin.role == "admin" and admin.email != message.person
    ]


def worded(_desk: Desk, content: Mapping[str, Any], _person: Person | None, words: Words) -> Reply:
    error = content["error"]
    why = WHY.get(error)
    then = BY_NOW if error in TOKENS else ITSELF if error in MENDED_BY_READERS else AGAIN
    lines = (words._(why) if why else words._("Slack answered “{error}”.", error=error), words._(then))
    if content["channel"]:
        first = words._("I could not deliver a message to a channel.")
        return Reply(first, (section(first), _channel(content["channel"]), section(*lines)))
    first = words._("I could not deliver a message to {person}.", person=content["person"])
    return Reply(first, (section(first, *lines),))


def _channel(channel: str) -> Block:
    """Its name, as Slack shows it to whoever may see it."""
    named = {"type": "rich_text_section", "elements": [{"type": "channel", "channel_id": channel}]}
    return {"type": "rich_text", "elements": [named]}


def mend(office: Office) -> int:
    """Queue again what is parked for readers who can be reached now; how many messages those are."""
    with office.desk.database.transaction() as tx:
        readers = outbox.parked_readers(tx, MENDED_BY_READERS)
    reached = [channel or person or "" for person, channel in readers if _reachable(office, person, channel)]
    if not reached:
        return 0
    with office.desk.database.changing() as tx:
        return outbox.resume(tx, readers=reached, errors=MENDED_BY_READERS)


def _reachable(office: Office, person: str | None, channel: str | None) -> bool:
    try:
        return _is_open(office, channel) if channel else _is_there(office, person or "")
    except (SlackClientError, HTTPException, OSError):
        return False


def _is_open(office: Office, channel: str) -> bool:
    found = office.client.conversations_info(channel=channel)["channel"]
    here = found.get("is_member") or found.get("is_im")
    alone = (
        here and not found.get("is_archived") and office.doors.is_read_by_us_alone(office.client, channel, office.home)
    )
    return bool(alone)


def _is_there(office: Office, email: str) -> bool:
    with office.desk.database.transaction() as tx:
        person = people.by_email(tx, email)
    if person is None:
        return False
    slack_id = person.slack_id or str(office.client.users_lookupByEmail(email=email)["user"]["id"])
    office.doors.forget(slack_id)
    return office.doors.look_up(office.client, slack_id, office.home).insider

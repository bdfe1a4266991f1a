"""What stands in Slack is drawn anew where somebody answered an alert in it, for everybody who was told of it.

Each answer once, whichever replica sees it first. It is a courtesy: what Slack refuses now stays as it is, and whoever
clicks there is told how it stands.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException

from slack_sdk.errors import SlackClientError

from domain.accounts import Person
from domain.alerts.digests import today
from domain.alerts.told import told_to
from handlers.alerts.due import ABOVE
from handlers.delivery.office import Office
from handlers.digests.hours import key_of
from handlers.slack.admission import own_words
from handlers.slack.posting import sent
from storage import people
from storage.alerts import alerts, answers
from storage.alerts.answers import Answer
from storage.database import Transaction
from storage.delivery import heard, posts
from storage.delivery.posts import Told
from storage.scope import operator

log = logging.getLogger("apuntador.redrawing")

DIRECT = "D"


def watching(office: Office) -> Callable[[], int]:
    """Each call draws anew what was answered since the one before; how many messages. The first begins with now."""
    with office.desk.database.transaction() as tx:
        seen = answers.newest(tx)

    def look() -> int:
        nonlocal seen
        with office.desk.database.transaction() as tx:
            newest, given = answers.newest(tx), answers.since(tx, seen)
        seen = given[-1].change if len(given) == answers.PAGE else newest
        if not given:
            return 0
        with office.desk.database.changing() as tx:
            mine = [each for each in given if heard.is_new(tx, f"answer {each.change}", at=office.moment(tx))]
            everybody = people.directory(tx)
            found = posts.told(tx, set(_keys(tx, office, mine, everybody)))
        return sum(_drawn(office, told, everybody) for told in found if not _by_their_own_click(told, mine))

    return look


def _keys(tx: Transaction, office: Office, given: Sequence[Answer], everybody: Mapping[str, Person]) -> Iterator[str]:
    """Of the messages in which these alerts may stand: what was told at once, and the digests of today."""
    now, policy = office.desk.clock(), office.desk.policy
    for number in {each.alert for each in given}:
        yield f"urgent:{number}"
        listed = alerts.get(tx, number, operator())
        if listed is None:
            continue
        told = {each.email for each in told_to(listed.alert, everybody, office.desk.today)}
        above = {email for email, person in everybody.items() if None in told and person.role in ABOVE}
        for email in (told | above) & set(everybody):
            person = everybody[str(email)]
            yield key_of(person, today(person, policy, now))


def _by_their_own_click(told: Told, given: Sequence[Answer]) -> bool:
    """The answer to a click says what was done and can be undone: it stays. A form answers elsewhere."""
    if not told.channel.startswith(DIRECT):
        return False
    return all(each.who.lower() == (told.message.person or "").lower() and not each.put_off for each in given)


def _drawn(office: Office, told: Told, everybody: Mapping[str, Person]) -> bool:
    try:
        return _draw(office, told, everybody)
    except (SlackClientError, HTTPException, LookupError, ValueError, OSError) as error:
        log.info("message of kind %s stays as it was: %s", told.message.kind, type(error).__name__)
        return False


def _draw(office: Office, told: Told, everybody: Mapping[str, Person]) -> bool:
    person = everybody.get((told.message.person or "").lower())
    if person is None or person.slack_id is None:
        return False
    visitor = office.doors.look_up(office.client, person.slack_id, office.home)
    room = not told.channel.startswith(DIRECT)
    if not visitor.insider or (room and not office.doors.is_read_by_us_alone(office.client, told.channel, office.home)):
        return False
    content = {**told.message.content, "told_on": told.message.told_on.isoformat(), "late": False, "room": room}
    words = own_words(office.desk.policy, person, visitor)
    reply = office.render[told.message.kind](office.desk, content, person, words)
    office.client.chat_update(channel=told.channel, ts=told.ts, **sent(reply))
    return True

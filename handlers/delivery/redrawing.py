"""What stands in Slack is drawn anew where somebody answered an alert in it, for everybody who was told of it.

Each answer once, whichever replica sees it first; what Slack is too busy for now, that one tries again. It is a
courtesy: what Slack refuses stays as it is, and whoever clicks there is told how it stands.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from domain.accounts import Person
from domain.alerts.digests import today
from domain.alerts.told import told_to
from handlers.alerts.due import ABOVE
from handlers.delivery.office import Office
from handlers.delivery.refusals import asked_to_wait, is_unsure, wait_after
from handlers.digests.hours import key_of
from handlers.slack.admission import own_words
from handlers.slack.posting import sent
from storage import people
from storage.alerts import alerts, answers
from storage.alerts.answers import Answer
from storage.database import Transaction
from storage.delivery import heard, posts
from storage.delivery.posts import Told

log = logging.getLogger("apuntador.redrawing")

DIRECT = "D"
TRIES = 8


@dataclass(frozen=True, slots=True)
class Again:
    """When (real time) a message is drawn that could not be; how often it was tried."""

    at: datetime
    tries: int


def watching(office: Office) -> Callable[[], int]:
    """Each call draws anew what was answered since the one before; how many messages. The first begins with now."""
    return _Watch(office).look


class _Watch:
    """What was answered up to `_seen` is drawn, but for what waits in `_again`, by the key of the message."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._again: dict[str, Again] = {}
        with office.desk.database.transaction() as tx:
            self._seen = answers.newest(tx)

    def look(self) -> int:
        given, ripe = self._news()
        if not given and not ripe:
            return 0
        office = self._office
        with office.desk.database.changing() as tx:
            mine = [each for each in given if heard.is_new(tx, f"answer {each.change}", at=office.moment(tx))]
            everybody = people.directory(tx)
            answered = set(_keys(tx, office, mine, everybody))
            found = posts.told(tx, answered | ripe)
        for gone in ripe - {told.message.key for told in found}:
            del self._again[gone]
        due = [told for told in found if self._is_due(told, mine if told.message.key in answered else (), ripe)]
        return sum(self._drawn(told, everybody) for told in due)

    def _news(self) -> tuple[list[Answer], set[str]]:
        """What was answered since, and the messages whose time has come again."""
        with self._office.desk.database.transaction() as tx:
            newest, given = answers.newest(tx), answers.since(tx, self._seen)
            now = self._office.moment(tx) if self._again else None
        self._seen = given[-1].change if len(given) == answers.PAGE else newest
        return given, {key for key, each in self._again.items() if now and each.at <= now}

    def _is_due(self, told: Told, given: Sequence[Answer], ripe: Collection[str]) -> bool:
        """Slack's time to wait holds for what is answered meanwhile too."""
        key = told.message.key
        if given and _by_their_own_click(told, given):
            self._again.pop(key, None)
            return False
        return key in ripe or key not in self._again

    def _drawn(self, told: Told, everybody: Mapping[str, Person]) -> bool:
        before = self._again.pop(told.message.key, None)
        try:
            return _draw(self._office, told, everybody)
        except (SlackClientError, HTTPException, LookupError, ValueError, OSError) as error:
            self._put_off(told, error, before.tries + 1 if before else 1)
            return False

    def _put_off(self, told: Told, error: Exception, tries: int) -> None:
        wait = _wait(error, tries)
        stays = "stays as it was" if wait is None else "is drawn later"
        log.info("message of kind %s %s: %s", told.message.kind, stays, type(error).__name__)
        if wait is not None:
            with self._office.desk.database.transaction() as tx:
                self._again[told.message.key] = Again(self._office.moment(tx) + wait, tries)


def _wait(error: Exception, tries: int) -> timedelta | None:
    """Until Slack, or the way there, may do it; None where it will not, or did not too often."""
    if tries >= TRIES or isinstance(error, (LookupError, ValueError)):
        return None
    wait = asked_to_wait(error) if isinstance(error, SlackApiError) else None
    if wait is None and isinstance(error, SlackApiError) and not is_unsure(error):
        return None
    return wait or wait_after(tries)


def _keys(tx: Transaction, office: Office, given: Sequence[Answer], everybody: Mapping[str, Person]) -> Iterator[str]:
    """Of the messages in which these alerts may stand: what was told at once, and the digests of today."""
    now, policy = office.desk.clock(), office.desk.policy
    numbers = {each.alert for each in given}
    yield from (f"urgent:{number}" for number in numbers)
    for listed in alerts.numbered(tx, numbers).values():
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

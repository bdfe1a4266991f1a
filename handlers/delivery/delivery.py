"""Delivering what the outbox holds: a plain sequence of steps over one message, any of which may be the last.

Whoever finds a message that Slack may have already looks for it there, by its key, before anything is sent again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from domain.accounts import Person
from handlers.ask import Reply
from handlers.delivery import readers, undelivered
from handlers.delivery.missed import Untimely, wake_nobody
from handlers.delivery.office import TOKENS, Office
from handlers.delivery.readers import PassedOn
from handlers.delivery.refusals import asked_to_wait, is_unsure, said, wait_after
from handlers.slack.admission import own_words
from handlers.slack.doors import Visitor
from handlers.slack.posting import sent
from storage import people
from storage.database import FAILURES
from storage.delivery import outbox, paces
from storage.delivery.outbox import EVERYBODY, Held, Message
from words import Words, spoken

log = logging.getLogger("apuntador.delivery")

LEASE = timedelta(seconds=60)
PACE = timedelta(seconds=1)
TOKEN_WAIT = timedelta(minutes=1)
EVENT = "apuntador_message"
IN_A_ROOM = {"digest"}
LOOKED_BACK = timedelta(days=1)
PAGE, PAGES = 200, 5


class Lost(Exception):
    """Somebody else holds the message by now."""


class Paced(Exception):
    """The channel's slot is taken."""


class Undeliverable(Exception):
    """It must not go, or cannot, until somebody mends something."""


@dataclass(frozen=True)
class Letter:
    """A message on its way. leaving: Slack may have it by now; ts, channel: where it stands there.

    room: it goes to the channel that its reader chose; detour: why it goes to themselves instead.
    """

    held: Held
    person: Person | None = None
    visitor: Visitor | None = None
    to: str = ""
    words: Words | None = None
    reply: Reply | None = None
    room: bool = False
    detour: str = ""
    leaving: bool = False
    channel: str = ""
    ts: str = ""

    @property
    def untried(self) -> bool:
        """Whether it is known that Slack never had it. Once that was in doubt it is looked for before each try."""
        return self.held.tried_at is None


Step = Callable[[Office, Letter], Letter]


def run(office: Office, *, leaving: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Deliver what is due now, in this thread and without waiting for any channel; how it ended, counted."""
    ended: Counter[str] = Counter()
    if _may_begin(office):
        while not leaving() and (held := claim(office)):
            ended[deliver(office, held)] += 1
    return ended


def claim(office: Office) -> Held | None:
    with office.desk.database.changing() as tx:
        now = office.moment(tx)
        return outbox.claim(tx, due_by=office.desk.clock(), now=now, holder=uuid4().hex, until=now + LEASE)


def address(office: Office, letter: Letter) -> Letter:
    """To whom it goes, and in which language they read."""
    message, policy = letter.held.message, office.desk.policy
    if message.channel is not None:
        words = spoken(message.content.get("language"), country=policy.country, default=policy.language)
        return replace(letter, to=message.channel, words=words)
    with office.desk.database.transaction() as tx:
        readers.check(tx, office.desk, letter.held)
        person = people.by_email(tx, message.person or "")
    if person is None:
        raise Undeliverable("unknown_person")
    wake_nobody(letter.held, person, policy, office.desk.clock())
    slack_id = person.slack_id or str(office.client.users_lookupByEmail(email=person.email)["user"]["id"])
    visitor = office.doors.look_up(office.client, slack_id, office.home)
    if person.slack_id is None and visitor.insider:
        _remember(office, person, slack_id)
    found = replace(letter, to=slack_id, person=person, visitor=visitor, words=own_words(policy, person, visitor))
    return _roomed(office, found, person.digest_channel or "") if message.kind in IN_A_ROOM else found


def _roomed(office: Office, letter: Letter, chosen: str) -> Letter:
    """To the channel that its reader chose, if nobody else than ours reads there; where it was tried, it stays."""
    tried = letter.held.tried_in
    if tried or not chosen:
        return replace(letter, to=tried or letter.to, room=bool(tried) and tried != letter.to)
    detour = office.doors.obstacle(office.client, chosen, office.home)
    return replace(letter, detour=detour) if detour else replace(letter, to=chosen, room=True)


def _remember(office: Office, person: Person, slack_id: str) -> None:
    with office.desk.database.changing() as tx:
        people.link_slack(tx, person.email, slack_id, at=office.moment(tx), on=office.desk.today)


def look_up(office: Office, letter: Letter) -> Letter:
    """Whether it stands in Slack already, where that is in doubt."""
    tried_at = letter.held.tried_at
    if tried_at is None:
        return letter
    channel = letter.to
    if letter.person is not None and not letter.room:
        channel = str(office.client.conversations_open(users=[letter.to])["channel"]["id"])
    ts = _found(office.client, channel, letter.held.message.key, since=tried_at - LOOKED_BACK)
    return replace(letter, channel=channel, ts=ts)


def _found(client: WebClient, channel: str, key: str, *, since: datetime) -> str:
    """The ts of the message there, newest first: through the last thousand, whatever our clock says, and to `since`."""
    cursor, pages = None, 0
    while True:
        page = client.conversations_history(channel=channel, cursor=cursor, limit=PAGE, include_all_metadata=True)
        for message in page["messages"]:
            known = message.get("metadata") or {}
            if known.get("event_type") == EVENT and (known.get("event_payload") or {}).get("key") == key:
                return str(message["ts"])
        pages += 1
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor or (pages >= PAGES and float(page["messages"][-1]["ts"]) < since.timestamp()):
            return ""


def word(office: Office, letter: Letter) -> Letter:
    if letter.ts or letter.words is None:
        return letter
    try:
        content = _content(office, letter)
        reply = office.render[letter.held.message.kind](office.desk, content, letter.person, letter.words)
    except FAILURES:
        raise
    except Exception as error:
        log.exception("message %s (%s) cannot be worded", letter.held.id, letter.held.message.kind)
        raise Undeliverable("not_worded") from error
    return replace(letter, reply=reply)


def _content(office: Office, letter: Letter) -> Mapping[str, Any]:
    message = letter.held.message
    zone = (letter.person and letter.person.time_zone) or office.desk.policy.time_zone
    today = office.desk.clock().astimezone(ZoneInfo(zone)).date()
    told = {"told_on": message.told_on.isoformat(), "late": message.told_on < today}
    if message.kind in IN_A_ROOM:
        told |= {"room": letter.room, "detour": letter.detour}
    return {**message.content, **told}


def admit(office: Office, letter: Letter) -> Letter:
    """Nobody outside the organisation, and no guest, reads what is posted."""
    if letter.ts:
        return letter
    safe = letter.visitor is None or letter.visitor.insider
    if letter.visitor is None or letter.room:
        safe = safe and office.doors.is_read_by_us_alone(office.client, letter.to, office.home)
    if not safe:
        raise Undeliverable("outsiders")
    return letter


def set_out(office: Office, letter: Letter) -> Letter:
    """Take the channel's slot, hold the message on, and note that Slack may have it from now: all or nothing."""
    if letter.ts:
        return letter
    with office.desk.database.changing() as tx:
        now = office.moment(tx)
        slots = {letter.held.message.reader, *([letter.to] if letter.room else ())}
        if not all(paces.take(tx, slot, now=now, next_at=now + PACE) for slot in sorted(slots)):
            raise Paced
        if not outbox.try_now(tx, letter.held, now=now, until=now + LEASE, place=letter.to):
            raise Lost
    return replace(letter, leaving=True)


def post(office: Office, letter: Letter) -> Letter:
    """The one place from which anything of the outbox goes to Slack."""
    if letter.ts or letter.reply is None:
        return letter
    metadata = {"event_type": EVENT, "event_payload": {"key": letter.held.message.key}}
    answer = office.client.chat_postMessage(
        channel=letter.to, metadata=metadata, unfurl_links=False, unfurl_media=False, **sent(letter.reply)
    )
    return replace(letter, channel=str(answer["channel"]), ts=str(answer["ts"]))


def record(office: Office, letter: Letter) -> Letter:
    at = datetime.fromtimestamp(float(letter.ts), UTC)
    with office.desk.database.changing() as tx:
        outbox.posted(tx, letter.held, channel=letter.channel, ts=letter.ts, at=at)
    return letter


STEPS: tuple[Step, ...] = (address, look_up, word, admit, set_out, post, record)


def deliver(office: Office, held: Held, steps: tuple[Step, ...] = STEPS) -> str:
    """Take every step; how it ended: posted, found, lost, paced, slowed, put_off, passed_on, failed or parked."""
    letter = Letter(held)
    try:
        for step in steps:
            letter = step(office, letter)
    except (Lost, Paced, Untimely, PassedOn, Undeliverable) as reason:
        return _stopped(office, letter, reason)
    except SlackApiError as error:
        return _refused(office, letter, error)
    except (SlackClientError, HTTPException, LookupError, ValueError, OSError) as error:
        return _failed(office, letter, error)
    return "posted" if letter.leaving else "found"


def _stopped(office: Office, letter: Letter, reason: Exception) -> str:
    """One of the steps said that it does not go now."""
    if isinstance(reason, Paced):
        return _let_go(office, letter, "paced", wait=PACE if letter.room else None, failed=False)
    if isinstance(reason, Untimely):
        return _put_off(office, letter, reason.until)
    if isinstance(reason, PassedOn):
        return _pass_on(office, letter, reason.message)
    if isinstance(reason, Undeliverable):
        return _park(office, letter, str(reason))
    return "lost"


def _refused(office: Office, letter: Letter, error: SlackApiError) -> str:
    """What Slack says for certain tells that it did not take the message now; of an earlier time it tells nothing."""
    wait = asked_to_wait(error)
    if wait is not None:
        return _slow_down(office, letter, wait)
    return _failed(office, letter, error) if is_unsure(error) else _park(office, letter, said(error)[0])


def _slow_down(office: Office, letter: Letter, wait: timedelta) -> str:
    """Slack says how long that channel waits; the others go on."""
    with office.desk.database.changing() as tx:
        paces.hold(tx, letter.to if letter.room else letter.held.message.reader, until=office.moment(tx) + wait)
        outbox.release(tx, letter.held, untried=letter.untried, failed=False)
    return "slowed"


def _failed(office: Office, letter: Letter, error: Exception) -> str:
    """Nobody knows whether Slack has it: once it went, it is looked for before it goes again."""
    log.warning("message %s (%s) did not go: %s", letter.held.id, letter.held.message.kind, error)
    return _let_go(office, letter, "failed", wait=wait_after(letter.held.attempts))


def _let_go(office: Office, letter: Letter, ended: str, *, wait: timedelta | None = None, failed: bool = True) -> str:
    untried = letter.untried and not letter.leaving
    with office.desk.database.changing() as tx:
        not_before = None if wait is None else office.moment(tx) + wait
        outbox.release(tx, letter.held, not_before=not_before, untried=untried, failed=failed, error=ended)
    return ended


def _put_off(office: Office, letter: Letter, until: datetime) -> str:
    with office.desk.database.changing() as tx:
        outbox.put_off(tx, letter.held, due_at=until)
    return "put_off"


def _pass_on(office: Office, letter: Letter, message: Message) -> str:
    with office.desk.database.changing() as tx:
        outbox.put_off(tx, letter.held, due_at=message.due_at, person=message.person)
    return "passed_on"


def _park(office: Office, letter: Letter, error: str) -> str:
    """Set it aside; an admin hears of it once. Without a token nobody hears anything: then all wait."""
    message = letter.held.message
    log.error("message %s (%s) is parked: %s", letter.held.id, message.kind, error)
    with office.desk.database.changing() as tx:
        first = outbox.park(tx, letter.held, error=error, untried=letter.untried)
        if error in TOKENS:
            paces.hold(tx, EVERYBODY, until=office.moment(tx) + TOKEN_WAIT)
        if first and message.kind != undelivered.KIND:
            outbox.queue(tx, undelivered.notices(tx, office.desk, message, error))
    return "parked"


def _may_begin(office: Office) -> bool:
    """Whether something is due and Slack knows us; what waited for a token goes on once it does."""
    with office.desk.database.transaction() as tx:
        now = office.moment(tx)
        if not outbox.has_parked(tx, TOKENS):
            return outbox.has_due(tx, due_by=office.desk.clock(), now=now)
        held_until = paces.held_until(tx, EVERYBODY)
    return (held_until is None or held_until <= now) and _is_known(office)


def _is_known(office: Office) -> bool:
    try:
        office.client.auth_test()
    except (SlackClientError, HTTPException, OSError) as error:
        log.error("Slack does not know us: %s", error)  # noqa: TRY400  the reason is whole
        with office.desk.database.changing() as tx:
            paces.hold(tx, EVERYBODY, until=office.moment(tx) + TOKEN_WAIT)
        return False
    with office.desk.database.changing() as tx:
        paces.free(tx, EVERYBODY, now=office.moment(tx))
        outbox.resume(tx, errors=TOKENS)
    return True

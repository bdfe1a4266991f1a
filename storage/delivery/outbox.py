"""What is to be said in Slack: each message stands once for ever, and is held by one process at a time.

A held message whose `held_until` has passed is anyone's again. `tried_at` stands from just before the message goes to
Slack until it is known that Slack did not take it: whoever holds such a message looks for it there first.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, update

from storage.database import Transaction, insert_into
from storage.delivery.paces import LONGEST
from storage.tables import outbox, paces

PAGE = 500
WAITING = ("queued", "claimed")
EVERYBODY = "*"
UNBEGUN = (outbox.c.status == "queued") & outbox.c.tried_at.is_(None)
reader_of = func.coalesce(outbox.c.channel, outbox.c.person)


@dataclass(frozen=True)
class Message:
    """For a person (their e-mail) or a channel (its Slack id); `content` is codes and values, JSON.

    told_on: the business day that it is about. due_at: when it may go, by the business clock.
    """

    key: str
    kind: str
    told_on: date
    content: Mapping[str, Any]
    due_at: datetime
    person: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        if (self.person is None) == (self.channel is None):
            raise ValueError(f"{self.key}: a message has either a person or a channel")

    @property
    def reader(self) -> str:
        return self.channel or self.person or ""


@dataclass(frozen=True)
class Held:
    """A message that this process holds until `until`; tried_at: Slack may have it since then, in `tried_in`."""

    id: int
    message: Message
    holder: str
    until: datetime
    attempts: int
    tried_at: datetime | None
    tried_in: str = ""


@dataclass(frozen=True)
class Parked:
    """A message that cannot go until somebody mends something."""

    key: str
    kind: str
    reader: str
    error: str


def queue(tx: Transaction, messages: Iterable[Message]) -> int:
    """Keep the messages whose key never stood before; how many those are."""
    rows = list({message.key: _row(message) for message in messages}.values())
    kept = 0
    for start in range(0, len(rows), PAGE):
        statement = insert_into(tx, outbox).values(rows[start : start + PAGE])
        new = statement.on_conflict_do_nothing(index_elements=[outbox.c.key]).returning(outbox.c.key)
        kept += len(tx.execute(new).all())
    return kept


def _row(message: Message) -> dict[str, Any]:
    return {
        "key": message.key, "kind": message.kind, "person": message.person, "channel": message.channel,
        "told_on": message.told_on, "content": dict(message.content), "due_at": message.due_at,
        "status": "queued", "attempts": 0,
    }  # fmt: skip


def claim(tx: Transaction, *, due_by: datetime, now: datetime, holder: str, until: datetime) -> Held | None:
    """Hold the message that has waited longest, if its reader may be written to now; None where nothing waits.

    due_by: the business clock; now, until: real time. Those that failed least go first, so that none blocks others.
    """
    query = select(outbox).where(_claimable(due_by, now))
    query = query.order_by(outbox.c.attempts, outbox.c.due_at, outbox.c.id).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True, of=outbox)).mappings().one_or_none()
    if row is None:
        return None
    values = {"status": "claimed", "holder": holder, "held_until": until, "attempts": row["attempts"] + 1}
    tx.execute(update(outbox).where(outbox.c.id == row["id"]).values(values))
    tried_in = row["posted_to"] or "" if row["tried_at"] else ""
    return Held(row["id"], message(row), holder, until, row["attempts"] + 1, row["tried_at"], tried_in)


def _claimable(due_by: datetime, now: datetime) -> ColumnElement[bool]:
    """A moment further off than any lease or pace was written before the clock was set back."""
    never = now + LONGEST
    let_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= now, outbox.c.held_until > never)
    free = ~exists().where(paces.c.channel.in_((reader_of, EVERYBODY)), paces.c.free_at > now, paces.c.free_at <= never)
    return outbox.c.status.in_(WAITING) & (outbox.c.due_at <= due_by) & let_go & free


def has_due(tx: Transaction, *, due_by: datetime, now: datetime) -> bool:
    """Whether `claim` would find something: a look that takes no turn at writing."""
    found = select(outbox.c.id).where(_claimable(due_by, now)).limit(1)
    return tx.execute(found).one_or_none() is not None


def message(row: Mapping[str, Any] | Any) -> Message:
    return Message(**{name: row[name] for name in Message.__dataclass_fields__})


def try_now(tx: Transaction, held: Held, *, now: datetime, until: datetime, place: str = "") -> bool:
    """Hold it on and note that Slack may have it from now, and where; False where somebody else holds it by now."""
    return _change(tx, _still_held(held), tried_at=now, held_until=until, posted_to=place or None)


def _still_held(held: Held) -> ColumnElement[bool]:
    return (outbox.c.id == held.id) & (outbox.c.holder == held.holder) & (outbox.c.status == "claimed")


def posted(tx: Transaction, held: Held, *, channel: str, ts: str, at: datetime) -> bool:
    """It stands in Slack, whoever holds it by now; False where that was known already."""
    values = {"status": "posted", "posted_to": channel, "ts": ts, "posted_at": at, "error": None}
    return _change(tx, (outbox.c.id == held.id) & (outbox.c.status != "posted"), **values, **LET_GO)


LET_GO = {"holder": None, "held_until": None}


def release(
    tx: Transaction,
    held: Held,
    *,
    untried: bool,
    not_before: datetime | None = None,
    failed: bool = True,
    error: str = "",
) -> bool:
    """Let go of it until `not_before` (real time); untried: it is known that Slack did not take it."""
    attempts = held.attempts if failed else held.attempts - 1
    values = {
        "status": "queued",
        "holder": None,
        "held_until": not_before,
        "error": error or None,
        "attempts": attempts,
    }
    return _change(tx, _still_held(held), **values, **({"tried_at": None} if untried else {}))


def put_off(tx: Transaction, held: Held, *, due_at: datetime, person: str | None = None) -> bool:
    """Let go of it until later by the business clock, as if it had not been tried; person: who reads it instead."""
    other = {"person": person} if person else {}
    again = {"status": "queued", "due_at": due_at, "attempts": held.attempts - 1, **LET_GO, **other}
    return _change(tx, _still_held(held), **again)


def park(tx: Transaction, held: Held, *, error: str, untried: bool) -> bool:
    """Keep it aside until `resume`; True where it is the first of its reader."""
    same = select(outbox.c.id).where(outbox.c.status == "parked", reader_of == held.message.reader).limit(1)
    first = tx.execute(same).one_or_none() is None
    given = {"tried_at": None} if untried else {}
    return _change(tx, _still_held(held), status="parked", error=error, **LET_GO, **given) and first


def resume(tx: Transaction, *, readers: Collection[str] | None = None, errors: Collection[str] | None = None) -> int:
    """Queue parked messages again: all, those for some readers, those with some errors."""
    which = outbox.c.status == "parked"
    if readers is not None:
        which &= reader_of.in_(readers)
    if errors is not None:
        which &= outbox.c.error.in_(errors)
    values = {"status": "queued", "attempts": 0, "error": None, **LET_GO}
    return int(tx.execute(update(outbox).where(which).values(values)).rowcount)


def move(tx: Transaction, key: str, due_at: datetime, *, person: str | None = None) -> bool:
    """Let what nobody has begun to send go at another moment, or to another person; whether it does."""
    differs = (outbox.c.due_at != due_at) | (outbox.c.person != person if person else false())
    values = {"due_at": due_at} | ({"person": person} if person else {})
    return _change(tx, (outbox.c.key == key) & UNBEGUN & differs, **values)


def unbegun(tx: Transaction, kind: str) -> list[Message]:
    """What nobody has begun to send, soonest first; at most a page."""
    query = select(outbox).where(outbox.c.kind == kind, UNBEGUN).order_by(outbox.c.due_at, outbox.c.id).limit(PAGE)
    return [message(row) for row in tx.execute(query).mappings()]


def merge(tx: Transaction, kind: str, *, before: date, person: str | None = None, channel: str | None = None) -> list[
    Mapping[str, Any]
]:  # fmt: skip
    """What was to be told before a day and never went: its content, for the one that is told now instead."""
    same = (outbox.c.kind == kind) & (reader_of == (channel or person)) & (outbox.c.told_on < before)
    waiting = same & outbox.c.tried_at.is_(None) & outbox.c.status.in_(("queued", "parked"))
    merged = (
        update(outbox).where(waiting).values(status="merged", **LET_GO).returning(outbox.c.told_on, outbox.c.content)
    )
    return [row.content for row in sorted(tx.execute(merged), key=lambda row: row.told_on)]


def waiting(tx: Transaction, *, due_by: datetime | None = None, limit: int = PAGE) -> list[Message]:
    """What has not gone yet, soonest first; with `due_by` only what is due by then."""
    query = select(outbox).where(outbox.c.status.in_(WAITING)).order_by(outbox.c.due_at, outbox.c.id).limit(limit)
    query = query if due_by is None else query.where(outbox.c.due_at <= due_by)
    return [message(row) for row in tx.execute(query).mappings()]


def parked(tx: Transaction, *, limit: int = PAGE) -> list[Parked]:
    columns = outbox.c.key, outbox.c.kind, reader_of.label("reader"), outbox.c.error
    query = select(*columns).where(outbox.c.status == "parked").order_by(outbox.c.id).limit(limit)
    return [Parked(**row) for row in tx.execute(query).mappings()]


def parked_readers(tx: Transaction, errors: Collection[str]) -> list[tuple[str | None, str | None]]:
    """Each person and channel for whom something is parked with one of these errors."""
    which = outbox.c.status == "parked", outbox.c.error.in_(errors)
    query: Select[Any] = select(outbox.c.person, outbox.c.channel).where(*which).distinct()
    return [(row.person, row.channel) for row in tx.execute(query)]


def has_parked(tx: Transaction, errors: Collection[str]) -> bool:
    query = select(outbox.c.id).where(outbox.c.status == "parked", outbox.c.error.in_(errors)).limit(1)
    return tx.execute(query).one_or_none() is not None


def where(tx: Transaction, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """The channel and ts of those messages which stand in Slack; one that was taken back bears a note as its error."""
    query = select(outbox.c.key, outbox.c.posted_to, outbox.c.ts)
    query = query.where(outbox.c.key.in_(keys), outbox.c.status == "posted", outbox.c.error.is_(None))
    return {row.key: (row.posted_to, row.ts) for row in tx.execute(query)}


def standing(tx: Transaction, keys: Collection[str]) -> set[str]:
    """Those of the keys that stand already, whatever became of them."""
    return set(tx.execute(select(outbox.c.key).where(outbox.c.key.in_(keys))).scalars())


def counts(tx: Transaction) -> dict[str, int]:
    """How many messages are in which state."""
    query = select(outbox.c.status, func.count()).group_by(outbox.c.status)
    return {row[0]: row[1] for row in tx.execute(query)}


def oldest_age(tx: Transaction, *, now: datetime) -> timedelta | None:
    """How long the oldest message that is due has waited, by the business clock; None where none is due."""
    due = outbox.c.status.in_(WAITING) & (outbox.c.due_at <= now)
    first = tx.execute(select(func.min(outbox.c.due_at)).where(due)).scalar_one()
    return None if first is None else now - first


def _change(tx: Transaction, which: ColumnElement[bool], **values: Any) -> bool:
    return int(tx.execute(update(outbox).where(which).values(values)).rowcount) > 0

"""What was posted, and still stands there as far as we know."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update

from storage.database import Transaction
from storage.delivery.outbox import Message, message
from storage.tables import outbox

STANDS = (outbox.c.status == "posted") & outbox.c.ts.is_not(None) & outbox.c.error.is_(None)


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    ts: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the outbox and where it stands."""

    message: Message
    channel: str
    ts: str


def told(tx: Transaction, keys: Collection[str]) -> list[Told]:
    """Those of the keys that stand somewhere, in the order in which they were queued."""
    query = select(outbox).where(STANDS, outbox.c.key.in_(keys)).order_by(outbox.c.id)
    return [Told(message(row), row["posted_to"], row["ts"]) for row in tx.execute(query).mappings()]


def standing(tx: Transaction, channel: str, *, limit: int) -> list[Post]:
    """The newest first. A post has no error until somebody took it back."""
    query = select(outbox.c.id, outbox.c.ts).where(_stands(channel)).order_by(outbox.c.id.desc()).limit(limit)
    return [Post(row.id, row.ts) for row in tx.execute(query)]


def count(tx: Transaction, channel: str) -> int:
    return tx.execute(select(func.count()).select_from(outbox).where(_stands(channel))).scalar_one()


def take_back(tx: Transaction, post: int, who: str) -> None:
    """Note that it is gone, and who had it deleted."""
    tx.execute(update(outbox).where(outbox.c.id == post).values(error=f"withdrawn {who}"))


def _stands(channel: str) -> ColumnElement[bool]:
    return STANDS & (outbox.c.posted_to == channel)

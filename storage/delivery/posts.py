"""What was posted to channels, and still stands there as far as we know."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update

from storage.database import Transaction
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    ts: str


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
    posted = (outbox.c.status == "posted") & outbox.c.ts.is_not(None) & outbox.c.error.is_(None)
    return posted & (outbox.c.posted_to == channel)

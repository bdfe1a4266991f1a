"""Slack's pace, a message a second in each channel, kept by all replicas together: a slot is taken in the database."""

from datetime import datetime

from sqlalchemy import func, select, update

from storage.database import Transaction, insert_into
from storage.tables import paces


def take(tx: Transaction, channel: str, *, now: datetime, next_at: datetime) -> bool:
    """Take the slot of now; False where another message has it, or Slack asked to wait."""
    statement = insert_into(tx, paces).values(channel=channel, free_at=next_at)
    taken = statement.on_conflict_do_update(
        index_elements=[paces.c.channel], set_={"free_at": next_at}, where=paces.c.free_at <= now
    )
    return tx.execute(taken.returning(paces.c.channel)).one_or_none() is not None


def hold(tx: Transaction, channel: str, *, until: datetime) -> None:
    """Nothing goes there before that moment."""
    statement = insert_into(tx, paces).values(channel=channel, free_at=until)
    later = {"free_at": until}
    tx.execute(
        statement.on_conflict_do_update(index_elements=[paces.c.channel], set_=later, where=paces.c.free_at < until)
    )


def free(tx: Transaction, channel: str, *, now: datetime) -> None:
    """What held it is mended."""
    tx.execute(update(paces).where(paces.c.channel == channel, paces.c.free_at > now).values(free_at=now))


def held_until(tx: Transaction, channel: str) -> datetime | None:
    found: datetime | None = tx.execute(select(paces.c.free_at).where(paces.c.channel == channel)).scalar_one_or_none()
    return found


def purge(tx: Transaction, *, before: datetime) -> None:
    tx.execute(paces.delete().where(paces.c.free_at < before))


def waited_for(tx: Transaction, *, now: datetime) -> int:
    """How many channels are held at this moment."""
    return int(tx.execute(select(func.count()).where(paces.c.free_at > now)).scalar_one())

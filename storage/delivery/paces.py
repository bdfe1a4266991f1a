"""Slack's pace, a message a second in each channel, kept by all replicas together: a slot is taken in the database."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from storage.database import Transaction, insert_into
from storage.tables import paces

LONGEST = timedelta(hours=1)


def take(tx: Transaction, channel: str, *, now: datetime, next_at: datetime) -> bool:
    """Take the slot of now; False where another message has it, or Slack asked to wait."""
    statement = insert_into(tx, paces).values(channel=channel, free_at=next_at)
    taken = statement.on_conflict_do_update(
        index_elements=[paces.c.channel], set_={"free_at": next_at}, where=_is_free(now)
    )
    return tx.execute(taken.returning(paces.c.channel)).one_or_none() is not None


def _is_free(now: datetime) -> ColumnElement[bool]:
    """A moment further off than any hold was written before the clock was set back."""
    return or_(paces.c.free_at <= now, paces.c.free_at > now + LONGEST)


def hold(tx: Transaction, channel: str, *, until: datetime) -> None:
    """Nothing goes there before that moment, which is within `LONGEST` from now."""
    statement = insert_into(tx, paces).values(channel=channel, free_at=until)
    sooner = paces.c.free_at < until
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[paces.c.channel],
            set_={"free_at": until},
            where=or_(sooner, paces.c.free_at > until + LONGEST),
        )
    )


def free(tx: Transaction, channel: str, *, now: datetime) -> None:
    """What held it is mended."""
    tx.execute(update(paces).where(paces.c.channel == channel, paces.c.free_at > now).values(free_at=now))


def held_until(tx: Transaction, channel: str) -> datetime | None:
    found: datetime | None = tx.execute(select(paces.c.free_at).where(paces.c.channel == channel)).scalar_one_or_none()
    return found


def purge(tx: Transaction, *, before: datetime) -> None:
    tx.execute(paces.delete().where(paces.c.free_at < before))

"""The last command that was answered to a person in a place, for a while, so that a short question can follow it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from storage.database import Transaction, upsert
from storage.tables import frames

KEPT = timedelta(hours=24)
LONGEST = 2000


def keep(tx: Transaction, places: tuple[str, ...], person: str, command: str, *, now: datetime) -> None:
    """What is over goes with it."""
    tx.execute(frames.delete().where(frames.c.until <= now))
    row = {"person": person, "command": command[:LONGEST], "until": now + KEPT}
    upsert(tx, frames, [{"place": place, **row} for place in dict.fromkeys(places)])


def last(tx: Transaction, places: tuple[str, ...], person: str, *, now: datetime) -> str:
    """Of the first of the places that has one; nothing where none has."""
    mine = (frames.c.place.in_(places), frames.c.person == person, frames.c.until > now)
    held = {row.place: row.command for row in tx.execute(select(frames.c.place, frames.c.command).where(*mine))}
    return next((held[place] for place in places if place in held), "")

"""What people did with alerts, by the record of changes."""

from dataclasses import dataclass

from sqlalchemy import func, select

from storage.database import Transaction
from storage.tables import alerts, changes

PAGE = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A change of one alert; put_off: it was snoozed by it, which is done in a form."""

    change: int
    alert: int
    who: str
    put_off: bool


def newest(tx: Transaction) -> int:
    """The last change of anything; 0 where there is none."""
    return tx.execute(select(func.max(changes.c.id))).scalar_one() or 0


def since(tx: Transaction, change: int) -> list[Answer]:
    """The oldest first, at most a page."""
    query = select(changes.c.id, changes.c.entity_key, changes.c.who, changes.c.after)
    query = query.where(changes.c.id > change, changes.c.entity == alerts.name).order_by(changes.c.id).limit(PAGE)
    return [
        Answer(row.id, int(row.entity_key), row.who, bool((row.after or {}).get("snoozed_until")))
        for row in tx.execute(query)
    ]

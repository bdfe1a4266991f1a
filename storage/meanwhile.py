"""What somebody else recorded of an account while a form about it was open."""

from sqlalchemy import func, select

from storage import changes
from storage.changes import Made, Values
from storage.database import Transaction
from storage.importing.images import entity_key
from storage.tables import RECORDED
from storage.tables import changes as recorded


def mark(tx: Transaction) -> str:
    """How far the record goes now: a form remembers it."""
    return str(tx.execute(select(func.max(recorded.c.id))).scalar_one() or 0)


def by_another(
    tx: Transaction, entity: str, account: int, seen: str, *, who: str, key: Values | None = None
) -> Made | None:
    """The newest change of this kind since `seen`, in the account or in the row of `key`, that is not one's own.

    Writers take turns from here on, so that it still holds when one writes.
    """
    changes.take_turn(tx)
    if not seen.isdecimal():
        return None
    since = (recorded.c.account == account, recorded.c.entity == entity, recorded.c.id > int(seen))
    of_row = () if key is None else (recorded.c.entity_key == entity_key(RECORDED[entity], key),)
    query = select(recorded.c.id).where(*since, *of_row, func.lower(recorded.c.who) != who.lower())
    newest = tx.execute(query.order_by(recorded.c.id.desc()).limit(1)).scalar_one_or_none()
    return None if newest is None else changes.find(tx, newest)

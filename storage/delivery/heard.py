"""What Slack has told already: it tells again where it did not hear that it came."""

from datetime import datetime

from storage.database import Transaction, insert_into
from storage.tables import heard


def is_new(tx: Transaction, event_id: str, *, at: datetime) -> bool:
    """Whether it was never heard before; from now on it was."""
    statement = insert_into(tx, heard).values(event_id=event_id, at=at)
    new = statement.on_conflict_do_nothing(index_elements=[heard.c.event_id]).returning(heard.c.event_id)
    return tx.execute(new).one_or_none() is not None


def purge(tx: Transaction, *, before: datetime) -> int:
    return int(tx.execute(heard.delete().where(heard.c.at < before)).rowcount)

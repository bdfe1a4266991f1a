"""How new what we know is: the newest scores, and each source's last arrival."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from storage.database import Transaction
from storage.tables import scores
from storage.tables import sources as arrived


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    newest_fact_on: date | None
    arrived_at: datetime
    row_count: int


def scored_on(tx: Transaction) -> date | None:
    """The day of the newest scores."""
    newest: date | None = tx.execute(select(func.max(scores.c.day))).scalar_one()
    return newest


def sources(tx: Transaction) -> list[Source]:
    columns = [arrived.c[name] for name in Source.__dataclass_fields__]
    return [Source(**row) for row in tx.execute(select(*columns).order_by(arrived.c.name)).mappings()]

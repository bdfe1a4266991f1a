"""The record of changes, read: who did what, when; the newest first, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.database import Transaction
from storage.tables import accounts, changes


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as it was recorded; `account` is its id, as people write it."""

    id: int
    at: datetime
    who: str
    origin: str
    entity: str
    entity_key: str
    account: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    hash: str


def entries(
    tx: Transaction,
    *,
    account: str = "",
    who: str = "",
    since: datetime | None = None,
    before: int | None = None,
    limit: int,
) -> list[Entry]:
    """`before`: only those older than the change of this id."""
    wanted = []
    if account:
        wanted.append(accounts.c.account_id == account)
    if who:
        wanted.append(func.lower(changes.c.who) == who.lower())
    if since:
        wanted.append(changes.c.at >= since)
    if before is not None:
        wanted.append(changes.c.id < before)
    columns = [changes.c[name] for name in Entry.__dataclass_fields__ if name != "account"]
    joined = changes.outerjoin(accounts, accounts.c.number == changes.c.account)
    query = select(*columns, accounts.c.account_id.label("account")).select_from(joined).where(*wanted)
    return [Entry(**row) for row in tx.execute(query.order_by(changes.c.id.desc()).limit(limit)).mappings()]

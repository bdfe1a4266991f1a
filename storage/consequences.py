"""What an edited row leaves behind: its dated history, and the account marked where figures are derived from it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table

from storage.database import Transaction, upsert
from storage.images import entity_key
from storage.tables import accounts, dirty, history

DATED = {"accounts": ("csm", "segment", "tier"), "outcomes": ("current",), "goals": ("current",)}
DERIVED = {"subscriptions": "revenue", "mrr": "revenue", "usage": "usage", "usage_users": "usage"}


def follow(tx: Transaction, table: Table, row: Mapping[str, Any], changed: Mapping[str, Any], day: date) -> None:
    """What follows from new values of these columns, known on `day`."""
    upsert(tx, history, [dated(table, row, name, day) for name in DATED.get(table.name, ()) if name in changed])
    if table.name in DERIVED:
        upsert(tx, dirty, [{"account": row["account"], "what": DERIVED[table.name], "since": None}])


def dated(
    table: Table,
    row: Mapping[str, Any],
    name: str,
    day: date,
    *,
    assumed: bool = False,
    import_id: int | None = None,
) -> dict[str, Any]:
    """A row of history: the value of a column from `day` on, `assumed` where nobody told it on that day."""
    return {
        "entity": table.name,
        "entity_key": entity_key(table, row),
        "field": name,
        "day": day,
        "account": row["number"] if table is accounts else row["account"],
        "value": None if row[name] is None else str(row[name]),
        "known_on": day,
        "assumed": assumed,
        "import_id": import_id,
    }

"""What written rows leave behind: images for undoing, history, names to search, accounts to derive anew."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, bindparam, case, delete, select

from storage.database import Transaction, insert_into, upsert
from storage.importing import standing
from storage.importing.arrivals import Arrival
from storage.importing.bulk import insert_rows
from storage.importing.images import entity_key, plain
from storage.names import trigrams
from storage.tables import (
    ENTITIES,
    account_trigrams,
    accounts,
    before_images,
    dirty,
    history,
    metadata,
    usage_last,
)

Values = Mapping[str, Any]
Changed = Sequence[tuple[Values, Values]]

REMOVED = "(removed)"
DATED = {"accounts": ("csm", "segment", "tier", "laer_stage"), "outcomes": ("current",), "goals": ("current",)}
# What is not told there needs no date, and what is, counts from the day on which it was told.
IF_TOLD = {"laer_stage"}
DERIVED = {"subscriptions": "revenue", "mrr": "revenue", "usage": "usage", "usage_users": "usage"}
# What only an import or a person can tell again; everything else about an account is derived.
TOLD = (*(table for table in ENTITIES.values() if "account" in table.c), history)


def remember(tx: Transaction, import_id: int, table: Table, rows: Iterable[Values], *, removed: bool = False) -> None:
    """Keep the rows as they are before the import changes or removes them."""
    images = [
        {
            "import_id": import_id,
            "entity": table.name,
            "key": plain({column.name: row[column.name] for column in table.primary_key.columns}),
            "before": plain(row) | ({REMOVED: True} if removed else {}),
        }
        for row in rows
    ]
    insert_rows(tx, before_images, images)


def remove(tx: Transaction, table: Table, rows: Iterable[Values], arrival: Arrival) -> None:
    """Delete rows; an account goes with everything that is known of it."""
    if table is accounts:
        forget(tx, [row["number"] for row in rows], arrival.import_id)
    else:
        delete_rows(tx, table, rows)


def delete_rows(tx: Transaction, table: Table, rows: Iterable[Values]) -> None:
    columns = list(table.primary_key.columns)
    statement = delete(table).where(*(column == bindparam(f"key_{column.name}") for column in columns))
    keys = [{f"key_{column.name}": row[column.name] for column in columns} for row in rows]
    if keys:
        tx.execute(statement, keys)


def forget(tx: Transaction, numbers: Sequence[int], import_id: int | None) -> None:
    """Take accounts away with all their rows; what cannot be derived again is remembered for the import."""
    for table in TOLD if import_id is not None else ():
        query = standing.matching(tx, select(table), table.c.account, numbers)
        for page in tx.execute(query).mappings().partitions(1_000):
            remember(tx, import_id or 0, table, map(dict, page), removed=True)
    for table, column in _of_accounts():
        tx.execute(standing.deleting(tx, table, column, numbers))
    tx.execute(standing.deleting(tx, accounts, accounts.c.number, numbers))


def _of_accounts() -> Iterator[tuple[Table, Column[Any]]]:
    """Every table that holds an account's number, those that others refer to last."""
    for table in reversed(metadata.sorted_tables):
        for column in table.columns:
            if any(key.column is accounts.c.number for key in column.foreign_keys):
                yield table, column


def follow(
    tx: Transaction,
    table: Table,
    added: Sequence[Values],
    changed: Changed,
    removed: Sequence[Values],
    arrival: Arrival,
) -> None:
    """What follows from a chunk's rows."""
    if table is accounts:
        added = _numbered(tx, added)
        name_anew(tx, [*added, *(new for old, new in changed if old["folded"] != new["folded"])])
    _date(tx, table, added, changed, arrival)
    mark(tx, table, [*added, *removed, *(row for pair in changed for row in pair)])


def follow_edit(tx: Transaction, table: Table, row: Values, changed: Container[str], day: date) -> None:
    """What follows from a person's new values in the columns `changed`, known on `day`."""
    upsert(tx, history, [_dated(table, row, name, day) for name in DATED.get(table.name, ()) if name in changed])
    mark(tx, table, [row])


def keep_dated(tx: Transaction, table: Table, rows: Iterable[Values], day: date) -> None:
    """The values of `day` in the columns that are kept with their dates: derived, so that nobody's edit is recorded."""
    upsert(tx, history, [_dated(table, row, name, day) for row in rows for name in DATED[table.name]])


def _numbered(tx: Transaction, added: Sequence[Values]) -> list[Values]:
    found = standing.numbers(tx, [row["account_id"] for row in added])
    return [{**row, "number": found[row["account_id"]].number} for row in added]


def name_anew(tx: Transaction, rows: Sequence[Values]) -> None:
    """The trigrams of accounts that are new, or have another name."""
    numbers = [row["number"] for row in rows]
    if not numbers:
        return
    tx.execute(standing.deleting(tx, account_trigrams, account_trigrams.c.account, numbers))
    pieces = [{"trigram": piece, "account": row["number"]} for row in rows for piece in sorted(trigrams(row["folded"]))]
    insert_rows(tx, account_trigrams, pieces)


def _date(tx: Transaction, table: Table, added: Sequence[Values], changed: Changed, arrival: Arrival) -> None:
    """The values that are kept with their dates."""
    names = DATED.get(table.name, ())
    first = table.name in arrival.first
    rows = [
        _dated(
            table,
            row,
            name,
            row["known_on"] if first and table is accounts and name not in IF_TOLD else arrival.day,
            assumed=first,
            import_id=arrival.import_id,
        )
        for row in added
        for name in names
        if name not in IF_TOLD or row[name] is not None
    ]
    rows += [
        _dated(table, new, name, arrival.day, import_id=arrival.import_id)
        for old, new in changed
        for name in names
        if old[name] != new[name]
    ]
    if not rows:
        return
    key = ("entity", "entity_key", "field", "day")
    stood = standing.rows(tx, history, key, [[row[name] for name in key] for row in rows])
    remember(tx, arrival.import_id, history, (row._asdict() for row in stood))
    upsert(tx, history, rows)


def _dated(
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


def mark(tx: Transaction, table: Table, rows: Iterable[Values]) -> None:
    """The accounts whose figures must be derived anew, since the earliest day that changed."""
    if table.name == "features":
        _mark_users_of(tx, [row["feature"] for row in rows])
        return
    if table.name in DERIVED:
        mark_days(tx, table, ((row["account"], row.get("day")) for row in rows))


def mark_days(tx: Transaction, table: Table, days: Iterable[tuple[int, date | None]]) -> None:
    """Accounts with the days that changed; None: it may be any."""
    what = DERIVED.get(table.name)
    since: dict[int, date] = {}
    for account, day in days if what else ():
        earliest = day or date.min
        if earliest < since.get(account, date.max):
            since[account] = earliest
    marks = [
        {"account": account, "what": what, "since": None if day == date.min else day}
        for account, day in sorted(since.items())
    ]
    if marks:
        tx.execute(_marking(tx), marks)


def _mark_users_of(tx: Transaction, features: Sequence[str]) -> None:
    query = select(usage_last.c.account).distinct().where(usage_last.c.kind == "feature")
    users = tx.execute(standing.matching(tx, query, usage_last.c.name, features)).scalars().all() if features else ()
    if users:
        tx.execute(_marking(tx), [{"account": account, "what": "usage", "since": None} for account in users])


def _marking(tx: Transaction) -> Any:
    statement = insert_into(tx, dirty)
    told, stood = statement.excluded.since, dirty.c.since
    earlier = case((told.is_(None) | stood.is_(None), None), (told < stood, told), else_=stood)
    return statement.on_conflict_do_update(index_elements=["account", "what"], set_={"since": earlier})

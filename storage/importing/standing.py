"""What stands in the database for many keys at once: one query each, whatever the number of keys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    Row,
    Select,
    Subquery,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage.database import Transaction
from storage.tables import accounts, edited, identifiers


def rows(
    tx: Transaction,
    table: Table,
    columns: Sequence[str],
    keys: Iterable[Sequence[Any]],
    *where: ColumnElement[bool],
    locking: bool = False,
) -> Sequence[Row[Any]]:
    """The rows of a table whose `columns` have one of the values of `keys`."""
    asked, parts = _asked(tx, keys)
    matched = [table.c[name] == parts(place, table.c[name]) for place, name in enumerate(columns)]
    query = select(table).select_from(asked.join(table, and_(*matched))).where(*where)
    return tx.execute(query.with_for_update(of=table) if locking else query).all()


def matching(tx: Transaction, query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]) -> Select[Any]:
    """A query narrowed to rows whose column has one of many values."""
    asked, parts = _asked(tx, ([value] for value in values))
    return query.where(column.in_(select(parts(0, column)).select_from(asked)))


def given(tx: Transaction, keys: Iterable[Sequence[Any]], columns: Mapping[str, Column[Any]]) -> Subquery:
    """Values as a table: a name for each of their parts, with the column whose kind it is."""
    asked, parts = _asked(tx, keys)
    named = (parts(place, column).label(name) for place, (name, column) in enumerate(columns.items()))
    return select(*named).select_from(asked).subquery()


def deleting(tx: Transaction, table: Table, column: Column[Any], values: Iterable[Any]) -> Delete:
    """The deletion of the rows whose column has one of many values."""
    asked, parts = _asked(tx, ([value] for value in values))
    return delete(table).where(column.in_(select(parts(0, column)).select_from(asked)))


def _asked(tx: Transaction, keys: Iterable[Sequence[Any]]) -> Any:
    """A table of the keys, bound as one JSON text, and how a part of it is compared with a column."""
    bound = to_json(list(keys)).decode()
    if tx.dialect.name == "sqlite":
        asked = func.json_each(bound).table_valued("value", name="asked")
        return asked, lambda place, _column: func.json_extract(asked.c.value, f"$[{place}]")
    asked = func.jsonb_array_elements(cast(literal(bound, Text), JSONB)).table_valued("value", name="asked")
    value: Any = cast(asked.c.value, JSONB)
    return asked, lambda place, column: cast(value[place].astext, column.type)


def numbers(tx: Transaction, refs: Iterable[str]) -> dict[str, Any]:
    """number and customer_since of each account named by its id or as system:external_id."""
    wanted = {ref for ref in refs if ref}
    if not wanted:
        return {}
    asked, parts = _asked(tx, ([ref] for ref in wanted))
    named = asked.join(accounts, accounts.c.account_id == parts(0, accounts.c.account_id))
    query = select(accounts.c.account_id, accounts.c.number, accounts.c.customer_since).select_from(named)
    known: dict[str, Any] = {row.account_id: row for row in tx.execute(query)}
    outside = {identified(ref): ref for ref in wanted - known.keys() if ":" in ref}
    return known | ({outside[i]: row for i, row in _by_identifier(tx, outside).items()} if outside else {})


def identified(ref: str) -> str:
    """A reference of the form system:external_id, the system in lower case."""
    system, _, external = ref.partition(":")
    return f"{system.strip().lower()}:{external.strip()}"


def _by_identifier(tx: Transaction, refs: Iterable[str]) -> dict[str, Any]:
    asked, parts = _asked(tx, (ref.split(":", 1) for ref in refs))
    same = (identifiers.c.external_id == parts(1, identifiers.c.external_id)) & (
        func.lower(identifiers.c.system) == parts(0, identifiers.c.system)
    )
    named = asked.join(identifiers, same).join(accounts, accounts.c.number == identifiers.c.account)
    query = select(accounts.c.account_id, accounts.c.number, accounts.c.customer_since)
    found = query.add_columns(identifiers.c.system, identifiers.c.external_id).select_from(named)
    return {identified(f"{row.system}:{row.external_id}"): row for row in tx.execute(found)}


def others(tx: Transaction, table: Table, import_id: int) -> bool:
    """Whether rows stand that another import or a person wrote."""
    origin = table.c.import_id
    written = (select(origin).where(by).exists() for by in (origin.is_(None), origin < import_id, origin > import_id))
    return bool(tx.execute(select(or_(*written))).scalar_one())


def any_edits(tx: Transaction, entity: str) -> bool:
    return tx.execute(select(edited.c.entity).where(edited.c.entity == entity).limit(1)).first() is not None


def edits(tx: Transaction, entity: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The columns that people changed, by the key of their row."""
    found: dict[str, dict[str, Any]] = {}
    if not any_edits(tx, entity):
        return found
    query = select(edited).where(edited.c.entity == entity)
    for row in tx.execute(matching(tx, query, edited.c.entity_key, keys)):
        found.setdefault(row.entity_key, {})[row.column] = row
    return found

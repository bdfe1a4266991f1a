"""What stands in the database for many keys at once: one query each, whatever the number of keys."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Row, Select, Table, Text, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from storage.database import Transaction
from storage.images import plain
from storage.tables import accounts, edited, identifiers


def rows(tx: Transaction, table: Table, columns: Sequence[str], keys: Iterable[Sequence[Any]]) -> Sequence[Row[Any]]:
    """The rows of a table whose `columns` have one of the values of `keys`."""
    asked, parts = _asked(tx, keys)
    matched = [table.c[name] == parts(place, table.c[name]) for place, name in enumerate(columns)]
    return tx.execute(select(table).select_from(asked.join(table, _all(matched)))).all()


def matching(tx: Transaction, query: Select[Any], column: Column[Any], values: Iterable[Any]) -> Select[Any]:
    """A query narrowed to rows whose column has one of many values."""
    asked, parts = _asked(tx, ([value] for value in values))
    return query.where(column.in_(select(parts(0, column)).select_from(asked)))


def _asked(tx: Transaction, keys: Iterable[Sequence[Any]]) -> Any:
    """A table of the keys, bound as one JSON text, and how a part of it is compared with a column."""
    bound = json.dumps([[plain(part) for part in key] for key in keys])
    if tx.dialect.name == "sqlite":
        asked = func.json_each(bound).table_valued("value", name="asked")
        return asked, lambda place, _column: func.json_extract(asked.c.value, f"$[{place}]")
    asked = func.jsonb_array_elements(cast(literal(bound, Text), JSONB)).table_valued("value", name="asked")
    value: Any = cast(asked.c.value, JSONB)
    return asked, lambda place, column: cast(value[place].astext, column.type)


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    whole = conditions[0]
    for condition in conditions[1:]:
        whole &= condition
    return whole


def numbers(tx: Transaction, refs: Iterable[str]) -> dict[str, Any]:
    """number and customer_since of each account named by its id or as system:external_id."""
    wanted = {ref for ref in refs if ref}
    if not wanted:
        return {}
    asked, parts = _asked(tx, ([ref] for ref in wanted))
    ref = parts(0, accounts.c.account_id)
    found = select(accounts.c.account_id.label("ref"), accounts.c.number, accounts.c.customer_since).select_from(
        asked.join(accounts, accounts.c.account_id == ref)
    )
    known = {row.ref: row for row in tx.execute(found)}
    outside = {ref for ref in wanted - known.keys() if ":" in ref}
    return known | (_by_identifier(tx, outside) if outside else {})


def _by_identifier(tx: Transaction, refs: Iterable[str]) -> dict[str, Any]:
    asked, parts = _asked(tx, (ref.split(":", 1) for ref in refs))
    system, external = parts(0, identifiers.c.system), parts(1, identifiers.c.external_id)
    found = (
        select(identifiers.c.system, identifiers.c.external_id, accounts.c.number, accounts.c.customer_since)
        .select_from(asked.join(identifiers, (identifiers.c.external_id == external) & (func.lower(identifiers.c.system) == system)))
        .join(accounts, accounts.c.number == identifiers.c.account)
    )
    return {f"{row.system.lower()}:{row.external_id}": row for row in tx.execute(found)}


def edits(tx: Transaction, entity: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The columns that people changed, by the key of their row."""
    found: dict[str, dict[str, Any]] = {}
    query = select(edited).where(edited.c.entity == entity)
    for row in tx.execute(matching(tx, query, edited.c.entity_key, keys)):
        found.setdefault(row.entity_key, {})[row.column] = row
    return found

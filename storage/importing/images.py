"""Rows as plain JSON and back: what a row was before, and the key that names it in one text."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Table

from storage.tables import accounts
from storage.types import Addresses, Amount, Moment

Values = Mapping[str, Any]


def plain(value: Any) -> Any:
    """As JSON keeps it, and alike for values that are equal: 1.50 as 1.5, a moment of any offset as that of UTC."""
    match value:
        case Mapping():
            return {str(name): plain(each) for name, each in value.items()}
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case tuple():
            return [plain(each) for each in value]
        case _:
            return value


@cache
def decoders(table: Table) -> Mapping[str, Callable[[Any], Any]]:
    """How the columns that JSON cannot hold are read back."""
    kinds: list[tuple[type, Callable[[Any], Any]]] = [
        (Date, date.fromisoformat), (Moment, datetime.fromisoformat), (Amount, Decimal), (Addresses, tuple),
    ]  # fmt: skip
    return {column.name: decode for column in table.columns for kind, decode in kinds if isinstance(column.type, kind)}


def restored(table: Table, kept: Values) -> dict[str, Any]:
    """The values of an image, as the table takes them."""
    decode = decoders(table)
    return {
        name: decode[name](value) if name in decode and value is not None else value for name, value in kept.items()
    }


@cache
def key_columns(table: Table) -> tuple[str, ...]:
    """The columns that name a row to people and imports."""
    return ("account_id",) if table is accounts else tuple(column.name for column in table.primary_key.columns)


def entity_key(table: Table, row: Values) -> str:
    """The key of a row in one text, for `edited`, `history` and `changes`: its one part, or a JSON list."""
    parts = [plain(row[name]) for name in key_columns(table)]
    return str(parts[0]) if len(parts) == 1 else json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def key_values(table: Table, text: str) -> dict[str, Any]:
    """The columns of which `entity_key` made a text."""
    names = key_columns(table)
    whole = len(names) == 1
    parts = [int(text) if isinstance(table.c[names[0]].type, Integer) else text] if whole else json.loads(text)
    return restored(table, dict(zip(names, parts, strict=True)))

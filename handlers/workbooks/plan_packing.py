"""Rows of a plan as JSON and back: what a workbook was exported with, and what an edited one says."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.workbooks.edited_plans import FIELDS, OF_NEW, Rows, Value, Values


def packed(rows: Rows) -> list[list[Any]]:
    """Each as entity, id and values."""
    return [[entity, row_id, packed_values(values)] for (entity, row_id), values in sorted(rows.items())]


def packed_values(values: Values) -> dict[str, str | None]:
    return {name: _plain(value) for name, value in values.items()}


def unpacked(content: Iterable[list[Any]]) -> Rows:
    return {(entity, row_id): unpacked_values(entity, values) for entity, row_id, values in content}


def unpacked_values(entity: str, values: Mapping[str, str | None]) -> Values:
    kinds = {**FIELDS[entity], **OF_NEW.get(entity, {})}
    return {name: _value(kinds[name], value) for name, value in values.items() if name in kinds}


def _plain(value: Value) -> str | None:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def _value(kind: str, value: str | None) -> Value:
    if value is None:
        return None
    if kind == "number":
        return Decimal(value)
    return date.fromisoformat(value) if kind == "day" else value

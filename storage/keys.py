"""How a row is named outside its table: by its key as JSON, the key of an account being the company's own id."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Table

from storage.tables import accounts


def key_columns(table: Table) -> Sequence[Column[Any]]:
    return [accounts.c.account_id] if table is accounts else list(table.primary_key.columns)


def key_text(table: Table, row: Mapping[str, Any]) -> str:
    values = (row[column.name] for column in key_columns(table))
    return json.dumps([v.isoformat() if isinstance(v, date) else v for v in values], ensure_ascii=False)

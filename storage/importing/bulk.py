"""Many new rows at once, the fast way of each database."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Date, Table

from storage.database import Transaction


def insert_rows(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert complete rows that all have the same columns; none of them may stand already."""
    if not rows:
        return
    names = [column.name for column in table.columns if column.name in rows[0]]
    insert_columns(tx, table, dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True)))


def insert_columns(tx: Transaction, table: Table, columns: Mapping[str, Iterable[Any]]) -> None:
    """Insert rows that are given by their columns."""
    names = list(columns)
    quote = tx.dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    values = zip(*(_bound(tx, table, name, values) for name, values in columns.items()), strict=True)
    if tx.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        tx.exec_driver_sql(f"insert into {target} values ({places})", list(values))  # noqa: S608
        return
    driver: Any = tx.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy {target} from stdin") as copy:
        for row in values:
            copy.write_row(row)


def _bound(tx: Transaction, table: Table, name: str, values: Iterable[Any]) -> Iterable[Any]:
    """A column as the driver takes it; days repeat themselves."""
    kind = table.c[name].type
    process = kind.dialect_impl(tx.dialect).bind_processor(tx.dialect)
    if process is None:
        return values
    return map(cache(process) if isinstance(kind, Date) else process, values)

"""Many new rows at once, the fast way of each database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    quote = tx.dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    values = _values(tx, table, names, rows)
    if tx.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        tx.exec_driver_sql(f"insert into {target} values ({places})", list(values))  # noqa: S608
        return
    driver: Any = tx.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy {target} from stdin") as copy:
        for row in values:
            copy.write_row(row)


def _values(
    tx: Transaction, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Iterator[Sequence[Any]]:
    """The rows as the driver takes them: worked out by columns, in which days repeat themselves."""
    columns: list[Iterable[Any]] = list(zip(*map(itemgetter(*names), rows), strict=True))
    for place, name in enumerate(names):
        kind = table.c[name].type
        process = kind.dialect_impl(tx.dialect).bind_processor(tx.dialect)
        if process is not None:
            columns[place] = map(cache(process) if isinstance(kind, Date) else process, columns[place])
    return zip(*columns, strict=True)

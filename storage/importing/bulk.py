"""Many new rows at once, the fast way of each database."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Date, Table

from storage.database import Transaction


def insert_rows(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert complete rows that all have the same columns; none of them may stand already."""
    if not rows:
        return
    names = [column.name for column in table.columns if column.name in rows[0]]
    insert_values(tx, table, names, map(itemgetter(*names), rows))


def insert_values(tx: Transaction, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """As insert_rows; each row holds the values of the columns that are named, in their order."""
    held = list(rows)
    if held:
        insert_columns(tx, table, dict(zip(names, zip(*held, strict=True), strict=True)))


def insert_new(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert complete rows that all have the same columns; what has a key that stands already is left out."""
    _insert_beside(tx, table, rows, "on conflict do nothing")


def put_rows(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; where a key stands already, they change what else they name."""
    key = [_quoted(tx, column.name) for column in table.primary_key.columns]
    named = [_quoted(tx, name) for row in rows[:1] for name in row]
    changed = ", ".join(f"{name} = excluded.{name}" for name in named if name not in key)
    _insert_beside(tx, table, rows, f"on conflict ({', '.join(key)}) do update set {changed}")


def _insert_beside(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], otherwise: str) -> None:
    if rows:
        names = list(rows[0])
        target = f"{_quoted(tx, table.name)} ({', '.join(_quoted(tx, name) for name in names)})"
        places = ", ".join([_place(tx)] * len(names))
        _each(tx, f"insert into {target} values ({places}) {otherwise}", table, names, rows)  # noqa: S608


def update_rows(tx: Transaction, table: Table, key: Column[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows that all have the same columns, one of them the key that says which."""
    if rows:
        names = [*(name for name in rows[0] if name != key.name), key.name]
        changed = ", ".join(f"{_quoted(tx, name)} = {_place(tx)}" for name in names[:-1])
        where = f"{_quoted(tx, key.name)} = {_place(tx)}"
        _each(tx, f"update {_quoted(tx, table.name)} set {changed} where {where}", table, names, rows)  # noqa: S608


def _each(
    tx: Transaction, statement: str, table: Table, names: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    columns = zip(*map(itemgetter(*names), rows), strict=True)
    values = zip(*(_bound(tx, table, name, column) for name, column in zip(names, columns, strict=True)), strict=True)
    tx.exec_driver_sql(statement, list(values))


def _quoted(tx: Transaction, name: str) -> str:
    return tx.dialect.identifier_preparer.quote(name)


def _place(tx: Transaction) -> str:
    """How the driver marks a value in a statement."""
    return "?" if tx.dialect.name == "sqlite" else "%s"


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

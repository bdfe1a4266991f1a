"""A file parsed and checked, in a SQLite file of its own: bounded memory, and nobody waits for a lock."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json
from sqlalchemy import Boolean, Table

from storage.sources.pages import Page, Paged
from storage.sources.problems import Refusal, UnreadableFile
from storage.sources.reading import BETWEEN_KEYS, Parsed, Reading
from storage.sources.rows import MODELS
from storage.tables import ENTITIES
from storage.types import Json

_TABLES = """
create table refusals (file integer, line integer, name text, field text, value text, code text, params text);
create table aliases (ref text primary key, account text) without rowid;
"""
_CELLS = tuple(f"c{number}" for number in range(max(len(model.model_fields) for model in MODELS.values()) + 1))
_NAMES = ("key", "file", "line", "account", "stands")
# How a value is kept that SQLite has no type for: as JSON writes it.
_KEPT: Mapping[type, Callable[[Any], Any]] = {
    date: date.isoformat, datetime: datetime.isoformat, Decimal: str, bool: int, dict: to_json,
}  # fmt: skip

ROWS = 2_000

# key, file, line, account, whether it is to stand, and the values of the file's columns
Told = tuple[Any, ...]
KEY, FILE, LINE, ACCOUNT, STANDS, VALUES = range(6)


class Staged(NamedTuple):
    """A row to be merged; `content` by table column, None deletes. `files`: those that told of it, the last decides."""

    key: str
    files: tuple[int, ...]
    line: int
    account: str
    content: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Everything that the files say of some keys, in the order of keys and files; `columns` by file."""

    rows: Sequence[Told]
    columns: Mapping[int, tuple[str, ...]]
    table: Table
    keys: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", len({row[KEY] for row in self.rows}))

    def laid_over(self) -> list[Staged]:
        """Each key once: what several files say of it is laid over one another."""
        return [self._laid_over(list(told)) for _, told in groupby(self.rows, itemgetter(KEY))]

    def _laid_over(self, rows: Sequence[Told]) -> Staged:
        content: dict[str, Any] | None = None
        for told in rows:
            row = self._content(told) if told[STANDS] else None
            if content and row and "extra" in content:
                row["extra"] = {**content["extra"], **row.get("extra", {})}
            content = {**content, **row} if content and row else row
        key, place, line, account, *_ = rows[-1]
        return Staged(key, (place,) if len(rows) == 1 else tuple([row[FILE] for row in rows]), line, account, content)

    def _content(self, told: Told) -> dict[str, Any]:
        content = dict(zip(self.columns[told[FILE]], told[VALUES:], strict=False))
        for name, read in unstaged(self.table).items():
            if content.get(name) is not None:
                content[name] = read(content[name])
        return content

    def told_apart(self) -> tuple[dict[int, list[Told]], list[Told]]:
        """By file, the rows to stand that it alone tells of; and the others."""
        alone: dict[int, list[Told]] = {}
        others: list[Told] = []
        if self.keys == len(self.rows):
            for row in self.rows:
                (alone.setdefault(row[FILE], []) if row[STANDS] else others).append(row)
            return alone, others
        for _, several in groupby(self.rows, itemgetter(KEY)):
            rows = list(several)
            (alone.setdefault(rows[0][FILE], []) if len(rows) == 1 and rows[0][STANDS] else others).extend(rows)
        return alone, others


@cache
def unstaged(table: Table) -> Mapping[str, Callable[[Any], Any]]:
    """How the columns are read back that SQLite has no type for, as JSON holds them."""
    kinds: list[tuple[type, Callable[[Any], Any]]] = [(Boolean, bool), (Json, from_json)]
    return {column.name: decode for column in table.columns for kind, decode in kinds if isinstance(column.type, kind)}


class Staging:
    """What one import has read. Files are named by their place in the import's order."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._columns: dict[int, tuple[str, ...]] = {}
        self._widths: dict[str, int] = {}
        connection.executescript(_TABLES)
        for entity in MODELS:
            connection.execute(f"create table {_named(entity)} ({', '.join((*_NAMES, *_CELLS))})")
        connection.execute("begin")

    def add(self, place: int, entity: str, reading: Reading) -> None:
        """Parse a file into staging; raises UnreadableFile, and then nothing of the file stays."""
        self._columns[place] = reading.columns
        width = len(reading.columns)
        self._widths[entity] = max(width, self._widths.get(entity, 0))
        try:
            for page, others in Paged(reading):
                if page:
                    self._insert(entity, _of_page(place, page), width)
                parsed = (row for row in others if isinstance(row, Parsed))
                self._insert(entity, (_of_row(place, row, width) for row in parsed), width)
                self.refuse(place, (refusal for row in others if not isinstance(row, Parsed) for refusal in row))
        except UnreadableFile:
            for table in (_named(entity), "refusals"):
                self._connection.execute(f"delete from {table} where file = ?", (place,))  # noqa: S608
            raise

    def _insert(self, entity: str, rows: Iterable[Told], width: int) -> None:
        names = (*_NAMES, *_CELLS[:width])
        places = ", ".join("?" * len(names))
        self._connection.executemany(f"insert into {_named(entity)} ({', '.join(names)}) values ({places})", rows)  # noqa: S608

    def refuse(self, place: int, refusals: Iterable[Refusal]) -> None:
        self._connection.executemany(
            "insert into refusals values (?, ?, ?, ?, ?, ?, ?)",
            [(place, r.line, r.file, r.column, r.value, r.code, to_json(r.params)) for r in refusals],
        )

    def refusals(self, place: int, limit: int = -1) -> Iterator[Refusal]:
        found = self._connection.execute(
            "select name, line, field, value, code, params from refusals where file = ? order by line, rowid limit ?",
            (place, limit),
        )
        return (Refusal(n, line, f, v, code, from_json(params)) for n, line, f, v, code, params in found)

    def refused(self, place: int) -> int:
        """How many rows of a file were refused."""
        return self._number("select count(distinct line) from refusals where file = ?", place)

    def total(self, entity: str) -> int:
        return self._number(f"select count(*) from {_named(entity)}")  # noqa: S608

    def index(self) -> None:
        """Once everything is read: rows of one key beside one another."""
        for entity in MODELS:
            self._connection.execute(f"create index {entity}_in_order on {_named(entity)} (key, file, line)")

    def refuse_duplicates(self, names: Sequence[str]) -> None:
        """The same key twice in one file: alike is counted once, different is refused, each naming the other."""
        for entity in MODELS:
            table = _named(entity)
            alike = f"select key, file from {table} group by key, file having count(*) > 1"  # noqa: S608
            self._connection.execute(f"create temporary table twice as {alike}")
            self._refuse_different(table, names)
            self._connection.execute(
                f"delete from {table} where rowid in (select later.rowid from twice join {table} later "  # noqa: S608
                "using (key, file) where line > "
                f"(select min(line) from {table} r where (r.key, r.file) = (twice.key, twice.file)))"
            )
            self._connection.execute("drop table twice")

    def _refuse_different(self, table: str, names: Sequence[str]) -> None:
        query = f"select {table}.* from {table} join twice using (key, file) order by key, file, line"  # noqa: S608
        for (key, place), rows in groupby(self._connection.execute(query), itemgetter(KEY, FILE)):
            lines = {row[LINE]: row[STANDS:] for row in rows}
            if len(set(lines.values())) == 1:
                continue
            shown = key.replace(BETWEEN_KEYS, " · ")
            self.refuse(
                place,
                [
                    Refusal(names[place], line, "", shown, "duplicate", {"line": next(o for o in lines if o != line)})
                    for line in lines
                ],
            )
            self._connection.execute(f"delete from {table} where key = ? and file = ?", (key, place))  # noqa: S608

    def rows(self, entity: str) -> Iterator[Staged]:
        """Each key once, in the order of keys."""
        return (row for chunk in self.chunks(entity, ROWS) for row in chunk.laid_over())

    def chunks(self, entity: str, size: int, merged: int = 0) -> Iterator[Chunk]:
        """About so many rows at a time, in the order of their keys, after the `merged` first keys."""
        names = ", ".join((*_NAMES, *_CELLS[: self._widths.get(entity, 0)]))
        query = f"select {names} from {_named(entity)} where key > ? order by key, file, line"  # noqa: S608
        found = self._connection.execute(query, (self._key_at(entity, merged),))
        rows: list[Told] = []
        while more := found.fetchmany(size):
            rows += more
            whole = _before_last_key(rows) if len(more) == size else len(rows)
            if whole:
                yield Chunk(rows[:whole], self._columns, ENTITIES[entity])
                rows = rows[whole:]
        if rows:
            yield Chunk(rows, self._columns, ENTITIES[entity])

    def _key_at(self, entity: str, number: int) -> str:
        query = f"select distinct key from {_named(entity)} order by key limit 1 offset ?"  # noqa: S608
        return self._connection.execute(query, (number - 1,)).fetchone()[0] if number else ""

    def know(self, aliases: Iterable[tuple[str, str]]) -> None:
        """system:external_id of accounts; what is told later counts."""
        self._connection.executemany("insert or replace into aliases values (?, ?)", aliases)

    def alias(self, ref: str) -> str | None:
        found = self._connection.execute("select account from aliases where ref = ?", (ref,)).fetchone()
        return found[0] if found else None

    def _number(self, query: str, *values: Any) -> int:
        return int(self._connection.execute(query, values).fetchone()[0])


@contextmanager
def staging() -> Iterator[Staging]:
    """An empty staging area, gone afterwards."""
    connection = sqlite3.connect("", isolation_level=None)  # a file without a name: it goes even after a kill
    connection.execute("pragma cache_size = -65536")
    try:
        yield Staging(connection)
    finally:
        connection.close()


def _named(entity: str) -> str:
    return f"rows_{entity}"


def _before_last_key(rows: Sequence[Told]) -> int:
    """How many rows there are before those of the last key, of which more may follow."""
    place = len(rows) - 1
    while place and rows[place - 1][KEY] == rows[-1][KEY]:
        place -= 1
    return place


def _of_page(place: int, page: Page) -> Iterator[Told]:
    columns = (column if _KEPT.keys().isdisjoint(map(type, column)) else _kept(column) for column in page.columns)
    return zip(page.keys, repeat(place), page.lines, page.accounts, repeat(1), *columns)


def _of_row(place: int, row: Parsed, width: int) -> Told:
    cells = [None] * width if row.values is None else _kept(row.values)
    return row.key, place, row.line, row.account, int(row.values is not None), *cells


def _kept(values: Sequence[Any]) -> list[Any]:
    return [keep(value) if (keep := _KEPT.get(type(value))) else value for value in values]

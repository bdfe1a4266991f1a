"""A file parsed and checked, in a SQLite file of its own: bounded memory, and nobody waits for a lock."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from storage.sources.problems import Refusal, UnreadableFile
from storage.sources.reading import Parsed, Reading

BATCH = 500

_TABLES = """
create table rows (entity text, key text, file integer, line integer, account text, content text);
create table refusals (file integer, line integer, name text, field text, value text, code text, params text);
create table aliases (ref text primary key, account text) without rowid;
"""


class Staged(NamedTuple):
    """A row to be merged; `content` by table column, None deletes. `files`: those that told of it, the last decides."""

    key: str
    files: tuple[int, ...]
    line: int
    account: str
    content: dict[str, Any] | None


class Staging:
    """What one import has read. Files are named by their place in the import's order."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._columns: dict[int, tuple[str, ...]] = {}
        connection.executescript(_TABLES)
        connection.execute("begin")

    def add(self, place: int, entity: str, reading: Reading) -> None:
        """Parse a file into staging; raises UnreadableFile, and then nothing of the file stays."""
        self._columns[place] = reading.columns
        try:
            for parsed in _batches(reading.rows()):
                self._add(place, entity, parsed)
        except UnreadableFile:
            for table in ("rows", "refusals"):
                self._connection.execute(f"delete from {table} where file = ?", (place,))  # noqa: S608
            raise

    def _add(self, place: int, entity: str, parsed: Sequence[Parsed | list[Refusal]]) -> None:
        self._connection.executemany(
            "insert into rows values (?, ?, ?, ?, ?, ?)",
            [
                (entity, row.key, place, row.line, row.account, to_json(row.values))
                for row in parsed
                if isinstance(row, Parsed)
            ],
        )
        self.refuse(place, (refusal for row in parsed if not isinstance(row, Parsed) for refusal in row))

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
        return self._number("select count(*) from rows where entity = ?", entity)

    def index(self) -> None:
        """Once everything is read: rows of one key beside one another."""
        self._connection.execute("create index in_order on rows (entity, key, file, line)")

    def refuse_duplicates(self, names: Sequence[str]) -> None:
        """The same key twice in one file: alike is counted once, different is refused, each naming the other."""
        alike = "select entity, key, file from rows group by entity, key, file having count(*) > 1"
        self._connection.execute(f"create temporary table twice as {alike}")
        self._refuse_different(names)
        self._connection.execute(
            "delete from rows where rowid in (select later.rowid from twice join rows later using (entity, key, file) "
            "where line > (select min(line) from rows r where (r.entity, r.key, r.file) = "
            "(twice.entity, twice.key, twice.file)))"
        )
        self._connection.execute("drop table twice")

    def _refuse_different(self, names: Sequence[str]) -> None:
        found = self._connection.execute(
            "select entity, key, file, line, content from rows join twice using (entity, key, file) "
            "order by entity, key, file, line"
        )
        for (entity, key, place), rows in groupby(found, itemgetter(0, 1, 2)):
            lines = {line: content for *_, line, content in rows}
            if len(set(lines.values())) == 1:
                continue
            shown = key.replace("\x1f", " · ")
            self.refuse(
                place,
                [
                    Refusal(names[place], line, "", shown, "duplicate", {"line": next(o for o in lines if o != line)})
                    for line in lines
                ],
            )
            self._connection.execute("delete from rows where entity = ? and key = ? and file = ?", (entity, key, place))

    def rows(self, entity: str) -> Iterator[Staged]:
        """Each key once, in the order of keys; what several files say of it is laid over one another."""
        found = self._connection.execute(
            "select key, file, line, account, content from rows where entity = ? order by key, file, line", (entity,)
        )
        return (self._laid_over(tuple(told)) for _, told in groupby(found, itemgetter(0)))

    def _laid_over(self, rows: Sequence[Any]) -> Staged:
        content: dict[str, Any] | None = None
        for _, place, _, _, values in rows:
            told = from_json(values, cache_strings="keys")
            row = None if told is None else dict(zip(self._columns[place], told, strict=True))
            if content and row and "extra" in content:
                row["extra"] = {**content["extra"], **row.get("extra", {})}
            content = {**content, **row} if content and row else row
        key, place, line, account, _ = rows[-1]
        return Staged(key, (place,) if len(rows) == 1 else tuple([row[1] for row in rows]), line, account, content)

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


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch

"""A database on which an import can be tried: everything happens, and nothing of it stays."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from storage.database import Database, Transaction, sqlite_file
from storage.importing import leftovers

LONGEST = timedelta(days=1)


@contextmanager
def rehearsal(database: Database) -> Iterator[Database]:
    """On SQLite a copy of the file, so that nobody waits for its lock; elsewhere one transaction, rolled back."""
    file = sqlite_file(database.url)
    if file is None:
        with _RolledBack(database) as tried:
            yield tried
        return
    leftovers.purge(datetime.now(UTC) - LONGEST)
    folder = Path(tempfile.mkdtemp(prefix=leftovers.CHECK))
    copy = Database(f"sqlite:///{_copied(file, folder)}")
    try:
        yield copy
    finally:
        copy.close()
        shutil.rmtree(folder, ignore_errors=True)


def _copied(file: Path, folder: Path) -> Path:
    source, target = sqlite3.connect(file), sqlite3.connect(folder / file.name)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return folder / file.name


class _RolledBack(Database):
    """Every transaction is a part of one that is never committed."""

    def __init__(self, database: Database) -> None:
        self.url = database.url
        self.engine = database.engine
        self._open: Connection | None = None

    def __enter__(self) -> Self:
        self._open = self._connection()
        self._open.begin()
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            self._open.rollback()
            self._open.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.changing() as tx:
            yield tx

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        if self._open is None:
            raise RuntimeError("not begun")
        with self._open.begin_nested():
            yield self._open

    def close(self) -> None:
        """The database belongs to whom it was lent by."""

"""The engine, and the transaction that every query runs in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from storage.turns import Turns

Transaction = Connection
Row = Mapping[str, Any]

BUSY_TIMEOUT_MS = 30_000
FILE_TURN_S = 0.03


class Unreachable(ConnectionError):
    """The database does not answer, or the address is not one of a database."""

    def __init__(self, address: str, reason: object) -> None:
        super().__init__(f"DATABASE_URL {address}: {reason}")


FAILURES = (Unreachable, OperationalError, InterfaceError)


class Database:
    """One database. A transaction is rolled back when its block raises.

    Of the threads that take turns only a few read at once, and of a file, which is asked without waiting, one: a driver
    lets go of Python's lock in each statement, and threads that ask short ones would spend more on waking each other
    than on their answers. A long read goes on beside them.
    """

    def __init__(self, url: str, *, pool_size: int = 24, turns: Turns | None = None) -> None:
        self.url = with_driver(url)
        try:
            self.engine = _engine(self.url, pool_size)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise Unreachable("", error) from error
        self._turns = turns or (Turns(1, FILE_TURN_S) if self.is_sqlite else Turns())
        self._mine = local()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One consistent view, for reading only."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._turn(), self._connection().execution_options(**options) as tx, tx.begin():
            if self.is_sqlite:
                _driver(tx).execute("BEGIN")
            yield tx

    def take_turns(self) -> None:
        """From now on this thread does, for its outermost transaction."""
        self._mine.waits = True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not getattr(self._mine, "waits", False):
            yield
            return
        with self._turns.one():
            self._mine.waits = False
            try:
                yield
            finally:
                self._mine.waits = True

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        """A transaction that writes: on SQLite it takes its turn at once, so that no lock stops it half-way."""
        with self._connection() as tx, tx.begin():
            if self.is_sqlite:
                tx.exec_driver_sql("BEGIN IMMEDIATE")
            yield tx

    def _connection(self) -> Connection:
        try:
            return self.engine.connect()
        except DBAPIError as error:
            raise Unreachable(self.address, error.orig) from error

    @property
    def address(self) -> str:
        """Where it is, without the password."""
        return make_url(self.url).render_as_string(hide_password=True)

    def close(self) -> None:
        self.engine.dispose()


def with_driver(url: str) -> str:
    """Plain postgres:// and postgresql:// mean the driver that we ship."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _engine(url: str, pool_size: int) -> Engine:
    """Errors do not show the parameters of a statement: they hold what customers said."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    patient = {"timeout": BUSY_TIMEOUT_MS / 1000}
    engine = create_engine(url, pool_size=pool_size, max_overflow=0, connect_args=patient, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """SQLite's own lower() knows only the letters of ASCII.

    We begin each transaction ourselves: Python's driver would delay it to the first write, so that reads of one could
    see two states. Not at SQLAlchemy's event, for which every statement of the engine would pay.
    """
    connection.isolation_level = None
    connection.create_function("lower", 1, lambda text: text and str(text).lower(), deterministic=True)
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _driver(tx: Connection) -> Any:
    return tx.connection.driver_connection


def insert_into(tx: Transaction, table: Table) -> Any:
    """The database's own insert, which can say what happens where the key stands already."""
    return (sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert)(table)


def upsert(tx: Transaction, table: Table, rows: Sequence[Row], *, update: Iterable[str] | None = None) -> None:
    """Insert rows, or update their `update` columns (default: all but the key) where the key stands already."""
    if not rows:
        return
    statement = insert_into(tx, table)
    names = [c.name for c in table.columns if c.name in rows[0] and not c.primary_key] if update is None else update
    assigned = {name: statement.excluded[name] for name in names}
    key = list(table.primary_key.columns)
    conflict = (
        statement.on_conflict_do_update(index_elements=key, set_=assigned)
        if assigned
        else (statement.on_conflict_do_nothing(index_elements=key))
    )
    tx.execute(conflict, list(rows))


def sqlite_file(url: str) -> Path | None:
    """The file behind a SQLite address, or None (a server, or memory)."""
    parsed = make_url(url)
    named = parsed.get_backend_name() == "sqlite" and parsed.database not in {None, "", ":memory:"}
    return Path(str(parsed.database)) if named else None

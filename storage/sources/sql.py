"""A SQL source: a query with the contract's columns, streamed from a company's warehouse into a file to be imported."""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, TextClause, bindparam, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from storage.database import with_driver

SINCE = "since"
FETCHED = 1000
NEAR = 60
LINE = re.compile(r"\bline (?P<line>\d+)", re.IGNORECASE)


class SourceFailed(Exception):
    """The source gave nothing: a code, and values that hold no secret."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Query:
    """`url` holds a password: it is never shown, `variable` names it instead."""

    sql: str
    url: str
    variable: str

    def __repr__(self) -> str:
        return f"Query({self.variable})"


def pull(query: Query, since: date, target: Path) -> int:
    """Write every row since a day as CSV, a page in memory at a time; how many there were. Raises SourceFailed."""
    with _reading(query) as connection:
        statement = _bound(query.sql, since)
        with _telling(query):
            found = connection.execution_options(yield_per=FETCHED).execute(statement)
            columns, rows = list(found.keys()), iter(found)
            return _written(target, columns, rows)


def _written(target: Path, columns: Sequence[str], rows: Iterator[Any]) -> int:
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerow(columns)
        writer = csv.writer(file)
        for count, row in enumerate(rows, 1):  # noqa: B007  counted as they stream
            writer.writerow([plain(value) for value in row])
    return count


def plain(value: Any) -> str:
    """As the contract writes it, whatever type a driver gives."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value).replace("\0", "")


def _bound(sql: str, since: date) -> TextClause:
    statement = text(sql)
    names = set(statement.compile().params)
    if others := sorted(names - {SINCE}):
        raise SourceFailed("unknown_parameter", names=others)
    return statement.bindparams(bindparam(SINCE, since, type_=Date)) if names else statement


@contextmanager
def _reading(query: Query) -> Iterator[Connection]:
    """A connection that only reads, where the database can be told so."""
    url = _url(query)
    with _telling(query, url):
        try:
            engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        except (NoSuchModuleError, ModuleNotFoundError):
            raise SourceFailed("no_driver", driver=url.drivername, variable=query.variable) from None
    try:
        with _telling(query, url):
            connection = engine.connect()
        with connection:
            if url.get_backend_name() == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            elif url.get_backend_name() == "sqlite":
                connection.exec_driver_sql("PRAGMA query_only = on")
            yield connection
    finally:
        engine.dispose()


def _url(query: Query) -> URL:
    try:
        url = make_url(with_driver(query.url))
    except ArgumentError:  # its message holds the address, password and all
        raise SourceFailed("bad_url", variable=query.variable) from None
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise SourceFailed("unreachable", address=_shown(url), why="no such file")
    return url


@contextmanager
def _telling(query: Query, connecting: URL | None = None) -> Iterator[None]:
    """What a driver says, without what must not be said."""
    try:
        yield
    except DBAPIError as error:
        why = _without_password(_message(error), query.url)
        if connecting is not None:
            raise SourceFailed("unreachable", address=_shown(connecting), why=why) from None
        raise SourceFailed("query_failed", **_position(error, query.sql), why=why) from None
    except SQLAlchemyError as error:
        raise SourceFailed("query_failed", line=0, why=type(error).__name__) from None


def _message(error: DBAPIError) -> str:
    said = getattr(getattr(error.orig, "diag", None), "message_primary", None) or str(error.orig)
    return " ".join(str(said).split())


def _position(error: DBAPIError, sql: str) -> dict[str, Any]:
    """The line of the query at which it failed, 0 where the database does not say, and what stands there."""
    found = LINE.search(str(error.orig))
    line = int(found["line"]) if found else 0
    written = sql.splitlines()
    return {"line": line, "near": written[line - 1].strip()[:NEAR]} if 0 < line <= len(written) else {"line": 0}


def _shown(url: URL) -> str:
    """The address without user, password and options, which may be secrets too."""
    return URL.create(url.drivername, host=url.host, port=url.port, database=url.database).render_as_string()


def _without_password(said: str, url: str) -> str:
    with suppress(ArgumentError):
        parsed = make_url(with_driver(url))
        secrets = [parsed.password, *chain.from_iterable(_values(value) for value in parsed.query.values())]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            said = said.replace(str(secret), "***")
    return said.replace(url, "***")


def _values(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value

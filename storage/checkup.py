"""What a doctor looks at in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text, union

from storage import chain, freshness, schema
from storage.chain import Walked
from storage.database import Database, Transaction
from storage.delivery import jobs, outbox
from storage.freshness import Source
from storage.tables import invoices, mrr, people, subscriptions

LAST_CHANGES = 1000
OLDEST = {"postgresql": (14,), "sqlite": (3, 35)}


@dataclass(frozen=True)
class Server:
    version: str
    old: bool
    writes_ahead: bool
    current: bool


@dataclass(frozen=True)
class Crew:
    """E-mails; `lost`: whose manager is nobody of ours, with that manager."""

    count: int
    admins: int
    unlinked: tuple[str, ...]
    lost: tuple[tuple[str, str], ...]
    zones: tuple[tuple[str, str], ...]


def server(database: Database) -> Server:
    name = database.engine.dialect.name
    asked = "select sqlite_version()" if database.is_sqlite else "show server_version"
    with database.transaction() as tx:
        version = str(tx.execute(text(asked)).scalar_one()).split()[0]
        mode = tx.execute(text("pragma journal_mode")).scalar_one() if database.is_sqlite else "wal"
    numbers = tuple(int(part) for part in version.split(".") if part.isdecimal())
    return Server(version, numbers < OLDEST[name], str(mode) in {"wal", "memory"}, schema.is_current(database))


def crew(tx: Transaction) -> Crew:
    columns = (people.c[name] for name in ("email", "role", "slack_id", "manager", "time_zone"))
    rows = tx.execute(select(*columns).order_by(people.c.email)).all()
    known = {row.email.lower() for row in rows}
    return Crew(
        count=len(rows),
        admins=sum(row.role == "admin" for row in rows),
        unlinked=tuple(row.email for row in rows if not row.slack_id),
        lost=tuple((row.email, row.manager) for row in rows if row.manager and row.manager.lower() not in known),
        zones=tuple((row.email, row.time_zone) for row in rows if row.time_zone),
    )


def currencies(tx: Transaction) -> list[str]:
    """Those that contracts and invoices are in."""
    used = union(*(select(table.c.currency).where(table.c.currency.is_not(None))
                   for table in (subscriptions, mrr, invoices)))  # fmt: skip
    return sorted(tx.execute(used).scalars())


def sources(tx: Transaction) -> Sequence[Source]:
    return freshness.sources(tx)


@dataclass(frozen=True)
class Work:
    """failed: the jobs that ended with an error the last time, with its kind; late: those that nobody does."""

    known: int
    failed: tuple[tuple[str, str], ...]
    late: tuple[str, ...]


def work(tx: Transaction, *, due_before: datetime) -> Work:
    every = jobs.every(tx)
    return Work(
        known=len(every),
        failed=tuple((job.name, job.error) for job in every if job.error),
        late=tuple(job.name for job in every if job.held_until is None and job.due_at < due_before),
    )


def parked(tx: Transaction) -> list[tuple[str, int]]:
    """How many messages wait for somebody to mend something, by what went wrong."""
    errors = (message.error or "?" for message in outbox.parked(tx))
    counted: dict[str, int] = {}
    for error in errors:
        counted[error] = counted.get(error, 0) + 1
    return sorted(counted.items())


def waiting(tx: Transaction, now: datetime) -> timedelta | None:
    return outbox.oldest_age(tx, now=now)


def record(tx: Transaction) -> Walked:
    """The last changes only: all of them is what `audit --verify` is for."""
    return chain.walk(tx, last=LAST_CHANGES)

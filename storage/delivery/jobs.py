"""When each job is due, and who does it: a row in the database, held by one process at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, or_, select, update

from storage.database import Transaction, insert_into
from storage.tables import jobs


@dataclass(frozen=True)
class Status:
    """due_at is of the business clock; done_at and held_until are of real time. error: of the last time."""

    name: str
    due_at: datetime
    held_until: datetime | None
    done_at: datetime | None
    error: str | None


def plan(tx: Transaction, regular: Mapping[str, datetime]) -> None:
    """Note when each job is due next; one that stands later than that, by a clock that was set back, comes forward."""
    if not regular:
        return
    statement = insert_into(tx, jobs).values([{"name": name, "due_at": due_at} for name, due_at in regular.items()])
    sooner = {"due_at": statement.excluded.due_at}
    later = jobs.c.due_at > statement.excluded.due_at
    tx.execute(statement.on_conflict_do_update(index_elements=[jobs.c.name], set_=sooner, where=later))


def claim(
    tx: Transaction, names: Sequence[str], *, due_by: datetime, now: datetime, holder: str, until: datetime
) -> str | None:
    """Hold the first of these, in their order, that is due; None where nothing is due, or others do it."""
    unheld = or_(jobs.c.held_until.is_(None), jobs.c.held_until <= now)
    places = {name: place for place, name in enumerate(names)}
    due = jobs.c.name.in_(names) & (jobs.c.due_at <= due_by)
    query = select(jobs.c.name).where(due, unheld).order_by(case(places, value=jobs.c.name)).limit(1)
    name: str | None = tx.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()
    if name is not None:
        values = {"holder": holder, "held_until": until, "began_at": now}
        tx.execute(update(jobs).where(jobs.c.name == name).values(values))
    return name


def renew(tx: Transaction, holder: str, *, until: datetime) -> None:
    """Hold on what this process is doing."""
    tx.execute(update(jobs).where(jobs.c.holder == holder).values(held_until=until))


def done(tx: Transaction, name: str, holder: str, *, due_at: datetime, at: datetime, error: str | None = None) -> bool:
    """Let go of it until it is due again; False where somebody else does it by now."""
    same = update(jobs).where(jobs.c.name == name, jobs.c.holder == holder)
    values = {"holder": None, "held_until": None, "due_at": due_at, "done_at": at, "error": error}
    return int(tx.execute(same.values(values)).rowcount) > 0


def bring_forward(tx: Transaction, name: str, *, to: datetime) -> None:
    tx.execute(update(jobs).where(jobs.c.name == name, jobs.c.due_at > to).values(due_at=to))


def every(tx: Transaction) -> list[Status]:
    columns = (jobs.c[name] for name in ("name", "due_at", "held_until", "done_at", "error"))
    return [Status(**row) for row in tx.execute(select(*columns).order_by(jobs.c.name)).mappings()]

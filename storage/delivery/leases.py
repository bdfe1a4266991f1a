"""Who holds what, until when: a lease that is not renewed is anyone's again."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.database import Transaction, insert_into
from storage.tables import leases


def moment(tx: Transaction) -> datetime:
    """Real time, as all processes on this database read it: the server's clock, or that of the one machine."""
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return now


def take(tx: Transaction, name: str, holder: str, *, now: datetime, until: datetime) -> str | None:
    """Take the lease, or hold it on; who holds it where somebody else does."""
    statement = insert_into(tx, leases).values(name=name, holder=holder, until=until)
    expired = (leases.c.holder == holder) | (leases.c.until <= now)
    taken = statement.on_conflict_do_update(
        index_elements=[leases.c.name], set_={"holder": holder, "until": until}, where=expired
    )
    if tx.execute(taken.returning(leases.c.name)).one_or_none():
        return None
    return str(tx.execute(select(leases.c.holder).where(leases.c.name == name)).scalar_one())


def replace(tx: Transaction, name: str, holder: str, *, gone: str, until: datetime) -> bool:
    """Take over from a holder that is known to be gone."""
    same = update(leases).where(leases.c.name == name, leases.c.holder == gone)
    found: Any = tx.execute(same.values(holder=holder, until=until))
    return bool(found.rowcount)


def give_up(tx: Transaction, name: str, holder: str) -> None:
    tx.execute(leases.delete().where(leases.c.name == name, leases.c.holder == holder))


def holders(tx: Transaction, prefix: str, *, now: datetime) -> list[str]:
    """Who holds a lease whose name begins so."""
    held = select(leases.c.holder).where(leases.c.name.startswith(prefix, autoescape=True), leases.c.until > now)
    return list(tx.execute(held).scalars())


def purge(tx: Transaction, *, before: datetime) -> None:
    """Forget those that ended, or crashed, long ago."""
    tx.execute(leases.delete().where(leases.c.until < before))

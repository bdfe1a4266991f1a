"""Who serves: on SQLite one `serve` at a time, told apart by a lease that a crashed one leaves behind for a minute."""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from storage.database import FAILURES, Database
from storage.delivery import leases

NAME = "serve"
LEASE = timedelta(seconds=60)


class Occupied(Exception):
    """Another `serve` holds this database."""


def _whoever() -> str:
    return f"{socket.gethostname()} {os.getpid()} {uuid4().hex[:8]}"


@dataclass(frozen=True)
class Residence:
    """This process's right to serve. On PostgreSQL each replica has its own; on SQLite there is one."""

    database: Database
    holder: str = field(default_factory=_whoever)

    @property
    def _name(self) -> str:
        return NAME if self.database.is_sqlite else f"{NAME} {self.holder}"

    def hold(self) -> None:
        """Take the lease, or hold it on; raises Occupied where somebody else has it."""
        with self.database.changing() as tx:
            now = leases.moment(tx)
            other = leases.take(tx, self._name, self.holder, now=now, until=now + LEASE)
            if other and (_is_gone(other) or _had_our_number(other)):
                other = None if leases.replace(tx, self._name, self.holder, gone=other, until=now + LEASE) else other
        if other:
            raise Occupied(other)

    def leave(self) -> None:
        """Give the lease back; where the database is away, it runs out by itself."""
        with suppress(*FAILURES), self.database.changing() as tx:
            leases.give_up(tx, self._name, self.holder)


def somebody_serves(database: Database) -> bool:
    with database.transaction() as tx:
        return not all(_is_gone(holder) for holder in leases.holders(tx, NAME, now=leases.moment(tx)))


def _is_gone(holder: str) -> bool:
    """Whether it is certain that this process runs no more: of this machine, and no such number."""
    host, number, _ = holder.split(" ")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _had_our_number(holder: str) -> bool:
    """Whether it was this process's number before: in a container started anew each is the first."""
    host, number, _ = holder.split(" ")
    return (host, int(number)) == (socket.gethostname(), os.getpid())

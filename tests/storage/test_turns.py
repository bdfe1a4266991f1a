"""Of the threads that take turns only a few read at once, and none of them waits for itself."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Lock

from sqlalchemy import select

from storage.database import AT_ONCE, Database
from storage.tables import accounts

MANY = 3 * AT_ONCE
ONE = select(accounts.c.number).limit(1)


def test_few_of_many_readers_at_once(database: Database) -> None:
    inside, most, lock, crowd = 0, 0, Lock(), Barrier(AT_ONCE + 1)

    def read(_turn: int) -> None:
        nonlocal inside, most
        with database.transaction() as tx, database.transaction() as nested:
            with lock:
                inside += 1
                most = max(most, inside)
            tx.execute(ONE), nested.execute(ONE)
            with suppress(BrokenBarrierError):
                crowd.wait(0.05)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(MANY, initializer=database.take_turns) as listeners:
        list(listeners.map(read, range(MANY)))
    assert most == AT_ONCE


def test_who_takes_no_turns_waits_for_nobody(database: Database) -> None:
    together = Barrier(AT_ONCE + 1)

    def read(_turn: int) -> None:
        with database.transaction() as tx:
            tx.execute(ONE)
            together.wait(10)

    with ThreadPoolExecutor(AT_ONCE + 1) as others:
        list(others.map(read, range(AT_ONCE + 1)))

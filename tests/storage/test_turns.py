"""Of the threads that take turns only a few read at once; none of them waits for itself, or for a long read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event, Lock
from time import sleep

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import accounts
from storage.turns import AT_ONCE, Turns

MANY = 3 * AT_ONCE
ONE = select(accounts.c.number).limit(1)


@pytest.fixture
def patient(database: Database) -> Iterator[Database]:
    """Where a turn lasts as long as a test may."""
    made = Database(database.url, turns=Turns(longest_s=60))
    yield made
    made.close()


def test_few_of_many_readers_at_once(patient: Database) -> None:
    inside, most, lock, crowd = 0, 0, Lock(), Barrier(AT_ONCE + 1)

    def read(_turn: int) -> None:
        nonlocal inside, most
        with patient.transaction() as tx, patient.transaction() as nested:
            with lock:
                inside += 1
                most = max(most, inside)
            tx.execute(ONE), nested.execute(ONE)
            with suppress(BrokenBarrierError):
                crowd.wait(0.05)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(MANY, initializer=patient.take_turns) as listeners:
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


def test_nobody_waits_for_long_reads(database: Database) -> None:
    begun, answered = Barrier(AT_ONCE + 1), Event()

    def read_long(_turn: int) -> bool:
        with database.transaction() as tx:
            begun.wait(10)
            tx.execute(ONE)
            return answered.wait(10)

    def read_card() -> None:
        with database.transaction() as tx:
            tx.execute(ONE)
        answered.set()

    with ThreadPoolExecutor(AT_ONCE + 1, initializer=database.take_turns) as listeners:
        long = listeners.map(read_long, range(AT_ONCE))
        begun.wait(10)
        listeners.submit(read_card)
        assert all(long), "each was still reading when the card had its answer"


def test_turns_come_in_order() -> None:
    """A newcomer does not overtake who waits already."""
    turns, came = Turns(1, 60), list[int]()

    def take(number: int) -> None:
        with turns.one():
            came.append(number)

    with ThreadPoolExecutor(5) as readers:
        with turns.one():
            for number in range(5):
                readers.submit(take, number)
                while len(turns._line) <= number:
                    sleep(0.001)
        take(5)
    assert came == list(range(6))

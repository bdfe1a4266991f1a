"""Jobs are done when they are due, by one process, and caught up with once."""

import os
import tempfile
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.delivery import jobs
from handlers.delivery.jobs import LEASE, RETRY, Job, every, hold_on, tick
from storage import exports
from storage.database import Database
from storage.delivery import jobs as rows
from tests.faults.rig import NINE, Rig

HOUR = timedelta(hours=1)


def table(did: list[str], *names: str, then: dict[str, str] | None = None) -> dict[str, Job]:
    then = then or {}
    return {name: Job(lambda _, name=name: did.append(name), every(HOUR), then.get(name, "")) for name in names}


def due(rig: Rig) -> dict[str, str]:
    with rig.database.transaction() as tx:
        return {each.name: f"{each.due_at:%d %H:%M}" for each in rows.every(tx)}


def test_a_job_is_done_when_it_is_due(rig: Rig) -> None:
    did: list[str] = []
    known = table(did, "score", "evaluate", then={"score": "evaluate"})
    assert tick(rig.office, known, "me") == [], "at the first start the next regular time is waited for"
    assert due(rig) == {"score": "23 10:00", "evaluate": "23 10:00"}
    rig.business.move(HOUR)
    assert tick(rig.office, known, "me") == ["score", "evaluate"] == did
    assert tick(rig.office, known, "me") == []
    assert due(rig) == {"score": "23 11:00", "evaluate": "23 11:00"}


def test_what_was_missed_is_done_once(rig: Rig) -> None:
    did: list[str] = []
    known = table(did, "score")
    tick(rig.office, known, "me")
    rig.business.move(timedelta(days=3, minutes=20))
    assert tick(rig.office, known, "me") == ["score"]
    assert due(rig) == {"score": "26 10:00"}


def test_a_clock_set_back_does_not_stop_the_house(rig: Rig) -> None:
    did: list[str] = []
    known = table(did, "score")
    rig.business.move(timedelta(days=30))
    tick(rig.office, known, "me")
    rig.business.now = NINE
    tick(rig.office, known, "me")
    assert due(rig) == {"score": "23 10:00"}


def test_one_follows_the_other(rig: Rig) -> None:
    did: list[str] = []
    known = table(did, "score") | {"evaluate": Job(lambda _: did.append("evaluate"), every(HOUR * 6))}
    known["score"] = Job(known["score"].run, every(HOUR), then="evaluate")
    tick(rig.office, known, "me")
    rig.business.move(HOUR)
    tick(rig.office, known, "me")
    assert did == ["score", "evaluate"]


def test_a_failure_is_noted_and_tried_again(rig: Rig, caplog) -> None:
    def fails(_office) -> None:
        raise RuntimeError("no disk")

    known = {"score": Job(fails, every(HOUR))}
    tick(rig.office, known, "me")
    rig.business.move(HOUR)
    assert tick(rig.office, known, "me") == ["score"]
    with rig.database.transaction() as tx:
        [status] = rows.every(tx)
    assert status.error == "RuntimeError"
    assert status.due_at == rig.business.now + RETRY
    rig.business.move(RETRY)
    assert tick(rig.office, table([], "score"), "me") == ["score"]
    with rig.database.transaction() as tx:
        assert rows.every(tx)[0].error is None


class Dead(BaseException):
    pass


def test_of_one_that_died_another_takes_over(rig: Rig) -> None:
    def dies(_office) -> None:
        raise Dead

    did: list[str] = []
    tick(rig.office, table(did, "score"), "first")
    rig.business.move(HOUR)
    with pytest.raises(Dead):
        tick(rig.office, {"score": Job(dies, every(HOUR))}, "first")
    assert tick(rig.office, table(did, "score"), "second") == [], "it may still be at it"
    rig.real.move(LEASE / 2)
    hold_on(rig.office, "first")
    rig.real.move(LEASE / 2 + timedelta(seconds=1))
    assert tick(rig.office, table(did, "score"), "second") == [], "its lease was renewed"
    rig.real.move(LEASE)
    assert tick(rig.office, table(did, "score"), "second") == ["score"]


def test_replicas_do_each_job_once(shared: Rig, count) -> None:
    did: list[str] = []
    names = [f"job{n}" for n in range(8)]
    tick(shared.office, table(did, *names), "first")
    rounds = 5
    for _ in range(rounds):
        shared.business.move(HOUR)
        databases = [Database(shared.database.url, pool_size=2) for _ in range(5)]
        threads = [
            threading.Thread(target=tick, args=(shared.replica(database), table(did, *names), f"r{n}"))
            for n, database in enumerate(databases)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for database in databases:
            database.close()
    assert Counter(did) == dict.fromkeys(names, rounds)
    count(f"5 replicas, {len(names)} jobs, due {rounds} times: done {len(did)} times")


def test_the_timetable_runs_what_it_is_given(rig: Rig) -> None:
    did: list[str] = []
    known = jobs.timetable(sources=lambda _: did.append("sources"), evaluate=lambda _: did.append("evaluate"))
    tick(rig.office, known, "me")
    rig.business.move(timedelta(days=1))
    assert tick(rig.office, known, "me") == ["sources", "score", "evaluate", "tend"]
    assert did == ["sources", "evaluate"]


def test_what_nobody_confirmed_and_what_killed_runs_left_is_forgotten(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, fresh, foreign = (tmp_path / name for name in ("apuntador-check-a", "apuntador-sync-b", "check-c"))
    for folder in (old, fresh, foreign):
        folder.mkdir()
        (folder / "copy.db").touch()
    os.utime(old, (0, 0))
    os.utime(foreign, (0, 0))
    with rig.database.changing() as tx:
        sent = exports.keep_edited(tx, 1, {"rows": []}, who="ana@x.com", at=NINE)
        given = exports.record(
            tx, account=None, kind="plan", who="ana@x.com", made_at=NINE, customer_safe=False, content={}
        )
    rig.business.move(timedelta(days=6))
    jobs.tend(rig.office)
    assert [folder.exists() for folder in (old, fresh, foreign)] == [False, True, True]
    with rig.database.transaction() as tx:
        assert exports.get(tx, sent), "confirmed on Monday, what was sent on Friday"
    rig.business.move(timedelta(days=2))
    jobs.tend(rig.office)
    with rig.database.transaction() as tx:
        assert exports.get(tx, sent) is None
        assert exports.get(tx, given), "what was handed out may come back edited"

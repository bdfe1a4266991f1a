"""Interrupted anywhere, killed for real too: the same command again ends as one that ran through."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database, Transaction
from storage.importing import imports as imported
from tests.storage.sources.importing import load, run, state, undo, write

FILES = {
    "people": "email,name\nana@x.com,Ana\n",
    "accounts": "account_id,name,csm\n" + "".join(f"A{n},Account {n},Ana\n" for n in range(20)),
    "identifiers": "account_id,system,external_id\nA1,crm,1\n",
    "subscriptions": "subscription_id,account_id,starts_on,arr\nS1,crm:1,2026-01-01,10\nS2,A2,2026-02-31,1\n",
    "mrr": "account_id,month,mrr\nA1,2026-01,5\nA3,2026-01,5\n",
    "usage": "account_id,day,active_users\n"
    + "".join(f"A{n % 25},2026-11-{1 + n // 25:02},{n % 7}\n" for n in range(200)),
}


class Interrupted(Exception):
    pass


class Failing(Database):
    """A database on which the transaction after so many others does not come to its end."""

    def __init__(self, url: str, after: int) -> None:
        super().__init__(url, pool_size=4)
        self.left = after

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        with super().changing() as tx:
            yield tx
            self.left -= 1
            if self.left < 0:
                raise Interrupted


def outcome(report: imported.Report) -> list[tuple[Any, ...]]:
    return [
        (f.name, f.added, f.changed, f.unchanged, f.parked, f.refused, tuple(sorted(map(repr, f.refusals))))
        for f in report.files
    ]


@pytest.mark.parametrize("after", [1, 2, 4, 9])
def test_interrupted_between_chunks_it_is_resumed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(imported, "BATCH", 25)
    folder = write(tmp_path / "files", FILES)
    whole = run(database, folder)
    wanted = state(database)
    undo(database, whole)
    failing = Failing(database.engine.url.render_as_string(hide_password=False), after)
    with pytest.raises(Interrupted):
        run(failing, folder)
    failing.close()
    resumed = run(database, folder)
    assert resumed.resumed
    assert outcome(resumed) == outcome(whole)
    assert state(database) == wanted


SCRIPT = """
import sys
from pathlib import Path
from datetime import UTC, date, datetime
from domain.policies.policy import Policy
from storage.importing import imports
from storage.database import Database
imports.BATCH = 100
lines = iter(range(int(sys.argv[3])))

def told(name, done, total):
    print(name, done, flush=True)
    if next(lines, None) is None:
        sys.stdin.read()

imports.run(
    Database(sys.argv[1], pool_size=4), [Path(sys.argv[2])], policy=Policy(currency="EUR", time_zone="Europe/Madrid"),
    who="test", now=datetime(2026, 11, 23, 9, tzinfo=UTC), today=date(2026, 11, 23),
    progress=told,
)
"""


@pytest.mark.parametrize("lines", [3, 12])
def test_killed_it_is_resumed(database: Database, tmp_path: Path, lines: int) -> None:
    """At any moment after so many lines of its progress, and before it comes to the second after them."""
    many = "account_id,day,active_users\n" + "".join(
        f"A{n % 20},2026-{1 + n // 200:02}-{1 + n // 20 % 25:02},{n % 7}\n" for n in range(1_200)
    )
    folder = write(tmp_path / "files", {**FILES, "usage": many})
    whole = run(database, folder)
    wanted = state(database)
    undo(database, whole)
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", SCRIPT, url, str(folder), str(lines + 1)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    time.sleep(0.003)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdin.close()
    process.stdout.close()
    resumed = run(database, folder)
    assert resumed.resumed
    assert resumed.import_id == (whole.import_id or 0) + 1
    assert outcome(resumed) == outcome(whole)
    assert state(database) == wanted


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "A3", "crm:1"]),
        st.integers(1, 20),
        st.one_of(st.just(""), st.integers(0, 9).map(str)),
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_any_imports_told_again_change_nothing_and_undone_leave_what_was(
    sqlite_database: Database, tmp_path: Path, several: list[list[tuple[str, int, str]]]
) -> None:
    base = {"identifiers": "account_id,system,external_id\nA1,crm,1\n"}
    done = [load(sqlite_database, tmp_path, base)]
    states = [state(sqlite_database)]
    for told in several:
        content = "account_id,day,events\n" + "".join(f"{a},2026-11-{d:02},{e}\n" for a, d, e in told)
        done.append(load(sqlite_database, tmp_path, {"usage": content}))
        states.append(state(sqlite_database))
        again = load(sqlite_database, tmp_path, {"usage": content})
        assert {(f.added, f.changed, f.removed) for f in again.files} == {(0, 0, 0)}
        assert state(sqlite_database) == states[-1]
    for report in reversed(done):
        assert state(sqlite_database) == states.pop()
        assert undo(sqlite_database, report).ok
    assert state(sqlite_database) == {}

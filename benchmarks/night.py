"""A first import, the first score, the next day's and its alerts, each beside the bare work on the same rows.

python -m benchmarks night [ACCOUNTS] [DAYS]        default: 2000 accounts, 90 days of use, and half the accounts before

Each is done in a process of its own. The past that a first score of a small portfolio also fills in is left out, so
that sizes compare. The alerts, all of them new on that day, are measured in both ways: in the pass that scores the next
day, as a night does it (that score with its alerts less the one without, each on a copy of the same database), and by
themselves, as after an import by day, when every account is loaded and decided once more.

With pandas it is measured beside an analyst's script, too; it is not among what is installed:
.venv/bin/uv run --no-project --python .venv/bin/python --with pandas python -m benchmarks night
"""

import csv
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import Any, NamedTuple

from benchmarks.analyst import scores as analysed
from benchmarks.score import KNOWN, TODAY, a_contract, a_touch, an_account, arrive, put
from benchmarks.spent import Spent, alone, spending
from domain.policies.policy import Policy
from handlers.alerts import evaluation
from handlers.verbs import scoring
from storage import tables
from storage.database import Database
from storage.importing import imports
from storage.schema import migrate

MOST = (100_000, 90)
YESTERDAY = TODAY - timedelta(1)
HEADER = ("account_id", "day", "feature", "active_users", "events")
BARE_INSERT = """
    insert into usage (account, day, product, feature, active_users, events, known_on)
    values (?, ?, '', ?, ?, ?, ?)
"""
BARE_SUMS = """
    select account, max(day), sum(case when day > :recent then events end),
        sum(case when day > :earlier and day <= :recent then events end),
        max(case when day > :recent then active_users end), count(distinct day), count(distinct feature)
    from usage group by account
"""


class Aim(NamedTuple):
    """A piece of work beside another of the same rows, and how many times its CPU it should take at most."""

    work: str
    beside: str
    most: float


AIMS = (
    Aim("import", "csv.reader and executemany", 4),
    Aim("first score", "bare SQL sums", 2.5),
    Aim("first score", "an analyst's pandas", 1),
    Aim("next day's score", "first score", 0.2),
    Aim("alerts in that pass", "next day's score", 1),
    Aim("alerts by themselves", "next day's score", 1),
)


def main(arguments: Sequence[str] = ()) -> None:
    asked = [int(argument) for argument in arguments[:2]] + [2000, 90][len(arguments) :]
    many, days = (min(size, most) for size, most in zip(asked, MOST, strict=True))
    half = measured(many // 2, days)
    whole = measured(many, days)
    print(f"{'':28} {many // 2:>9,} accounts {many:>12,} accounts       growth   peak memory")
    for work, spent in whole.items():
        before = half[work]
        print(f"{work:28} {before.cpu:14.2f} s CPU {spent.cpu:14.2f} s CPU {spent.cpu / before.cpu:11.2f} × "
              f"{spent.memory[1]:10.0f} MB   {spent.wall:.2f} s wall")  # fmt: skip
    for aim in AIMS:
        if aim.beside in whole:
            ratio = whole[aim.work].cpu / whole[aim.beside].cpu
            print(f"{aim.work:20} {ratio:7.2f} × {aim.beside:28} aim ≤ {aim.most:g}")
        else:
            print(f"{aim.work:20} no {aim.beside}: pandas is not here (how: benchmarks/night.py)")


def measured(many: int, days: int) -> Mapping[str, Spent]:
    with tempfile.TemporaryDirectory() as folder:
        mine, bare, both, file = (Path(folder, name) for name in ("mine.db", "bare.db", "both.db", "usage.csv"))
        for database in (mine, bare):
            build(database, many)
        write(file, many, days)
        spent = {
            "csv.reader and executemany": alone(load_bare, bare, file),
            "import": alone(load, mine, file),
            "bare SQL sums": alone(sum_bare, mine),
        }
        if find_spec("pandas"):
            spent["an analyst's pandas"] = alone(analysed, mine, YESTERDAY)
        spent["first score"] = alone(score_first, mine)
        copyfile(mine, both)
        score = spent["next day's score"] = alone(score_next, mine, many, False)
        pass_ = spent["next day's with its alerts"] = alone(score_next, both, many, True)
        spent["alerts in that pass"] = Spent(pass_.wall - score.wall, pass_.cpu - score.cpu, pass_.memory)
        spent["alerts by themselves"] = alone(evaluate, mine)
        return spent


def build(file: Path, many: int) -> None:
    """Accounts with a contract and a touch, and no use yet."""
    database, random = Database(f"sqlite:///{file}"), Random(7)
    migrate(database)
    numbers = range(1, many + 1)
    put(database, tables.accounts, (an_account(number, random) for number in numbers))
    put(database, tables.subscriptions, (a_contract(number) for number in numbers))
    put(database, tables.touches, (a_touch(number, random) for number in numbers))
    put(database, tables.features, iter([{**KNOWN, "feature": "f0", "product": "", "core": True}]))
    put(database, tables.dirty, ({"account": n, "what": "revenue", "since": None} for n in numbers))
    database.close()


def write(file: Path, many: int, days: int) -> None:
    random = Random(8)
    with file.open("w", encoding="utf-8", newline="") as content:
        rows = csv.writer(content)
        rows.writerow(HEADER)
        rows.writerows(_uses(number, back, random) for number in range(1, many + 1) for back in range(days, 0, -1))


def _uses(number: int, back: int, random: Random) -> tuple[Any, ...]:
    return f"id{number}", TODAY - timedelta(back), "f0", random.randint(1, 40), random.randint(1, 900)


def load_bare(database: Path, file: Path) -> Spent:
    """Into the table of ours, with its keys; nothing checked, nothing compared, nothing to undo."""
    with closing(sqlite3.connect(database)) as connection, file.open(newline="") as content, spending() as spent:
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        numbers = dict(connection.execute("select account_id, number from accounts"))
        connection.executemany(BARE_INSERT, _bare_rows(csv.reader(content), numbers))
        connection.commit()
    return spent


def _bare_rows(rows: Iterator[list[str]], numbers: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    next(rows)
    for account, day, feature, active, events in rows:
        yield numbers[account], day, feature, int(active), int(events), day


def load(file: Path, usage: Path) -> Spent:
    database = Database(f"sqlite:///{file}")
    with spending() as spent:
        report = imports.run(database, [usage], policy=Policy(), who="bench", now=datetime.now(UTC), today=TODAY)
    assert report.ok, report
    database.close()
    return spent


def sum_bare(file: Path) -> Spent:
    windows = {"recent": (YESTERDAY - timedelta(28)).isoformat(), "earlier": (YESTERDAY - timedelta(56)).isoformat()}
    with closing(sqlite3.connect(file)) as connection, spending() as spent:
        connection.execute(BARE_SUMS, windows).fetchall()
    return spent


def score_first(file: Path) -> Spent:
    scoring.READINGS_OF_HISTORY = 0
    database = Database(f"sqlite:///{file}")
    with spending() as spent:
        scoring.score(database, Policy(), day=YESTERDAY)
    database.close()
    return spent


def score_next(file: Path, many: int, noticing: bool = False) -> Spent:
    database = Database(f"sqlite:///{file}")
    arrive(database, many, 1)
    with spending() as spent:
        scoring.score(database, Policy(), day=TODAY, noticing=noticing)
    database.close()
    return spent


def evaluate(file: Path) -> Spent:
    database = Database(f"sqlite:///{file}")
    with spending() as spent:
        evaluation.evaluate(database, Policy(), day=TODAY)
    database.close()
    return spent


if __name__ == "__main__":
    main(sys.argv[1:])

"""The portfolio as a workbook beside its cells written by bare openpyxl (write-only): time, and peak memory.

python -m benchmarks export [ACCOUNTS]        default: 20000 accounts, at most 100000
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from openpyxl import Workbook, load_workbook

from benchmarks.score import TODAY, a_contract, a_touch, an_account, put, timed
from benchmarks.spent import Spent, alone, peak, spending
from domain.accounts import Person
from domain.health.rules import MEASURES
from domain.policies.policy import Policy
from handlers.answers import answer
from handlers.ask import Desk
from handlers.capabilities import CAPABILITIES
from storage import policies, tables
from storage.database import Database
from storage.schema import migrate
from words import Words

MOST = 100_000
BEFORE = TODAY - timedelta(30)


def main(arguments: Sequence[str] = ()) -> None:
    many = min(int(arguments[0]) if arguments else 20_000, MOST)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        built = timed(lambda: build(url, many))
        print(f"{many:,} accounts with a contract, a touch and two nights of scores, built in {built:.1f} s")
        measure(url, Path(folder))


def measure(url: str, folder: Path) -> None:
    """Each in a process of its own, so that the peak of one is not that of another."""
    tenth = alone(export, url, "segment:enterprise", folder / "tenth.xlsx")
    whole = alone(export, url, "", folder / "whole.xlsx")
    bare = alone(write_bare, folder / "whole.xlsx")
    print(f"bare openpyxl, the same cells    {bare.wall:8.2f} s wall {bare.cpu:8.2f} s CPU")
    print(f"/export portfolio, from the tables {whole.wall:6.2f} s wall {whole.cpu:8.2f} s CPU"
          f"   {whole.wall / bare.wall:.2f} × wall, {whole.cpu / bare.cpu:.2f} × CPU")  # fmt: skip
    for said, spent in (("a tenth of the accounts", tenth), ("all of them", whole)):
        before, after = spent.memory
        print(f"peak memory, {said:23} {after:6.0f} MB, {after - before:.0f} MB above the start")


def export(url: str, scope: str, file: Path) -> Spent:
    """As the command line asks for it, from question to file."""
    from reports import portfolio  # noqa: F401, PLC0415  its import is not what is measured

    database = Database(url)
    with ThreadPoolExecutor(1) as pool:
        desk = Desk(database, Policy(), lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC), pool,
                    CAPABILITIES)  # fmt: skip
        operator = Person(email="", name="", role="operator")
        with spending() as spent:
            _, reply = answer(desk, operator, Words(), f"export portfolio {scope}")
            file.write_bytes(reply.files[0].build())
    database.close()
    return spent


def write_bare(file: Path) -> Spent:
    """The cells of a workbook again, without looks; reading them is not counted."""
    book, wall, cpu, before = Workbook(write_only=True), 0.0, 0.0, peak()
    sheet = book.create_sheet("Portfolio")
    for row in load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True):
        start, begun = perf_counter(), process_time()
        sheet.append(row)
        wall, cpu = wall + perf_counter() - start, cpu + process_time() - begun
    start, begun = perf_counter(), process_time()
    book.save(BytesIO())
    return Spent(wall + perf_counter() - start, cpu + process_time() - begun, (before, peak()))


def build(url: str, many: int) -> None:
    database, random = Database(url), Random(7)
    migrate(database)
    with database.changing() as tx:
        version = policies.version(tx, Policy(), day=BEFORE)
    numbers = range(1, many + 1)
    put(database, tables.accounts, (a_customer(number, random) for number in numbers))
    put(database, tables.subscriptions, (a_contract(number) for number in numbers))
    put(database, tables.touches, (a_touch(number, random) for number in numbers))
    for day in (BEFORE, TODAY):
        put(database, tables.scores, (a_score(number, day, version, random) for number in numbers))
        put(database, tables.factors, (each for number in numbers for each in points(number, day, random)))
    database.close()


def a_customer(number: int, random: Random) -> dict[str, Any]:
    mine = {"segment": "smb" if number % 10 else "enterprise", "tier": str(number % 3 + 1), "laer_stage": "adopt"}
    return an_account(number, random) | mine | {"extra": {"x_region": "latam"}}


def a_score(number: int, day: date, version: int, random: Random) -> dict[str, Any]:
    score = random.randint(20, 99)
    state = "red" if score < 50 else "yellow" if score < 75 else "green"
    return {"account": number, "day": day, "score": score, "state": state, "cap": None, "coverage": 100,
            "at_risk": state == "red", "policy": version}  # fmt: skip


def points(number: int, day: date, random: Random) -> Iterator[dict[str, Any]]:
    for measure in MEASURES:
        earned = {"points": random.randint(0, 9), "weight": 9, "value": float(random.randint(0, 100)), "fact_on": day}
        yield {"account": number, "day": day, "measure": measure, **earned}


if __name__ == "__main__":
    main(sys.argv[1:])

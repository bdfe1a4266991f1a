"""How long a night takes, beside the bare SQL aggregation of the same usage rows in the same run.

python -m benchmarks score [ACCOUNTS] [DAYS] [FEATURES]        default: 2000 accounts, 90 days, 3 features
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import insert, text

from domain.policies.policy import Policy
from handlers.verbs import scoring
from storage import accounts, search, tables
from storage.database import Database, upsert
from storage.facts import facts
from storage.names import fold, trigrams
from storage.schema import migrate
from storage.scope import operator

TODAY = date(2026, 11, 23)
MOST = (100_000, 400, 20)
CHUNK = 5000
WORDS = (
    "Norte",
    "Acme",
    "Clínica",
    "Industrias",
    "Pérez",
    "Logística",
    "Vega",
    "Global",
    "Data",
    "Foods",
    "Sur",
    "Tech",
)
BARE = """
    select account, sum(events), max(active_users), count(distinct day) from usage
    where day > :first and day <= :last group by account
"""


def main(arguments: Sequence[str] = ()) -> None:
    asked = [int(argument) for argument in arguments[:3]] + [2000, 90, 3][len(arguments) :]
    sizes = [min(size, most) for size, most in zip(asked, MOST, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        migrate(database)
        measure(database, *sizes)
        database.close()


def measure(database: Database, many: int, days: int, features: int) -> None:
    built = timed(lambda: build(database, many, days, features))
    print(f"{many:,} accounts, {many * days * features:,} usage rows, built in {built:.1f} s")
    bare = timed(lambda: aggregate(database))
    print(f"bare SQL over the 56 days        {bare:8.2f} s")
    first = timed(lambda: print(f"  {scoring.score(database, Policy(), day=TODAY - timedelta(1)).states}"))
    print(f"first score, everything derived  {first:8.2f} s   {first / bare:6.1f} × bare")
    arrive(database, many, features)
    night = timed(lambda: scoring.score(database, Policy(), day=TODAY))
    each = night / many * 1e3
    print(f"a night with one new day         {night:8.2f} s   {night / bare:6.1f} × bare   {each:.2f} ms each")
    again = timed(lambda: scoring.score(database, Policy(), day=TODAY))
    print(f"the same night again             {again:8.2f} s   {again / bare:6.1f} × bare")
    look(database, many)


def look(database: Database, many: int) -> None:
    """What one person waits for."""
    with database.transaction() as tx:
        for words in (f"id{many // 2}", "norte vega 77", "perez 12", "lgistica sur 41", "clinica", "no such name"):
            spent = min(timed(lambda words=words: search.find(tx, words, scope=operator())) for _ in range(3))
            print(f"find {words!r:26}  {spent * 1e3:8.2f} ms")
        one = min(timed(lambda: card(tx, many // 2)) for _ in range(3))
        page = min(timed(lambda: accounts.page(tx, operator(), limit=20)) for _ in range(3))
    print(
        f"facts of one account             {one * 1e3:8.2f} ms\nfirst page, worst first          {page * 1e3:8.2f} ms"
    )


def card(tx: Any, number: int) -> None:
    facts.load(tx, first=number, last=number, day=TODAY, policy=Policy(), scope=operator())


def aggregate(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(text(BARE), {"first": (TODAY - timedelta(57)).isoformat(), "last": TODAY.isoformat()}).all()


def build(database: Database, many: int, days: int, features: int) -> None:
    random = Random(7)
    put(database, tables.accounts, (an_account(number, random) for number in range(1, many + 1)))
    put(database, tables.account_trigrams, (piece for number in range(1, many + 1) for piece in pieces(number)))
    put(database, tables.subscriptions, (a_contract(number) for number in range(1, many + 1)))
    put(
        database, tables.features, ({**KNOWN, "feature": f"f{n}", "product": "", "core": True} for n in range(features))
    )
    put(database, tables.touches, (a_touch(number, random) for number in range(1, many + 1)))
    for number in range(1, many + 1, 500):
        some = range(number, min(number + 500, many + 1))
        put(
            database,
            tables.usage,
            (use(n, back, f, random) for n in some for back in range(days, 0, -1) for f in range(features)),
        )
    marks = ({"account": n, "what": what, "since": None} for n in range(1, many + 1) for what in ("revenue", "usage"))
    put(database, tables.dirty, marks)


KNOWN = {"known_on": date(2024, 1, 1)}
NAMES: dict[int, str] = {}


def an_account(number: int, random: Random) -> dict[str, Any]:
    NAMES[number] = f"{random.choice(WORDS)} {random.choice(WORDS)} {number % 997}"
    identity = {"number": number, "account_id": f"id{number}", "name": NAMES[number], "folded": fold(NAMES[number])}
    return {
        **KNOWN,
        **identity,
        "segment": "smb",
        "csm": f"csm{number % 300}@example.com",
        "customer_since": date(2024, 1, 1),
    }


def pieces(number: int) -> Iterator[dict[str, Any]]:
    return ({"trigram": piece, "account": number} for piece in sorted(trigrams(fold(NAMES[number]))))


def a_contract(number: int) -> dict[str, Any]:
    dates = {"starts_on": date(2024, 1, 1), "ends_on": TODAY + timedelta(number % 365 + 1)}
    terms = {"annual": Decimal(12000), "currency": "USD", "seats": 40, "product": "", "auto_renew": True}
    return {**KNOWN, **dates, **terms, "subscription_id": f"s{number}", "account": number, "status": "active"}


def a_touch(number: int, random: Random) -> dict[str, Any]:
    at = facts.AsOf(TODAY, TODAY).start(TODAY - timedelta(random.randint(1, 90)))
    return {**KNOWN, "touch_id": f"t{number}", "account": number, "at": at, "direction": "both"}


def use(number: int, back: int, feature: int, random: Random) -> dict[str, Any]:
    day = TODAY - timedelta(back)
    counted = {"active_users": random.randint(1, 40), "events": random.randint(1, 900)}
    return {"account": number, "day": day, "known_on": day, "product": "", "feature": f"f{feature}", **counted}


def arrive(database: Database, many: int, features: int) -> None:
    """A night's feed: one day of every account."""
    random = Random(8)
    put(database, tables.usage, (use(n, 0, f, random) for n in range(1, many + 1) for f in range(features)))
    with database.changing() as tx:
        upsert(tx, tables.dirty, [{"account": n, "what": "usage", "since": TODAY} for n in range(1, many + 1)])


def put(database: Database, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    with database.changing() as tx:
        while chunk := list(islice(rows, CHUNK)):
            tx.execute(insert(table), chunk)


def timed(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:])

"""How well sentences are understood, and how long that takes beside an empty request of the same run.

python -m benchmarks questions [ACCOUNTS]       default: 100000 accounts; first the questions of the tests are counted
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import bot
from benchmarks.score import put, timed
from domain.accounts import Person
from handlers.answers import answer
from handlers.ask import Ask, Desk
from handlers.questions.questions import understand
from storage import people, search, tables
from storage.database import Database
from storage.names import fold, trigrams
from storage.schema import migrate
from storage.scope import Scope
from tests.questions.counting import counted, questions
from tests.stage import TODAY, fill, settings
from words import Words

MOST, PEOPLE, TIMES = 100_000, 400, 9
FIRST = [
    "Grupo",
    "Industrias",
    "Clínica",
    "Transportes",
    "Laboratorios",
    "Banco",
    "Hotelera",
    "Northern",
    "Global",
    "United",
    "Silver",
    "Delta",
    "Atlas",
]
MIDDLE = [
    "Norte",
    "Andina",
    "Mirador",
    "Quetzal",
    "Levante",
    "Montealto",
    "Valley",
    "River",
    "Ridge",
    "Stone",
    "Brook",
    "Haven",
    "Bridge",
    "Forge",
    "Grove",
]
LAST = [
    "Logística",
    "Solutions",
    "Systems",
    "Foods",
    "Shipping",
    "Robotics",
    "Holdings",
    "Energy",
    "Media",
    "Health",
    "Labs",
    "Motors",
    "Telecom",
]
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "xi",
    "yo",
    "za",
    "bri",
    "cla",
    "dro",
    "fle",
    "gri",
    "pla",
    "tre",
]
KNOWN = {"known_on": date(2022, 1, 1)}
NAMES = ("samples", "en", "es")


def main(arguments: Sequence[str] = ()) -> None:
    many = min(int(arguments[0]) if arguments else MOST, MOST)
    with tempfile.TemporaryDirectory() as folder:
        count(Database(f"sqlite:///{folder}/sample.db"))
        database = Database(f"sqlite:///{folder}/bench.db")
        migrate(database)
        print(f"{many:,} accounts, built in {timed(lambda: build(database, many)):.0f} s")
        measure(bot.desk(settings(database), TODAY))
        database.close()


def count(database: Database) -> None:
    fill(database)
    desk = bot.desk(settings(database), TODAY)
    with database.transaction() as tx:
        ana = people.by_email(tx, "ana@example.com")
    assert ana
    for name in NAMES:
        found = [counted(desk, ana, each) for each in questions(name)]
        verdicts = Counter(one.verdict for one in found)
        lost = sum(one.must_be_right and one.verdict != "right" for one in found)
        said = " · ".join(f"{verdicts[verdict]} {verdict}" for verdict in ("right", "offered", "refused", "wrong"))
        print(f"{name:8} {len(found):4} questions: {said}; {lost} with a command not right")
    desk.exports.shutdown()
    desk.database.close()


def build(database: Database, many: int) -> None:
    chance = random.Random(7)
    names = [_name(chance) for _ in range(many)]
    staff = (
        {"email": f"csm{n}@example.com", "name": f"Person{n} Name{n}", "aliases": f"P{n}", "role": "csm"}
        for n in range(PEOPLE)
    )
    put(database, tables.people, (row | KNOWN for row in staff))
    put(database, tables.accounts, (_account(chance, n, name) for n, name in enumerate(names, 1)))
    put(database, tables.account_trigrams, _pieces(names))


def _name(chance: random.Random) -> str:
    own = "".join(chance.choice(SYLLABLES) for _ in range(4)).title()
    return f"{chance.choice(FIRST)} {own} {chance.choice(MIDDLE)} {chance.choice(LAST)}"


def _account(chance: random.Random, number: int, name: str) -> dict[str, Any]:
    return {
        "number": number,
        "account_id": f"A{number:06}",
        "name": name,
        "folded": fold(name),
        "segment": chance.choice(("enterprise", "mid-market", "smb")),
        "tier": str(chance.randint(1, 3)),
        "csm": f"csm{number % PEOPLE}@example.com",
        "extra": {"x_region": chance.choice(("latam", "emea", "na"))},
        **KNOWN,
    }


def _pieces(names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number, name in enumerate(names, 1):
        yield from ({"trigram": piece, "account": number} for piece in sorted(trigrams(fold(name))))


def measure(desk: Desk) -> None:
    me = Person(email="csm7@example.com", name="", role="csm")
    english, spanish = (Ask(desk, me, Words(language)) for language in ("en", "es"))
    with desk.database.transaction() as tx:
        whole = next(iter(search.called(tx, ["A000005"], scope=Scope(me)).values()))
        name = search.find(tx, whole[0], scope=Scope(me)).found
    assert name
    own = name.name.split()[1]
    empty = _line("an empty request: /help", lambda: answer(desk, me, Words("en"), "/help"), 0)
    for ask, text in (
        (english, "who renews next month?"),
        (english, "which of the team's enterprise accounts renew in Q1 2027?"),
        (spanish, "renovaciones en rojo de nivel 1 de P3 el próximo trimestre en latam"),
        (english, f"how is {name.name} doing?"),
        (spanish, f"¿cómo va {own}?"),
        (english, f"log a call with {own}: renewed interest in SSO"),
        (english, "renwals nxt month"),
        (english, f"how is {own[:-2]}{own[-1]}{own[-2]} doing?"),
        (spanish, "la cuenta esa del logo azul"),
    ):
        _line(text, lambda ask=ask, text=text: understand(ask, text), empty)
    for typed in ("g", "gru", "norte", own[:4].lower(), name.name[:12], "xqz"):
        _line(f"picker: {typed}", lambda typed=typed: _picked(desk, me, typed), empty)


def _picked(desk: Desk, me: Person, typed: str) -> None:
    with desk.database.transaction() as tx:
        search.beginning(tx, typed, scope=Scope(me), limit=100)


def _line(what: str, work: Callable[[], object], empty: float) -> float:
    work()
    took = median(timed(work) for _ in range(TIMES)) * 1000
    print(f"{took:7.1f} ms  {f'{took / empty:5.1f} × empty  ' if empty else '':15}{what}")
    return took


if __name__ == "__main__":
    main(sys.argv[1:])

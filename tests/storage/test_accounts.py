from datetime import timedelta

from sqlalchemy import insert

from domain.accounts import Person
from storage import accounts, search
from storage.database import Database, Transaction
from storage.scope import Scope, operator
from storage.tables import policies, scores
from tests.storage.rows import TODAY, put, put_accounts

NAMES = ("Acme Corp", "Acme Iberia", "Norte Logística", "Industrias Pérez", "Globex", "Clínica Alameda", "Initech", "Z")


def put_scores(tx: Transaction, readings: dict[int, tuple[str, int | None]], day=TODAY) -> None:
    if not tx.execute(policies.select()).first():
        tx.execute(insert(policies).values(version=1, digest="a", content={}, first_day=day))
    rows = [
        {"account": number, "day": day, "state": state, "score": score, "coverage": 90, "policy": 1}
        for number, (state, score) in readings.items()
    ]
    tx.execute(insert(scores), rows)


MEANT = {
    "id-Globex": "Globex",
    "acme corp": "Acme Corp",
    "ACME   CORP": "Acme Corp",
    "norte logistica": "Norte Logística",
    "logística": "Norte Logística",
    "perez": "Industrias Pérez",
    "industrais perez": "Industrias Pérez",
    "globx": "Globex",
    "intech": "Initech",
    "alamda": "Clínica Alameda",
    "Z": "Z",
    "al": "Clínica Alameda",
    "hubspot:77": "Globex",
    "HubSpot:77": "Globex",
    "a-17": "Omega",
}


def test_one_account_is_meant(database: Database) -> None:
    with database.changing() as tx:
        numbers = put_accounts(tx, *NAMES)
        put(tx, "identifiers", {"system": "HubSpot", "external_id": "77", "account": numbers[4]})
        put_accounts(tx, "Omega", account_id="A-17")
        found = {words: search.find(tx, words, scope=operator()).found for words in MEANT}
    assert {words: account and account.name for words, account in found.items()} == MEANT


def test_several_are_offered_and_never_guessed(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, *NAMES)
        match = search.find(tx, "acme", scope=operator())
    assert match.found is None
    assert [a.name for a in match.candidates] == ["Acme Corp", "Acme Iberia"]


def test_a_name_shared_by_two_is_offered_twice(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, *NAMES)
        put_accounts(tx, "GLOBEX", account_id="another")
        match = search.find(tx, "globex", scope=operator())
    assert len(match.candidates) == 2


def test_nothing_near_gives_the_nearest_within_the_scope(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, *NAMES, csm="ana@x.com")
        put_accounts(tx, "Acme Secret", csm="ben@x.com")
        own = Scope(Person("ana@x.com", "Ana", "csm"), "own")
        match = search.find(tx, "acmi xyz", scope=own)
        hidden = search.find(tx, "acme secret", scope=own)
    assert match.found is None
    assert "Acme Corp" in {a.name for a in match.suggestions}
    assert "Acme Secret" not in {a.name for a in (*match.suggestions, *hidden.suggestions, *hidden.candidates)}
    assert hidden.found is None


def test_any_words_are_answered(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, *NAMES)
        for words in ("", "   ", "%", "_", "***", "x" * 400, "日本", "a:b", ":", "a b c d"):
            assert search.find(tx, words, scope=operator()).found is None, words


def test_pages_go_worst_first_and_each_account_comes_once(database: Database) -> None:
    with database.changing() as tx:
        a, b, c, d, e, f, g, h = put_accounts(tx, *NAMES)
        put_scores(tx, {a: ("green", 99), b: ("red", 10)}, TODAY - timedelta(1))
        readings = {a: ("green", 80), b: ("red", 49), c: ("red", 12), d: ("unknown", None), e: ("yellow", 81)}
        put_scores(tx, readings | {f: ("leaving", None), g: ("yellow", 60)})
        whole = accounts.page(tx, operator(), limit=20)
        pages, after = [], None
        while found := accounts.page(tx, operator(), after=after, limit=2):
            pages += found
            after = found[-1].cursor
        assert accounts.page(tx, operator(), after=("nonsense", 1, 2), limit=20) == whole
    assert [s.account.number for s in whole] == [c, b, g, e, d, a, f, h]
    assert pages == whole
    assert whole[0].score == 12
    assert whole[0].day == TODAY
    assert whole[-1].state is None


def test_pages_by_name(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, *NAMES)
        names, after = [], None
        while found := accounts.page(tx, operator(), order="name", after=after, limit=3):
            names += [s.account.name for s in found]
            after = found[-1].cursor
    assert names[0] == "Acme Corp"
    assert len(names) == len(set(names)) == len(NAMES)


def test_ranges_cover_every_account_once(database: Database) -> None:
    with database.changing() as tx:
        assert list(accounts.number_ranges(tx, operator(), 3)) == []
        numbers = put_accounts(tx, *NAMES)
        ranges = list(accounts.number_ranges(tx, operator(), 3))
    assert [sum(first <= n <= last for first, last in ranges) for n in numbers] == [1] * len(numbers)
    assert len(ranges) == 3


def test_a_parent_shows_its_children_worst_first(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, "Parent")
        a, b = put_accounts(tx, "One", "Two", parent_id="id-Parent")
        put_scores(tx, {a: ("green", 80), b: ("red", 20)})
        below = accounts.children(tx, "id-Parent", operator())
    assert [s.account.number for s in below] == [b, a]

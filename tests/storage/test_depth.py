from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from domain.accounts import Person
from domain.depth import Feature, User
from storage import depth
from storage.database import Database, Transaction
from storage.scope import Scope, operator
from storage.tables import usage_last
from tests.storage.rows import TODAY, put, put_accounts

ALL = operator()
LUIS = Scope(Person("luis@x.com", "Luis"), "own")


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def used(tx: Transaction, number: int, user: str, feature: str, *days: int, contact_id: str | None = None) -> None:
    rows = [{"account": number, "day": ago(d), "user": user, "feature": feature, "contact_id": contact_id, "events": 1}
            for d in days]  # fmt: skip
    put(tx, "usage_users", *rows)


@pytest.fixture
def numbers(database: Database) -> list[int]:
    with database.changing() as tx:
        found = put_accounts(tx, "One", "Two", "Three", segment="smb", csm="ana@x.com")
        found += put_accounts(tx, "Other", segment="enterprise", csm="ana@x.com")
        one = found[0]
        put(tx, "contacts", {"contact_id": "c1", "account": one, "name": "Eva"})
        put(tx, "features", {"feature": "close", "product": "Core", "core": True},
            {"feature": "orders", "product": "Core", "core": False})  # fmt: skip
        used(tx, one, "u1", "orders", 0, 8, 15, 27, contact_id="c1")
        used(tx, one, "u1", "close", 28)
        used(tx, one, "u2", "orders", 3, 4)
        used(tx, one, "u3", "", 29)
        used(tx, one, "u4", "orders", -1)
        put(tx, "usage", {"account": one, "day": ago(2), "product": "", "feature": "maps", "active_users": 7})
        for number, name, days in (
            (found[1], "close", 5),
            (found[2], "close", 5),
            (found[2], "orders", 28),
            (found[3], "close", 5),
        ):
            last = {"account": number, "kind": "feature", "name": name, "last_day": ago(days)}
            tx.execute(insert(usage_last).values(last))
    return found


def test_people_by_the_weeks_in_which_they_used_it(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        found = {user.name: user for user in depth.users(tx, numbers[0], TODAY, ALL)}
    assert found == {
        "Eva": User("Eva", "c1", TODAY, 4, 1),
        "u2": User("u2", None, ago(3), 1, 1),
        "u3": User("u3", None, ago(29), 0, 0),
    }


def test_features_with_their_people_of_four_weeks(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        found = depth.known_features(tx, numbers[0], TODAY, ALL, core=("maps",))
    assert found == [
        Feature("close", "Core", core=True),
        Feature("maps", "", core=True, used=True, users=7),
        Feature("orders", "Core", core=False, used=True, users=2),
    ]


def test_similar_accounts_are_the_others_of_the_segment(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        assert depth.similar(tx, "smb", numbers[0], TODAY, ALL) == ({"close": 2}, 2)
        assert depth.similar(tx, "smb", numbers[1], TODAY, ALL) == ({"close": 1}, 1)


def test_nothing_of_what_one_may_not_see(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        assert depth.users(tx, numbers[0], TODAY, LUIS) == []
        assert not any(f.used for f in depth.known_features(tx, numbers[0], TODAY, LUIS))
        assert depth.similar(tx, "smb", numbers[0], TODAY, LUIS) == ({}, 0)

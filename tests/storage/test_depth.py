from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from domain.accounts import Person
from domain.depth import Feature, Similar, User
from domain.money import Rates
from storage import accounts, tables
from storage.database import Database, Transaction
from storage.facts import depth
from storage.scope import Scope, operator
from storage.tables import usage_last
from tests.storage.rows import TODAY, put, put_accounts

ALL = operator()
RATES = Rates("USD", None, {"EUR": Decimal(2)})
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
        assert like(tx, numbers[0]) == Similar({"close": 2}, 2)
        assert like(tx, numbers[1]) == Similar({"close": 1}, 1)


def like(tx: Transaction, number: int, scope: Scope = ALL) -> Similar:
    account = accounts.get(tx, number, ALL)
    assert account
    return depth.similar(tx, account, TODAY, scope, RATES)


def alike(tx: Transaction, **values: object) -> dict[str, int]:
    """Accounts of one segment that use a feature called as they are."""
    found = {}
    for name, value in values.items():
        (found[name],) = put_accounts(tx, name, segment="large")
        tx.execute(insert(usage_last).values(account=found[name], kind="feature", name=name, last_day=TODAY))
        if isinstance(value, int):
            seats(tx, found[name], name, value)
    return found


def seats(tx: Transaction, number: int, name: str, count: int | None, starts: int = 30, **more: object) -> None:
    row = {"subscription_id": name, "account": number, "starts_on": ago(starts), "annual": 0, "currency": "USD"}
    put(tx, "subscriptions", row | {"seats": count, "auto_renew": False} | more)


def test_similar_in_size_is_half_to_twice_the_seats_in_force(database: Database) -> None:
    with database.changing() as tx:
        of = alike(tx, own=100, half=50, twice=200, less=49, more=201, a=90, b=110, ended=100, grown=10, renewed=100)
        for name in ("half", "ended"):
            seats(tx, of[name], f"{name} old", 40, 400, ends_on=ago(0))
        seats(tx, of["grown"], "grown", 100, 5)
        seats(tx, of["renewed"], "renewed on", 120, 1, renews="renewed")
        tx.execute(update(tables.subscriptions).where(tables.subscriptions.c.subscription_id == "ended")
                   .values(cancelled_on=TODAY))  # fmt: skip
        found = like(tx, of["own"])
    assert sorted(found.uses) == ["a", "b", "grown", "half", "renewed", "twice"]
    assert (found.n, found.size, found.least, found.most) == (6, "seats", 50, 200)


def test_without_enough_of_its_seats_the_mrr_tells_and_else_the_segment(database: Database) -> None:
    def paying(number: int, annual: int, currency: str = "USD") -> None:
        put(
            tx, "revenue_changes", {"account": number, "day": ago(9), "currency": currency, "kind": "", "delta": annual}
        )

    with database.changing() as tx:
        of = alike(tx, own=100, a=90, b=None, c=None, d=None, e=None, f=None)
        alone = like(tx, of["own"])
        for name, annual in zip(of, (12000, 6000, 24000, 11000, 13000, 24001, 9000), strict=True):
            paying(of[name], annual, "EUR" if name == "f" else "USD")
        found = like(tx, of["own"])
        paying(of["f"], 1, "XXX")
        few = like(tx, of["own"])
    assert (alone.n, alone.size, alone.known) == (6, None, True)
    assert sorted(found.uses) == ["a", "b", "c", "d", "f"], "9,000 EUR are 18,000 USD"
    assert (found.n, found.size, found.least, found.most) == (5, "mrr", 500, 2000)
    assert (few.n, few.size) == (6, None), "an amount without a rate is not a size"


def test_nothing_of_what_one_may_not_see(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        assert depth.users(tx, numbers[0], TODAY, LUIS) == []
        assert not any(f.used for f in depth.known_features(tx, numbers[0], TODAY, LUIS))
        assert like(tx, numbers[0], LUIS) == Similar({}, 0)


def test_who_was_trained_by_the_day(database: Database, numbers: list[int]) -> None:
    with database.changing() as tx:
        for contact_id, name, days in (("c1", "trained", 9), ("c2", "trained", -1), ("", "trained", 9), ("c3", "x", 9)):
            reached = {"account": numbers[0], "milestone": name, "contact_id": contact_id, "reached_on": ago(days)}
            put(tx, "milestones", reached)
        assert depth.trained(tx, numbers[0], TODAY, ALL) == {"c1": ago(9)}
        assert depth.trained(tx, numbers[0], TODAY, LUIS) == {}

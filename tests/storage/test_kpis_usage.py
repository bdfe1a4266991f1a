"""Licences and core features as the database sums them are those of each account, on both databases."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, true

from domain.kpis.kpis_values import Core, Licences
from domain.policies.policy import Policy
from domain.subscriptions import seats
from storage.database import Database, Transaction
from storage.facts import activity, subscriptions
from storage.facts.asof import AsOf
from storage.kpis import kpis_usage
from storage.scope import operator
from storage.tables import account_trigrams, accounts, features, usage, usage_users
from storage.tables import subscriptions as contracts
from storage.within import every
from tests.storage.rows import TODAY, put, put_accounts

GRACE = 30
POLICY = Policy(core_features=("board",), grace_days=GRACE)
BACK = st.sampled_from([0, 1, 5, 27, 28, 29, 40, 55, 56, 57])
LATE = st.sampled_from([0, 0, 0, 3, 30])
FEATURE = st.sampled_from(["", "", "board", "export", "chat"])
ACCOUNT = st.integers(0, 3)
COUNTED = st.sampled_from([None, 0, 1, 4, 9])
USED = st.tuples(ACCOUNT, BACK, LATE, st.sampled_from(["", "crm"]), FEATURE, COUNTED, COUNTED, COUNTED)
USER = st.tuples(ACCOUNT, BACK, LATE, st.sampled_from("abc"), FEATURE, COUNTED)
CONTRACT = st.fixed_dictionaries(
    {
        "account": ACCOUNT,
        "name": st.sampled_from("aaab"),
        "product": st.sampled_from(["", "crm", "erp"]),
        "begun": st.sampled_from([800, 400, 390, 365, 100, 10, 0, -20, -40]),
        "length": st.sampled_from([365, 365, 350, 90, None]),
        "seats": st.sampled_from([None, 0, 5, 20]),
        "auto_renew": st.booleans(),
        "status": st.sampled_from(["active"] * 4 + ["trialing", "paused"]),
        "notice": st.sampled_from([None] * 5 + [20, 340]),
        "cancelled": st.sampled_from([None] * 5 + [80, 200]),
        "renews": st.sampled_from([None] * 5 + ["0a"]),
        "late": LATE,
    }
)
GIVEN = {
    "used": st.lists(USED, max_size=8),
    "users": st.lists(USER, max_size=5),
    "held": st.lists(CONTRACT, min_size=1, max_size=6),
    "told": st.booleans(),
    "back": st.sampled_from([0, 0, 12]),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(**GIVEN)
def test_the_sums_are_those_of_each_account(
    database: Database, used: list, users: list, held: list[dict], told: bool, back: int
) -> None:
    day = TODAY - timedelta(back)
    with database.changing() as tx:
        for table in (usage, usage_users, features, contracts, account_trigrams, accounts):
            tx.execute(delete(table))
        numbers = put_accounts(tx, "One", "Two", "Three", "Four")
        _put(tx, numbers, used, users, held)
        put(tx, "features", {"feature": "export", "product": "crm" if told else "", "core": True})
        assert kpis_usage.count(tx, true(), day, POLICY, today=TODAY) == _read(tx, day, told)


def _put(tx: Transaction, numbers: list[int], used: list, users: list, held: list[dict]) -> None:
    rows: dict = {}
    for n, back, late, product, feature, active, unique, events in used:
        key = {"account": numbers[n], "day": TODAY - timedelta(back), "product": product, "feature": feature}
        figures = {"active_users": active, "active_users_28d": unique, "events": events}
        rows[tuple(key.values())] = {**key, **figures, "known_on": TODAY - timedelta(back - late)}
    put(tx, "usage", *rows.values())
    rows = {}
    for n, back, late, user, feature, events in users:
        key = {"account": numbers[n], "day": TODAY - timedelta(back), "user": user, "feature": feature}
        rows[tuple(key.values())] = {**key, "events": events, "known_on": TODAY - timedelta(back - late)}
    put(tx, "usage_users", *rows.values())
    rows = {}
    for one in held:
        starts_on = TODAY - timedelta(one["begun"])
        name = f"{one['account']}{one['name']}"
        rows[name, starts_on] = {key: one[key] for key in ("product", "seats", "auto_renew", "status", "renews")} | {
            "subscription_id": name, "account": numbers[one["account"]], "starts_on": starts_on, "currency": "USD",
            "ends_on": one["length"] and starts_on + timedelta(one["length"]), "annual": Decimal(12),
            "notice_given_on": one["notice"] and starts_on + timedelta(one["notice"]),
            "cancelled_on": one["cancelled"] and starts_on + timedelta(one["cancelled"]),
            "known_on": min(starts_on, TODAY - timedelta(50)) + timedelta(one["late"]),
        }  # fmt: skip
    put(tx, "subscriptions", *rows.values())


def _read(tx: Transaction, day, told: bool) -> tuple[Licences, Core]:
    """The slow way: what each account used, and its contracts as the domain reads them."""
    core = {"board": "", "export": "crm" if told else ""}
    known = activity.load(tx, every(operator()), day=day, core=core)
    versions = subscriptions.versions(tx, every(operator()), AsOf(day, TODAY))
    users = _core_users(tx, day, set(core))
    licences, depth = [0] * 5, [0] * 6
    for number in tx.execute(accounts.select()).scalars():
        used, having = known.get(number), versions.get(number, [])
        licensed = seats(having, day, grace_days=GRACE) or 0
        if licensed and used and used.active is not None:
            by_peak = used.basis == "peak"
            licences = [a + b for a, b in zip(licences, (used.active, licensed, 1, 0, by_peak), strict=True)]
        elif licensed:
            licences[3] += 1
        if used and used.feature_on:
            products = {version.product for version in having if version.product}
            wanted = {name for name, of in core.items() if not products or not of or of in products}
            deep = licensed and number in users
            counts = (users[number], licensed, 1) if deep else (0, 0, 0)
            seen = (len(used.features & wanted), len(wanted), 1, *counts)
            depth = [a + b for a, b in zip(depth, seen, strict=True)]
    return Licences(*licences), Core(*depth)


def _core_users(tx: Transaction, day, core: set[str]) -> dict[int, int]:
    first, found, people = day - timedelta(28), dict[int, int](), dict[int, set[str]]()
    for row in tx.execute(usage.select()):
        figures = (row.active_users, row.active_users_28d, row.events)
        in_use = any(one for one in figures if one) or all(one is None for one in figures)
        counted = in_use and row.active_users is not None and row.feature in core
        if counted and first < row.day <= day and row.known_on <= day:
            found[row.account] = max(found.get(row.account, 0), row.active_users)
    for row in tx.execute(usage_users.select()):
        if first < row.day <= day and row.known_on <= day and row.feature in core and row.events != 0:
            people.setdefault(row.account, set()).add(row.user)
    return found | {number: len(names) for number, names in people.items()}

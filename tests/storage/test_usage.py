from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from storage import marks
from storage.database import Database, Transaction, upsert
from storage.facts import activity, usage, windows
from storage.scope import operator
from storage.tables import accounts, dirty, usage_last, usage_rolling, usage_users
from storage.tables import usage as facts
from storage.within import every
from tests.storage.rows import LONG_AGO, TODAY, put, put_accounts

CORE = ("orders", "plans")


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def mark(tx: Transaction, account: int, since: date | None) -> None:
    held = tx.execute(select(dirty.c.since).where(dirty.c.account == account)).all()
    earliest = None if since is None or (held and held[0].since is None) else min([since, *(r.since for r in held)])
    upsert(tx, dirty, [{"account": account, "what": "usage", "since": earliest}])


def load(tx: Transaction, day: date) -> dict[int, activity.Activity]:
    return activity.load(tx, every(operator()), day=day, core=CORE)


def forgotten(tx: Transaction) -> None:
    """As if nothing had ever been derived."""
    for table in (usage_rolling, usage_last):
        tx.execute(delete(table))


def of_days(tx: Transaction, account: int) -> list[tuple[Any, ...]]:
    mine = facts.c.account == account, usage_users.c.account == account
    days = windows.daily(accounts.c.number, *mine)
    query = select(days.c.day, days.c.active_users, days.c.active_users_28d, days.c.events)
    return [tuple(row) for row in tx.execute(query.where(days.c.account == account).order_by(days.c.day))]


def row(account: int, day: date, product: str, feature: str, active: int | None, events: int | None) -> dict[str, Any]:
    return {
        "account": account,
        "day": day,
        "product": product,
        "feature": feature,
        "active_users": active,
        "events": events,
        "active_users_28d": None,
    }


def test_a_whole_product_row_or_its_features_but_never_both(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        put(
            tx,
            "usage",
            row(acme, ago(3), "Core", "", 10, 50),
            row(acme, ago(3), "Core", "orders", 12, 70),
            row(acme, ago(2), "Core", "orders", 5, 7),
            row(acme, ago(2), "Core", "plans", 8, 9),
            row(acme, ago(2), "Fleet", "", 3, 100),
            row(acme, ago(1), "Core", "", 4, None),
            row(acme, ago(1), "Core", "plans", 9, 6),
        )
        mark(tx, acme, None)
        usage.derive(tx, acme, acme, day=TODAY)
        assert of_days(tx, acme) == [(ago(3), 10, None, 50), (ago(2), 8, None, 116), (ago(1), 4, None, 6)]
        assert tx.execute(select(dirty)).all() == []


def test_users_are_counted_once_a_day(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        put(
            tx,
            "usage_users",
            *(
                {"account": acme, "day": TODAY, "user": u, "feature": f, "events": e}
                for u, f, e in (
                    ("a", "orders", 3),
                    ("a", "plans", 4),
                    ("b", "", 10),
                    ("b", "plans", 6),
                    ("c", "plans", 0),
                )
            ),
        )
        mark(tx, acme, None)
        usage.derive(tx, acme, acme, day=TODAY)
        assert of_days(tx, acme) == [(TODAY, 2, None, 17)]
        last = tx.execute(
            select(usage_last.c.kind, usage_last.c.name).order_by(usage_last.c.kind, usage_last.c.name)
        ).all()
    assert [tuple(r) for r in last] == [("feature", "orders"), ("feature", "plans"), ("user", "a"), ("user", "b")]


FACT = st.tuples(
    st.integers(0, 1),
    st.integers(-3, 70),
    st.sampled_from(["", "Core", "Fleet"]),
    st.sampled_from(["", *CORE, "other"]),
    st.one_of(st.none(), st.integers(0, 9)),
    st.one_of(st.none(), st.integers(0, 50)),
    st.sampled_from([None, "ann", "bob"]),
    st.sampled_from([0, 1, 1, 1]),
)
NIGHT = st.tuples(st.lists(FACT, max_size=6), st.integers(0, 3), st.booleans())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(NIGHT, min_size=1, max_size=7))
def test_incremental_is_full(sqlite_database: Database, nights: list[Any]) -> None:
    check(sqlite_database, nights)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(NIGHT, min_size=1, max_size=5))
def test_incremental_is_full_on_a_server(postgres_database: Database, nights: list[Any]) -> None:
    check(postgres_database, nights)


class UndoneError(Exception):
    pass


def check(database: Database, nights: list[Any]) -> None:
    """Facts arrive late, in any order, change and go; every night equals a computation from nothing."""
    with suppress(UndoneError), database.changing() as tx:
        numbers = put_accounts(tx, "One", "Two")
        day = ago(10)
        for arrived, pause, precise in nights:
            day += timedelta(pause)
            for fact in arrived:
                arrive(tx, numbers, fact, day, precise=precise)
            usage.derive(tx, numbers[0], numbers[1], day=day)
            rolled = load(tx, day)
            last = everything(tx, usage_last)
            with tx.begin_nested() as savepoint:
                forgotten(tx)
                assert load(tx, day) == rolled
                for number in numbers:
                    mark(tx, number, None)
                usage.derive(tx, numbers[0], numbers[1], day=day)
                assert everything(tx, usage_last) == last
                assert load(tx, day) == rolled
                savepoint.rollback()
        raise UndoneError


def arrive(tx: Transaction, numbers: list[int], fact: tuple[Any, ...], today: date, *, precise: bool) -> None:
    which, back, product, feature, active, events, user, removed = fact
    day = min(today - timedelta(back - 3), today)
    if user:
        new = {
            "account": numbers[which],
            "day": day,
            "user": user,
            "feature": feature,
            "events": events,
            "known_on": today,
        }
    else:
        new = row(numbers[which], day, product, feature, active, events) | {"known_on": today}
    table = usage_users if user else facts
    if removed == 0:
        tx.execute(delete(table).where(*(table.c[c.name] == new[c.name] for c in table.primary_key.columns)))
    else:
        upsert(tx, table, [new])
    mark(tx, numbers[which], day if precise else None)


def everything(tx: Transaction, table: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(r) for r in tx.execute(select(table))), key=repr)


OF_A_DAY = st.tuples(
    st.sampled_from([0, 1, 6, 7, 8, 27, 28, 29, 55, 56]),
    st.sampled_from(["", "Core", "Fleet"]),
    st.sampled_from(["", *CORE]),
    *(st.one_of(st.none(), st.integers(0, 9)) for _ in range(3)),
)
A_DAY_EACH = st.lists(OF_A_DAY, max_size=10, unique_by=lambda fact: fact[0])
BESIDE = st.lists(st.tuples(OF_A_DAY, st.sampled_from([None, None, "ann", "bob"])), max_size=5)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain=A_DAY_EACH, beside=BESIDE)
def test_the_figures_are_those_of_the_days(sqlite_database: Database, plain: list[Any], beside: list[Any]) -> None:
    check_figures(sqlite_database, plain, beside)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain=A_DAY_EACH, beside=BESIDE)
def test_the_figures_are_those_of_the_days_on_a_server(
    postgres_database: Database, plain: list[Any], beside: list[Any]
) -> None:
    check_figures(postgres_database, plain, beside)


def check_figures(database: Database, plain: list[Any], beside: list[Any]) -> None:
    """Of one account each day has a fact at most, of the other some have more: both are counted as the days say."""
    with suppress(UndoneError), database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two")
        for account, told in ((one, [(fact, None) for fact in plain]), (two, [*((f, None) for f in plain), *beside])):
            for (back, product, feature, active, unique, events), user in told:
                if user:
                    of_user = {"account": account, "day": ago(back), "user": user, "feature": feature}
                    upsert(tx, usage_users, [{**of_user, "events": events, "known_on": LONG_AGO}])
                else:
                    fact = row(account, ago(back), product, feature, active, events)
                    upsert(tx, facts, [fact | {"active_users_28d": unique, "known_on": LONG_AGO}])
            mark(tx, account, None)
        usage.derive(tx, one, two, day=TODAY)
        derived = {r["account"]: r for r in tx.execute(select(usage_rolling)).mappings()}
        for account in (one, two):
            days = of_days(tx, account)
            assert (account in derived) == bool(days)
            if days:
                assert [derived[account][name] for name in FIGURES] == counted(days)
        assert sorted(map(tuple, tx.execute(select(usage_last)))) == last_days(tx)
        raise UndoneError


SUMMED = ("events", "active", "days", "event_days")
FIGURES = [f"{name}_{of}" for name in ("recent", "earlier") for of in SUMMED] + [
    "peak",
    "unique_on",
    "unique_28d",
    "newest_on",
]


def counted(days: list[tuple[Any, ...]]) -> list[Any]:
    """FIGURES from rows of day, active users, unique ones, events."""
    recent, earlier = ([d for d in days if ago(since) < d[0] <= ago(since - 28)] for since in (28, 56))
    sums = []
    for window in (recent, earlier):
        active, events = ([d[at] for d in window if d[at] is not None] for at in (1, 3))
        sums += [sum(events), sum(active), len(active), len(events)]
    peak = max((d[1] for d in recent if d[1] is not None), default=None)
    unique_on, unique = max(((d[0], d[2]) for d in recent if d[2] is not None), default=(None, None))
    return [*sums, peak, unique_on, unique, days[-1][0]]


def last_days(tx: Transaction) -> list[tuple[Any, ...]]:
    """What usage_last should hold."""
    found: dict[tuple[Any, ...], date] = {}
    for table in (facts, usage_users):
        for fact in tx.execute(select(table)).mappings():
            told = [fact[name] for name in ("active_users", "active_users_28d", "events") if name in fact]
            if any(told) or all(figure is None for figure in told):
                for kind in ("feature", "user"):
                    if name := fact.get(kind):
                        key = (fact["account"], kind, name)
                        found[key] = max(found.get(key, fact["day"]), fact["day"])
    return sorted((*key, day) for key, day in found.items())


def test_a_night_reads_only_the_days_that_come_and_go(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        put(tx, "usage", *(row(acme, ago(d), "", "", 5, d) for d in range(1, 60)))
        mark(tx, acme, None)
        usage.derive(tx, acme, acme, day=ago(1))
        before = load(tx, ago(1))[acme]
        moving = (ago(28), ago(56))
        tx.execute(delete(facts).where(facts.c.day.not_in(moving)))
        put(tx, "usage", row(acme, TODAY, "", "", 6, 1000))
        mark(tx, acme, TODAY)
        usage.derive(tx, acme, acme, day=TODAY)
        after = load(tx, TODAY)[acme]
    assert before.recent == (sum(range(1, 29)), 140, 28, 28)
    assert after.recent == (1000 + sum(range(1, 28)), 141, 28, 28)
    assert after.earlier == (sum(range(28, 56)), 140, 28, 28)


def test_each_account_rolls_on_by_its_own_news(database: Database) -> None:
    with database.changing() as tx:
        one, two, three = put_accounts(tx, "One", "Two", "Three")
        for number in (one, two, three):
            put(tx, "usage", *(row(number, ago(d), "", "", number, d) for d in range(1, 40)))
            mark(tx, number, None)
        usage.derive(tx, one, three, day=ago(1))
        for number, known_on in ((two, ago(-2)), (three, TODAY)):
            put(tx, "usage", row(number, TODAY, "", "", number, 1000), known_on=known_on)
            mark(tx, number, TODAY)
        usage.derive(tx, one, three, day=TODAY)
        later = {number: found.recent[0] for number, found in load(tx, TODAY).items()}
        standing = {
            r.account: r.known_on for r in tx.execute(select(usage_rolling.c.account, usage_rolling.c.known_on))
        }
    known = sum(range(1, 28))
    assert later == {one: known, two: known, three: known + 1000}
    assert standing == {one: LONG_AGO, two: ago(-2), three: TODAY}


def test_a_peak_that_leaves_is_looked_for_again(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        put(
            tx,
            "usage",
            row(acme, ago(28), "", "", 9, 1),
            row(acme, ago(5), "", "", 7, 1),
            row(acme, ago(4), "", "", 2, 1),
        )
        mark(tx, acme, None)
        usage.derive(tx, acme, acme, day=ago(1))
        before = load(tx, ago(1))[acme]
        usage.derive(tx, acme, acme, day=TODAY)
        after = load(tx, TODAY)[acme]
    assert (before.active, before.basis, after.active, after.basis) == (9, "peak", 7, "peak")


def test_unique_users_are_those_of_the_newest_day_that_tells(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        told = {**row(acme, ago(28), "", "", 3, 1), "active_users_28d": 12}
        put(tx, "usage", told, {**row(acme, ago(3), "", "", 3, 1)})
        mark(tx, acme, None)
        usage.derive(tx, acme, acme, day=ago(1))
        before = load(tx, ago(1))[acme]
        usage.derive(tx, acme, acme, day=TODAY)
        after = load(tx, TODAY)[acme]
    assert (before.active, before.basis, after.active, after.basis) == (12, "unique_28d", 3, "peak")


def test_a_day_is_read_from_facts_when_later_ones_are_known(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        put(tx, "usage", row(acme, ago(5), "", "", 5, 10), known_on=ago(5))
        put(tx, "usage", row(acme, ago(4), "", "", 9, 90), known_on=TODAY)
        mark(tx, acme, None)
        usage.derive(tx, acme, acme, day=ago(2))
        assert load(tx, ago(2))[acme].recent[0] == 10
        usage.derive(tx, acme, acme, day=TODAY)
        assert load(tx, TODAY)[acme].recent[0] == 100
        assert load(tx, ago(2))[acme].recent[0] == 10


def test_a_mark_that_comes_meanwhile_is_not_lost(postgres_database: Database) -> None:
    with postgres_database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two")
        mark(tx, one, None)
    with postgres_database.changing() as night:
        usage.derive(night, one, one, day=ago(1))
        claimed = marks.claim(night, "usage", one, two)
        with postgres_database.changing() as arrival:
            mark(arrival, two, TODAY)
        marks.settle(night, "usage", claimed)
    with postgres_database.transaction() as tx:
        assert list(tx.execute(select(dirty.c.account)).scalars()) == [two]

"""What metrics are made of, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update

from domain.accounts import Person
from domain.kpis.kpis_values import Answers
from domain.money import Money
from domain.periods import Period
from domain.policies.policy import Policy
from domain.scopes import Filter
from storage.credit import credited
from storage.database import Database, Transaction
from storage.kpis import kpis, kpis_scopes
from storage.kpis.kpis import Question
from storage.renewals import revenue
from storage.scope import Scope, operator
from storage.tables import accounts, dirty, history, revenue_changes
from tests.storage.rows import TODAY, at, put, put_accounts

D = date
YEAR = Period(D(2026, 1, 1), TODAY)
POLICY = Policy(hourly_rate=Decimal(60), core_features=("board",))


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.changing() as tx:
        yield tx


def question(tx: Transaction, *filters: Filter, policy: Policy = POLICY, period: Period = YEAR) -> Question:
    return Question(tx, period, operator().narrowed(*filters), policy, TODAY)


def changed(tx: Transaction, *rows: tuple) -> None:
    names = ("account", "day", "known_on", "currency", "kind", "delta")
    tx.execute(insert(revenue_changes), [dict(zip(names, row, strict=True)) for row in rows])


def amount(euros: int) -> Decimal:
    return Decimal(euros)


def test_an_account_counts_for_who_held_it_at_the_start(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two", csm="ben@x.com", segment="smb")
    given = {"entity": "accounts", "entity_key": '"id-One"', "field": "csm", "account": one, "assumed": False}
    rows = ((D(2026, 3, 1), "Ana@x.com"), (D(2026, 8, 1), "ben@x.com"))
    tx.execute(insert(history), [{**given, "day": day, "known_on": day, "value": value} for day, value in rows])

    def held(email: str, day: date | None, viewer: Person | None = None) -> list[int]:
        scope = Scope(viewer or Person("", "", "operator"), "own").narrowed(Filter("csm", email))
        return list(tx.execute(select(accounts.c.number).where(credited(scope, day)).order_by("number")).scalars())

    assert held("ana@x.com", D(2026, 5, 1)) == [one]
    assert held("ana@x.com", D(2025, 5, 1)) == [one], "before the first recorded value the first holds"
    assert held("ben@x.com", D(2026, 5, 1)) == [two]
    assert held("ben@x.com", D(2026, 9, 1)) == held("ben@x.com", None) == [one, two]
    ana = Person("ana@x.com", "Ana", "csm")
    assert held("ana@x.com", D(2026, 5, 1), ana) == [], "what one may see is a matter of today"
    nobody = Scope(None).narrowed(Filter("segment", "smb"))
    assert kpis.exists(Question(tx, YEAR, nobody, POLICY, TODAY)) is False


def test_accounts_of_one_parent_are_one_logo(tx: Transaction) -> None:
    for name, ends in (("One", True), ("Two", False)):
        (number,) = put_accounts(tx, name, parent_id="group")
        day, later = D(2025, 1, 1), D(2026, 5, 1)
        changed(tx, (number, day, day, "USD", "", amount(100)), (number, later, later, "USD", "", amount(-100 * ends)))
    logos = {
        level: kpis.count(question(tx, policy=Policy(logo_level=level)), ["revenue"]).revenue.logos
        for level in ("account", "parent")
    }
    assert (logos["account"].at_start, logos["account"].stayed) == (2, 1)
    assert (logos["parent"].at_start, logos["parent"].stayed) == (1, 1)


def test_answers_count_once_a_contact_and_blanks_are_no_answer(tx: Transaction) -> None:
    (one,) = put_accounts(tx, "One")

    def answer(name: str, contact: str | None, score: int | None, on: date) -> dict:
        return {
            "response_id": name,
            "account": one,
            "contact_id": contact,
            "kind": "nps",
            "score": score,
            "sent_at": at(on),
            "answered_at": None if score is None else at(on),
        }

    put(
        tx,
        "surveys",
        answer("a", "c1", 2, D(2026, 2, 1)),
        answer("b", "c1", 9, D(2026, 5, 1)),
        answer("c", None, 9, D(2026, 5, 1)),
        answer("d", "", 9, D(2026, 5, 1)),
        answer("e", "c2", None, D(2026, 5, 1)),
        answer("f", "c3", 0, D(2025, 5, 1)),
    )
    counted = kpis.count(question(tx), ["surveys"])
    assert counted.answers == {"nps": Answers({9: 3}, asked=5, answered=4)}


def test_spend_of_the_whole_base_belongs_to_the_whole_base(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two", segment="smb")
    tx.execute(update(accounts).where(accounts.c.number == two).values(segment="big"))

    def cost(account: int, month: date, purpose: str, value: int, currency: str = "USD") -> dict:
        return {
            "account": account,
            "month": month,
            "kind": "x",
            "purpose": purpose,
            "amount": Decimal(value),
            "currency": currency,
        }

    march = D(2026, 3, 1)
    put(
        tx,
        "costs",
        cost(0, march, "retention", 100),
        cost(one, march, "retention", 10),
        cost(two, march, "retention", 5),
        cost(0, march, "acquisition", 50),
        cost(0, D(2025, 12, 1), "retention", 999),
    )
    put(tx, "touches", {"touch_id": "t", "account": one, "at": at(march), "minutes": 30})
    whole = kpis.count(question(tx), ["spend"]).spend
    assert (whole.retention, whole.acquisition, whole.minutes, whole.shared_left_out) == (115, 50, 30, False)
    part = kpis.count(question(tx, Filter("segment", "smb")), ["spend"]).spend
    assert (part.retention, part.acquisition_told, part.shared_left_out) == (10, False, True)


def test_orders_outcomes_referrals_entries(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two", customer_since=D(2026, 2, 1))
    changed(
        tx,
        (one, D(2025, 2, 1), D(2025, 2, 1), "USD", "", amount(100)),
        (two, D(2025, 3, 1), D(2025, 3, 1), "USD", "", amount(100)),
        (two, D(2026, 1, 1), D(2026, 1, 1), "USD", "", amount(-100)),
    )
    put(
        tx,
        "orders",
        *(
            {"order_id": f"{n}-{day}", "account": n, "ordered_on": day, "amount": Decimal(1), "currency": "USD"}
            for n, day in ((one, D(2026, 2, 1)), (one, D(2026, 3, 1)), (two, D(2026, 3, 1)))
        ),
    )
    due = {"account": one, "statement": "x", "due_on": D(2026, 5, 1), "achieved_on": D(2026, 4, 1)}
    put(
        tx,
        "outcomes",
        {"outcome_id": "a", **due, "confirmed_on": D(2026, 4, 2)},
        {"outcome_id": "b", **due, "confirmed_on": None},
        {"outcome_id": "c", **due, "achieved_on": None, "confirmed_on": None},
    )
    put(
        tx,
        "referrals",
        *(
            {"referral_id": str(n), "account": n, "kind": "external", "introduced_on": D(2026, 5, 1)}
            for n in (one, two)
        ),
    )
    put(
        tx,
        "milestones",
        *(
            {"account": n, "milestone": name, "contact_id": "", "reached_on": day}
            for n, name, day in (
                (one, "acquired", D(2026, 1, 5)),
                (one, "activated", D(2026, 2, 9)),
                (one, "converted", D(2026, 3, 1)),
                (one, "first_value", D(2026, 3, 3)),
                (two, "acquired", D(2026, 1, 6)),
                (two, "activated", TODAY + timedelta(9)),
            )
        ),
    )
    wanted = ["orders", "outcomes", "referrals", "entries", "anniversaries"]
    counted = kpis.count(question(tx), wanted)
    assert counted.buyers == (1, 2)
    assert counted.outcomes == {"due": 3, "confirmed": 1, "unconfirmed": 1}
    assert counted.referrals == {
        "accounts": 1,
        "introduced": 1,
        "external": 1,
        "internal": 0,
        "converted": 0,
        "paying": 1,
    }
    entries = counted.entries
    assert (entries.acquired, entries.activated, entries.converted) == (2, 1, 1)
    assert (entries.customers, entries.days) == (2, (30,))
    assert counted.anniversaries == (1, 2)


def test_licences_core_features_and_renewals(tx: Transaction) -> None:
    one, two = put_accounts(tx, "One", "Two")
    contract = {
        "product": "",
        "ends_on": D(2026, 6, 1),
        "annual": Decimal(1200),
        "currency": "USD",
        "auto_renew": True,
        "status": "active",
        "starts_on": D(2025, 6, 1),
        "seats": 10,
        "known_on": D(2025, 6, 1),
    }
    put(
        tx,
        "subscriptions",
        {"subscription_id": "a", "account": one, **contract},
        {"subscription_id": "b", "account": two, **contract},
    )
    put(
        tx,
        "usage_users",
        *({"account": one, "day": TODAY, "user": user, "feature": "board", "events": 1} for user in "abc"),
        known_on=TODAY,
    )
    counted = kpis.count(question(tx), ["licences", "core", "renewals"])
    assert (counted.licences.active, counted.licences.seats, counted.licences.without) == (3, 10, 1)
    assert (counted.core.used, counted.core.total, counted.core.users, counted.core.seats) == (1, 1, 3, 10)
    assert (counted.renewals.due, counted.renewals.renewed, counted.renewals.contracts) == (2400, 2400, 2)


def test_what_waits_for_the_night_is_counted_before(database: Database) -> None:
    with database.changing() as tx:
        (one,) = put_accounts(tx, "One")
        put(tx, "mrr", {"account": one, "month": D(2026, 3, 1), "annual": Decimal(1200), "currency": None})
        tx.execute(insert(dirty), [{"account": one, "what": "revenue"}])
    for _ in range(2):
        revenue.refresh(database, grace_days=30, currency="USD")
        with database.transaction() as tx:
            assert revenue.annual_on(tx, TODAY, scope=operator()) == {"USD": Money(Decimal(1200), "USD")}


def test_what_may_be_typed_is_what_one_may_see(tx: Transaction) -> None:
    put(
        tx,
        "people",
        {"email": "ana@x.com", "name": "Ana Ruiz", "aliases": "Anita; A", "role": "csm"},
        {"email": "ben@x.com", "name": "Ben", "aliases": "A", "role": "csm"},
    )
    (one,) = put_accounts(tx, "One", segment="smb", csm="ana@x.com")
    put_accounts(tx, "Two", segment="secret", csm="ben@x.com")
    given = {
        "entity": "accounts",
        "entity_key": "k",
        "field": "segment",
        "account": one,
        "day": TODAY,
        "known_on": TODAY,
    }
    tx.execute(insert(history), [{**given, "value": "startup", "assumed": False}])
    found = kpis_scopes.known(tx, scope=Scope(Person("ana@x.com", "Ana", "csm"), "own"))
    assert set(found["segment"]) == {"smb", "startup"}
    assert (found["csm"]["Anita"], found["csm"]["A"]) == ("ana@x.com", "A"), "a name of two is asked about"

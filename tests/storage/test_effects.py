"""What came of an account by the day of its look: nothing of that day or later tomorrow's knowledge enters."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, insert

from domain.effects.eligible import Look
from domain.money import Rates
from storage.database import Database, Transaction
from storage.playbooks import effects
from storage.scope import operator
from storage.tables import factors, playbooks, revenue_changes
from tests.domain.plays import book
from tests.storage.rows import at, put, put_accounts

SINCE, UNTIL = date(2026, 3, 2), date(2026, 6, 1)
DAY = timedelta(1)
RATES = Rates("USD", None, {})


@pytest.fixture
def number(database: Database) -> int:
    with database.changing() as tx:
        return put_accounts(tx, "Acme")[0]


def told(tx: Transaction, kpi: str, *numbers: int) -> dict[str, float]:
    looks = [Look(f"P{number}", number, SINCE, UNTIL) for number in numbers]
    return effects.told(tx, kpi, looks, rates=RATES, time_zone="UTC")


def one(database: Database, kpi: str, number: int) -> float | None:
    with database.transaction() as tx:
        return told(tx, kpi, number).get(f"P{number}")


def put_factors(tx: Transaction, number: int, *read: tuple[date, float]) -> None:
    rows = [{"account": number, "day": day, "measure": "licences", "points": 1, "weight": 15, "value": value}
            for day, value in read]  # fmt: skip
    tx.execute(insert(factors), rows)


def put_revenue(tx: Transaction, number: int, *changed: tuple[date, date, int]) -> None:
    rows = [{"account": number, "day": day, "known_on": known, "currency": "USD", "kind": "", "delta": Decimal(delta)}
            for day, known, delta in changed]  # fmt: skip
    tx.execute(insert(revenue_changes), rows)


def test_use_is_the_newest_reading_by_the_look_and_later_than_the_start(database: Database, number: int) -> None:
    with database.changing() as tx:
        put_factors(tx, number, (SINCE, 40.0), (UNTIL - 20 * DAY, 55.0), (UNTIL - DAY, 60.0), (UNTIL + DAY, 99.0))
    assert one(database, "licences", number) == 60


@pytest.mark.parametrize("day", [SINCE, UNTIL - timedelta(60), UNTIL + DAY])
def test_use_that_nobody_read_near_the_look_is_not_known(database: Database, number: int, day: date) -> None:
    with database.changing() as tx:
        put_factors(tx, number, (day, 40.0))
    assert one(database, "licences", number) is None


@pytest.mark.parametrize(
    ("kpi", "wanted"),
    [("net-growth", 50), ("nrr", 150), ("grr", 100), ("revenue-churn", 0), ("retention", 1), ("mrr", 1500)],
)
def test_revenue_is_what_was_known_at_the_look(database: Database, number: int, kpi: str, wanted: float) -> None:
    with database.changing() as tx:
        put_revenue(
            tx, number,
            (date(2025, 6, 1), date(2025, 6, 1), 12000),
            (SINCE + 9 * DAY, SINCE + 9 * DAY, 6000),
            (UNTIL + DAY, SINCE, 50000),  # signed, and begins later
            (UNTIL - DAY, UNTIL + DAY, -18000),  # told too late
        )  # fmt: skip
    assert one(database, kpi, number) == pytest.approx(wanted)


def test_who_is_gone_is_gone_and_who_never_paid_is_not_told(database: Database, number: int) -> None:
    with database.changing() as tx:
        other = put_accounts(tx, "Bolt")[0]
        put_revenue(tx, number, (date(2025, 6, 1), date(2025, 6, 1), 12000), (UNTIL - DAY, UNTIL, -12000))
        assert told(tx, "renewal-rate", number, other) == {f"P{number}": 0}
        assert told(tx, "churn", number) == {f"P{number}": 1}


def test_a_contact_counts_with_the_last_answer_before_the_look(database: Database, number: int) -> None:
    answers: list[tuple[str, int, date, date]] = [
        ("c1", 3, SINCE - DAY, SINCE), ("c1", 5, SINCE + DAY, SINCE + DAY), ("c1", 9, UNTIL, UNTIL),
        ("c2", 8, SINCE + DAY, SINCE + DAY), ("c2", 0, UNTIL + DAY, UNTIL + DAY), ("c3", 0, UNTIL - DAY, UNTIL + DAY),
    ]  # fmt: skip
    with database.changing() as tx:
        for place, (contact, score, day, known) in enumerate(answers):
            row = {"response_id": f"r{place}", "account": number, "contact_id": contact, "kind": "nps", "score": score}
            put(tx, "surveys", {**row, "answered_at": at(day)}, known_on=known)
    assert one(database, "nps", number) == 50


@pytest.mark.parametrize(
    ("reached", "known", "days", "activated"),
    [(SINCE + 30 * DAY, SINCE + 30 * DAY, 30, 1), (None, UNTIL, 91, 0), (UNTIL + DAY, UNTIL + DAY, 91, 0),
     (UNTIL - DAY, UNTIL + DAY, 91, 0), (SINCE - DAY, SINCE, None, None)],
)  # fmt: skip
def test_who_is_not_there_at_the_look_counts_with_all_its_days(
    database: Database, number: int, reached: date | None, known: date, days: int | None, activated: int | None
) -> None:
    with database.changing() as tx:
        for name in ("first_value", "activated") if reached else ():
            row = {"account": number, "milestone": name, "contact_id": "", "reached_on": reached}
            put(tx, "milestones", row, known_on=known)
    assert one(database, "time-to-value", number) == days
    assert one(database, "activation", number) == activated


@pytest.mark.parametrize(("on", "wanted"), [(SINCE + DAY, 1), (SINCE, 0), (UNTIL + DAY, 0), (None, 0)])
@pytest.mark.parametrize(
    ("kpi", "table", "row"),
    [
        ("outcomes", "outcomes", lambda day: {"outcome_id": "o", "statement": "x", "confirmed_on": day}),
        ("referral", "referrals", lambda day: {"referral_id": "r", "introduced_on": day}),
        ("repeat-purchase", "orders", lambda day: {"order_id": "o", "ordered_on": day or UNTIL + DAY,
                                                   "amount": Decimal(1), "currency": "USD"}),
    ],
)  # fmt: skip
def test_a_yes_or_no_is_of_the_days_between(
    database: Database, number: int, kpi: str, table: str, row: Callable[[date | None], dict[str, Any]],
    on: date | None, wanted: int,
) -> None:  # fmt: skip
    with database.changing() as tx:
        put(tx, table, {"account": number, **row(on)})
    assert one(database, kpi, number) == wanted


def test_many_accounts_cost_as_many_statements_as_one(database: Database, number: int) -> None:
    with database.changing() as tx:
        many = put_accounts(tx, *(f"A{place}" for place in range(9)))
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        for kpi in effects.READERS:
            told(tx, kpi, number, *many)
    assert len(asked) == len(effects.READERS)


def test_accounts_of_one_parent_are_one_customer_whether_it_is_known_or_not(database: Database, number: int) -> None:
    with database.changing() as tx:
        playbook = {"name": "rescue", "digest": "d", "first_day": SINCE, "content": book().model_dump(mode="json")}
        tx.execute(insert(playbooks).values(playbook))
        mine = [*put_accounts(tx, "Kid", "Kin", parent_id="id-Acme"), *put_accounts(tx, "X", "Y", parent_id="nobody")]
        for place in (number, *mine):
            row = {"play_id": f"P{place}", "account": place, "playbook": "rescue", "version": 1, "status": "running"}
            put(tx, "plays", {**row, "assigned": "capacity", "eligible_on": SINCE, "subject": ""})
        for name, notice, known in (("S1", 60, SINCE), ("S2", 90, SINCE + DAY)):
            given = {"subscription_id": name, "account": number, "starts_on": SINCE, "annual": Decimal(1)}
            more = {"currency": "USD", "auto_renew": True, "notice_days": notice}
            put(tx, "subscriptions", given | more, known_on=known)
        every = effects.eligible(tx, "rescue", operator())
    assert {each.play.account: each.notice_days for each in every if each.notice_days} == {number: 60}
    found = {each.play.account: each.customer for each in every}
    acme, kid, kin, x, y = (found[place] for place in (number, *mine))
    assert acme == kid == kin == number
    assert x == y
    assert x not in found

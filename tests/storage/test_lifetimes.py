"""Grouped by the database or read account by account, the lives of contracts are the same."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select, true

from domain.days import add_months
from domain.renewals.lifetimes import lifetimes_on
from domain.renewals.worth import Holdings
from storage.database import Database
from storage.facts import subscriptions
from storage.renewals import lifetimes
from storage.scope import Scope, operator
from storage.tables import accounts
from storage.within import every
from tests.storage.rows import TODAY, put, put_accounts

GRACE = 30
DAYS = [TODAY, date(2026, 3, 1), date(2025, 3, 31), date(2024, 2, 29)]


def contracts(luck: Random, number: int) -> list[dict[str, object]]:
    """A chain of yearly terms; most follow on the very day, some have a gap, a notice, a rise within the term."""
    start = add_months(date(2022, 1, luck.choice([1, 1, 15, 31])), luck.randint(0, 11))
    kind, rows = luck.choice(["chain", "chain", "chain", "auto", "gap", "notice", "change", "products"]), []
    for n in range(luck.randint(1, 5)):
        begins, ends = (add_months(start, 12 * term) for term in (n, n + 1))
        rows.append({
            "subscription_id": f"s{number}", "account": number, "product": "core", "currency": "USD", "ends_on": ends,
            "starts_on": begins + timedelta(10 * n if kind == "gap" else 0), "annual": luck.choice([1200, 2400]),
            "term_months": luck.choice([12, None]), "auto_renew": kind == "auto", "notice_given_on": None,
        })  # fmt: skip
        if kind == "auto":
            break
    if kind == "notice":
        rows[-1]["notice_given_on"] = add_months(rows[-1]["starts_on"], 8)
    if kind == "change":
        rows.append({**rows[-1], "starts_on": add_months(rows[-1]["starts_on"], 5), "annual": 4800})
    if kind == "products":
        rows.append({**rows[0], "subscription_id": f"x{number}", "product": "other"})
    return rows


@pytest.fixture
def filled(database: Database) -> Database:
    luck = Random(5)
    with database.changing() as tx:
        for segment in ("smb", "enterprise"):
            for number in put_accounts(
                tx, *(f"{segment}{n}" for n in range(40)), segment=segment, csm=f"{segment}@x.com"
            ):
                put(tx, "subscriptions", *contracts(luck, number))
    return database


def read_one_by_one(tx, day: date) -> Holdings:
    segments = {row.number: row.segment for row in tx.execute(select(accounts.c.number, accounts.c.segment))}
    found = Holdings()
    for number, held in subscriptions.every(tx, every(operator())).items():
        found.add(segments[number], lifetimes_on(held, day, today=TODAY, grace_days=GRACE))
    return found


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_grouping_changes_nothing(filled: Database, day: date) -> None:
    with filled.transaction() as tx:
        grouped = lifetimes.holdings(tx, true(), day, today=TODAY, grace_days=GRACE)
        wanted = read_one_by_one(tx, day)
    assert {cohort: dict(counted) for cohort, counted in grouped.lives.items()} == {
        cohort: dict(counted) for cohort, counted in wanted.lives.items()
    }
    assert grouped.here == wanted.here
    assert sum(standing.contracts for standing in wanted.here.values()) > 20


def test_a_scope_holds_its_own_and_survival_is_of_all(filled: Database) -> None:
    scope = operator()
    with filled.transaction() as tx:
        nothing = lifetimes.holdings(tx, Scope(None).where(), TODAY, today=TODAY, grace_days=GRACE)
        mine = lifetimes.holdings(tx, accounts.c.segment == "smb", TODAY, today=TODAY, grace_days=GRACE)
        everyone = lifetimes.survival(tx, scope, today=TODAY, grace_days=GRACE)
    assert (nothing.here, nothing.lives) == ({}, {})
    assert {kind.segment for kind in mine.here} == {"smb"}
    assert {cohort.segment for cohort in everyone.own} == {"smb", "enterprise"}

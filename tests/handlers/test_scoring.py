from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select

from domain.health.health import health
from domain.policies.policy import Policy, load
from handlers.verbs import scoring
from sample.shift import ANCHOR
from storage import scores
from storage.database import Database, upsert
from storage.facts import facts
from storage.scope import operator
from storage.tables import dirty, factors
from storage.tables import scores as score_rows
from tests.stage import HOUSE
from tests.storage.rows import TODAY, at, put, put_accounts

POLICY = Policy()


def ago(days: int) -> date:
    return TODAY - timedelta(days)


@pytest.fixture
def numbers(database: Database) -> list[int]:
    """Two accounts with contracts and touches; one of them used less from week to week."""
    with database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two", segment="smb")
        put(
            tx,
            "subscriptions",
            *(
                {
                    "subscription_id": f"s{n}",
                    "account": n,
                    "starts_on": ago(500),
                    "product": "",
                    "seats": 10,
                    "annual": Decimal(1200),
                    "currency": "USD",
                    "known_on": ago(500),
                }
                for n in (one, two)
            ),
        )
        put(
            tx,
            "touches",
            *(
                {"touch_id": f"t{d}", "account": one, "at": at(ago(d)), "direction": "both", "known_on": ago(d)}
                for d in range(0, 400, 30)
            ),
        )
        put(
            tx,
            "usage",
            *(
                {
                    "account": one,
                    "day": ago(d),
                    "product": "",
                    "feature": "",
                    "active_users": 5,
                    "events": 100 + d,
                    "known_on": ago(d),
                }
                for d in range(400)
            ),
        )
        upsert(tx, dirty, [{"account": n, "what": w, "since": None} for n in (one, two) for w in ("usage", "revenue")])
    return [one, two]


@pytest.fixture
def short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first run scores five days instead of a year's."""
    monkeypatch.setattr(scoring, "READINGS_OF_HISTORY", 10)


def stored(database: Database) -> list[tuple[Any, ...]]:
    with database.transaction() as tx:
        lines = tx.execute(select(score_rows.c.account, score_rows.c.day, score_rows.c.score, score_rows.c.state))
        points = tx.execute(
            select(factors.c.account, factors.c.day, factors.c.measure, factors.c.points, factors.c.value)
        )
        return sorted(map(repr, lines)) + sorted(map(repr, points))


def test_the_first_run_scores_a_year_back_and_the_second_changes_nothing(
    database: Database, numbers: list[int]
) -> None:
    run = scoring.score(database, POLICY, day=TODAY)
    assert run.accounts == 2
    assert run.states == {"yellow": 1, "unknown": 1}
    assert run.days[0] == TODAY - timedelta(364)
    assert set(run.days) >= {ago(n) for n in range(36)}
    before = stored(database)
    again = scoring.score(database, POLICY, day=TODAY)
    assert again.days == (TODAY,)
    assert stored(database) == before
    with database.transaction() as tx:
        assert tx.execute(select(dirty)).all() == []
        assert len(scores.series(tx, numbers[0], first=ago(35), last=TODAY, scope=operator())) == 36


@pytest.mark.usefixtures("short_history")
def test_missed_days_are_caught_up_as_they_would_have_been(database: Database, numbers: list[int]) -> None:
    for back in (3, 2, 1, 0):
        scoring.score(database, POLICY, day=ago(back))
    night_by_night = stored(database)
    with database.changing() as tx:
        for table in (factors, score_rows):
            tx.execute(delete(table).where(table.c.day > ago(3)))
    run = scoring.score(database, POLICY, day=TODAY)
    assert run.days == (ago(2), ago(1), TODAY)
    assert stored(database) == night_by_night


@pytest.mark.usefixtures("short_history")
def test_a_night_that_was_cut_short_is_made_whole(database: Database, numbers: list[int]) -> None:
    for back in (2, 1, 0):
        scoring.score(database, POLICY, day=ago(back))
    night_by_night = stored(database)
    with database.changing() as tx:
        for table in (factors, score_rows):
            tx.execute(
                delete(table).where(table.c.day >= ago(1), (table.c.account == numbers[1]) | (table.c.day == TODAY))
            )
    assert scoring.score(database, POLICY, day=TODAY).days == (ago(1), TODAY)
    assert stored(database) == night_by_night


@pytest.mark.usefixtures("short_history")
def test_a_thin_history_is_not_filled_in_later(database: Database, numbers: list[int]) -> None:
    assert scoring.score(database, POLICY, day=ago(1)).days == tuple(ago(1 + n) for n in (35, 28, 21, 14, 7, 0))
    assert scoring.score(database, POLICY, day=TODAY).days == (TODAY,)


@pytest.mark.usefixtures("short_history")
def test_a_late_fact_does_not_rewrite_what_was_scored(database: Database, numbers: list[int]) -> None:
    scoring.score(database, POLICY, day=ago(1))
    with database.transaction() as tx:
        before = scores.series(tx, numbers[1], first=ago(40), last=ago(1), scope=operator())
    with database.changing() as tx:
        put(
            tx,
            "usage",
            {"account": numbers[1], "day": ago(20), "product": "", "feature": "", "active_users": 9, "known_on": TODAY},
        )
        upsert(tx, dirty, [{"account": numbers[1], "what": "usage", "since": ago(20)}])
    scoring.score(database, POLICY, day=TODAY)
    with database.transaction() as tx:
        assert scores.series(tx, numbers[1], first=ago(40), last=ago(1), scope=operator()) == before
        now = tx.execute(
            select(factors.c.measure).where(factors.c.account == numbers[1], factors.c.day == TODAY)
        ).scalars()
    assert "use" not in set(now)


def test_a_changed_policy_rescores_the_last_35_days(database: Database, numbers: list[int]) -> None:
    scoring.score(database, POLICY, day=ago(1))
    changed = Policy(onboarding_days=0, grace_days=10)
    run = scoring.score(database, changed, day=TODAY)
    assert run.days == tuple(ago(n) for n in range(35, -1, -1))
    with database.transaction() as tx:
        versions = {s.policy for s in scores.series(tx, numbers[0], first=ago(35), last=TODAY, scope=operator())}
        older = {s.policy for s in scores.series(tx, numbers[0], first=ago(300), last=ago(37), scope=operator())}
    assert len(versions) == len(older) == 1
    assert versions != older
    assert scoring.score(database, changed, day=TODAY).days == (TODAY,)


def test_an_empty_database_is_scored_too(database: Database) -> None:
    run = scoring.score(database, POLICY, day=TODAY)
    assert (run.accounts, run.states, run.days[-1]) == (0, {}, TODAY)


def test_many_accounts_get_less_history() -> None:
    assert len(scoring._history(TODAY, 40)) == 35 + 52 - 5
    assert len(scoring._history(TODAY, 2000)) == 35
    assert len(scoring._history(TODAY, 10_000)) == 5
    assert scoring._history(TODAY, 100_000) == set()


def test_the_card_agrees_with_the_night_on_the_day_the_rule_changes_its_call(sample_database: Database) -> None:
    """The rule's call follows from the score: it may not change the score of its own day."""
    policy = load((HOUSE / "sample" / "policy.yaml").read_text(encoding="utf-8"))
    for day in (ANCHOR - timedelta(back) for back in range(20)):
        with sample_database.transaction() as tx:
            stored = dict(
                tx.execute(select(score_rows.c.account, score_rows.c.score).where(score_rows.c.day == day)).all()
            )
            known = facts.load(tx, first=1, last=99, day=day, policy=policy, scope=operator(), today=ANCHOR)
            in_use = facts.in_use(tx, policy=policy)
        assert {each.account.number: health(each, policy, in_use=in_use).score for each in known} == stored, day

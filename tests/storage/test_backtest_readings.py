"""The score of a day gone by is read as it was: a later one, however right, does not enter."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from domain.renewals.backtest import backtest
from domain.renewals.learned import learner
from domain.renewals.pasts import Leaked, Past, Question, Reading
from storage.database import Database
from storage.renewals import backtest as stored
from storage.scope import Scope, operator
from storage.tables import factors, policies, scores
from tests.storage.rows import put_accounts

DAY = date(2026, 6, 1)


def keep(database: Database, rows: list[tuple[int, date, int]]) -> None:
    with database.changing() as tx:
        if not tx.execute(policies.select()).first():
            tx.execute(insert(policies).values(version=1, digest="d", content={}, first_day=DAY))
        tx.execute(
            insert(scores),
            [{"account": n, "day": day, "score": score, "state": "green", "coverage": 100, "at_risk": False,
              "policy": 1} for n, day, score in rows],
        )  # fmt: skip


def asked(number: int, *, lost: bool = False, on: date = DAY) -> Question:
    return Question(number, on, on, on + timedelta(30), lost)


def test_the_newest_up_to_the_day_and_no_older_than_35(database: Database) -> None:
    with database.changing() as tx:
        one, two, three = put_accounts(tx, "One", "Two", "Three")
    keep(database, [(one, DAY - timedelta(8), 60), (one, DAY - timedelta(1), 61), (one, DAY + timedelta(1), 5)])
    keep(database, [(two, DAY - timedelta(36), 70), (three, DAY, 80)])
    with database.transaction() as tx:
        questions = [asked(n) for n in (one, two, three)]
        found = stored.readings(tx, questions, scope=operator())
        hidden = stored.readings(tx, questions, scope=Scope(None))
        assert stored.first_day(tx) == DAY - timedelta(36)
    assert found == {
        (one, DAY): Reading(DAY - timedelta(1), "green", 61),
        (three, DAY): Reading(DAY, "green", 80),
    }
    assert hidden == {}


def test_a_leak_on_purpose_stays_out(database: Database) -> None:
    """The day after each decision the score says how it went; until then it says nothing."""
    with database.changing() as tx:
        numbers = put_accounts(tx, *(f"A{n}" for n in range(60)))
    lost = {number: n % 2 == 0 for n, number in enumerate(numbers)}
    keep(database, [(number, DAY, 50 + n // 2 % 10) for n, number in enumerate(numbers)])
    keep(database, [(number, DAY + timedelta(1), 5 if lost[number] else 95) for number in numbers])
    questions = [asked(number, lost=lost[number]) for number in numbers]
    with database.transaction() as tx:
        found = stored.readings(tx, questions, scope=operator())
    report = backtest(Past(q, found.get((q.account, q.on))) for q in questions)
    assert (report.count, report.auc) == (60, 0.5)
    assert report.judgement == "does_not_predict"


def keep_points(database: Database, rows: list[tuple[int, date, int]]) -> None:
    with database.changing() as tx:
        tx.execute(
            insert(factors),
            [{"account": n, "day": day, "measure": "nps", "points": points, "weight": 8} for n, day, points in rows],
        )


def test_points_and_the_way_of_the_score_are_of_the_time_before(database: Database) -> None:
    with database.changing() as tx:
        (one,) = put_accounts(tx, "One")
    keep(database, [(one, DAY - timedelta(29), 70), (one, DAY, 60)])
    keep_points(database, [(one, DAY - timedelta(2), 4), (one, DAY - timedelta(9), 8), (one, DAY + timedelta(1), 0)])
    with database.transaction() as tx:
        found = stored.readings(tx, [asked(one)], scope=operator())
    day = DAY - timedelta(2)
    assert found == {(one, DAY): Reading(DAY, "green", 60, 100, before=70, points={"nps": 0.5}, points_on=day)}


def test_a_fact_that_was_recorded_after_the_decision_teaches_the_model_nothing(database: Database) -> None:
    """On purpose: the day after each decision a measure says how it went. Let in, it would foretell everything."""
    with database.changing() as tx:
        numbers = put_accounts(tx, *(f"A{n}" for n in range(120)))
    lost = {number: n % 3 == 0 for n, number in enumerate(numbers)}
    keep(database, [(number, DAY, 60) for number in numbers])
    keep_points(database, [(number, DAY + timedelta(1), 0 if lost[number] else 8) for number in numbers])
    questions = [Question(n, DAY, DAY, DAY - timedelta(number % 2), lost[n]) for number, n in enumerate(numbers)]
    with database.transaction() as tx:
        found = stored.readings(tx, questions, scope=operator())
        later = stored.readings(tx, [replace(q, on=DAY + timedelta(1)) for q in questions], scope=operator())
    report = backtest((Past(q, found[q.account, q.on]) for q in questions), learner())
    assert (report.trial.verdict, report.trial.model) == ("fails", None)
    with pytest.raises(Leaked):
        backtest((Past(q, later[q.account, DAY + timedelta(1)]) for q in questions), learner())
    leaked = [Past(replace(q, on=DAY + timedelta(1)), later[q.account, DAY + timedelta(1)]) for q in questions]
    assert backtest(leaked, learner()).trial.verdict == "passes", "the measure would have foretold it"

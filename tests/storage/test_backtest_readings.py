"""The score of a day gone by is read as it was: a later one, however right, does not enter."""

from datetime import date, timedelta

from sqlalchemy import insert

from domain.backtest import Past, Question, Reading, backtest
from storage import backtest as stored
from storage.database import Database
from storage.scope import Scope, operator
from storage.tables import policies, scores
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

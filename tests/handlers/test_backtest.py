"""`backtest` and `score --compare` on the sample, at the terminal."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

import bot
from domain.periods import Period
from domain.renewals.decisions import decisions
from domain.renewals.pasts import Leaked, Reading
from handlers.cli import verbs
from handlers.renewals import backtest
from handlers.verbs import comparison
from handlers.verbs.scoring import score
from storage.database import Database, upsert
from storage.facts import subscriptions
from storage.renewals import backtest as stored
from storage.scope import operator
from storage.tables import dirty, scores
from tests.stage import TODAY, Counter, settings
from tests.storage.rows import put, put_accounts
from words import Words


def run(database: Database, *typed: str) -> object:
    def desk(day: date | None) -> object:
        return bot.desk(settings(Database(database.url)), day or TODAY)

    return CliRunner().invoke(verbs(open_desk=desk, serve=lambda: None), list(typed))


def test_the_sample_is_too_small_to_judge_and_says_so(sample_database: Database) -> None:
    said = run(sample_database, "backtest", "--json")
    assert said.exit_code == 0
    found = json.loads(said.stdout)
    assert found["judgement"] == "too_few"
    assert found["renewals"] > found["lost"] > 0
    assert found["auc_interval"][0] < found["auc"] < found["auc_interval"][1]
    assert found["to"] <= TODAY.isoformat()
    assert "Too few to say" in run(sample_database, "backtest").stdout
    assert "Muy pocas" in run(sample_database, "backtest", "--lang", "es").stdout


def test_the_learned_model_is_compared_where_it_is_installed(
    sample_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = json.loads(run(sample_database, "backtest", "--json").stdout)["learned_model"]
    assert (found["verdict"], found["in_use"]) == ("too_few", False)
    assert 0 < found["brier"] < 0.25
    said = run(sample_database, "backtest").stdout
    assert "Learned model: Brier " in said
    assert "there must be 20 lost and 20 kept" in said
    monkeypatch.setattr(backtest, "learner", lambda: None)
    bare = run(sample_database, "backtest").stdout
    assert "Learned model: Brier " not in bare
    assert "the extra [learn] (scikit-learn) is not installed" in bare


def test_no_account_with_an_end_is_left_out_of_those_that_may_have_one(sample_database: Database) -> None:
    with sample_database.transaction() as tx:
        everyone = subscriptions.ending(tx, scope=operator())
        for back in range(20, 800, 60):
            period = Period(TODAY - timedelta(back), TODAY - timedelta(back - 20))
            asked = {account.number for account, _ in subscriptions.ending(tx, scope=operator(), within=period)}
            ended = {a.number for a, held in everyone if decisions(held, period, today=TODAY, grace_days=30)}
            assert ended <= asked
            assert len(asked) < len(everyone)


def test_what_one_may_not_see_is_not_counted(sample_database: Database) -> None:
    everything = json.loads(run(sample_database, "backtest", "--json").stdout)["renewals"]
    mine = run(sample_database, "backtest", "--json", "--as", "nobody@example.com")
    assert everything
    assert mine.exit_code == 1


def test_a_reading_from_after_the_decision_stops_the_test(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    real = stored.readings

    def leaking(tx, asked, *, scope):
        found = real(tx, asked, scope=scope)
        return {key: Reading(key[1] + timedelta(1), r.state, r.score) for key, r in found.items()}

    monkeypatch.setattr(stored, "readings", leaking)
    with pytest.raises(Leaked):
        backtest.run(counter.desk, operator())


def test_a_fact_that_came_later_is_not_in_the_score_of_the_day(database: Database) -> None:
    """The ticket is of before the decision, but nobody knew of it until after."""
    ends = TODAY - timedelta(40)

    def made(name: str, known_on: date) -> None:
        with database.changing() as tx:
            (number,) = put_accounts(tx, name, segment="smb")
            put(tx, "subscriptions", {"subscription_id": name, "account": number, "starts_on": ends - timedelta(365),
                                      "ends_on": ends, "product": "", "annual": 1200, "currency": "USD", "seats": 5},
                known_on=ends - timedelta(365))  # fmt: skip
            put(tx, "tickets", {"ticket_id": name, "account": number, "opened_at": _noon(ends - timedelta(9)),
                                "severity": "critical", "escalated": True}, known_on=known_on)  # fmt: skip
            put(tx, "touches", {"touch_id": name, "account": number, "at": _noon(ends - timedelta(10)),
                                "direction": "both"}, known_on=ends - timedelta(10))  # fmt: skip
            put(tx, "invoices", {"invoice_id": name, "account": number, "issued_on": ends - timedelta(90),
                                 "due_on": ends - timedelta(60), "paid_on": ends - timedelta(61), "amount": 100,
                                 "currency": "USD"}, known_on=ends - timedelta(60))  # fmt: skip
            upsert(tx, dirty, [{"account": number, "what": "revenue", "since": None}])

    made("in time", ends - timedelta(9))
    made("too late", ends + timedelta(1))
    desk = bot.desk(settings(database), TODAY)
    policy = desk.policy.model_copy(
        update={"health": desk.policy.health.model_copy(update={"coverage_min": 0}), "onboarding_days": 0}
    )
    score(database, policy, day=ends)
    with database.transaction() as tx:
        states = list(
            tx.execute(select(scores.c.score).where(scores.c.day == ends).order_by(scores.c.account)).scalars()
        )
    desk.exports.shutdown()
    assert states[0] < states[1], "known in time it weighs, known later it does not"


def _noon(day: date):
    from tests.storage.rows import at

    return at(day)


def stricter(folder: Path) -> Path:
    file = folder / "new.yaml"
    text = (Path(bot.__file__).parent / "sample" / "policy.yaml").read_text(encoding="utf-8")
    file.write_text(text + "\nonboarding_days: 0\n" if "onboarding_days" not in text else text, encoding="utf-8")
    return file


def test_another_policy_is_compared_and_nothing_is_written(sample_database: Database, tmp_path: Path) -> None:
    def kept() -> list:
        with sample_database.transaction() as tx:
            return list(tx.execute(select(func.count(), func.max(scores.c.day), func.max(scores.c.policy))))

    before = kept()
    said = run(sample_database, "score", "--policy", str(stricter(tmp_path)), "--compare")
    assert said.exit_code == 0, said.output
    assert "onboarding →" in said.stdout
    assert kept() == before
    assert run(sample_database, "score", "--compare").exit_code == 2
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("grce_days: 3", encoding="utf-8")
    refused = run(sample_database, "score", "--policy", str(wrong), "--compare")
    assert refused.exit_code == 1
    assert "grce_days" in refused.output


def test_the_same_policy_moves_nobody(counter: Counter) -> None:
    found = comparison.compare(counter.desk.database, counter.desk.policy, counter.desk.policy, day=TODAY)
    assert found.count > 30
    assert not found.moves
    assert next(comparison.lines(found, Words("en"))).startswith("0 of ")

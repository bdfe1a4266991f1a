"""A learned model speaks only where it beats the rule and the base rate, and it cannot look ahead."""

from datetime import date, timedelta
from random import Random

import pytest

from domain.renewals.backtest import backtest
from domain.renewals.learned import Learned, Weight, learn, learner
from domain.renewals.pasts import Leaked, Past, Question, Reading, figures

START = date(2025, 1, 1)


def renewals(chance, *, count=200, seed=3, days=2):
    """Scores without meaning; the chance of loss may hang on the years that a customer has been here."""
    luck, found = Random(seed), []
    for n in range(count):
        on, score, years = START + timedelta(n * days), luck.randint(20, 95), luck.random()
        question = Question(n, on, on + timedelta(30), on + timedelta(60), luck.random() < chance(years),
                            {"years": years})  # fmt: skip
        found.append(Past(question, Reading(on, "green", score)))
    return found


def test_what_the_rule_does_not_see_is_learned_and_used():
    found = backtest(renewals(lambda years: 0.8 * years), learner())
    assert found.trial.verdict == "passes"
    assert found.trial.brier < min(found.brier, found.brier_base)
    assert found.trial.interval[0] < found.trial.auc < found.trial.interval[1]
    model = found.trial.model
    assert model.lost({"years": 0.9, "score": 50}) > model.lost({"years": 0.1, "score": 50}) + 0.2


def test_where_nothing_is_to_be_learned_the_rule_stays():
    found = backtest(renewals(lambda _years: 0.3), learner())
    assert (found.trial.verdict, found.trial.model) == ("fails", None)


def test_few_losses_are_too_few_however_well_it_did():
    found = backtest(renewals(lambda years: years > 0.9, count=60), learner())
    assert (found.trial.verdict, found.trial.model) == ("too_few", None)


def test_without_the_extra_it_is_said_and_all_else_stands():
    pasts = renewals(lambda years: 0.8 * years, count=80)
    bare, full = backtest(pasts), backtest(pasts, learner())
    assert bare.trial.verdict == "not_installed"
    assert (bare.auc, bare.brier, bare.calibration) == (full.auc, full.brier, full.calibration)


@pytest.mark.parametrize("leak", [{"points_on": START + timedelta(1)}, {"day": START + timedelta(1)}])
def test_a_figure_of_the_day_after_is_caught(leak):
    question = Question(1, START, START, START, lost=True)
    reading = {"day": START, "state": "green", "score": 80, "points": {"nps": 0.0}, "points_on": START}
    assert Past(question, Reading(**reading)).known["points:nps"] == 0
    with pytest.raises(Leaked):
        Past(question, Reading(**reading | leak))


def test_a_result_that_is_not_settled_yet_teaches_nothing():
    """Each fold learns from what was known before it: results that come years later leave it with the base rate."""
    pasts = [
        Past(Question(p.question.account, p.question.on, p.question.ends_on, START + timedelta(9999), p.question.lost,
                      p.question.terms), p.reading)
        for p in renewals(lambda years: years > 0.5)
    ]  # fmt: skip
    found = backtest(pasts, learner())
    assert (found.foretold, found.trial.brier, found.trial.verdict) == (0, None, "too_few")


def test_what_is_not_known_counts_as_the_mean():
    model = Learned(-1.0, {"score": Weight(60, 10, -2.0), "change": Weight(0, 5, -1.0)})
    assert model.lost({"score": 60}) == model.lost({}) == model.lost({"score": 60, "change": 0, "other": 9})
    assert model.lost({"score": 40}) > model.lost({"score": 80})


def test_one_result_alone_is_nothing_to_learn_from():
    assert learn([({"score": 1.0}, True), ({"score": 2.0}, True)]) is None
    assert learn([({"score": 1.0}, True), ({"score": 1.0}, False)]) is None


def test_the_way_of_the_score_is_a_figure():
    known = figures(Reading(START, "red", 40, 90, before=55, points={"touch": 0.5}), {"years": 2.0})
    assert known == {"years": 2.0, "coverage": 90, "score": 40, "change": -15, "points:touch": 0.5}

"""How well health foretold renewals: figures that are known beforehand, and no look into the future."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from domain.periods import Period
from domain.renewals.backtest import auc, backtest
from domain.renewals.decisions import decisions
from domain.renewals.pasts import Leaked, Past, Question, Reading, questions
from tests.domain.build import version

D = date
START = D(2025, 1, 1)


def past(n, score, *, lost, state=None, read_on=None):
    on = START + timedelta(n)
    colour = state or ("red" if score < 50 else "yellow" if score < 75 else "green")
    question = Question(n, on, on + timedelta(30), on + timedelta(60), lost)
    return Past(question, Reading(read_on or on, colour, score))


def many(chance, count=400, seed=7):
    luck = Random(seed)
    found = []
    for n in range(count):
        score = luck.randint(20, 95)
        found.append(past(n * 2, score, lost=luck.random() < chance(score)))
    return found


def test_a_reading_of_the_day_after_is_refused():
    with pytest.raises(Leaked):
        past(5, 40, lost=True, read_on=START + timedelta(6))
    assert past(5, 40, lost=True, read_on=START + timedelta(5)).score == 40


def test_the_area_counts_pairs_and_halves_ties():
    pasts = [past(1, 30, lost=True), past(2, 50, lost=True), past(3, 50, lost=False), past(4, 90, lost=False)]
    assert auc(pasts) == 3.5 / 4
    assert auc(pasts[:2]) is None


def test_a_score_that_foretells_is_said_to():
    found = backtest(many(lambda score: 0.6 - 0.55 * score / 95))
    assert found.judgement == "predicts"
    assert found.interval[0] > 0.5
    assert found.interval[0] < found.auc < found.interval[1]
    assert found.brier < found.brier_base
    assert found.lift > 1.3
    assert found.red_lost / found.red > found.base
    assert [b.foretold for b in found.table] == sorted(b.foretold for b in found.table)
    assert sum(b.count for b in found.table) == found.foretold == 320


def test_a_score_without_meaning_is_not_to_be_steered_by():
    found = backtest(many(lambda _score: 0.2))
    assert found.judgement == "does_not_predict"
    assert found.interval[0] < 0.5 < found.interval[1]
    assert found.brier == pytest.approx(found.brier_base, abs=0.01)


def test_a_score_turned_around_is_said_to_foretell_the_opposite():
    assert backtest(many(lambda score: 0.6 * score / 95)).judgement == "backwards"


def test_few_losses_allow_no_judgement_even_where_all_fit():
    pasts = [past(n, 20, lost=True) for n in range(19)] + [past(n, 90, lost=False) for n in range(20, 90)]
    found = backtest(pasts)
    assert (found.judgement, found.auc) == ("too_few", 1)
    assert found.interval[0] < 1, "certainty is not read from few"


def test_nothing_at_all():
    found = backtest([Past(past(1, 3, lost=True).question, None)])
    assert (found.judgement, found.count, found.unscored, found.base) == ("nothing", 0, 1, None)


def test_what_was_settled_later_does_not_teach_an_earlier_fold():
    """Every loss is settled a year on: a fold that learnt from them would know it."""
    pasts = many(lambda score: 1.0 if score < 50 else 0.0)
    late = [replace(p, question=replace(p.question, settled_on=D(2029, 1, 1))) if p.question.lost else p for p in pasts]
    assert backtest(pasts).brier < 0.15
    assert backtest(late).brier > 0.25


def of(*versions):
    year = Period(D(2026, 1, 1), D(2026, 12, 31))
    return questions(1, decisions(versions, year, today=D(2026, 11, 23), grace_days=30))


def test_a_renewal_is_asked_about_on_its_decision_date():
    ends = D(2026, 6, 1)
    (kept,) = of(version(ends_on=ends, starts_on=D(2025, 6, 1), auto_renew=True, notice_days=60, term_months=12))
    assert (kept.on, kept.lost) == (ends - timedelta(60), False)
    (lost,) = of(version(ends_on=ends, starts_on=D(2025, 6, 1)))
    assert (lost.on, lost.lost, lost.settled_on) == (ends, True, D(2026, 7, 1))


def test_notice_that_came_before_is_not_foretold_but_asked_about_the_day_before():
    (found,) = of(version(ends_on=D(2026, 6, 1), starts_on=D(2025, 6, 1), notice_given_on=D(2026, 3, 10)))
    assert (found.on, found.lost) == (D(2026, 3, 9), True)


def test_contracts_of_one_end_are_one_renewal_and_months_none():
    suite = version(ends_on=D(2026, 6, 1), starts_on=D(2025, 6, 1), auto_renew=True, term_months=12)
    other = version("s2", D(2025, 6, 1), D(2026, 6, 1), product="other")
    (found,) = of(suite, other)
    assert not found.lost, "the account stayed"
    assert of(version(ends_on=D(2026, 2, 1), auto_renew=True, term_months=1)) == []

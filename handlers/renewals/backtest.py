"""`backtest`: how well health foretold this company's own renewals, in figures and one sentence of judgement."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from domain.periods import Period
from domain.policies.policy import Policy
from domain.renewals.backtest import Backtest, Judgement, backtest
from domain.renewals.decisions import decisions
from domain.renewals.learned import Trial, Verdict, learner
from domain.renewals.pasts import Past, questions
from handlers.ask import Desk
from storage.database import Transaction
from storage.facts import subscriptions
from storage.renewals import backtest as stored
from storage.scope import Scope
from words import N_, Words

JUDGEMENTS: Mapping[Judgement, str] = {
    "nothing": N_("Nothing to judge by: no past renewal has a score of its decision date."),
    "too_few": N_("Too few to say: there must be 20 lost and 20 kept renewals with a score."),
    "backwards": N_("Health foretells the opposite: higher scores were lost more often. Do not steer by it."),
    "does_not_predict": N_("Health does not predict these renewals: do not steer by it."),
    "only_ranks": N_("Health ranks these renewals, but its probabilities are no better than the base rate."),
    "predicts": N_("Health predicts these renewals: better than chance, and better than the base rate."),
}

VERDICTS: Mapping[Verdict, str] = {
    "not_installed": N_("Learned model: not compared, for the extra [learn] (scikit-learn) is not installed. The "
                        "probability is the rule's score, calibrated."),
    "too_few": N_("Learned model: there must be 20 lost and 20 kept renewals with a score. The probability is the "
                  "rule's score, calibrated."),
    "fails": N_("The learned model does not beat both: the probability is the rule's score, calibrated."),
    "passes": N_("The learned model beats both: it gives the probability."),
}  # fmt: skip


def run(desk: Desk, scope: Scope) -> Backtest:
    """Over every contract end since the first score, in order of time."""
    with desk.database.transaction() as tx:
        return tested(tx, desk.policy, desk.today, scope)


def tested(tx: Transaction, policy: Policy, today: date, scope: Scope) -> Backtest:
    """As `run`, with the learned model where the extra for it is installed."""
    return backtest(_pasts(tx, policy, today, scope), learner())


def _pasts(tx: Transaction, policy: Policy, today: date, scope: Scope) -> Iterator[Past]:
    """A page of accounts at a time; an end counts once its grace is over, so that both results had their time."""
    first, last = stored.first_day(tx), today - timedelta(max(policy.grace_days, 1))
    if first is None or last < first:
        return
    after, period = 0, Period(first, last)
    while page := subscriptions.ending(tx, scope=scope, after=after, within=period):
        asked = [
            question
            for account, versions in page
            for question in questions(
                account.number,
                decisions(versions, period, today=today, grace_days=policy.grace_days),
                since=min(version.starts_on for version in versions),
            )
            if question.on >= first
        ]
        found = stored.readings(tx, asked, scope=scope)
        yield from (Past(question, found.get((question.account, question.on))) for question in asked)
        after = page[-1][0].number


def lines(found: Backtest, words: Words) -> Iterator[str]:
    """For a terminal, the judgement first."""
    yield words._(JUDGEMENTS[found.judgement])
    if found.first and found.last:
        yield words._("{first} to {last}: {counted}, {lost} lost ({base})", first=words.day(found.first),
                      last=words.day(found.last), lost=words.number(found.lost), base=_percent(words, found.base),
                      counted=words.ngettext("{n} renewal with a score", "{n} renewals with a score", found.count),
                      )  # fmt: skip
    if found.unscored:
        yield words._("Left out, without a score at their decision: {n}", n=words.number(found.unscored))
    if found.count:
        yield from _figures(found, words)
    yield words._("Scores of the decision date, or of the day before notice; nothing recorded later.")
    yield from _compared(found, words)


def _compared(found: Backtest, words: Words) -> Iterator[str]:
    """The learned model against the rule and the base rate, and which of them gives the probability."""
    trial = found.trial
    if trial.brier is not None and found.brier is not None and found.brier_base is not None:
        briers = (words.number(each, decimals=3) for each in (trial.brier, found.brier, found.brier_base))
        said = words._("Learned model: Brier {learned}; calibrated rule {rule}, base rate {base}",
                       **dict(zip(("learned", "rule", "base"), briers, strict=True)))  # fmt: skip
        yield " · ".join([said, *_area(trial.auc, trial.interval, words)])
    yield words._(VERDICTS[trial.verdict])


def evidence(found: Backtest, words: Words, day: date) -> str:
    """What a probability rests on, and the day of which it is: it is never shown without."""
    parts = [words.ngettext("{n} past renewal, {lost} lost", "{n} past renewals, {lost} lost", found.count,
                            lost=words.number(found.lost))]  # fmt: skip
    if found.last:
        parts.append(words._("until {day}", day=words.day(found.last)))
    learned = found.trial if found.trial.model else None
    judged = words._(VERDICTS["passes"] if learned else JUDGEMENTS[found.judgement])
    fitted = words._("as of {day}", day=words.day(day))
    return " · ".join([*parts, *_quality(found, learned, words), fitted, judged])


def _quality(found: Backtest, learned: Trial | None, words: Words) -> Iterator[str]:
    """AUC with its interval and Brier against the base rate, of the way that is in use."""
    auc, interval, brier = (
        (learned.auc, learned.interval, learned.brier) if learned else (found.auc, found.interval, found.brier)
    )
    yield from _area(auc, interval, words)
    if brier is not None and found.brier_base is not None:
        yield words._("Brier {mine}, base rate alone {base} (less is better; {n} foretold in order of time)",
                      mine=words.number(brier, decimals=3), base=words.number(found.brier_base, decimals=3),
                      n=words.number(found.foretold))  # fmt: skip


def _area(auc: float | None, interval: tuple[float, float] | None, words: Words) -> Iterator[str]:
    if auc is not None and interval:
        low, high = (words.number(edge, decimals=2) for edge in interval)
        yield words._("AUC {auc} (95 %: {low} to {high}); {chance} is chance", low=low, high=high,
                      auc=words.number(auc, decimals=2), chance=words.number(0.5, decimals=1))  # fmt: skip


def _figures(found: Backtest, words: Words) -> Iterator[str]:
    yield from _quality(found, None, words)
    if found.lift is not None:
        yield words._("Lift of the lowest tenth: {lift} times the base", lift=words.number(found.lift, decimals=1))
    yield words._("Red: {lost} of {red} lost ({share}), base {base}", lost=words.number(found.red_lost),
                  red=words.number(found.red), share=_percent(words, _share(found.red_lost, found.red)),
                  base=_percent(words, found.base))  # fmt: skip
    yield words._("False greens: {lost} of {green} greens were lost; {share} of all were green",
                  lost=words.number(found.false_greens), green=words.number(found.green),
                  share=_percent(words, _share(found.green, found.count)))  # fmt: skip
    if found.table:
        yield words._("Foretold loss → what came:")
    for part in found.table:
        yield words._("  {foretold} → {came} (n = {n})", foretold=_percent(words, part.foretold),
                      came=_percent(words, part.came), n=words.number(part.count))  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _percent(words: Words, share: float | None) -> str:
    return "–" if share is None else words.percent(share, decimals=1)


def as_json(found: Backtest, words: Words) -> dict[str, Any]:
    """Rates 0 to 1, null where there is nothing to divide by; `judgement` is a stable code."""
    return {
        "judgement": found.judgement,
        "sentence": words._(JUDGEMENTS[found.judgement]),
        "renewals": found.count,
        "lost": found.lost,
        "without_score": found.unscored,
        "from": found.first and found.first.isoformat(),
        "to": found.last and found.last.isoformat(),
        "base": _rounded(found.base),
        "auc": _rounded(found.auc),
        "auc_interval": [_rounded(edge) for edge in found.interval] if found.interval else None,
        "brier": _rounded(found.brier),
        "brier_base": _rounded(found.brier_base),
        "foretold": found.foretold,
        "lift_top_decile": _rounded(found.lift),
        "red": {"count": found.red, "lost": found.red_lost, "churn": _rounded(_share(found.red_lost, found.red))},
        "green": {"count": found.green, "lost": found.false_greens,
                  "share": _rounded(_share(found.green, found.count))},
        "calibration": [{"count": part.count, "foretold": _rounded(part.foretold), "came": _rounded(part.came)}
                        for part in found.table],
        "parameters": found.calibration and {"base": _rounded(found.calibration.base),
                                             "offset": _rounded(found.calibration.offset),
                                             "slope": _rounded(found.calibration.slope)},
        "learned_model": _trial_as_json(found.trial),
    }  # fmt: skip


def _trial_as_json(trial: Trial) -> dict[str, Any]:
    return {
        "verdict": trial.verdict,
        "brier": _rounded(trial.brier),
        "auc": _rounded(trial.auc),
        "auc_interval": [_rounded(edge) for edge in trial.interval] if trial.interval else None,
        "in_use": trial.model is not None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

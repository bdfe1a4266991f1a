"""Metrics of what customers say, use and reach; formulas as in docs/metrics.md."""

from decimal import Decimal
from statistics import median

from domain.kpis.kpis_values import CENT, NONE, Answers, Counted, Kpi, Part, share, undefined

NOBODY_ANSWERED = "no_answers"


def nps(counted: Counted) -> Kpi:
    """% 9-10 − % 0-6, from −100 to 100."""
    answers = counted.answers.get("nps", Answers())
    promoters, detractors = answers.between(9, 10), answers.between(0, 6)
    parts = {"promoters": promoters, "passives": answers.between(7, 8), "detractors": detractors}
    return _mean(answers, (promoters - detractors) * 100, promoters - detractors, parts)


def csat(counted: Counted) -> Kpi:
    """Answers 4-5 ÷ all; the mean is a second line."""
    answers = counted.answers.get("csat", Answers())
    satisfied = answers.between(4, 5)
    mean = None if not answers.n else (Decimal(_sum(answers)) / answers.n).quantize(CENT)
    return share(satisfied, answers.n, NOBODY_ANSWERED, {"mean": mean, **_asked(answers)})


def ces(counted: Counted) -> Kpi:
    """Mean on 1-7, 7 = very easy."""
    answers = counted.answers.get("ces", Answers())
    return _mean(answers, _sum(answers), _sum(answers), {})


def licences(counted: Counted) -> Kpi:
    held = counted.licences
    parts: dict[str, Part] = {"accounts": held.accounts, "without_data": held.without, "by_peak": held.by_peak}
    return share(held.active, held.seats, "no_seats_or_use", parts)


def core_features(counted: Counted) -> Kpi:
    held = counted.core
    return share(held.used, held.total, "no_core_features", {"accounts": held.accounts})


def core_depth(counted: Counted) -> Kpi:
    held = counted.core
    return share(held.users, held.seats, "no_core_users", {"accounts": held.accounts_with_users})


def time_to_value(counted: Counted) -> Kpi:
    """Median days; who is not there yet counts as later than all who are, and is not dropped."""
    held = counted.entries
    reached, still_open = len(held.days), held.customers - len(held.days)
    parts: dict[str, Part] = {"reached": reached, "open": still_open}
    if not held.customers:
        return undefined("nobody_came", denominator=NONE, parts=parts)
    middle = median([*map(float, sorted(held.days)), *[float("inf")] * still_open])
    if middle == float("inf"):
        return undefined("most_still_open", parts=parts)
    return Kpi(Decimal(str(middle)), None, Decimal(held.customers), parts)


def activation(counted: Counted) -> Kpi:
    return share(counted.entries.activated, counted.entries.acquired, "nobody_came")


def conversion(counted: Counted) -> Kpi:
    return share(counted.entries.converted, counted.entries.activated, "nobody_activated")


def retained(counted: Counted) -> Kpi:
    paying, due = counted.anniversaries
    return share(paying, due, "nobody_due")


def referred(counted: Counted) -> Kpi:
    held = counted.referrals
    parts: dict[str, Part] = {kind: held.get(kind, 0) for kind in ("external", "internal", "introduced", "converted")}
    return share(held.get("accounts", 0), held.get("paying", 0), "nobody_pays", parts)


def outcomes(counted: Counted) -> Kpi:
    """Reached but not confirmed by the customer is a line of its own."""
    held = counted.outcomes
    return share(
        held.get("confirmed", 0), held.get("due", 0), "nothing_due", {"unconfirmed": held.get("unconfirmed", 0)}
    )


def repeat_purchase(counted: Counted) -> Kpi:
    again, buyers = counted.buyers
    return share(again, buyers, "no_orders")


def readiness(counted: Counted) -> Kpi:
    """Front-stage activities are part of plays; without plays there is none."""
    ready, held = counted.readiness
    return share(ready, held, "no_plays")


def _sum(answers: Answers) -> int:
    return sum(score * count for score, count in answers.scores.items())


def _asked(answers: Answers) -> dict[str, Part]:
    rate = share(answers.answered, answers.asked, NOBODY_ANSWERED).value
    return {"n": answers.n, "asked": answers.asked, "response_rate": rate}


def _mean(answers: Answers, total: int, numerator: int, parts: dict[str, int]) -> Kpi:
    shown: dict[str, Part] = {**parts, **_asked(answers)}
    if not answers.n:
        return undefined(NOBODY_ANSWERED, denominator=NONE, parts=shown)
    return Kpi((Decimal(total) / answers.n).quantize(CENT), Decimal(numerator), Decimal(answers.n), shown)

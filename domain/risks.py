"""Who is at risk, why, and in which order to call: money at risk × urgency × what can still be done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Literal, Protocol

from domain.accounts import Account
from domain.cases import Case
from domain.health.scores import Health
from domain.health.signals import at_risk, deciding
from domain.money import Money, NoRate, Rates
from domain.policies.policy import Policy
from domain.reasons import Reason
from domain.renewals.renewals import Renewal

Weighs = Literal["money", "urgency", "chance"]
CRITICAL_SHARE = 0.7
UNKNOWN_SHARE = 0.5
HALF_URGENCY_DAYS = 90
WITHOUT_A_DATE = 365
TOO_LATE_DAYS = 7
NO_LONGER_OURS = 0.5


@dataclass(frozen=True, slots=True)
class Risk:
    """`at_stake` × `urgency` × `chance` = `priority`; `placed_by` is the one that most lifts it above the others.

    annual: as given; at_stake: the part of it at risk a year, in the organisation's currency (1 where no amount is
    known); urgency, chance: 0..1. leaving ones come last: they are marked, not at risk.
    """

    account: Account
    health: Health
    renewal: Renewal | None
    annual: Money | None
    reasons: tuple[Reason, ...]
    priority: float
    at_stake: float
    urgency: float
    chance: float
    placed_by: Weighs
    leaving: bool = False


def risks(items: Iterable[Case], policy: Policy, today: date) -> tuple[Risk, ...]:
    """The accounts at risk, what to do first first; leaving ones after all others, by the day they end.

    At risk: a score below `at_risk_below`, a critical signal, yellow after −10 in 30 days, or unknown with the
    decision inside 90 days. `reasons` names every one that holds.
    """
    found = [_risk(case, reasons, policy.exchange) for case in items if (reasons := why(case, policy))]
    staying = [risk for risk in found if not risk.leaving]
    leaving = [risk for risk in found if risk.leaving]
    staying.sort(key=lambda risk: (-risk.priority, risk.account.account_id))
    leaving.sort(key=lambda risk: (risk.renewal.ends_on if risk.renewal else today, -risk.at_stake))
    return (*_placed(staying), *leaving)


def why(case: Case, policy: Policy) -> tuple[Reason, ...]:
    """Every reason that puts an account on the list; () where it is not on it."""
    health, renewal = case.health, case.renewal
    if health.state in {"former", "prospect"}:
        return ()
    if health.state == "leaving":
        since = renewal.version.notice_given_on if renewal else None
        return (Reason("gave_notice", {"since": since, "ends_on": renewal.ends_on if renewal else None}),)
    line = policy.health.at_risk_below
    found = at_risk(health, change_30d=case.change_30d, critical=case.critical, at_risk_below=line)
    if health.state == "unknown" and renewal and deciding(renewal):
        params = {"coverage": health.coverage, "days": renewal.days_to_decide}
        return (*found, Reason("unknown_before_decision", params))
    return found


class Weighed(Protocol):
    """What stands in an order of money × urgency × chance."""

    @property
    def at_stake(self) -> float: ...
    @property
    def urgency(self) -> float: ...
    @property
    def chance(self) -> float: ...


def weigh(case: Case, rates: Rates) -> tuple[float, float, float]:
    """Money at risk a year, urgency and chance of one account."""
    return amount(case.annual, rates) * _share(case), _urgency(case.renewal), _chance(case.renewal)


def urgency_of(days: float) -> float:
    """1 on the day itself, half of it 90 days before."""
    return HALF_URGENCY_DAYS / (HALF_URGENCY_DAYS + max(days, 0))


def placed_by(found: Sequence[Weighed]) -> list[Weighs]:
    """Of each, the factor that stands out most against the median of the list."""
    if not found:
        return []
    middle = {
        "money": median(each.at_stake for each in found),
        "urgency": median(each.urgency for each in found),
        "chance": median(each.chance for each in found),
    }
    return [_stands_out(each, middle) for each in found]


def _risk(case: Case, reasons: tuple[Reason, ...], rates: Rates) -> Risk:
    at_stake, urgency, chance = weigh(case, rates)
    return Risk(
        account=case.account,
        health=case.health,
        renewal=case.renewal,
        annual=case.annual,
        reasons=reasons,
        priority=at_stake * urgency * chance,
        at_stake=at_stake,
        urgency=urgency,
        chance=chance,
        placed_by="money",
        leaving=case.health.state == "leaving",
    )


def amount(annual: Money | None, rates: Rates) -> float:
    """A year in the organisation's currency, 1 where nothing is known; without a rate itself: an order is wanted."""
    if annual is None or annual.amount <= 0:
        return 1.0
    try:
        return float(rates.convert(annual).amount)
    except NoRate:
        return float(annual.amount)


def _share(case: Case) -> float:
    """How much of the money is at risk: what the score lacks, more under a critical signal."""
    score = case.health.score
    share = UNKNOWN_SHARE if score is None else 1 - score / 100
    return max(share, CRITICAL_SHARE) if case.critical else max(share, 0.01)


def _urgency(renewal: Renewal | None) -> float:
    """1 on the day of the decision, half of it 90 days before; without a date as a year away."""
    return urgency_of(renewal.days_to_decide if renewal else WITHOUT_A_DATE)


def _chance(renewal: Renewal | None) -> float:
    """What can still be done: half where the decision date has passed, rising to 1 a week before it."""
    if renewal is None:
        return 1.0
    if renewal.days_to_decide < 0:
        return NO_LONGER_OURS
    return NO_LONGER_OURS + (1 - NO_LONGER_OURS) * min(renewal.days_to_decide / TOO_LATE_DAYS, 1.0)


def _placed(found: Sequence[Risk]) -> list[Risk]:
    return [replace(risk, placed_by=place) for risk, place in zip(found, placed_by(found), strict=True)]


def _stands_out(each: Weighed, middle: Mapping[str, float]) -> Weighs:
    """Where the middle has nothing at stake, whatever has something stands out."""
    ratios: dict[Weighs, float] = {
        "money": each.at_stake / (middle["money"] or 1),
        "urgency": each.urgency / (middle["urgency"] or 1),
        "chance": each.chance / (middle["chance"] or 1),
    }
    return max(ratios, key=lambda name: ratios[name])

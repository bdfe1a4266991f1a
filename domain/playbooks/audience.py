"""Which accounts a playbook is for, why each, and who comes first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.accounts import KEY_ROLES, Account
from domain.alerts.noticed import PROMOTER, unanswered
from domain.conditions import Check, all_hold, checks
from domain.fact_kinds import Situation
from domain.facts import Facts
from domain.money import Money, NoRate, Rates
from domain.playbooks.playbooks import Clients, Rank
from domain.reasons import Reason
from domain.situations import silent

Standing = Literal["eligible", "excluded", "other"]
GONE = {"leaving", "former", "prospect"}
UNRANKED = float("-inf")


@dataclass(frozen=True, slots=True)
class Match:
    """other: does not fit, for `why`; excluded: fits but for `why`. subjects: contact ids, () for the account."""

    standing: Standing
    why: tuple[Reason, ...] = ()
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fitting:
    """One play that could start: an account, or one person of it. rank: higher comes first."""

    account: Account
    why: tuple[Reason, ...]
    rank: float
    subject: str = ""


def match(clients: Clients, facts: Facts, weekly: Sequence[Situation]) -> Match:
    """`weekly`: the situation today, a week ago, …; as many as the alternatives ask for, else the older do not hold."""
    held = _first_that_holds(clients, weekly)
    if held is None:
        return Match("other", _lacking(clients, weekly))
    today = weekly[0]
    if not clients.leavers and today.get("colour") in GONE:
        return Match("excluded", (Reason("not_staying"),))
    for unless in clients.unless:
        if all_hold(unless, today):
            return Match("excluded", tuple(check.reason for check in checks(unless, today)))
    why = tuple(check.reason for check in held)
    return Match("eligible", why, _subjects(held, facts) if clients.about == "contact" else ())


def readings_asked(clients: Clients) -> int:
    """How many weeks back its rules look."""
    return max(alternative.readings for alternative in clients.any)


def ranked(found: Iterable[Fitting]) -> list[Fitting]:
    """Most first; equal ones by account, so that the order is the same on every day."""
    return sorted(found, key=lambda each: (-each.rank, each.account.account_id, each.subject))


def rank(by: Rank, known: Situation, annual: Money | None, rates: Rates) -> float:
    """growth, mrr: in the organisation's currency; decision: the nearest; risk: money × nearness of the decision."""
    return RANKS[by](known, _worth(annual, rates))


def _decision(known: Situation, _worth: float) -> float:
    days = known.get("decision_days")
    return -days if isinstance(days, float) else UNRANKED


def _risk(known: Situation, worth: float) -> float:
    days = known.get("decision_days")
    return worth / (90 + max(days, 0) if isinstance(days, float) else 365)


def _growth(known: Situation, worth: float) -> float:
    """What can still be sold, at the account's own rate; without a figure of it, half of what it pays."""
    growth, mrr = known.get("growth_mrr"), known.get("mrr")
    if isinstance(growth, float):
        return growth * (worth / mrr if isinstance(mrr, float) and mrr else 1)
    return worth / 2


RANKS: Mapping[Rank, Callable[[Situation, float], float]] = {
    "mrr": lambda _known, worth: worth,
    "growth": _growth,
    "decision": _decision,
    "risk": _risk,
}
SUBJECTS: Mapping[str, Callable[[Facts], Iterable[str | None]]] = {
    "key_left_days": lambda facts: (c.contact_id for c in facts.contacts if c.left_on and c.role in KEY_ROLES),
    "key_silent_days": lambda facts: (c.contact_id for c in silent(facts)),
    "low_answer_days": lambda facts: (a.contact_id for a in unanswered(facts)),
    "promoter_days": lambda facts: (a.contact_id for a in facts.answers if a.kind == "nps" and a.score >= PROMOTER),
}


def _first_that_holds(clients: Clients, weekly: Sequence[Situation]) -> tuple[Check, ...] | None:
    for alternative in clients.any:
        asked = weekly[: alternative.readings]
        if len(asked) == alternative.readings and all(all_hold(alternative.when, known) for known in asked):
            return checks(alternative.when, weekly[0])
    return None


def _lacking(clients: Clients, weekly: Sequence[Situation]) -> tuple[Reason, ...]:
    """What does not hold today of the alternative that comes nearest; or that it has not held for long enough."""
    nearest = min(clients.any, key=lambda each: sum(not check.holds for check in checks(each.when, weekly[0])))
    failing = tuple(check.reason for check in checks(nearest.when, weekly[0]) if not check.holds)
    return failing or (Reason("not_long_enough", {"weeks": nearest.readings}),)


def _subjects(held: Sequence[Check], facts: Facts) -> tuple[str, ...]:
    """The people whom what holds is about."""
    found = (who for check in held if check.fact in SUBJECTS for who in SUBJECTS[check.fact](facts) if who)
    return tuple(dict.fromkeys(found))


def _worth(annual: Money | None, rates: Rates) -> float:
    if annual is None:
        return 0.0
    try:
        return float(rates.total([annual]).amount) / 12
    except NoRate:
        return 0.0

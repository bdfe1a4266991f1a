"""Facts that are asked to notice a change: against a week or a month ago, against a line, a cadence, a date."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from domain.fact_kinds import Value
from domain.facts import Answer, Facts, Invoice
from domain.health.evidence import SIDES, departed, is_open, latest_call
from domain.health.signals import deciding
from domain.renewals.checkpoints import checkpoint
from domain.renewals.renewals import Renewal
from domain.seen import Fact, Seen, since, until

LOW: Mapping[str, int] = {"nps": 6, "csat": 2, "ces": 3}
PROMOTER = 9
WEEK = timedelta(7)
WINDOW_WEEKS = 4
EVER = 36_500


def low(answer: Answer) -> bool:
    """NPS 0-6, CSAT 1-2, CES 1-3."""
    return answer.score <= LOW[answer.kind]


def unanswered(facts: Facts) -> list[Answer]:
    """Low answers whose giver nobody has spoken to since; without a name, nobody of the account."""
    spoken = {c.contact_id: c.last_touch_on for c in facts.contacts}
    found = []
    for answer in filter(low, facts.answers):
        since_then = spoken.get(answer.contact_id) if answer.contact_id in spoken else facts.touched_on
        if since_then is None or since_then < answer.answered_on:
            found.append(answer)
    return found


def overdue(facts: Facts) -> Iterable[Invoice]:
    return (i for i in facts.invoices if i.due_on < facts.day and (i.paid_on is None or i.paid_on > facts.day))


def promoted_on(seen: Seen) -> date | None:
    promoters = [a.answered_on for a in seen.facts.answers if a.kind == "nps" and a.score >= PROMOTER]
    return max(promoters, default=None)


def _unasked_on(seen: Seen) -> date | None:
    on = promoted_on(seen)
    return None if on is None or (seen.asked_on and seen.asked_on >= on) else on


def _score_month(seen: Seen) -> int | None:
    score, change = seen.case.health.score, seen.case.change_30d
    return None if score is None or change is None else score - change


def _colour_month(seen: Seen) -> Value:
    then = _score_month(seen)
    return None if then is None else seen.policy.rules.band(then)


def _change_week(seen: Seen) -> Value:
    score, then = seen.case.health.score, seen.watch.score_week
    return None if score is None or then is None else float(score - then)


def _above(line: str, *, held: bool) -> Fact:
    """Points above a line; held: of the better of two readings a week apart, None without both of them."""

    def value(seen: Seen) -> Value:
        score, then = seen.case.health.score, seen.watch.score_week
        if score is None or (held and then is None):
            return None
        return float((max(score, then or 0) if held else score) - _line(seen, line))

    return value


def _line(seen: Seen, name: str) -> int:
    rules = seen.policy.rules
    return rules.at_risk_below if name == "risk" else rules.bands["green"]


def _left_on(side: str) -> Fact:
    def on(seen: Seen) -> date | None:
        gone = departed(seen.facts, SIDES[side], EVER)
        return gone.left_on if gone else None

    return since(on)


def _escalated(seen: Seen) -> Value:
    mine = (t for t in seen.facts.tickets if t.escalated and t.severity == "critical" and is_open(t, seen.facts.day))
    return float(sum(1 for _ in mine))


def _opened(seen: Seen, weeks: int) -> int:
    """Of the last so many weeks: those that were closed within 28 days are known too."""
    return sum(ticket.opened_on > seen.facts.day - weeks * WEEK for ticket in seen.facts.tickets)


def _ticket_growth(seen: Seen) -> Value:
    """The last week against the mean of the three before, in %; from nothing, as against one."""
    week = _opened(seen, 1)
    usual = (_opened(seen, WINDOW_WEEKS) - week) / (WINDOW_WEEKS - 1)
    return week * 100 / max(usual, 1.0) - 100


def _touch_late(seen: Seen) -> Value:
    """Days over the segment's cadence; below 0 while there is time."""
    facts = seen.facts
    if facts.touched_on is None:
        return None
    return float((facts.day - facts.touched_on).days - seen.policy.rules.cadence_of(facts.account.segment))


def _at(seen: Seen) -> tuple[str, date] | None:
    """The checkpoint that the next renewal is at, and since when."""
    rules, renewal = seen.policy.renewals, seen.case.renewal
    if renewal is None:
        return None
    found = checkpoint(
        renewal, seen.facts.day, steps=rules.checkpoints, half_term=rules.half_term, decision=rules.decision
    )
    return (str(found.days or found.code), found.since) if found else None


def _checkpoint(seen: Seen) -> Value:
    at = _at(seen)
    return at[0] if at else None


def _checkpoint_on(seen: Seen) -> date | None:
    at = _at(seen)
    return at[1] if at else None


def _call_missing(seen: Seen) -> Value:
    """The decision is near, and the CSM has not said what they expect, or only to wait and see."""
    renewal: Renewal | None = seen.case.renewal
    if renewal is None or renewal.leaving or not deciding(renewal):
        return False
    said = latest_call(seen.facts, ("final", "csm"))
    return said is None or said.call == "monitor"


def _notice_on(seen: Seen) -> date | None:
    return seen.case.renewal.version.notice_given_on if seen.case.renewal else None


NOTICED: Mapping[str, Fact] = {
    "change_7d": _change_week,
    "above_risk": _above("risk", held=False),
    "held_above_risk": _above("risk", held=True),
    "above_green": _above("green", held=False),
    "held_above_green": _above("green", held=True),
    "colour_30d": _colour_month,
    "abandoned_features": lambda seen: None if seen.watch.abandoned is None else float(seen.watch.abandoned),
    "checkpoint": _checkpoint,
    "checkpoint_days": since(_checkpoint_on),
    "call_missing": _call_missing,
    "notice_days": since(_notice_on),
    "champion_left_days": _left_on("champion"),
    "sponsor_left_days": _left_on("sponsor"),
    "touch_late_days": _touch_late,
    "escalated_critical": _escalated,
    "tickets_7d": lambda seen: float(_opened(seen, 1)),
    "ticket_growth": _ticket_growth,
    "overdue_days": since(lambda seen: min((invoice.due_on for invoice in overdue(seen.facts)), default=None)),
    "unasked_promoter_days": since(_unasked_on),
    "achieved_days": since(
        lambda seen: max((o.achieved_on for o in seen.facts.outcomes if o.achieved_on), default=None)
    ),
    "goals_behind": lambda seen: float(seen.watch.goals_behind),
    "unready_days": until(lambda seen: seen.watch.unready_on),
    "follow_up_days": since(lambda seen: seen.watch.follow_up_on),
}

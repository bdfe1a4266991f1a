"""What a rule asked of an account, and what is: "active licences: 51 %"."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from words import N_, Words
from words.terms import CALLS, LAER_STAGES, ROLES, STATES, term

NAMES: Mapping[str, str] = {
    "colour": N_("health"),
    "score": N_("score"),
    "change_30d": N_("change of the score in 30 days"),
    "change_7d": N_("change of the score in 7 days"),
    "above_risk": N_("points above the at-risk line"),
    "held_above_risk": N_("points above the at-risk line, the better of two readings a week apart"),
    "above_green": N_("points above the green line"),
    "held_above_green": N_("points above the green line, the better of two readings a week apart"),
    "colour_30d": N_("health 30 days ago"),
    "coverage": N_("data available"),
    "at_risk": N_("at risk"),
    "critical": N_("critical signal"),
    "licences": N_("active licences"),
    "core_features": N_("core features used"),
    "abandoned_features": N_("core features no longer used"),
    "use": N_("change of use"),
    "outcomes": N_("required outcomes on track"),
    "csat_ces": N_("satisfaction"),
    "nps": N_("NPS answers on average"),
    "licences_for_age": N_("active licences for its age, in points of 100"),
    "usage_age": N_("age of the usage data"),
    "stage": N_("stage"),
    "segment": N_("segment"),
    "tier": N_("tier"),
    "fit": N_("fit"),
    "country": N_("country"),
    "industry": N_("industry"),
    "relationship": N_("relationship"),
    "csm": N_("CSM"),
    "customer_days": N_("a customer for"),
    "began_days": N_("began"),
    "product_days": N_("newest product"),
    "onboarding": N_("onboarding"),
    "first_value": N_("first value reached"),
    "leaving": N_("gave notice"),
    "notice_days": N_("notice given"),
    "former_days": N_("left"),
    "cancel_reason": N_("reason for leaving"),
    "decision_days": N_("days to the decision"),
    "checkpoint": N_("checkpoint of the renewal"),
    "checkpoint_days": N_("checkpoint reached"),
    "end_days": N_("days to the end of the contract"),
    "term_months": N_("months of term"),
    "rule_call": N_("rule's renewal call"),
    "csm_call": N_("CSM's renewal call"),
    "calls_agree": N_("both renewal calls agree"),
    "call_missing": N_("CSM's renewal call is missing"),
    "automatic": N_("renews by itself"),
    "mrr": N_("MRR"),
    "growth_mrr": N_("MRR still possible"),
    "missing_roles": N_("nobody known as"),
    "champion_left_days": N_("the champion left"),
    "sponsor_left_days": N_("the sponsor left"),
    "key_left_days": N_("a key contact left"),
    "key_silent_days": N_("key contact silent while others answer"),
    "review_days": N_("last review, or the start"),
    "sponsor_days": N_("sponsor last spoken to"),
    "touch_days": N_("last two-way touch"),
    "touch_late_days": N_("days over the usual cadence"),
    "handed_over_days": N_("new CSM"),
    "open_tickets": N_("open tickets"),
    "critical_tickets": N_("critical tickets open"),
    "escalated_tickets": N_("escalated tickets open"),
    "escalated_critical": N_("critical tickets escalated"),
    "critical_days": N_("oldest critical ticket"),
    "tickets_7d": N_("tickets opened in 7 days"),
    "ticket_growth": N_("tickets of 7 days against the weeks before"),
    "overdue_invoices": N_("overdue invoices"),
    "overdue_days": N_("oldest invoice overdue for"),
    "low_answer_days": N_("low survey answer without a reply"),
    "low_answers_30d": N_("low survey answers in 30 days"),
    "promoter_days": N_("promoter's answer"),
    "unasked_promoter_days": N_("promoter not asked for a referral since"),
    "outcomes_on_track": N_("outcomes on track"),
    "outcomes_open": N_("outcomes still open"),
    "outcome_overdue_days": N_("outcome overdue since"),
    "achieved_days": N_("outcome reached"),
    "confirmed_days": N_("outcome confirmed by the customer"),
    "goals_behind": N_("goals off track"),
    "asked_days": N_("asked for a referral"),
    "running": N_("playbooks running"),
    "unready_days": N_("days to a front stage that is not ready"),
    "follow_up_days": N_("follow-up due since"),
    "progress": N_("progress to the goal"),
    "reached": N_("goal reached"),
    "open": N_("still open"),
    "play_days": N_("running for"),
    "late_days": N_("late by"),
    "unanswered": N_("attempts without an answer"),
    "gained": N_("health measures that gained"),
    "done": N_("done of what was due"),
}
LASTING = {
    "key_silent_days",
    "customer_days",
    "play_days",
    "late_days",
    "usage_age",
    "critical_days",
    "product_days",
    "overdue_days",
}
AHEAD = {"decision_days", "end_days", "unready_days", "touch_late_days"}


def said(words: Words, fact: str, kind: str, value: Any) -> str:
    """The fact and its value, in the units of its kind; a company's own column by its own name."""
    name = words._(NAMES[fact]) if fact in NAMES else fact
    if value is None:
        return words._("{fact}: not known", fact=name)
    if isinstance(value, bool):
        return name if value else words._("not: {fact}", fact=name)
    return words._("{fact}: {value}", fact=name, value=_value(words, fact, kind, value))


def _value(words: Words, fact: str, kind: str, value: Any) -> str:
    if fact in CODES:
        return words.listed([term(words, CODES[fact], one) for one in str(value).split(", ")])
    return FORMATS[kind](words, fact, value) if kind in FORMATS else str(value)


def _days(words: Words, fact: str, value: Any) -> str:
    days = int(value)
    if fact in AHEAD:
        return words.number(days)
    if fact in LASTING:
        return words.ngettext("{n} day", "{n} days", days)
    return words.ago(days)


CODES: Mapping[str, Mapping[str, str]] = {
    "rule_call": CALLS,
    "csm_call": CALLS,
    "colour": STATES,
    "colour_30d": STATES,
    "stage": LAER_STAGES,
    "missing_roles": ROLES,
}
FORMATS: Mapping[str, Callable[[Words, str, Any], str]] = {
    "percent": lambda words, _fact, value: words.percent(Decimal(str(value)) / 100),
    "points": lambda words, _fact, value: words.number(round(Decimal(str(value)), 1)),
    "count": lambda words, _fact, value: words.number(int(value)),
    "money": lambda words, _fact, value: words.number(round(value)),
    "days": _days,
}

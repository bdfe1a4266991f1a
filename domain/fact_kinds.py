"""The facts that rules may ask for, by name: how each is said, and which words are ours."""

from collections.abc import Mapping
from typing import Literal, get_args

from domain.facts import Call
from domain.health.evidence import SIDES
from domain.health.rules import Band
from domain.health.scores import State
from domain.policies.policy_experience import FitValue
from domain.policies.policy_journey import Stage

Kind = Literal["percent", "points", "days", "count", "money", "flag", "word", "words"]
Value = float | bool | str | frozenset[str] | None
Situation = Mapping[str, Value]

OF_ACCOUNT: Mapping[str, Kind] = {
    "colour": "word",
    "score": "points",
    "change_30d": "points",
    "change_7d": "points",
    "above_risk": "points",
    "held_above_risk": "points",
    "above_green": "points",
    "held_above_green": "points",
    "colour_30d": "word",
    "coverage": "percent",
    "at_risk": "flag",
    "critical": "flag",
    "licences": "percent",
    "core_features": "percent",
    "abandoned_features": "count",
    "use": "percent",
    "outcomes": "percent",
    "csat_ces": "percent",
    "nps": "points",
    "licences_for_age": "points",
    "usage_age": "days",
    "stage": "word",
    "segment": "word",
    "tier": "word",
    "fit": "word",
    "country": "word",
    "industry": "word",
    "relationship": "word",
    "csm": "word",
    "customer_days": "days",
    "began_days": "days",
    "product_days": "days",
    "onboarding": "flag",
    "first_value": "flag",
    "leaving": "flag",
    "notice_days": "days",
    "former_days": "days",
    "cancel_reason": "word",
    "decision_days": "days",
    "checkpoint": "word",
    "checkpoint_days": "days",
    "end_days": "days",
    "term_months": "count",
    "rule_call": "word",
    "csm_call": "word",
    "calls_agree": "flag",
    "call_missing": "flag",
    "automatic": "flag",
    "mrr": "money",
    "growth_mrr": "money",
    "missing_roles": "words",
    "champion_left_days": "days",
    "sponsor_left_days": "days",
    "key_left_days": "days",
    "key_silent_days": "days",
    "review_days": "days",
    "sponsor_days": "days",
    "touch_days": "days",
    "touch_late_days": "days",
    "handed_over_days": "days",
    "open_tickets": "count",
    "critical_tickets": "count",
    "escalated_tickets": "count",
    "escalated_critical": "count",
    "critical_days": "days",
    "tickets_7d": "count",
    "ticket_growth": "percent",
    "overdue_invoices": "count",
    "overdue_days": "days",
    "low_answer_days": "days",
    "low_answers_30d": "count",
    "promoter_days": "days",
    "unasked_promoter_days": "days",
    "outcomes_on_track": "count",
    "outcomes_open": "count",
    "outcome_overdue_days": "days",
    "achieved_days": "days",
    "confirmed_days": "days",
    "goals_behind": "count",
    "asked_days": "days",
    "running": "words",
    "unready_days": "days",
    "follow_up_days": "days",
}
OF_PLAY: Mapping[str, Kind] = {
    "progress": "percent",
    "reached": "flag",
    "open": "words",
    "play_days": "days",
    "late_days": "days",
    "unanswered": "count",
    "gained": "count",
    "done": "percent",
}
"""What a follow-up may ask besides: the way from baseline to target, activities still open, days since the start, days
that the latest of them is late, front-stage attempts without an answer, health measures that gained points since the
start, tasks of the play (and what was agreed in it) that are done of those due so far."""
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "colour": get_args(State),
    "colour_30d": get_args(Band),
    "stage": get_args(Stage),
    "fit": get_args(FitValue),
    "rule_call": get_args(Call),
    "csm_call": get_args(Call),
    "missing_roles": tuple(SIDES),
}
"""Facts whose words are ours; those of the others are the company's."""
KINDS: Mapping[str, Kind] = {**OF_ACCOUNT, **OF_PLAY}

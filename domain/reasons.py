"""Every code that the domain can say, with the names of its parameters; words are chosen at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Plain = str | int | float | bool | Decimal | date | None

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    # what a rule of a playbook or an alert asked for, and what is
    "fact_is": ("fact", "kind", "value"),
    # why an account that fits is not started
    "not_staying": (),
    "not_long_enough": ("weeks",),
    # critical signals, and rules that hold a score down
    "use_fell": ("percent", "since"),
    "critical_ticket": ("count", "days", "since"),
    "contact_left": ("role", "since", "days"),
    "champion_left": ("role", "since", "days"),
    "sponsor_left": ("role", "since", "days"),
    # a measure below its weight
    "licences_low": ("active", "seats", "percent"),
    "core_features_low": ("used", "total", "percent"),
    "use_down": ("percent", "since"),
    "outcomes_behind": ("on_track", "total"),
    "nps_low": ("score", "n"),
    "csat_ces_low": ("percent", "n"),
    "tickets_open": ("open", "critical", "escalated", "reopened", "days"),
    "touch_late": ("days", "cadence"),
    "sponsor_silent": ("role", "days"),
    "sponsor_absent": ("role",),
    "invoices_overdue": ("overdue", "days"),
    "mrr_down": ("percent",),
    "calls_disagree": ("rule", "csm"),
    "all_well": (),
    # the rule's renewal call, and why an account is on the risk list
    "gave_notice": ("since", "ends_on"),
    "score_red": ("score", "line"),
    "score_fell": ("score", "points"),
    "health_unknown": ("coverage",),
    "unknown_before_decision": ("coverage", "days"),
    "licences_red": ("active", "seats", "percent"),
    "nothing_against": (),
    # before the call: what to say or do, from facts only
    "ask_what_changed": ("since",),
    "bring_ticket_date": ("count", "escalated"),
    "ask_who_replaces": ("role",),
    "ask_who_does_not_use": ("unused", "seats"),
    "show_core_features": ("missing", "total"),
    "review_outcome": ("statement", "due_on"),
    "answer_survey": ("score", "answered_on"),
    "propose_meeting": ("days",),
    "ask_for_sponsor": ("role", "days"),
    "settle_invoices": ("overdue", "days"),
    "ask_about_reduction": ("percent",),
    "settle_call": ("rule", "csm"),
    "bring_renewal": ("ends_on",),
    "log_conversation": (),
    "ask_for_referral": ("score",),
    # towards the desired outcome: what the customer wants, and how they live it
    "ask_for_outcomes": (),
    "renew_outcome": ("statement",),
    "confirm_outcome": ("statement",),
    "measure_outcome": ("statement",),
    "ask_what_next": (),
    "give_more": ("item",),
    "give_less": ("item",),
    "tick_experience": ("count",),
    # why an account is in a stage
    "stage_given": (),
    "stage_rest": (),
    "stage_onboarding": (),
    "stage_settled": (),
    "stage_first_value": (),
    "stage_no_first_value": (),
    "stage_leaving": (),
    "stage_staying": (),
    "stage_decision": ("days",),
    "stage_product": ("days",),
    "stage_colour": ("states",),
    "stage_score": ("score",),
    "stage_nps": ("score",),
    "stage_measure": ("measure", "percent"),
    "stage_unknown": ("measure",),
    # what would move it on
    "wants_first_value": (),
    "wants_settled": (),
    "wants_product": (),
    "wants_notice": (),
    "wants_no_notice": (),
    "wants_decision": ("days",),
    "wants_decided": (),
    "wants_colour": ("states",),
    "wants_other_colour": ("states",),
    "wants_least_percent": ("measure", "percent"),
    "wants_most_percent": ("measure", "percent"),
    "wants_under_percent": ("measure", "percent"),
    "wants_over_percent": ("measure", "percent"),
    "wants_least_points": ("measure", "points"),
    "wants_most_points": ("measure", "points"),
    "wants_under_points": ("measure", "points"),
    "wants_over_points": ("measure", "points"),
    # what is to be said of a plan: whose an activity is, and when
    "plan_no_date": ("activity",),
    "plan_csm_steps_in": ("activity", "function"),
    "plan_nobody": ("activity", "function"),
    "plan_no_helper": ("activity", "function"),
    "plan_no_contact": ("activity", "role"),
    "plan_pulled": ("activity", "from_day", "to_day"),
    "plan_squeezed": ("activity", "from_day", "to_day"),
    # why a front-stage activity is not ready
    "lack_need_open": ("activity", "due_on"),
    "lack_need_overdue": ("activity", "due_on"),
    "lack_need_skipped": ("activity",),
    "lack_no_contingency": ("activity",),
    "lack_no_owner": ("activity",),
    "lack_owner_away": ("activity",),
    # why a play may not start
    "play_running": ("since",),
    "play_held_out": ("since",),
    "play_once": (),
    "play_this_time": (),
    "play_cooling": ("days", "until"),
    "play_leaving": (),
    "play_paused_by": ("playbook",),
    "play_day_stands": ("activity", "on", "playbook", "other"),
    "play_day_near_task": ("activity", "on", "other"),
    # whether a goal is SMART
    "goal_specific": (),
    "goal_without_words": (),
    "goal_is_a_summary": (),
    "goal_measured": (),
    "goal_yes_or_no": (),
    "goal_unmeasured": (),
    "goal_without_baseline": (),
    "goal_without_peers": ("n",),
    "goal_no_peers": (),
    "goal_reached_by": ("count", "n", "span"),
    "goal_reached_by_none": ("n", "span"),
    "goal_realistic": ("gain", "upper", "n", "span"),
    "goal_ambitious": ("gain", "upper", "n", "span"),
    "goal_tied": ("statement",),
    "goal_untied": (),
    "goal_dated": ("due_on",),
    "goal_date_passed": ("due_on",),
}
CODES: frozenset[str] = frozenset(PARAMETERS)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of `CODES` with the parameters that `PARAMETERS` names for it."""

    code: str
    params: Mapping[str, Plain] = field(default_factory=dict)

"""The domain's reasons as clauses: lower case, no full stop, so that they can be joined into a sentence."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from words import N_, NN_, Words, facts
from words.terms import CALLS, FUNCTIONS, ROLES, STAGE_FACTS, STATES, THE_ROLES, capital, term

Phrase = str | tuple[tuple[str, str], str]
Params = Mapping[str, Any]

PHRASES: Mapping[str, Phrase] = {
    "fact_is": N_("{fact}: {value}"),
    "not_staying": N_("it leaves, or has left"),
    "not_long_enough": (NN_("it has not held for {n} week yet", "it has not held for {n} weeks yet"), "weeks"),
    "use_fell": N_("use fell by {percent} against the 28 days before"),
    "critical_ticket": (
        NN_(
            "a critical ticket has been escalated for {days}",
            "{count} critical tickets have been escalated, the oldest for {days}",
        ),
        "count",
    ),
    "contact_left": N_("{the_role} left on {since}"),
    "champion_left": N_("{the_role} left on {since}"),
    "sponsor_left": N_("{the_role} left on {since}"),
    "licences_low": N_("{active} of {seats} licences are active ({percent})"),
    "core_features_low": N_("they use {used} of {total} core features"),
    "use_down": N_("they use the product {percent} less since {month}"),
    "outcomes_behind": N_("{on_track} of {total} required outcomes are on track"),
    "nps_low": (NN_("NPS is {score} ({n} answer)", "NPS is {score} ({n} answers)"), "n"),
    "csat_ces_low": (
        NN_("satisfaction is {percent} ({n} answer)", "satisfaction is {percent} ({n} answers)"),
        "n",
    ),
    "tickets_open": (NN_("{open} ticket open, for {days}", "{open} tickets open, the oldest for {days}"), "open"),
    "touch_late": N_("no answer from them for {days}, where {cadence} is usual"),
    "sponsor_silent": N_("nobody has spoken to {the_role} for {days}"),
    "sponsor_absent": N_("there is no {role} that we know of"),
    "invoices_overdue": (
        NN_("{overdue} invoice is overdue by {days}", "{overdue} invoices are overdue, the oldest by {days}"),
        "overdue",
    ),
    "mrr_down": N_("MRR fell by {percent} in 90 days"),
    "calls_disagree": N_("the rule says “{rule}” and the CSM says “{csm}”"),
    "all_well": N_("nothing stands out"),
    "gave_notice": N_("gave notice on {since}, ends on {ends_on}"),
    "score_red": N_("the score is {score}, below {line}"),
    "score_fell": N_("the score fell by {points} in 30 days"),
    "health_unknown": N_("only {coverage} of the data is there"),
    "unknown_before_decision": N_("only {coverage} of the data is there, and the decision is {days} away"),
    "licences_red": N_("only {active} of {seats} licences are active ({percent})"),
    "nothing_against": N_("nothing speaks against it"),
    "ask_what_changed": N_("ask what changed in {month}"),
    "bring_ticket_date": (
        NN_("bring a date for the escalated ticket", "bring a date for each of the {count} escalated tickets"),
        "count",
    ),
    "ask_who_replaces": N_("ask who takes the place of {the_role}"),
    "ask_who_does_not_use": N_("ask what keeps {unused} of {seats} people from using their licence"),
    "show_core_features": (
        NN_(
            "show the core feature that they do not use",
            "show one of the {missing} core features that they do not use",
        ),
        "missing",
    ),
    "review_outcome": N_("go through “{statement}” together, expected by {due_on}"),
    "answer_survey": N_("answer the NPS {score} of {answered_on}"),
    "propose_meeting": N_("propose a date: the last answer is {days} old"),
    "ask_for_sponsor": N_("ask for 15 minutes with {the_role}"),
    "settle_invoices": N_("ask what holds up the invoice that is overdue by {days}"),
    "ask_about_reduction": N_("ask what is behind the reduction of {percent}"),
    "settle_call": N_("settle the renewal call: the rule says “{rule}”, you say “{csm}”"),
    "bring_renewal": N_("bring up the renewal of {ends_on}"),
    "log_conversation": N_("log your last conversation"),
    "ask_for_referral": N_("thank them for the NPS {score} and ask who else should know"),
    "ask_for_outcomes": N_("ask them what they have to achieve, and write it down"),
    "renew_outcome": N_("agree with them what becomes of “{statement}”: its date has passed"),
    "confirm_outcome": N_("ask them to confirm that “{statement}” is reached"),
    "measure_outcome": N_("find out how far “{statement}” is"),
    "ask_what_next": N_("ask them what they want to achieve next"),
    "give_more": N_("mend what they get too little of: {item}"),
    "give_less": N_("cut back what they get too much of: {item}"),
    "tick_experience": (
        NN_(
            "look at the {count} item of the experience that nobody knows about",
            "look at the {count} items of the experience that nobody knows about",
        ),
        "count",
    ),
    "stage_given": N_("a person says so"),
    "stage_rest": N_("no other stage's rule holds"),
    "stage_onboarding": N_("onboarding is not over"),
    "stage_settled": N_("onboarding is over"),
    "stage_first_value": N_("first value is reached"),
    "stage_no_first_value": N_("first value is not reached yet"),
    "stage_leaving": N_("they have said that they leave"),
    "stage_staying": N_("they have not said that they leave"),
    "stage_decision": (
        NN_("the renewal is decided in {n} day", "the renewal is decided in {n} days"),
        "days",
    ),
    "stage_product": (NN_("the newest product is {n} day old", "the newest product is {n} days old"), "days"),
    "stage_colour": N_("health is {states}"),
    "stage_score": N_("the score is {score}"),
    "stage_nps": N_("the NPS answers are {score} on average"),
    "stage_measure": N_("{measure}: {percent}"),
    "stage_unknown": N_("{measure}: not known"),
    "wants_first_value": N_("first value is reached"),
    "wants_settled": N_("onboarding is over"),
    "wants_product": N_("another product begins"),
    "wants_notice": N_("they say that they leave"),
    "wants_no_notice": N_("they take their notice back"),
    "wants_decision": (
        NN_("{n} day before the renewal is decided", "{n} days before the renewal is decided"),
        "days",
    ),
    "wants_decided": N_("the renewal is decided"),
    "wants_colour": N_("health is {states}"),
    "wants_other_colour": N_("health is no longer {states}"),
    "wants_least_percent": N_("{measure}: {percent} or more"),
    "wants_most_percent": N_("{measure}: {percent} or less"),
    "wants_under_percent": N_("{measure}: under {percent}"),
    "wants_over_percent": N_("{measure}: over {percent}"),
    "wants_least_points": N_("{measure}: {points} or more"),
    "wants_most_points": N_("{measure}: {points} or less"),
    "wants_under_points": N_("{measure}: under {points}"),
    "wants_over_points": N_("{measure}: over {points}"),
    "plan_no_date": N_("{activity} is left out: there is no date to count it from"),
    "plan_csm_steps_in": N_("{activity}: nobody is named for {function}, so the CSM steps in"),
    "plan_nobody": N_("{activity}: nobody is named for {function}"),
    "plan_no_helper": N_("{activity}: nobody of {function} to take part"),
    "plan_no_contact": N_("{activity}: there is no {role} that we know of"),
    "plan_pulled": N_("{activity} is due on {to_day} rather than {from_day}, before what needs it"),
    "plan_squeezed": N_("{activity} was due on {from_day}, before the start, and comes at once"),
    "lack_need_open": N_("{activity} is open, due on {due_on}"),
    "lack_need_overdue": N_("{activity} is still open; it was due on {due_on}"),
    "lack_need_skipped": N_("{activity} was left out"),
    "lack_no_contingency": N_("{activity} can fail in public, and nobody has a way out"),
    "lack_no_owner": N_("nobody owns {activity}"),
    "lack_owner_away": N_("whoever owns {activity} is away"),
    "play_running": N_("it has been running since {since}"),
    "play_held_out": N_("it has been in the comparison group since {since}"),
    "play_once": N_("an account has it only once"),
    "play_this_time": N_("it has had it this time already"),
    "play_cooling": N_("it had it a short time ago and may again from {until} on, in {days}"),
    "play_leaving": N_("it has given notice"),
    "play_paused_by": N_("“{playbook}” is running, and it would wait for that"),
    "play_day_stands": N_("{activity} stays on {on}, and “{playbook}” speaks to the same person on {other}"),
    "play_day_near_task": N_("{activity} stays on {on}, and the same person hears from us on {other}"),
    "goal_specific": N_("it says what will be so"),
    "goal_without_words": N_("it does not say what will be so"),
    "goal_is_a_summary": N_("a score sums up causes: name the cause"),
    "goal_measured": N_("it is measured, and where it began is known"),
    "goal_yes_or_no": N_("it is reached or not"),
    "goal_unmeasured": N_("nothing measures it"),
    "goal_without_baseline": N_("where it begins is not known"),
    "goal_without_peers": (
        NN_("only {n} similar account to compare with", "only {n} similar accounts to compare with"),
        "n",
    ),
    "goal_no_peers": N_("nothing of similar accounts to hold it against: judge by what you know of this one"),
    "goal_reached_by": N_("{count} of {n} similar accounts gained as much in {span}"),
    "goal_reached_by_none": N_("none of {n} similar accounts gained as much in {span}"),
    "goal_realistic": N_("{gain} to gain; a quarter of {n} similar accounts gained {upper} or more in {span}"),
    "goal_ambitious": N_("{gain} to gain, and only a quarter of {n} similar accounts gained even {upper} in {span}"),
    "goal_tied": N_("it serves “{statement}”"),
    "goal_untied": N_("not yet tied to an outcome"),
    "goal_dated": N_("by {due_on}"),
    "goal_date_passed": N_("its date, {due_on}, has passed"),
}

# What is said instead where a parameter is empty or has passed: the first that holds.
INSTEAD: Mapping[str, tuple[tuple[Callable[[Params], bool], Phrase], ...]] = {
    "stage_decision": (
        (lambda given: given["days"] < 0, N_("the decision date of the renewal has passed")),
        (lambda given: given["days"] == 0, N_("the renewal is decided today")),
    ),
    "wants_decision": ((lambda given: given["days"] is None, N_("the renewal comes near")),),
    "tickets_open": ((lambda given: not given["open"], N_("a ticket had to be opened again")),),
    "review_outcome": ((lambda given: given["due_on"] is None, N_("go through “{statement}” together")),),
    "gave_notice": (
        (lambda given: given["since"] is None and given["ends_on"] is None, N_("has said that it leaves")),
        (lambda given: given["since"] is None, N_("leaves on {ends_on}")),
        (lambda given: given["ends_on"] is None, N_("gave notice on {since}")),
    ),
    "unknown_before_decision": (
        (lambda given: given["days"] < 0, N_("only {coverage} of the data is there, and the decision date has passed")),
    ),
    "bring_ticket_date": (
        (
            lambda given: not given["escalated"],
            (NN_("bring a date for the open ticket", "bring a date for each of the {count} open tickets"), "count"),
        ),
    ),
}

FORMATS: Mapping[str, Callable[[Words, Any], str]] = {
    "percent": lambda words, value: words.percent(value / 100),
    "coverage": lambda words, value: words.percent(value / 100),
    "days": lambda words, value: words.ngettext("{n} day", "{n} days", value) if value else words._("less than a day"),
    "span": lambda words, value: words.ngettext("{n} day", "{n} days", value),
    "function": lambda words, value: term(words, FUNCTIONS, str(value)),
    "cadence": lambda words, value: words.ngettext("{n} day", "{n} days", value),
    "role": lambda words, value: term(words, ROLES, value),
    "rule": lambda words, value: term(words, CALLS, value),
    "csm": lambda words, value: term(words, CALLS, value),
    "statement": lambda _words, value: str(value),
    "states": lambda words, value: words.either(term(words, STATES, state) for state in str(value).split(",")),
    "measure": lambda words, value: term(words, STAGE_FACTS, str(value)),
}


def clause(words: Words, code: str, params: Params) -> str:
    """One reason, as part of a sentence."""
    if code == "fact_is":
        return facts.said(words, params["fact"], params["kind"], params["value"])
    phrase = next((said for holds, said in INSTEAD.get(code, ()) if holds(params)), PHRASES[code])
    values = {name: _formatted(words, name, value) for name, value in params.items() if value is not None}
    if params.get("role"):
        values["the_role"] = term(words, THE_ROLES, params["role"])
    if isinstance(params.get("since"), date):
        values["month"] = words.month(params["since"])
    if isinstance(phrase, str):
        return words._(phrase, **values)
    (singular, plural), counted = phrase
    values.pop("n", None)
    return words.ngettext(singular, plural, int(params[counted]), **values)


def sentence(words: Words, clauses: list[str]) -> str:
    """Clauses as one sentence with a capital and a full stop."""
    said = words.listed(clauses)
    return capital(said) + "." if said else ""


def _formatted(words: Words, name: str, value: Any) -> str:
    if isinstance(value, date):
        return words.short_day(value)
    if isinstance(value, bool):
        return str(value)
    if name in FORMATS:
        return FORMATS[name](words, value)
    return words.number(value) if isinstance(value, int | float) or hasattr(value, "as_tuple") else str(value)

"""What an alert says, as a clause: lower case, no full stop; and what its rule is called."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from words import N_, NN_, Words, facts
from words.terms import CALLS, FILES, term

Params = Mapping[str, Any]
Phrase = str | tuple[tuple[str, str], str]

NAMES: Mapping[str, str] = {
    "at_risk": N_("at risk"),
    "band_drop": N_("from green to yellow"),
    "score_fall": N_("fall of the score"),
    "usage_collapse": N_("collapse of use"),
    "licences_low": N_("few active licences"),
    "licences_full": N_("licences used up"),
    "feature_abandoned": N_("core feature abandoned"),
    "champion_left": N_("champion left"),
    "sponsor_left": N_("sponsor left"),
    "sponsor_silent": N_("sponsor silent"),
    "key_silent": N_("key contact silent"),
    "low_answer": N_("low survey answer"),
    "ticket_surge": N_("surge of tickets"),
    "critical_ticket": N_("escalated critical ticket"),
    "invoice_overdue": N_("overdue invoice"),
    "silence": N_("silence"),
    "no_data": N_("no data"),
    "checkpoint": N_("checkpoint of the renewal"),
    "decision_near": N_("decision near"),
    "call_missing": N_("renewal call missing"),
    "calls_disagree": N_("renewal calls disagree"),
    "notice_given": N_("notice given"),
    "goal_behind": N_("goal off track"),
    "outcome_overdue": N_("outcome overdue"),
    "front_unready": N_("front stage not ready"),
    "follow_up": N_("follow-up due"),
    "promoter": N_("promoter not asked"),
    "recovered": N_("recovered"),
    "outcome_reached": N_("outcome reached"),
    "outcome_confirmed": N_("outcome confirmed"),
    "over_capacity": N_("person over capacity"),
    "source_stopped": N_("source that stopped"),
}
SAID: Mapping[str, Phrase] = {
    "at_risk": N_("the score is {score}, below the at-risk line"),
    "band_drop": N_("it turned yellow: the score is {score}, {change_30d} in 30 days"),
    "score_fall": N_("the score fell to {score}: {change_30d} in 30 days"),
    "usage_collapse": N_("use fell by {use} against the 28 days before"),
    "licences_low": N_("only {licences} of the licences are active"),
    "licences_full": N_("{licences} of the licences are active: they run out"),
    "feature_abandoned": (
        NN_("a core feature is no longer used", "{n} core features are no longer used"),
        "abandoned_features",
    ),
    "champion_left": N_("the champion left {champion_left_ago}"),
    "sponsor_left": N_("the sponsor left {sponsor_left_ago}"),
    "sponsor_silent": N_("nobody has spoken to the sponsor for {sponsor_days}"),
    "key_silent": N_("a key contact has been silent for {key_silent_days}, while others answer"),
    "low_answer": N_("a low survey answer has waited for a reply for {low_answer_days}"),
    "ticket_surge": (
        NN_("{n} ticket was opened in 7 days, more than usual", "{n} tickets were opened in 7 days, more than usual"),
        "tickets_7d",
    ),
    "critical_ticket": (
        NN_(
            "a critical ticket is escalated, open for {critical_days}",
            "{n} critical tickets are escalated, the oldest open for {critical_days}",
        ),
        "escalated_critical",
    ),
    "invoice_overdue": (
        NN_(
            "an invoice is overdue by {overdue_days}",
            "{n} invoices are overdue, the oldest by {overdue_days}",
        ),
        "overdue_invoices",
    ),
    "silence": N_("no answer from them for {touch_days}, longer than usual"),
    "no_data": N_("only {coverage} of the data is there"),
    "checkpoint": N_("the decision is {decision_days} away: time for the checkpoint"),
    "decision_near": N_("the renewal is decided in {decision_days}"),
    "call_missing": N_("the decision is {decision_days} away, and the CSM's renewal call is missing"),
    "calls_disagree": N_("the rule says “{rule_call}” and the CSM says “{csm_call}”"),
    "notice_given": N_("gave notice {notice_ago}, ends in {end_days}"),
    "goal_behind": (NN_("a goal is off track", "{n} goals are off track"), "goals_behind"),
    "outcome_overdue": N_("a required outcome is overdue by {outcome_overdue_days}"),
    "front_unready": N_("the curtain rises in {unready_days}, and the stage is not set"),
    "follow_up": N_("a play's follow-up is due: look whether its KPI moves"),
    "promoter": N_("they would recommend us, and nobody has asked them for a referral"),
    "recovered": N_("green again: the score is {score}, {change_30d} in 30 days"),
    "outcome_reached": N_("a required outcome is reached"),
    "outcome_confirmed": N_("a required outcome is reached, and the customer confirms it"),
    "over_capacity": N_("{person} has {hours} h of tasks in the week of {week}, and {capacity} h for them"),
    "source_stopped": N_("{source}: nothing new since {since}"),
}
# What is said instead where a parameter is empty, or on its last day: the first that holds.
INSTEAD: Mapping[str, tuple[tuple[Callable[[Params], bool], Phrase], ...]] = {
    "decision_near": ((lambda given: given.get("decision_days") == 0, N_("the renewal is decided today")),),
    "front_unready": (
        (lambda given: given.get("unready_days") == 0, N_("the curtain rises today, and the stage is not set")),
    ),
    "no_data": ((lambda given: given.get("usage_age") is not None, N_("no usage data have come for {usage_age}")),),
    "call_missing": (
        (
            lambda given: (given.get("decision_days") or 0) < 0,
            N_("the decision date has passed, and the CSM's renewal call is missing"),
        ),
    ),
    "score_fall": (
        (lambda given: given.get("change_30d") is None, N_("the score fell to {score}: {change_7d} in 7 days")),
        (
            lambda given: (given.get("change_7d") or 0) <= given["change_30d"],
            N_("the score fell to {score}: {change_7d} in 7 days"),
        ),
    ),
    "notice_given": ((lambda given: given.get("end_days") is None, N_("gave notice {notice_ago}")),),
}
PERCENT = {"use", "licences", "coverage", "core_features", "outcomes", "csat_ces"}
SIGNED = {"change_30d", "change_7d"}
DAYS = ("_days", "usage_age")


def named(words: Words, kind: str, label: str | None = None) -> str:
    """What the rule is called; label: of one of the company's own, in the reader's language."""
    return words._(NAMES[kind]) if kind in NAMES else label or kind.replace("_", " ")


def clause(words: Words, kind: str, params: Params, kinds: Mapping[str, str], label: str | None = None) -> str:
    """What an alert says. kinds: in what each fact is counted, for rules that are the company's own."""
    known = {name: value for name, value in params.items() if value is not None}
    phrase = next((said for holds, said in INSTEAD.get(kind, ()) if holds(params)), SAID.get(kind))
    try:
        return _told(words, phrase, known) if phrase is not None else _own(words, kind, known, kinds, label)
    except KeyError:
        return _own(words, kind, known, kinds, label)


def _told(words: Words, phrase: Phrase, known: Params) -> str:
    """Raises KeyError where a parameter is not known: the rule was changed, or the fact is lacking."""
    values = {name: _formatted(words, name, value) for name, value in known.items()}
    values |= {f"{name.removesuffix('_days')}_ago": words.ago(int(v)) for name, v in known.items() if _is_days(name)}
    if isinstance(phrase, str):
        return words._(phrase, **values)
    (singular, plural), counted = phrase
    return words.ngettext(singular, plural, int(known[counted]), **values)


def _own(words: Words, kind: str, known: Params, kinds: Mapping[str, str], label: str | None) -> str:
    told = [facts.said(words, name, kinds.get(name, "word"), value) for name, value in known.items()]
    return ": ".join(filter(None, [named(words, kind, label), words.listed(told) if told else ""]))


def _is_days(name: str) -> bool:
    return name.endswith(DAYS)


def _formatted(words: Words, name: str, value: Any) -> str:
    form = FORMS.get(name)
    if form is not None and not isinstance(value, bool):
        return form(words, value)
    if _is_days(name) and not isinstance(value, bool):
        return words.ngettext("{n} day", "{n} days", abs(int(value)))
    return words.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


FORMS: Mapping[str, Callable[[Words, Any], str]] = {
    **dict.fromkeys(PERCENT, lambda words, value: words.percent(abs(value) / 100)),
    **dict.fromkeys(SIGNED, lambda words, value: words.signed(int(value))),
    **dict.fromkeys(("rule_call", "csm_call"), lambda words, value: term(words, CALLS, str(value))),
    "source": lambda words, value: term(words, FILES, str(value)),
    **dict.fromkeys(("week", "since"), lambda words, value: words.short_day(date.fromisoformat(str(value)))),
}

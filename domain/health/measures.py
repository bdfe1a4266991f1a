"""The measures of health, one small function each: facts of an account → a reading. Silence is never health."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain.days import age_in_months
from domain.facts import Facts
from domain.health.curves import Curve
from domain.health.evidence import (
    burden,
    change,
    fresh_answers,
    is_open,
    is_serious,
    last_spoken,
    latest_call,
    mrr_trend,
    oldest_days,
    on_track,
    outcome_day,
    sides,
    started_on,
)
from domain.health.rules import Measure, Rules
from domain.health.scores import Freshness, Reading
from domain.reasons import Plain
from domain.subscriptions import Span, seats_in, spans

RECENT = timedelta(28)


def held(facts: Facts, rules: Rules) -> tuple[Span, ...]:
    """The account's contracts as spans: made once for the measures that read them."""
    return spans(facts.versions, today=facts.day, grace_days=rules.grace_days)


def licences(facts: Facts, rules: Rules, contracts: Sequence[Span] | None = None) -> Reading:
    """Distinct users active in the last 28 days ÷ seats in force, in %; the curve slides with the account's age."""
    usage = facts.usage
    seats = seats_in(held(facts, rules) if contracts is None else contracts, facts.day)
    if usage is None or usage.active is None or not seats:
        return _nothing("licences", facts, rules, usage.newest_on if usage else None)
    percent = usage.active * 100 / seats
    parts = {"active": usage.active, "seats": seats, "basis": usage.basis}
    fraction = licence_curve(facts, rules).at(percent)
    return _reading("licences", facts, rules, percent, fraction, parts=parts, fact_on=usage.newest_on)


def licence_curve(facts: Facts, rules: Rules) -> Curve:
    """The curve of active licences at the account's age."""
    start = started_on(facts)
    return rules.licences_by_age.at_age(age_in_months(start, facts.day) if start else 0)


def core_features(facts: Facts, rules: Rules) -> Reading:
    """Core features used in 28 days ÷ core features of the account's products, in %."""
    usage = facts.usage
    if usage is None or usage.core_used is None or not usage.core_total:
        return _nothing("core_features", facts, rules, usage.core_on if usage else None)
    percent = min(usage.core_used * 100 / usage.core_total, 100)
    parts = {"used": usage.core_used, "total": usage.core_total}
    return _curved("core_features", facts, rules, percent, parts=parts, fact_on=usage.core_on or usage.newest_on)


def use(facts: Facts, rules: Rules) -> Reading:
    """Mean of a day with a row in the 28 days ÷ that of the 28 before, − 1, in %; from nothing to nothing is −100.

    Missing where one of the two windows has no day with a row.
    """
    usage = facts.usage
    if usage is None or usage.recent is None or usage.earlier is None or not (usage.recent_days and usage.earlier_days):
        return _nothing("use", facts, rules, usage.newest_on if usage else None)
    parts: dict[str, Plain] = {
        "recent": usage.recent,
        "earlier": usage.earlier,
        "recent_days": usage.recent_days,
        "earlier_days": usage.earlier_days,
        "since": facts.day - RECENT,
    }
    return _curved("use", facts, rules, change(usage.earlier, usage.recent), parts=parts, fact_on=usage.newest_on)


def outcomes(facts: Facts, rules: Rules) -> Reading:
    """Weighted % on track, of the outcomes still open or reached in the last 180 days.

    On track: reached, or progress from baseline to target not behind a straight line to the due date. One without
    figures says nothing until it is overdue. A stakeholder's role weighs as policy says, others 1.
    """
    roles = {contact.contact_id: contact.role for contact in facts.contacts}
    judged = [(o, on) for o in facts.outcomes if (on := on_track(o, facts)) is not None]
    newest = max((day for o, _ in judged if (day := outcome_day(o))), default=None)
    if not judged:
        return _nothing("outcomes", facts, rules, None)
    weights = [rules.outcome_roles.get(roles.get(o.contact_id or "") or "", 1.0) for o, _ in judged]
    total = sum(weights)
    good = sum(weight for weight, (_, on) in zip(weights, judged, strict=True) if on)
    parts: dict[str, Plain] = {"on_track": sum(on for _, on in judged), "total": len(judged)}
    percent = good * 100 / total if total else 0
    return _curved("outcomes", facts, rules, percent, parts=parts, fact_on=newest)


def nps(facts: Facts, rules: Rules) -> Reading:
    """Mean 0-10 of each contact's latest answer; `nps` beside it is % 9-10 − % 0-6."""
    answers, newest = fresh_answers(facts, ("nps",), rules.max_age["nps"])
    if not answers:
        return _nothing("nps", facts, rules, newest)
    n = len(answers)
    promoters, detractors = sum(a.score >= 9 for a in answers), sum(a.score <= 6 for a in answers)
    parts: dict[str, Plain] = {
        "n": n,
        "promoters": promoters,
        "detractors": detractors,
        "nps": round((promoters - detractors) * 100 / n),
        "lowest": min(a.score for a in answers),
    }
    return _curved("nps", facts, rules, sum(a.score for a in answers) / n, parts=parts, fact_on=newest)


def csat_ces(facts: Facts, rules: Rules) -> Reading:
    """Mean of CSAT (1-5) and CES (1-7) answers, each in % of its scale."""
    answers, newest = fresh_answers(facts, ("csat", "ces"), rules.max_age["csat_ces"])
    if not answers:
        return _nothing("csat_ces", facts, rules, newest)
    percents = [(a.score - 1) * 100 / (4 if a.kind == "csat" else 6) for a in answers]
    parts: dict[str, Plain] = {"n": len(answers)}
    for kind in ("csat", "ces"):
        scores = [a.score for a in answers if a.kind == kind]
        parts[f"{kind}_n"] = len(scores)
        parts[kind] = _tenths(sum(scores) / len(scores)) if scores else None
    return _curved("csat_ces", facts, rules, sum(percents) / len(percents), parts=parts, fact_on=newest)


def tickets(facts: Facts, rules: Rules) -> Reading:
    """Burden of the open tickets (and of those reopened and closed in 28 days); none open, with a feed, is a fact."""
    if facts.tickets_on is None:
        return _nothing("tickets", facts, rules, None)
    still = [ticket for ticket in facts.tickets if is_open(ticket, facts.day)]
    critical = [ticket for ticket in still if ticket.severity == "critical"]
    parts: dict[str, Plain] = {
        "open": len(still),
        "critical": len(critical),
        "escalated": sum(ticket.escalated for ticket in still),
        "critical_escalated": sum(ticket.escalated for ticket in critical),
        "reopened": sum(ticket.reopened for ticket in facts.tickets),
        "oldest_days": oldest_days(still, facts.day),
        "critical_days": oldest_days(critical, facts.day),
        "serious_days": oldest_days([t for t in still if is_serious(t)], facts.day),
    }
    weight = burden(facts.tickets, facts.day, rules.burden)
    return _curved("tickets", facts, rules, weight, parts=parts, fact_on=facts.tickets_on)


def touch(facts: Facts, rules: Rules) -> Reading:
    """Days since the last two-way touch; the curve reads them ÷ the segment's cadence."""
    on = facts.touched_on
    if on is None:
        return _nothing("touch", facts, rules, None)
    days, cadence = (facts.day - on).days, rules.cadence_of(facts.account.segment)
    fraction = rules.curves["touch"].at(days / cadence)
    return _reading("touch", facts, rules, days, fraction, parts={"days": days, "cadence": cadence}, fact_on=on)


def sponsor(facts: Facts, rules: Rules) -> Reading:
    """Days since sponsor or champion was spoken to, whoever waits longer; one of the two absent halves the fraction.

    A decision maker stands in for the sponsor. Roles never recorded, or nobody ever spoken to by name: missing.
    """
    here = sides(facts)
    if here is None:
        return _nothing("sponsor", facts, rules, None)
    spoken = {role: last_spoken(people) for role, people in here.items() if people}
    newest = max((on for on in spoken.values() if on), default=None)
    if spoken and newest is None:
        return _nothing("sponsor", facts, rules, None)
    curve = rules.curves["sponsor"]
    days = {role: (facts.day - on).days if on else None for role, on in spoken.items()}
    waits = max(days, key=lambda role: (days[role] is None, days[role] or 0), default=None)
    longest = days[waits] if waits else None
    fraction = len(spoken) / 2 * (curve.ys[-1] if longest is None else curve.at(longest))
    parts: dict[str, Plain] = {"sponsor": "sponsor" in spoken, "champion": "champion" in spoken}
    parts |= {"role": waits, "days": longest}
    shown = spoken[waits] if waits and spoken[waits] else newest
    newest, shown = newest or facts.day, shown or facts.day
    return _reading("sponsor", facts, rules, longest, fraction, parts=parts, fact_on=shown, newest=newest)


def invoices(facts: Facts, rules: Rules) -> Reading:
    """Days that the oldest unpaid invoice is overdue; 0 where none is."""
    if facts.invoices_on is None:
        return _nothing("invoices", facts, rules, None)
    unpaid = [i for i in facts.invoices if i.paid_on is None or i.paid_on > facts.day]
    late = [(facts.day - invoice.due_on).days for invoice in unpaid if invoice.due_on < facts.day]
    days = max(late, default=0)
    parts: dict[str, Plain] = {"overdue": len(late), "days": days}
    return _curved("invoices", facts, rules, days, parts=parts, fact_on=facts.invoices_on)


def mrr_calls(facts: Facts, rules: Rules, contracts: Sequence[Span] | None = None) -> Reading:
    """Change of the MRR in % over 90 days, and whether the rule's and the CSM's latest renewal calls agree.

    The rule's call of the day itself follows from the score, so that of the days before counts.
    Without both calls the trend is the whole; an account that paid nothing 90 days ago is flat.
    """
    if not facts.versions and not facts.months:
        return _nothing("mrr_calls", facts, rules, None)
    percent = mrr_trend(facts, held(facts, rules) if contracts is None else contracts, rules.rates)
    if percent is None:
        return _nothing("mrr_calls", facts, rules, None)
    rule, csm = latest_call(facts, ("rule",), before=facts.day), latest_call(facts, ("csm", "final"))
    agreed = rule.call == csm.call if rule and csm else None
    parts: dict[str, Plain] = {"agreed": agreed, "rule": rule.call if rule else None, "csm": csm.call if csm else None}
    fraction = rules.curves["mrr_calls"].at(percent)
    if agreed is not None:
        fraction = rules.trend_share * fraction + (1 - rules.trend_share) * agreed
    return _reading("mrr_calls", facts, rules, percent, fraction, parts=parts, fact_on=facts.day)


FROM_CONTRACTS: Mapping[Measure, Callable[[Facts, Rules, Sequence[Span]], Reading]] = {
    "licences": licences,
    "mrr_calls": mrr_calls,
}
FROM_FACTS: Mapping[Measure, Callable[[Facts, Rules], Reading]] = {
    "core_features": core_features,
    "use": use,
    "outcomes": outcomes,
    "nps": nps,
    "csat_ces": csat_ces,
    "tickets": tickets,
    "touch": touch,
    "sponsor": sponsor,
    "invoices": invoices,
}


def read(facts: Facts, rules: Rules, measures: Iterable[Measure], contracts: Sequence[Span]) -> dict[Measure, Reading]:
    """The readings of the measures named."""
    return {
        name: FROM_FACTS[name](facts, rules) if name in FROM_FACTS else FROM_CONTRACTS[name](facts, rules, contracts)
        for name in measures
    }


def _reading(
    measure: Measure,
    facts: Facts,
    rules: Rules,
    value: float | None,
    fraction: float,
    *,
    parts: Mapping[str, Plain],
    fact_on: date,
    newest: date | None = None,
) -> Reading:
    max_age = rules.max_age[measure]
    state: Freshness = "fresh" if (facts.day - (newest or fact_on)).days <= max_age else "stale"
    return Reading(measure, None if value is None else _tenths(value), fact_on, fraction, parts, state, max_age)


def _curved(
    measure: Measure, facts: Facts, rules: Rules, value: float, *, parts: Mapping[str, Plain], fact_on: date | None
) -> Reading:
    fraction = rules.curves[measure].at(value)
    return _reading(measure, facts, rules, value, fraction, parts=parts, fact_on=fact_on or facts.day)


def _nothing(measure: Measure, facts: Facts, rules: Rules, fact_on: date | None) -> Reading:
    """Without a value: stale where its last fact is too old, else missing."""
    max_age = rules.max_age[measure]
    old = fact_on is not None and (facts.day - fact_on).days > max_age
    return Reading(measure, None, fact_on, None, {}, "stale" if old else "missing", max_age)


def _tenths(value: float) -> Decimal:
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.1f}")

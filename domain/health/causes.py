"""Why a score is what it is, in one or two reasons; and what to say before the call."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from domain.facts import Facts
from domain.health.rules import Measure
from domain.health.scores import Changes, Health, Reading
from domain.reasons import PARAMETERS, Plain, Reason
from domain.renewals.renewals import Renewal

COVERS: Mapping[str, Measure] = {"use_fell": "use", "critical_ticket": "tickets", "contact_left": "sponsor"}
CODE: Mapping[Measure, str] = {
    "licences": "licences_low",
    "core_features": "core_features_low",
    "use": "use_down",
    "outcomes": "outcomes_behind",
    "nps": "nps_low",
    "csat_ces": "csat_ces_low",
    "tickets": "tickets_open",
    "touch": "touch_late",
    "sponsor": "sponsor_silent",
    "invoices": "invoices_overdue",
    "mrr_calls": "mrr_down",
}
SMALL_FALL = -1
GOOD_ENOUGH = 0.75
FULL = 0.9


class Earns(Protocol):
    """A measure with its points of weight; `fraction` 0..1 is what it earns."""

    @property
    def measure(self) -> Measure: ...
    @property
    def points(self) -> int: ...
    @property
    def weight(self) -> int: ...
    @property
    def fraction(self) -> float: ...


Earning = TypeVar("Earning", bound=Earns)


def first_reason(
    health: Health, *, changes: Changes | None = None, critical: Sequence[Reason] = (), at_most: int = 2
) -> tuple[Reason, ...]:
    """The strongest causes: critical signals, the largest falls in 30 days, then what is furthest below its weight.

    No measure speaks twice. A colour without a cause is `all_well`; states that are not colours have none.
    """
    if health.score is None:
        return ()
    spoken = {COVERS[reason.code] for reason in critical if reason.code in COVERS}
    found = list(critical)[:at_most]
    for factor in telling(health.factors, changes.measures if changes else {}):
        if len(found) < at_most and factor.measure not in spoken and (reason := cause(factor.reading)):
            spoken.add(factor.measure)
            found.append(reason)
    return tuple(found) or (Reason("all_well"),)


def telling(factors: Sequence[Earning], changes: Mapping[str, int]) -> list[Earning]:
    """What speaks against a score, the strongest first: the largest falls, then what is furthest below its weight.

    changes: points by measure against 30 days before. A measure that fell and is low stands there twice.
    """
    falls = [f for f in factors if changes.get(f.measure, 0) < SMALL_FALL and f.fraction < FULL]
    low = [f for f in factors if f.weight and f.fraction < GOOD_ENOUGH]
    falls.sort(key=lambda factor: changes[factor.measure])
    return [*falls, *sorted(low, key=lambda factor: factor.points - factor.weight)]


def cause(reading: Reading) -> Reason | None:
    """What a reading says against the account; None where it says nothing against it."""
    code = CODE[reading.measure]
    parts = reading.parts
    if reading.measure == "mrr_calls" and (reading.value is None or reading.value >= 0):
        code = "calls_disagree"
        return Reason(code, _named(code, parts)) if parts.get("agreed") is False else None
    if reading.measure == "sponsor" and not (parts.get("sponsor") and parts.get("champion")):
        absent = "sponsor" if not parts.get("sponsor") else "champion"
        return Reason("sponsor_absent", {"role": absent})
    if reading.measure == "use" and (reading.value is None or reading.value >= 0):
        return None
    return Reason(code, _named(code, {**parts, **_own(reading)}))


def next_words(
    health: Health, facts: Facts, *, causes: Iterable[Reason] = (), renewal: Renewal | None = None
) -> tuple[Reason, ...]:
    """One or two things to say or to do next, from facts only; none where the facts suggest none."""
    if health.state == "unknown":
        return (Reason("log_conversation"),)
    found: list[Reason] = []
    if renewal and renewal.pending:
        found.append(Reason("bring_renewal", {"ends_on": renewal.ends_on}))
    found += (words for reason in causes if reason.code in WORDS and (words := WORDS[reason.code](reason, facts)))
    if not found and health.state == "green":
        found += _promoters(facts)
    return tuple(islice(found, 2))


def _own(reading: Reading) -> dict[str, Plain]:
    """Parameters that are the value itself, under the names that codes give them."""
    value = reading.value
    falls = reading.measure in {"use", "mrr_calls"}
    percent = None if value is None else round(-value if falls else value)
    own: dict[str, Plain] = {"percent": percent, "score": value}
    if reading.measure == "tickets":
        own["days"] = reading.parts.get("serious_days") or reading.parts.get("oldest_days")
    return own


def _named(code: str, parts: Mapping[str, Plain]) -> dict[str, Plain]:
    return {name: parts.get(name) for name in PARAMETERS[code]}


def _same(code: str, **names: str) -> Callable[[Reason, Facts], Reason]:
    """The code with parameters of the cause: its own names, or those given as ours=theirs."""

    def words(reason: Reason, _: Facts) -> Reason:
        return Reason(code, {name: reason.params.get(names.get(name, name)) for name in PARAMETERS[code]})

    return words


def _unused(reason: Reason, _: Facts) -> Reason:
    active, seats = reason.params["active"], reason.params["seats"]
    return Reason("ask_who_does_not_use", {"unused": int(str(seats)) - int(str(active)), "seats": seats})


def _missing_features(reason: Reason, _: Facts) -> Reason:
    used, total = reason.params["used"], reason.params["total"]
    return Reason("show_core_features", {"missing": int(str(total)) - int(str(used)), "total": total})


def _ticket(_: Reason, facts: Facts) -> Reason | None:
    mine = [ticket for ticket in facts.tickets if ticket.closed_on is None]
    serious = [ticket for ticket in mine if ticket.severity == "critical" or ticket.escalated] or mine
    escalated = any(ticket.escalated for ticket in serious)
    return Reason("bring_ticket_date", {"count": len(serious), "escalated": escalated}) if serious else None


def _outcome(_: Reason, facts: Facts) -> Reason | None:
    still = [outcome for outcome in facts.outcomes if outcome.achieved_on is None]
    first = min(still, key=lambda o: (o.due_on is None, o.due_on or facts.day), default=None)
    return Reason("review_outcome", {"statement": first.statement, "due_on": first.due_on}) if first else None


def _survey(_: Reason, facts: Facts) -> Reason | None:
    low = min((a for a in facts.answers if a.kind == "nps"), key=lambda a: (a.score, a.answered_on), default=None)
    return Reason("answer_survey", {"score": low.score, "answered_on": low.answered_on}) if low else None


def _promoters(facts: Facts) -> list[Reason]:
    scores = [answer.score for answer in facts.answers if answer.kind == "nps" and answer.score >= 9]
    return [Reason("ask_for_referral", {"score": max(scores)})] if scores else []


WORDS: Mapping[str, Callable[[Reason, Facts], Reason | None]] = {
    "use_fell": _same("ask_what_changed"),
    "use_down": _same("ask_what_changed"),
    "critical_ticket": _ticket,
    "tickets_open": _ticket,
    "contact_left": _same("ask_who_replaces"),
    "sponsor_absent": _same("ask_who_replaces"),
    "sponsor_silent": _same("ask_for_sponsor"),
    "licences_low": _unused,
    "core_features_low": _missing_features,
    "outcomes_behind": _outcome,
    "nps_low": _survey,
    "touch_late": _same("propose_meeting"),
    "invoices_overdue": _same("settle_invoices"),
    "mrr_down": _same("ask_about_reduction"),
    "calls_disagree": _same("settle_call"),
}

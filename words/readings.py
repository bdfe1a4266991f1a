"""What a measure says of an account, in the measure's own nouns: on the card and in the workbook alike."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from words import N_, Words
from words.terms import CALLS, ROLES, THE_ROLES, term

Parts = Mapping[str, Any]


def reading(words: Words, measure: str, value: Decimal | None, parts: Parts) -> str:
    """One line: "Active licences: 61 of 120 (51 %)"."""
    return READINGS[measure](words, value, parts)


def _licences(words: Words, value: Decimal | None, parts: Parts) -> str:
    said = words._(
        "Active licences: {active} of {seats} ({percent})",
        active=words.number(parts["active"]),
        seats=words.number(parts["seats"]),
        percent=_percent(words, value),
    )
    return f"{said}, {words._('peak of a day')}" if parts.get("basis") == "peak" else said


def _core_features(words: Words, _value: Decimal | None, parts: Parts) -> str:
    return words._("Core features used: {used} of {total}", **_numbers(words, parts, "used", "total"))


def _use(words: Words, value: Decimal | None, _parts: Parts) -> str:
    if not value:
        return words._("Use: as in the 28 days before")
    return words._("Use: {change} against the 28 days before", change=_signed_percent(words, value))


def _outcomes(words: Words, _value: Decimal | None, parts: Parts) -> str:
    return words._("Required outcomes on track: {on_track} of {total}", **_numbers(words, parts, "on_track", "total"))


def _nps(words: Words, value: Decimal | None, parts: Parts) -> str:
    shown = words.number(value or 0)
    return words.ngettext("NPS {score} ({n} answer)", "NPS {score} ({n} answers)", parts["n"], score=shown)


def _csat_ces(words: Words, _value: Decimal | None, parts: Parts) -> str:
    said = [
        words.ngettext("{kind} {score} ({n} answer)", "{kind} {score} ({n} answers)", parts[f"{kind}_n"],
                       kind=kind.upper(), score=words.number(parts[kind]))
        for kind in ("csat", "ces")
        if parts.get(kind) is not None
    ]  # fmt: skip
    return " · ".join(said)


def _tickets(words: Words, _value: Decimal | None, parts: Parts) -> str:
    if not parts["open"]:
        return words._("Tickets: none open")
    if parts["critical_escalated"]:
        return words.ngettext(
            "Tickets: {n} critical escalated, open {days}",
            "Tickets: {n} critical escalated, the oldest open {days}",
            parts["critical_escalated"],
            days=_days(words, parts["critical_days"]),
        )
    if parts["critical"]:
        return words.ngettext(
            "Tickets: {n} critical, open {days}",
            "Tickets: {n} critical, the oldest open {days}",
            parts["critical"],
            days=_days(words, parts["critical_days"]),
        )
    return words.ngettext(
        "Tickets: {n} open, since {days}",
        "Tickets: {n} open, the oldest since {days}",
        parts["open"],
        days=_days(words, parts["oldest_days"]),
    )


def _touch(words: Words, _value: Decimal | None, parts: Parts) -> str:
    return words._("Last two-way touch: {ago}", ago=words.ago(int(parts["days"])))


def _sponsor(words: Words, _value: Decimal | None, parts: Parts) -> str:
    absent = [role for role in ("sponsor", "champion") if not parts[role]]
    if absent:
        return words._("No {role} that we know of", role=term(words, ROLES, absent[0]))
    role = term(words, THE_ROLES, parts["role"])
    if parts["days"] is None:
        return words._("Never spoken to {the_role}", the_role=role)
    if not parts["days"]:
        return words._("Spoken to {the_role} today", the_role=role)
    return words._("Not spoken to {the_role}: {days}", the_role=role, days=_days(words, parts["days"]))


def _invoices(words: Words, _value: Decimal | None, parts: Parts) -> str:
    if not parts["overdue"]:
        return words._("Invoices: paid")
    return words.ngettext(
        "Invoices: {n} overdue by {days}",
        "Invoices: {n} overdue, the oldest by {days}",
        parts["overdue"],
        days=_days(words, parts["days"]),
    )


def _mrr_calls(words: Words, value: Decimal | None, parts: Parts) -> str:
    flat = not value
    trend = words._("MRR flat") if flat else words._("MRR {change} in 90 days", change=_signed_percent(words, value))
    if parts.get("agreed") is None:
        return trend
    agreed = words._("renewal calls agree") if parts["agreed"] else words._("renewal calls not agreed")
    return f"{trend}, {agreed}"


READINGS: Mapping[str, Callable[[Words, Decimal | None, Parts], str]] = {
    "licences": _licences,
    "core_features": _core_features,
    "use": _use,
    "outcomes": _outcomes,
    "nps": _nps,
    "csat_ces": _csat_ces,
    "tickets": _tickets,
    "touch": _touch,
    "sponsor": _sponsor,
    "invoices": _invoices,
    "mrr_calls": _mrr_calls,
}


SHORT: Mapping[str, str] = {
    "licences": N_("active licences"),
    "core_features": N_("core features"),
    "use": N_("use"),
    "outcomes": N_("outcomes"),
    "nps": N_("NPS"),
    "csat_ces": N_("CSAT"),
    "tickets": N_("tickets"),
    "touch": N_("last touch"),
    "sponsor": N_("sponsor"),
    "invoices": N_("invoices"),
    "mrr_calls": N_("MRR and calls"),
}
FEEDS: Mapping[str, str] = {
    "licences": N_("usage"),
    "core_features": N_("usage"),
    "use": N_("usage"),
    "outcomes": N_("outcomes"),
    "nps": N_("surveys"),
    "csat_ces": N_("surveys"),
    "tickets": N_("tickets"),
    "touch": N_("touches"),
    "sponsor": N_("contacts spoken to"),
    "invoices": N_("invoices"),
    "mrr_calls": N_("contracts"),
}


def short(words: Words, measure: str) -> str:
    """The measure's name inside a sentence."""
    return words._(SHORT[measure])


def lack(words: Words, name: str, fact_on: date | None) -> str:
    """What is missing, and since when: "usage (never received)"."""
    if fact_on is None:
        return words._("{what} (never received)", what=name)
    return words._("{what} (last on {day})", what=name, day=words.day(fact_on))


def lacking_feeds(words: Words, missing: Iterable[tuple[str, date | None]]) -> list[str]:
    """The feeds behind missing measures, each once, with the newest fact that came."""
    newest: dict[str, date | None] = {}
    for measure, fact_on in missing:
        feed = FEEDS[measure]
        newest[feed] = max(filter(None, (newest.get(feed), fact_on)), default=None)
    return [lack(words, words._(feed), fact_on) for feed, fact_on in newest.items()]


def step(words: Words, measure: str, from_: Any, to: Any, parts: Parts) -> str:
    """A change that would lift the score, in the measure's own unit: "active licences from 61 to 92"."""
    return STEPS[measure](words, from_, to, parts)


def _from_to(message: str) -> Callable[[Words, Any, Any, Parts], str]:
    return lambda words, from_, to, _parts: words._(message, before=words.number(from_), after=words.number(to))


def _use_step(words: Words, _from: Any, _to: Any, parts: Parts) -> str:
    if not parts.get("since"):
        return words._("use as before")
    return words._("use as it was before {day}", day=words.short_day(parts["since"]))


def _outcome_step(words: Words, _from: Any, _to: Any, parts: Parts) -> str:
    return words._("“{statement}” back on track", statement=parts["statement"])


def _csat_step(words: Words, from_: Any, to: Any, _parts: Parts) -> str:
    return words._("satisfaction from {before} to {after}", before=_percent(words, from_), after=_percent(words, to))


def _ticket_step(words: Words, _from: Any, _to: Any, parts: Parts) -> str:
    if parts.get("escalated"):
        return words.ngettext("the escalated ticket closed", "{n} escalated tickets closed", parts["closing"])
    return words.ngettext("the open ticket closed", "{n} open tickets closed", parts["closing"])


def _sponsor_step(words: Words, _from: Any, _to: Any, parts: Parts) -> str:
    if parts.get("absent"):
        return words._("a {role} found and spoken to", role=term(words, ROLES, parts["absent"]))
    return words._("a talk with {the_role}", the_role=term(words, THE_ROLES, parts["role"]))


def _invoice_step(words: Words, from_: Any, _to: Any, _parts: Parts) -> str:
    return words.ngettext("the overdue invoice paid", "{n} overdue invoices paid", int(from_ or 1))


STEPS: Mapping[str, Callable[[Words, Any, Any, Parts], str]] = {
    "licences": _from_to(N_("active licences from {before} to {after}")),
    "core_features": _from_to(N_("core features used from {before} to {after}")),
    "use": _use_step,
    "outcomes": _outcome_step,
    "nps": _from_to(N_("NPS from {before} to {after}")),
    "csat_ces": _csat_step,
    "tickets": _ticket_step,
    "touch": lambda words, _from, _to, _parts: words._("a conversation with them"),
    "sponsor": _sponsor_step,
    "invoices": _invoice_step,
    "mrr_calls": lambda words, _from, _to, _parts: words._("the renewal calls agreed"),
}


def call(words: Words, code: str) -> str:
    return term(words, CALLS, code)


def _percent(words: Words, value: Decimal | None) -> str:
    return words.percent((value or 0) / 100)


def _signed_percent(words: Words, value: Decimal | None) -> str:
    shown = words.percent((value or Decimal(0)) / 100)
    return shown if (value or 0) <= 0 else f"+{shown}"


def _days(words: Words, days: Any) -> str:
    return words.ngettext("{n} day", "{n} days", int(days or 0))


def _numbers(words: Words, parts: Parts, *names: str) -> dict[str, str]:
    return {name: words.number(parts[name]) for name in names}

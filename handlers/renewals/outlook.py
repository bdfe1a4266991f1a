"""What the two tracks expect of renewals: the forecast of a period in money, and the calls of one line."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain.facts import Voice
from domain.money import Money, NoRate
from domain.renewals.checkpoints import Checkpoint, checkpoint
from domain.renewals.tracks import VOICES, Forecast, Line, Sums
from handlers.ask import Ask
from handlers.blocks import Block, context, named, section
from words import N_, Words
from words.terms import CALLS, term

FORECASTS: Mapping[Voice, str] = {
    "rule": N_("rule {amount}"),
    "csm": N_("CSM {amount}"),
    "final": N_("final {amount}"),
}
SAID: Mapping[Voice, str] = {"rule": N_("rule “{call}”"), "csm": N_("CSM “{call}”"), "final": N_("final “{call}”")}
MISSING: Mapping[Voice, str] = {"csm": N_("the CSM's call is missing"), "final": N_("the final call is missing")}
DUE: Mapping[str, str] = {
    "review_outcomes": N_("review the outcomes with them"),
    "review_value": N_("show the value reached"),
    "give_call": N_("give a call other than “monitor”"),
    "send_offer": N_("send the offer"),
    "agree_terms": N_("agree the terms"),
    "final_call": N_("make the final call"),
}
CALLED: Mapping[str, Voice] = {"give_call": "csm", "final_call": "final"}


def total(ask: Ask, annual: Mapping[str, Decimal]) -> str:
    """In the organisation's currency; where a rate is lacking, each currency by itself."""
    try:
        found = ask.policy.exchange.total(Money(amount, currency) for currency, amount in annual.items())
    except NoRate:
        return " + ".join(_money(ask.words, amount, currency) for currency, amount in sorted(annual.items()))
    return _money(ask.words, found.amount, found.currency)


def _money(words: Words, amount: Decimal, currency: str) -> str:
    return words.money(amount.quantize(Decimal(1)), currency)


def blocks(ask: Ask, expected: Forecast) -> tuple[Block, ...]:
    """The forecast by voice with what is open, what disagrees and lacks, and what each call counts."""
    words = ask.words
    said = [_forecast(ask, voice, expected.sums[voice]) for voice in VOICES]
    return (
        section(f"*{words._('Forecast')}* · {' · '.join(said)}", " · ".join(_lacking(words, expected))),
        context(_weights(ask, expected)),
    )


def _forecast(ask: Ask, voice: Voice, sums: Sums) -> str:
    said = ask.words._(FORECASTS[voice], amount=total(ask, sums.called))
    return f"{said} ({ask.words._('open: {amount}', amount=total(ask, sums.open))})" if sums.open else said


def _lacking(words: Words, expected: Forecast) -> Iterator[str]:
    if expected.disagree:
        yield words._("calls disagree: {n}", n=words.number(expected.disagree))
    if expected.missing["csm"]:
        yield words._("CSM's calls missing: {n}", n=words.number(expected.missing["csm"]))
    if expected.missing["final"]:
        yield words._("final calls missing: {n}", n=words.number(expected.missing["final"]))
    if not (expected.disagree or any(expected.missing.values())):
        yield words._("every call is given, and they agree")


def _weights(ask: Ask, expected: Forecast) -> str:
    words, share = ask.words, ask.policy.renewals
    said = words._(
        "“renew” counts whole, “reduced” the amount given or {reduce}, “at risk” {at_risk}, “lose” {lose}; "
        "open: no call yet, or “monitor”. An account that leaves counts nothing.",
        reduce=words.percent(share.reduce), at_risk=words.percent(share.at_risk), lose=words.percent(share.lose),
    )  # fmt: skip
    currencies = {currency for sums in expected.sums.values() for currency in (*sums.called, *sums.open)}
    rates = ask.policy.exchange
    if rates.on and currencies - {rates.base} and currencies <= {rates.base, *rates.worth}:
        said += " " + words._("Rates of {day}.", day=words.day(rates.on))
    return said


def lines(ask: Ask, line: Line) -> Iterator[str]:
    """The calls of one renewal, and the checkpoint it is at."""
    if line.renewal.leaving:
        return
    yield _calls(ask.words, line)
    yield from next_step(ask, line)


def next_step(ask: Ask, line: Line) -> Iterator[str]:
    """The checkpoint that a renewal is at, and what is due there."""
    policy = ask.policy.renewals
    at = checkpoint(line.renewal, ask.today, steps=policy.checkpoints, half_term=policy.half_term,
                    decision=policy.decision)  # fmt: skip
    if at:
        yield _checkpoint(ask.words, line, at)


def _calls(words: Words, line: Line) -> str:
    calls = line.tracks.calls
    said = [words._(SAID[voice], call=term(words, CALLS, call.call)) for voice, call in calls.items()]
    said += [words._(MISSING[voice]) for voice in line.tracks.missing]
    shown = words._("Calls: {calls}", calls=" · ".join(said))
    return f"{shown} → ⚠️ {words._('they disagree')}" if line.tracks.disagree else shown


def _checkpoint(words: Words, line: Line, at: Checkpoint) -> str:
    due = [code for code in at.due if CALLED.get(code) not in line.tracks.calls or CALLED[code] in line.tracks.missing]
    wanted = words.listed(named(term(words, DUE, code), 60) for code in due) or words._("nothing is due")
    said = words._("{where}: {due}", where=_where(words, at), due=wanted)
    if at.next_on is None or at.code != "days":
        return said
    return f"{said} · {words._('next on {day}', day=words.short_day(at.next_on))}"


def _where(words: Words, at: Checkpoint) -> str:
    if at.code == "days":
        return words.ngettext("Checkpoint {n} day before the decision", "Checkpoint {n} days before the decision",
                              at.days or 0)  # fmt: skip
    if at.code == "half_term":
        return words._("Below half the term")
    if at.code == "decision":
        return words._("The decision is today")
    return words._("The decision date has passed ({day})", day=words.short_day(at.since))

"""The two tracks of a renewal: what the rule says, what the CSM says, and what was finally settled; in money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.facts import Call, RenewalCall, Voice
from domain.money import Money
from domain.renewals.checkpoints import decides_from
from domain.renewals.renewals import Renewal

VOICES: tuple[Voice, ...] = ("rule", "csm", "final")
PEOPLE: tuple[Voice, ...] = ("csm", "final")


@dataclass(frozen=True, slots=True)
class Tracks:
    """The latest call of each voice on one renewal; `missing`: who has yet to say something that counts."""

    calls: Mapping[Voice, RenewalCall]
    missing: tuple[Voice, ...]

    @property
    def disagree(self) -> bool:
        return len({call.call for call in self.calls.values()}) > 1


@dataclass(frozen=True, slots=True)
class Line:
    """One renewal and its calls; `due`: what the account's contracts of that end and currency are worth together."""

    renewal: Renewal
    tracks: Tracks
    due: Decimal


@dataclass(frozen=True, slots=True)
class Weights:
    """What a call counts of the amount due, 0 to 1; renew counts whole."""

    reduce: Decimal
    at_risk: Decimal
    lose: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Annual amounts by currency: `called` after the calls' weights, `open` where there is no call that counts."""

    called: dict[str, Decimal] = field(default_factory=dict)
    open: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of a period: the sums of each voice, how many lines disagree, and how many lack a voice's call."""

    sums: Mapping[Voice, Sums]
    disagree: int
    missing: Mapping[Voice, int]


def tracks(calls: Iterable[RenewalCall], renewal: Renewal, today: date) -> Tracks:
    """The calls on this renewal. The rule's of the account's next renewal stands for the later ones that have none.

    Inside 90 days of the decision (half a month month to month) a "monitor" counts as missing. Of a renewal that
    somebody ended already nothing is asked.
    """
    known = sorted(calls, key=lambda call: call.given_on)
    mine = {call.by: call for call in known if call.renewal_on == renewal.ends_on}
    if "rule" not in mine:
        mine |= {call.by: call for call in known if call.by == "rule" and call.renewal_on >= today}
    if renewal.leaving:
        return Tracks({}, ())
    lapsed = today >= decides_from(renewal)
    lacking = (v for v in PEOPLE if v not in mine or (lapsed and mine[v].call == "monitor"))
    return Tracks({voice: mine[voice] for voice in VOICES if voice in mine}, tuple(lacking))


def counted(line: Line, voice: Voice, weights: Weights) -> Money | None:
    """What the voice's call makes of the amount due; None where it is open: no call, or "monitor"."""
    money = line.renewal.version.annual
    if line.renewal.leaving:
        return money * 0
    call = line.tracks.calls.get(voice)
    if call is None or call.call == "monitor":
        return None
    if call.call == "reduce" and call.annual is not None and line.due:
        return money * min(call.annual, line.due) / line.due
    return money * _weight(call.call, weights)


def forecast(lines: Iterable[Line], weights: Weights) -> Forecast:
    """The period as each voice sees it; currencies are kept apart."""
    sums = {voice: Sums() for voice in VOICES}
    disagree, missing = 0, dict.fromkeys(PEOPLE, 0)
    for line in lines:
        money = line.renewal.version.annual
        disagree += line.tracks.disagree
        for voice in VOICES:
            amount = counted(line, voice, weights)
            into = sums[voice].open if amount is None else sums[voice].called
            into[money.currency] = into.get(money.currency, Decimal(0)) + (money if amount is None else amount).amount
        for voice in line.tracks.missing:
            missing[voice] += 1
    return Forecast(sums, disagree, missing)


def _weight(call: Call, weights: Weights) -> Decimal:
    return {"reduce": weights.reduce, "at_risk": weights.at_risk, "lose": weights.lose}.get(call, Decimal(1))

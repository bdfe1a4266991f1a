"""What the signals of the policy notice of one account, and what each is ranked by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from domain.alerts.alerts import Alert, Key, Severity, Signal, Standing, Told
from domain.cases import Case
from domain.conditions import Wanted, all_hold, holds
from domain.fact_kinds import KINDS, Situation, Value
from domain.money import Rates
from domain.policies.policy_alerts import SignalPolicy
from domain.reasons import Plain
from domain.risks import amount, urgency_of, weigh
from domain.seen import Seen
from domain.situations import Asked

NOT_OURS = {"former", "prospect"}
LEAVING = "leaving"
LEAST_SHARE: Mapping[Severity, float] = {"urgent": 0.7, "high": 0.4, "normal": 0.1, "good": 0.0}
"""How much of the money is at risk at least, whatever the score: a healthy account may have an urgent alert."""
LEAST_URGENCY: Mapping[Severity, float] = {"urgent": 0.9, "high": 0.3, "normal": 0.0, "good": 0.0}
MEASURED = {"percent", "points"}
SCORING = "(scoring)"
Owners = Mapping[Told, str | None]


@dataclass(frozen=True, slots=True)
class Noticed:
    """staying: open alerts of it that are not noticed any more, and whose line is not left either."""

    signals: tuple[Signal, ...]
    staying: frozenset[Key]
    leaving: bool = False


def notice(seen: Seen, watched: Mapping[str, SignalPolicy], open_: Iterable[Alert], owners: Owners) -> Noticed:
    """owners: who is told as csm, lead, admin of this account."""
    state = seen.case.health.state
    if state in NOT_OURS:
        return Noticed((), frozenset(), leaving=True)
    asked, standing = Asked(seen), _standing(seen.case, seen.policy.exchange)
    whole = amount(seen.case.annual, seen.policy.exchange)
    mine = {kind: signal for kind, signal in watched.items() if state != LEAVING or signal.leaving}
    number = seen.facts.account.number
    found = [
        _signal(number, kind, signal, met, asked, _urged(standing, whole, signal, asked), owners.get(signal.tell))
        for kind, signal in mine.items()
        if (met := _met(signal, asked)) is not None
    ]
    keys = {signal.key for signal in found}
    staying = (a.key for a in open_ if a.key not in keys and a.kind in mine and _stays(mine[a.kind], a, asked))
    return Noticed(tuple(found), frozenset(staying), state == LEAVING)


def _met(signal: SignalPolicy, asked: Situation) -> Mapping[str, Wanted] | None:
    met = next((one for one in signal.when if all_hold(one, asked)), None)
    return None if met is None or any(all_hold(one, asked) for one in signal.unless) else met


def _signal(
    number: int, kind: str, signal: SignalPolicy, met: Mapping[str, Wanted], asked: Asked, standing: Standing,
    owner: str | None,
) -> Signal:  # fmt: skip
    shown = dict.fromkeys((*met, *signal.show))
    return Signal(
        account=number,
        kind=kind,
        reason=_reason(signal, asked),
        severity=signal.severity,
        told=signal.tell,
        params={name: _plain(asked.get(name)) for name in shown},
        days=signal.days,
        owner=owner.lower() if owner else None,
        playbook=signal.playbook,
        standing=standing,
    )


def _reason(signal: SignalPolicy, asked: Asked) -> str:
    value = asked.get(signal.each) if signal.each else None
    return "" if value is None else str(_plain(value))


def _stays(signal: SignalPolicy, alert: Alert, asked: Asked) -> bool:
    """With a line to leave by, until it is left; without one, only while it cannot be told."""
    if any(all_hold(one, asked) for one in signal.unless) or alert.reason != _reason(signal, asked):
        return False
    if signal.leave:
        return not any(all_hold(one, asked) for one in signal.leave)
    return any(_untold(one, asked) for one in signal.when)


def _untold(one: Mapping[str, Wanted], asked: Situation) -> bool:
    """All that is known of it holds, and a measure is not known: silence is no good news."""
    values = [(name, wanted, asked.get(name)) for name, wanted in one.items()]
    lacking = [name for name, _, value in values if value is None]
    told = all(holds(wanted, value) for _, wanted, value in values if value is not None)
    return bool(lacking) and told and all(KINDS.get(name) in MEASURED for name in lacking)


def _standing(case: Case, rates: Rates) -> Standing:
    at_stake, urgency, chance = weigh(case, rates)
    renewal = case.renewal
    return Standing(
        at_stake=round(at_stake, 2),
        urgency=round(urgency, 6),
        chance=round(chance, 6),
        annual=case.annual,
        colour=case.health.state,
        score=case.health.score,
        decision_on=renewal.decision_on if renewal else None,
        ends_on=renewal.ends_on if renewal else None,
    )


def _urged(standing: Standing, whole: float, signal: SignalPolicy, asked: Asked) -> Standing:
    """An alert has a date of its own, and a grave one weighs more than the score alone says."""
    due = asked.get(signal.due) if signal.due else None
    urgency = max(standing.urgency, LEAST_URGENCY[signal.severity])
    if isinstance(due, float | int) and not isinstance(due, bool):
        urgency = max(urgency, urgency_of(due))
    at_stake = max(standing.at_stake, whole * LEAST_SHARE[signal.severity])
    return replace(standing, at_stake=round(at_stake, 2), urgency=round(urgency, 6))


def _plain(value: Value) -> Plain:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else value


def owners_of(csm: str | None, managers: Mapping[str, str]) -> Owners:
    """managers: by the e-mail of whom they lead, both in lower case."""
    email = csm.lower() if csm else None
    return {"csm": email, "lead": managers.get(email) if email else None, "admin": None}


def quiet_kinds(watched: Mapping[str, SignalPolicy], scoring: str, before: Mapping[str, str] | None) -> frozenset[str]:
    """The signals that make of the same facts something else than the last time; before: as `asked_now` gave it then.

    None before the first time, when nothing is quiet.
    """
    if before is None:
        return frozenset()
    other = before.get(SCORING) != scoring
    return frozenset(
        kind for kind, signal in watched.items() if before.get(kind) != signal.digest or (other and signal.scored)
    )


def asked_now(watched: Mapping[str, SignalPolicy], scoring: str) -> dict[str, str]:
    return {SCORING: scoring, **{kind: signal.digest for kind, signal in watched.items()}}

"""What the signals of the policy notice of one account, and what each is ranked by."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.alerts.alerts import Alert, Key, Severity, Signal, Standing, Told
from domain.alerts.rules import Rule, Rules, Watched, Way, any_holds
from domain.cases import Case
from domain.fact_kinds import Value
from domain.policies.policy_alerts import SignalPolicy
from domain.reasons import Plain
from domain.risks import amount, urgency_of, weigh
from domain.seen import Seen
from domain.situations import Made

NOTHING: frozenset[Key] = frozenset()
NOT_OURS = {"former", "prospect"}
LEAVING = "leaving"
LEAST_SHARE: Mapping[Severity, float] = {"urgent": 0.7, "high": 0.4, "normal": 0.1, "good": 0.0}
"""How much of the money is at risk at least, whatever the score: a healthy account may have an urgent alert."""
LEAST_URGENCY: Mapping[Severity, float] = {"urgent": 0.9, "high": 0.3, "normal": 0.0, "good": 0.0}
SCORING = "(scoring)"
Owners = Mapping[Told, str | None]


@dataclass(frozen=True, slots=True)
class Noticed:
    """staying: open alerts of it that are not noticed any more, and whose line is not left either."""

    signals: tuple[Signal, ...]
    staying: frozenset[Key]
    leaving: bool = False


def notice(seen: Seen, watched: Watched, open_: Collection[Alert], owners: Owners) -> Noticed:
    """owners: who is told as csm, lead, admin of this account."""
    state = seen.case.health.state
    if state in NOT_OURS:
        return Noticed((), NOTHING, leaving=True)
    made, mine = Made(seen), watched.of_leaving if state == LEAVING else watched.every
    met = tuple(mine.met(made))
    found = tuple(_signals(seen, met, made, owners)) if met else ()
    staying = frozenset(_staying(mine, open_, {signal.key for signal in found}, made)) if open_ else NOTHING
    return Noticed(found, staying, state == LEAVING)


def _signals(seen: Seen, met: Iterable[tuple[Rule, Way]], made: Made, owners: Owners) -> Iterator[Signal]:
    number, case, rates = seen.facts.account.number, seen.case, seen.policy.exchange
    weighed, whole = weigh(case, rates), amount(case.annual, rates)
    for rule, way in met:
        signal = rule.signal
        yield Signal(
            number,
            rule.kind,
            _reason(signal, made),
            signal.severity,
            signal.tell,
            {name: _plain(made[name]) for name in way.shown},
            signal.days,
            owners.get(signal.tell),
            signal.playbook,
            _standing(case, weighed, whole, signal, made),
        )


def _reason(signal: SignalPolicy, made: Made) -> str:
    value = made[signal.each] if signal.each else None
    return "" if value is None else str(_plain(value))


def _staying(mine: Rules, open_: Iterable[Alert], found: Collection[Key], made: Made) -> Iterator[Key]:
    for alert in open_:
        rule = mine.of.get(alert.kind)
        if rule is not None and alert.key not in found and _stays(rule, alert, made):
            yield alert.key


def _stays(rule: Rule, alert: Alert, made: Made) -> bool:
    """With a line to leave by, until it is left; without one, only while it cannot be told."""
    if any_holds(rule.unless, made) or alert.reason != _reason(rule.signal, made):
        return False
    return not any_holds(rule.leave, made) if rule.leave else rule.untold(made)


def _standing(
    case: Case, weighed: tuple[float, float, float], whole: float, signal: SignalPolicy, made: Made
) -> Standing:
    """An alert has a date of its own, and a grave one weighs more than the score alone says."""
    at_stake, urgency, chance = weighed
    due = made[signal.due] if signal.due else None
    if isinstance(due, float | int) and not isinstance(due, bool):
        urgency = max(urgency, urgency_of(due))
    renewal = case.renewal
    return Standing(
        round(max(at_stake, whole * LEAST_SHARE[signal.severity]), 2),
        round(max(urgency, LEAST_URGENCY[signal.severity]), 6),
        round(chance, 6),
        case.annual,
        case.health.state,
        case.health.score,
        renewal.decision_on if renewal else None,
        renewal.ends_on if renewal else None,
    )


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

"""Critical signals, rules that hold a colour down, and the rule's renewal call."""

from collections.abc import Mapping, Sequence
from typing import Literal

from domain.accounts import KEY_ROLES, ContactRole
from domain.facts import Call, Facts
from domain.health.evidence import departed, is_open
from domain.health.measures import use
from domain.health.rules import CapCode, Rules
from domain.health.scores import COLOURS, Cap, Factor, Health, Reading
from domain.policies.policy import Policy
from domain.reasons import Plain, Reason
from domain.renewals.renewals import Renewal

DECISION_DAYS = 90
FALL = -10
HALF_A_MONTH = 15
NOTHING_AGAINST = Reason("nothing_against")
LEFT: Mapping[CapCode, ContactRole] = {"champion_left": "champion", "sponsor_left": "sponsor"}


def critical(facts: Facts, policy: Policy, measured: Factor | None = None) -> tuple[Reason, ...]:
    """Signals that do not wait for the score: use fell, an escalated critical ticket, a key contact left.

    measured: the use of the account, where it was measured already.
    """
    rules = policy.rules
    found = (
        use_fell(facts, rules, measured.reading if measured else None),
        critical_ticket(facts) if rules.critical.ticket else None,
        _left("contact_left", facts, KEY_ROLES, rules.critical.contact_left_days),
    )
    return tuple(reason for reason in found if reason)


def use_fell(facts: Facts, rules: Rules, reading: Reading | None = None) -> Reason | None:
    """The 28 days against the 28 before fell by the policy's `use_fall` % or more (default 40).

    reading: of its use, where it is at hand.
    """
    line = rules.critical.use_fall
    if line is None:
        return None
    reading = reading or use(facts, rules)
    if reading.state != "fresh" or reading.value is None or reading.value > -line:
        return None
    return Reason("use_fell", {"percent": round(-reading.value), "since": reading.parts["since"]})


def critical_ticket(facts: Facts) -> Reason | None:
    """Critical tickets that are open and escalated; `days` and `since` are the oldest's."""
    mine = [t for t in facts.tickets if t.severity == "critical" and t.escalated and is_open(t, facts.day)]
    if not mine:
        return None
    since = min(ticket.opened_on for ticket in mine)
    return Reason("critical_ticket", {"count": len(mine), "days": (facts.day - since).days, "since": since})


def holding(facts: Facts, rules: Rules, score: int, of_use: Reading | None = None) -> Cap | None:
    """The rule that holds the colour of this score lowest, if any does; the policy's order breaks ties.

    of_use: the reading of its use, where it is at hand.
    """
    band = COLOURS.index(rules.band(score))
    for code, most in rules.caps.items():
        if COLOURS.index(most) < band and (reason := _cap_reason(code, facts, rules, of_use)):
            return Cap(code, most, reason.params)
    return None


def _cap_reason(code: CapCode, facts: Facts, rules: Rules, of_use: Reading | None) -> Reason | None:
    if code in LEFT:
        return _left(code, facts, (LEFT[code],), rules.contact_left_days)
    return critical_ticket(facts) if code == "critical_ticket" else use_fell(facts, rules, of_use)


def _left(code: str, facts: Facts, roles: Sequence[ContactRole], within: int | None) -> Reason | None:
    gone = departed(facts, roles, within) if within is not None and facts.contacts else None
    if gone is None or gone.left_on is None:
        return None
    days = (facts.day - gone.left_on).days
    params: dict[str, Plain] = {"role": gone.role, "since": gone.left_on, "days": days}
    return Reason(code, params)


def rule_call(
    health: Health,
    renewal: Renewal | None,
    *,
    change_30d: int | None,
    critical: Sequence[Reason],
    at_risk_below: int = 50,
    licences_red_below: float = 0.5,
) -> tuple[Call, Reason]:
    """The rule's renewal call and the first rule that held; source: docs/metrics, Health.

    Notice → lose; red, critical, or yellow after −10 in 30 days → at_risk; unknown → monitor, at_risk inside 90 days
    of the decision; licences red → reduce; else renew. The two lines are policy (`at_risk_below`, bands).
    """
    if health.state == "leaving" or (renewal and renewal.leaving):
        return "lose", _notice(renewal)
    danger = at_risk(health, change_30d=change_30d, critical=critical, at_risk_below=at_risk_below)
    if danger:
        return "at_risk", danger[0]
    if health.state == "unknown":
        return _call_unknown(health, renewal)
    licences = health.factor("licences")
    if licences and (licences.reading.fraction or 0) < licences_red_below:
        parts = licences.reading.parts
        return "reduce", Reason("licences_red", {**_of(parts, "active", "seats"), "percent": licences.reading.value})
    return "renew", NOTHING_AGAINST


def at_risk(
    health: Health, *, change_30d: int | None, critical: Sequence[Reason], at_risk_below: int
) -> tuple[Reason, ...]:
    """Every reason for which a scored account is at risk; a critical signal holds whatever the state."""
    found: list[Reason] = []
    if health.score is not None and (health.state == "red" or health.score < at_risk_below):
        found.append(Reason("score_red", {"score": health.score, "line": at_risk_below}))
    found += critical
    if health.state == "yellow" and change_30d is not None and change_30d <= FALL:
        found.append(Reason("score_fell", {"score": health.score, "points": -change_30d}))
    return tuple(found)


def deciding(renewal: Renewal | None) -> bool:
    """The decision is near: inside 90 days, month to month below half the term."""
    if renewal is None:
        return False
    return renewal.days_to_decide <= (HALF_A_MONTH if renewal.kind == "month_to_month" else DECISION_DAYS)


def _call_unknown(health: Health, renewal: Renewal | None) -> tuple[Literal["at_risk", "monitor"], Reason]:
    if renewal and deciding(renewal):
        params = {"coverage": health.coverage, "days": renewal.days_to_decide}
        return "at_risk", Reason("unknown_before_decision", params)
    return "monitor", Reason("health_unknown", {"coverage": health.coverage})


def _notice(renewal: Renewal | None) -> Reason:
    if renewal is None:
        return Reason("gave_notice", {"since": None, "ends_on": None})
    return Reason("gave_notice", {"since": renewal.version.notice_given_on, "ends_on": renewal.ends_on})


def _of(parts: Mapping[str, Plain], *names: str) -> dict[str, Plain]:
    return {name: parts.get(name) for name in names}

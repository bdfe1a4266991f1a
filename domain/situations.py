"""What the rules of playbooks and alerts may ask of an account: each fact by its name, None where it is not known."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from domain.accounts import KEY_ROLES, Contact
from domain.cases import Case
from domain.evidence import SIDES, is_open, latest_call, on_track, present, started_on
from domain.facts import Answer, Call, Facts
from domain.measures import read
from domain.policy import Policy
from domain.policy_experience import FitValue
from domain.policy_journey import Stage
from domain.rules import Measure
from domain.scores import State

Kind = Literal["percent", "points", "days", "count", "money", "flag", "word", "words"]
Value = float | bool | str | frozenset[str] | None
Situation = Mapping[str, Value]

LOW: Mapping[str, int] = {"nps": 6, "csat": 2, "ces": 3}
PROMOTER = 9
BACK_AFTER = timedelta(180)
MONTH = timedelta(30)
REVIEWS = {"review", "quarterly_review", "qbr"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a situation is made of. `running`: names of the plays that run; `asked_on`: last asked for a referral."""

    facts: Facts
    case: Case
    policy: Policy
    stage: Stage | None = None
    fit: str | None = None
    at_risk: bool | None = None
    running: frozenset[str] = frozenset()
    asked_on: date | None = None
    handed_over_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    kind: Kind
    of: Callable[[Seen], Value]


def situation(seen: Seen) -> Situation:
    """Every fact of FACTS, and the company's own columns x_*."""
    own = {name: str(value) for name, value in seen.facts.account.extra.items() if name.startswith("x_")}
    return {name: fact.of(seen) for name, fact in FACTS.items()} | own


def _measure(name: Measure) -> Fact:
    def value(seen: Seen) -> Value:
        factor = seen.case.health.factor(name)
        found = factor.reading if factor else read(seen.facts, seen.policy.rules, (name,), seen.case.contracts)[name]
        return None if found.state != "fresh" or found.value is None else float(found.value)

    return Fact("points" if name == "nps" else "percent", value)


def _word(name: str) -> Fact:
    def value(seen: Seen) -> Value:
        said = getattr(seen.facts.account, name)
        return str(said) if said else None

    return Fact("word", value)


def _since(day: Callable[[Seen], date | None]) -> Fact:
    """Days since; None where it has not been."""

    def value(seen: Seen) -> Value:
        on = day(seen)
        return None if on is None or on > seen.facts.day else float((seen.facts.day - on).days)

    return Fact("days", value)


def _count(of: Callable[[Facts], Iterable[object]]) -> Fact:
    return Fact("count", lambda seen: float(sum(1 for _ in of(seen.facts))))


def _renewal(name: Literal["days_to_decide", "days_left", "term_months"]) -> Callable[[Seen], Value]:
    def value(seen: Seen) -> Value:
        renewal = seen.case.renewal
        return None if renewal is None else float(getattr(renewal, name))

    return value


def _began_on(seen: Seen) -> date | None:
    """The first paid day, or that of its return after half a year without a contract."""
    held = (s for s in seen.case.contracts if s.version.paying and s.first <= seen.facts.day)
    paid = sorted(((span.first, span.until) for span in held), key=lambda days: (days[0], days[1] or date.max))
    if not paid:
        return started_on(seen.facts)
    began, last = paid[0][0], paid[0][1]
    for first, until in paid[1:]:
        if last is not None and first - last > BACK_AFTER:
            began = first
        last = None if last is None or until is None else max(last, until)
    return began


def _product_on(seen: Seen) -> date | None:
    """When its newest product began."""
    began: dict[str, date] = {}
    for version in seen.facts.versions:
        if version.paying and not version.renews and version.starts_on <= seen.facts.day:
            began[version.product] = min(version.starts_on, began.get(version.product, version.starts_on))
    return max(began.values(), default=None)


def _left_on(seen: Seen) -> date | None:
    """When the last of its contracts ended, for one that has none in force."""
    contracts, day = [s for s in seen.case.contracts if s.version.paying], seen.facts.day
    if not contracts or any(span.covers(day) for span in contracts):
        return None
    return max((span.until for span in contracts if span.until and span.until <= day), default=None)


def _first_value(seen: Seen) -> bool:
    began = _began_on(seen)
    reached = [m.reached_on for m in seen.facts.milestones if m.milestone == "first_value"]
    return any(began is None or day >= began for day in reached)


def _missing(seen: Seen) -> Value:
    """Which of champion and sponsor nobody is; None where no roles were ever told."""
    roles = {c.role for c in seen.facts.contacts if c.role in KEY_ROLES}
    if not roles:
        return None
    here = {c.role for c in seen.facts.contacts if c.left_on is None}
    return frozenset(side for side, roles in SIDES.items() if not here & set(roles))


def _key_left_on(seen: Seen) -> date | None:
    return max((c.left_on for c in seen.facts.contacts if c.left_on and c.role in KEY_ROLES), default=None)


def _sponsor_on(seen: Seen) -> date | None:
    here = [c for c in seen.facts.contacts if c.left_on is None and c.role in SIDES["sponsor"]]
    return max((c.last_touch_on for c in here if c.last_touch_on), default=None)


def low(answer: Answer) -> bool:
    """NPS 0-6, CSAT 1-2, CES 1-3."""
    return answer.score <= LOW[answer.kind]


def unanswered(facts: Facts) -> list[Answer]:
    """Low answers whose giver nobody has spoken to since; without a name, nobody of the account."""
    spoken = {c.contact_id: c.last_touch_on for c in facts.contacts}
    found = []
    for answer in filter(low, facts.answers):
        since = spoken.get(answer.contact_id) if answer.contact_id in spoken else facts.touched_on
        if since is None or since < answer.answered_on:
            found.append(answer)
    return found


def _for_age(seen: Seen) -> Value:
    """Points of active licences, which ask more of an older account: from 50 it is no longer red."""
    factor = seen.case.health.factor("licences")
    rules = seen.policy.rules
    found = factor.reading if factor else read(seen.facts, rules, ("licences",), seen.case.contracts)["licences"]
    return None if found.state != "fresh" or found.fraction is None else found.fraction * 100


def silent(facts: Facts) -> list[Contact]:
    """Key people who have not spoken to us for longer than a month, while others of the account have."""
    if facts.touched_on is None or facts.day - facts.touched_on > MONTH:
        return []
    key = (c for c in facts.contacts if c.role in KEY_ROLES and present(c, facts.day) and c.last_touch_on)
    return [contact for contact in key if contact.last_touch_on and facts.day - contact.last_touch_on > MONTH]


def reviewed_on(facts: Facts) -> date | None:
    """The last review that was held: a milestone of one of the names REVIEWS."""
    held = (m.reached_on for m in facts.milestones if m.milestone in REVIEWS and m.reached_on <= facts.day)
    return max(held, default=None)


def _csm_call(seen: Seen) -> Value:
    said = latest_call(seen.facts, ("final", "csm"))
    return said.call if said else None


def _rule_call(seen: Seen) -> Value:
    return seen.case.rule[0] if seen.case.rule else None


def _calls_agree(seen: Seen) -> Value:
    csm, rule = _csm_call(seen), _rule_call(seen)
    return None if csm is None or rule is None else csm == rule


def _promoted_on(seen: Seen) -> date | None:
    promoters = [a.answered_on for a in seen.facts.answers if a.kind == "nps" and a.score >= PROMOTER]
    return max(promoters, default=None)


def _reason(seen: Seen) -> Value:
    left = [v for v in seen.facts.versions if v.cancel_reason]
    return max(left, key=lambda v: v.starts_on).cancel_reason if left else None


def _growth(seen: Seen) -> Value:
    """What could still be sold a month, in the account's currency."""
    potential = seen.facts.account.potential_mrr
    return None if potential is None else max(float(potential) - (_mrr(seen) or 0.0), 0.0)


def _mrr(seen: Seen) -> float | None:
    return float(seen.case.annual.amount / 12) if seen.case.annual else None


def _critical_on(seen: Seen) -> date | None:
    day = seen.facts.day
    return min((t.opened_on for t in seen.facts.tickets if t.severity == "critical" and is_open(t, day)), default=None)


def _overdue(facts: Facts) -> Iterable[object]:
    return (i for i in facts.invoices if i.due_on < facts.day and (i.paid_on is None or i.paid_on > facts.day))


FACTS: Mapping[str, Fact] = {
    "colour": Fact("word", lambda seen: seen.case.health.state),
    "score": Fact("points", lambda seen: seen.case.health.score),
    "change_30d": Fact("points", lambda seen: seen.case.change_30d),
    "coverage": Fact("percent", lambda seen: float(seen.case.health.coverage)),
    "at_risk": Fact("flag", lambda seen: seen.at_risk),
    "critical": Fact("flag", lambda seen: bool(seen.case.critical)),
    **{name: _measure(name) for name in ("licences", "core_features", "use", "outcomes", "csat_ces", "nps")},
    "licences_for_age": Fact("points", _for_age),
    "usage_age": _since(lambda seen: seen.facts.usage.newest_on if seen.facts.usage else None),
    "stage": Fact("word", lambda seen: seen.stage),
    "segment": _word("segment"),
    "tier": _word("tier"),
    "fit": Fact("word", lambda seen: seen.fit),
    "country": _word("country"),
    "industry": _word("industry"),
    "relationship": _word("relationship"),
    "csm": _word("csm"),
    "customer_days": _since(lambda seen: started_on(seen.facts)),
    "began_days": _since(_began_on),
    "product_days": _since(_product_on),
    "onboarding": Fact("flag", lambda seen: seen.case.health.state == "onboarding"),
    "first_value": Fact("flag", _first_value),
    "leaving": Fact("flag", lambda seen: seen.case.health.state == "leaving"),
    "former_days": _since(_left_on),
    "cancel_reason": Fact("word", _reason),
    "decision_days": Fact("days", _renewal("days_to_decide")),
    "end_days": Fact("days", _renewal("days_left")),
    "term_months": Fact("count", _renewal("term_months")),
    "rule_call": Fact("word", _rule_call),
    "csm_call": Fact("word", _csm_call),
    "calls_agree": Fact("flag", _calls_agree),
    "automatic": Fact("flag", lambda seen: seen.case.renewal.automatic if seen.case.renewal else None),
    "mrr": Fact("money", _mrr),
    "growth_mrr": Fact("money", _growth),
    "missing_roles": Fact("words", _missing),
    "key_left_days": _since(_key_left_on),
    "key_silent_days": _since(
        lambda seen: min((c.last_touch_on for c in silent(seen.facts) if c.last_touch_on), default=None)
    ),
    "review_days": _since(lambda seen: reviewed_on(seen.facts) or _began_on(seen)),
    "sponsor_days": _since(_sponsor_on),
    "touch_days": _since(lambda seen: seen.facts.touched_on),
    "handed_over_days": _since(lambda seen: seen.handed_over_on),
    "open_tickets": _count(lambda facts: (t for t in facts.tickets if is_open(t, facts.day))),
    "critical_tickets": _count(
        lambda facts: (t for t in facts.tickets if is_open(t, facts.day) and t.severity == "critical")
    ),
    "escalated_tickets": _count(lambda facts: (t for t in facts.tickets if is_open(t, facts.day) and t.escalated)),
    "critical_days": _since(_critical_on),
    "overdue_invoices": _count(_overdue),
    "low_answer_days": _since(lambda seen: max((a.answered_on for a in unanswered(seen.facts)), default=None)),
    "low_answers_30d": _count(
        lambda facts: (a for a in facts.answers if low(a) and facts.day - a.answered_on <= MONTH)
    ),
    "promoter_days": _since(_promoted_on),
    "outcomes_on_track": _count(lambda facts: (o for o in facts.outcomes if on_track(o, facts))),
    "outcomes_open": _count(lambda facts: (o for o in facts.outcomes if o.achieved_on is None)),
    "outcome_overdue_days": _since(
        lambda seen: min((o.due_on for o in seen.facts.outcomes if o.due_on and o.achieved_on is None), default=None)
    ),
    "confirmed_days": _since(
        lambda seen: max((o.confirmed_on for o in seen.facts.outcomes if o.confirmed_on), default=None)
    ),
    "asked_days": _since(lambda seen: seen.asked_on),
    "running": Fact("words", lambda seen: seen.running),
}
OF_PLAY: Mapping[str, Kind] = {
    "progress": "percent",
    "reached": "flag",
    "open": "words",
    "play_days": "days",
    "late_days": "days",
    "unanswered": "count",
    "gained": "count",
    "done": "percent",
}
"""What a follow-up may ask besides: the way from baseline to target, activities still open, days since the start, days
that the latest of them is late, front-stage attempts without an answer, health measures that gained points since the
start, tasks of the play (and what was agreed in it) that are done of those due so far."""
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "colour": get_args(State),
    "stage": get_args(Stage),
    "fit": get_args(FitValue),
    "rule_call": get_args(Call),
    "csm_call": get_args(Call),
    "missing_roles": tuple(SIDES),
}
"""Facts whose words are ours; those of the others are the company's."""
KINDS: Mapping[str, Kind] = {**{name: fact.kind for name, fact in FACTS.items()}, **OF_PLAY}

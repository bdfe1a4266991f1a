"""What the rules of playbooks and alerts may ask of an account: each fact by its name, None where it is not known."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

from domain.accounts import KEY_ROLES, Contact
from domain.alerts.noticed import NOTICED, low, overdue, promoted_on, unanswered
from domain.fact_kinds import Situation, Value
from domain.facts import Facts
from domain.health.evidence import SIDES, is_open, latest_call, on_track, present, started_on
from domain.health.measures import read
from domain.health.rules import Measure
from domain.seen import Fact, Seen, since

BACK_AFTER = timedelta(180)
MONTH = timedelta(30)
REVIEWS = {"review", "quarterly_review", "qbr"}


def situation(seen: Seen) -> Situation:
    """Every fact of FACTS, and the company's own columns x_*."""
    own = {name: str(value) for name, value in seen.facts.account.extra.items() if name.startswith("x_")}
    return {name: of(seen) for name, of in FACTS.items()} | own


class Made(dict[str, Value]):
    """Facts of one account by name, each made the first time that it is asked for; None where it is not known."""

    __slots__ = ("seen",)

    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self.seen = seen

    def __missing__(self, name: str) -> Value:
        of = FACTS.get(name)
        value = self[name] = _own(self.seen, name) if of is None else of(self.seen)
        return value


class Asked(Mapping[str, Value]):
    """A situation whose facts are made when they are asked for: a rule asks few of them."""

    def __init__(self, seen: Seen) -> None:
        self._made = Made(seen)

    def __getitem__(self, name: str) -> Value:
        if name in FACTS or _own(self._made.seen, name) is not None:
            return self._made[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter([*FACTS, *(name for name in self._made.seen.facts.account.extra if name.startswith("x_"))])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _own(seen: Seen, name: str) -> str | None:
    """The company's own column."""
    own = seen.facts.account.extra
    return str(own[name]) if name.startswith("x_") and name in own else None


def _measure(name: Measure) -> Fact:
    def value(seen: Seen) -> Value:
        factor = seen.case.health.factor(name)
        found = factor.reading if factor else read(seen.facts, seen.policy.rules, (name,), seen.case.contracts)[name]
        return None if found.state != "fresh" or found.value is None else float(found.value)

    return value


def _word(name: str) -> Fact:
    def value(seen: Seen) -> Value:
        said = getattr(seen.facts.account, name)
        return str(said) if said else None

    return value


def _count(of: Callable[[Facts], Iterable[object]]) -> Fact:
    return lambda seen: float(sum(1 for _ in of(seen.facts)))


def _renewal(name: Literal["days_to_decide", "days_left", "term_months"]) -> Fact:
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


FACTS: Mapping[str, Fact] = {
    "colour": lambda seen: seen.case.health.state,
    "score": lambda seen: seen.case.health.score,
    "change_30d": lambda seen: seen.case.change_30d,
    "coverage": lambda seen: float(seen.case.health.coverage),
    "at_risk": lambda seen: seen.at_risk,
    "critical": lambda seen: bool(seen.case.critical),
    **{name: _measure(name) for name in ("licences", "core_features", "use", "outcomes", "csat_ces", "nps")},
    "licences_for_age": _for_age,
    "usage_age": since(lambda seen: seen.facts.usage.newest_on if seen.facts.usage else None),
    "stage": lambda seen: seen.stage,
    "segment": _word("segment"),
    "tier": _word("tier"),
    "fit": lambda seen: seen.fit,
    "country": _word("country"),
    "industry": _word("industry"),
    "relationship": _word("relationship"),
    "csm": _word("csm"),
    "customer_days": since(lambda seen: started_on(seen.facts)),
    "began_days": since(_began_on),
    "product_days": since(_product_on),
    "onboarding": lambda seen: seen.case.health.state == "onboarding",
    "first_value": _first_value,
    "leaving": lambda seen: seen.case.health.state == "leaving",
    "former_days": since(_left_on),
    "cancel_reason": _reason,
    "decision_days": _renewal("days_to_decide"),
    "end_days": _renewal("days_left"),
    "term_months": _renewal("term_months"),
    "rule_call": _rule_call,
    "csm_call": _csm_call,
    "calls_agree": _calls_agree,
    "automatic": lambda seen: seen.case.renewal.automatic if seen.case.renewal else None,
    "mrr": _mrr,
    "growth_mrr": _growth,
    "missing_roles": _missing,
    "key_left_days": since(_key_left_on),
    "key_silent_days": since(
        lambda seen: min((c.last_touch_on for c in silent(seen.facts) if c.last_touch_on), default=None)
    ),
    "review_days": since(lambda seen: reviewed_on(seen.facts) or _began_on(seen)),
    "sponsor_days": since(_sponsor_on),
    "touch_days": since(lambda seen: seen.facts.touched_on),
    "handed_over_days": since(lambda seen: seen.handed_over_on),
    "open_tickets": _count(lambda facts: (t for t in facts.tickets if is_open(t, facts.day))),
    "critical_tickets": _count(
        lambda facts: (t for t in facts.tickets if is_open(t, facts.day) and t.severity == "critical")
    ),
    "escalated_tickets": _count(lambda facts: (t for t in facts.tickets if is_open(t, facts.day) and t.escalated)),
    "critical_days": since(_critical_on),
    "overdue_invoices": _count(overdue),
    "low_answer_days": since(lambda seen: max((a.answered_on for a in unanswered(seen.facts)), default=None)),
    "low_answers_30d": _count(
        lambda facts: (a for a in facts.answers if low(a) and facts.day - a.answered_on <= MONTH)
    ),
    "promoter_days": since(promoted_on),
    "outcomes_on_track": _count(lambda facts: (o for o in facts.outcomes if on_track(o, facts))),
    "outcomes_open": _count(lambda facts: (o for o in facts.outcomes if o.achieved_on is None)),
    "outcome_overdue_days": since(
        lambda seen: min((o.due_on for o in seen.facts.outcomes if o.due_on and o.achieved_on is None), default=None)
    ),
    "confirmed_days": since(
        lambda seen: max((o.confirmed_on for o in seen.facts.outcomes if o.confirmed_on), default=None)
    ),
    "asked_days": since(lambda seen: seen.asked_on),
    "running": lambda seen: seen.running,
    **NOTICED,
}
WITHOUT: Mapping[str, Mapping[str, Value]] = {
    "contacts": {
        "missing_roles": None, "champion_left_days": None, "sponsor_left_days": None, "key_left_days": None,
        "key_silent_days": None, "sponsor_days": None,
    },
    "tickets": {
        "open_tickets": 0.0, "critical_tickets": 0.0, "escalated_tickets": 0.0, "escalated_critical": 0.0,
        "critical_days": None, "tickets_7d": 0.0, "ticket_growth": -100.0,
    },
    "invoices": {"overdue_invoices": 0.0, "overdue_days": None},
    "answers": {
        "low_answers_30d": 0.0, "low_answer_days": None, "promoter_days": None, "unasked_promoter_days": None,
    },
    "outcomes": {
        "outcomes_on_track": 0.0, "outcomes_open": 0.0, "outcome_overdue_days": None, "achieved_days": None,
        "confirmed_days": None,
    },
    "calls": {"csm_call": None, "calls_agree": None},
}  # fmt: skip
"""What the facts are of an account that has none of these: nobody need look one by one."""

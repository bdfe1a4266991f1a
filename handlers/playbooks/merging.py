"""What the merge fields of a playbook's texts hold for one play: domain/merge.FIELDS, in the reader's words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.accounts import Contact
from domain.alerts.noticed import PROMOTER, low
from domain.cases import Case
from domain.facts import Answer, Facts, Outcome
from domain.health.evidence import SIDES, is_open, is_serious, latest_call
from domain.health.health import first_reason
from domain.playbooks.goals import Goal
from domain.playbooks.plays import Play, Task
from domain.situations import reviewed_on
from handlers.outcomes.measuring import amount
from words import Words
from words.phrases import clause
from words.terms import CALLS, term

Said = Iterator[tuple[str, str | None]]


@dataclass(frozen=True)
class Matter:
    """What a text is about. names: of our people by e-mail; similar: gain and median, where there are enough alike.

    days_to_value: the usual ones of its segment.
    """

    facts: Facts
    case: Case
    play: Play | None = None
    goal: Goal | None = None
    task: Task | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    similar: tuple[float | None, float | None] = (None, None)
    days_to_value: Decimal | None = None

    @property
    def outcome(self) -> Outcome | None:
        """The one that the goal serves, else the next that is open."""
        named = self.goal.outcome_id if self.goal else None
        still = [o for o in self.facts.outcomes if o.achieved_on is None]
        meant = next((o for o in self.facts.outcomes if o.outcome_id == named), None)
        return meant or min(still, key=lambda o: (o.due_on is None, o.due_on or self.facts.day), default=None)


def fields(words: Words, matter: Matter) -> dict[str, str]:
    """Only those that are known."""
    return {name: value for said in SAID for name, value in said(words, matter) if value}


def _people(_words: Words, matter: Matter) -> Said:
    facts, play, task = matter.facts, matter.play, matter.task
    yield "account.name", facts.account.name
    by_id = {contact.contact_id: contact for contact in facts.contacts}
    yield from _named("contact", by_id.get(task.contact_id or "") if task else None)
    yield from _named("subject", by_id.get(play.contact_id or "") if play else None)
    for side, roles in SIDES.items():
        here = (c for role in roles for c in facts.contacts if c.role == role and c.left_on is None)
        yield from _named(side, next(here, None))
    mine = matter.names.get((task.owner if task else None) or (play.owner if play else None) or "")
    yield "me.name", mine
    yield "me.first_name", mine.split()[0] if mine else None
    yield "csm.name", matter.names.get((facts.account.csm or "").lower())


def _named(group: str, contact: Contact | None) -> Said:
    if contact and contact.name.split():
        yield f"{group}.name", contact.name
        yield f"{group}.first_name", contact.name.split()[0]


def _goal(words: Words, matter: Matter) -> Said:
    goal, outcome = matter.goal, matter.outcome
    if goal:
        yield "goal.statement", goal.statement
        yield "goal.baseline", amount(words, goal.kpi, goal.baseline)
        yield "goal.target", amount(words, goal.kpi, goal.target)
        yield "goal.current", amount(words, goal.kpi, goal.current)
        yield "goal.due", words.day(goal.due_on)
    if outcome:
        yield "outcome.statement", outcome.statement
        yield "outcome.current", amount(words, "", outcome.current)
        yield "outcome.target", amount(words, "", outcome.target)
        yield "outcome.due_on", words.day(outcome.due_on) if outcome.due_on else None
    gain, middle = matter.similar
    yield "similar.gain", words.number(round(Decimal(str(gain)))) if gain is not None else None
    yield "segment.days", words.number(round(matter.days_to_value)) if matter.days_to_value is not None else None
    yield "similar.median", words.number(round(Decimal(str(middle)))) if middle is not None else None


def _use(words: Words, matter: Matter) -> Said:
    health, used = matter.case.health, matter.facts.usage
    licences, features, change = (health.factor(name) for name in ("licences", "core_features", "use"))
    if licences and licences.reading.value is not None:
        parts = licences.reading.parts
        yield "licences.active", words.number(_number(parts["active"]))
        yield "licences.seats", words.number(_number(parts["seats"]))
        yield "licences.percent", words.percent(licences.reading.value / 100)
    if features:
        yield "features.used", words.number(_number(features.reading.parts["used"]))
        yield "features.total", words.number(_number(features.reading.parts["total"]))
    if used and used.recent is not None and used.earlier is not None:
        yield "use.now", words.number(round(used.recent))
        yield "use.before", words.number(round(used.earlier)) if used.earlier > used.recent else None
    if change and change.reading.value is not None and change.reading.value < 0:
        yield "use.fall", words.percent(-change.reading.value / 100)


def _money(words: Words, matter: Matter) -> Said:
    renewal, facts = matter.case.renewal, matter.facts
    if renewal:
        yield "renewal.ends_on", words.day(renewal.ends_on)
        yield "renewal.decision_on", words.day(renewal.decision_on)
        yield "renewal.amount", words.money(renewal.version.annual.amount, renewal.version.annual.currency)
    if matter.case.rule:
        yield "renewal.rule_call", term(words, CALLS, matter.case.rule[0])
    said = latest_call(facts, ("csm",))
    yield "renewal.csm_call", term(words, CALLS, said.call) if said else None
    potential, annual = facts.account.potential_mrr, matter.case.annual
    if potential is not None and annual and potential > annual.amount / 12:
        left = round(potential - annual.amount / 12)
        yield "growth.amount", words.money(Decimal(left), facts.account.currency or annual.currency)


def _trouble(words: Words, matter: Matter) -> Said:
    facts, case = matter.facts, matter.case
    serious = [t for t in facts.tickets if is_serious(t) and is_open(t, facts.day)]
    if serious:
        yield "ticket.count", words.number(len(serious))
        yield "ticket.since", words.spoken_day(min(ticket.opened_on for ticket in serious))
    against = first_reason(case.health, changes=case.changes, critical=case.critical)
    yield "risk.cause", clause(words, against[0].code, against[0].params) if against else None
    answer = _answer(facts, matter.play)
    if answer:
        yield "answer.score", words.number(answer.score)
        yield "answer.day", words.spoken_day(answer.answered_on)
        yield "answer.comment", answer.comment
    gone = [v for v in facts.versions if v.cancel_reason]
    left = [span.until for span in case.contracts if span.until and span.until <= facts.day]
    yield "departure.reason", max(gone, key=lambda v: v.starts_on).cancel_reason if gone else None
    yield "departure.day", words.day(max(left)) if left else None


def _answer(facts: Facts, play: Play | None) -> Answer | None:
    """That of the person whom the play is about, else the newest low one, else a promoter's."""
    of_person = [a for a in facts.answers if play and play.contact_id and a.contact_id == play.contact_id]
    telling: Sequence[Answer] = [a for a in facts.answers if low(a)] or [a for a in facts.answers if _promotes(a)]
    return max(of_person or telling, key=lambda answer: answer.answered_on, default=None)


def _promotes(answer: Answer) -> bool:
    return answer.kind == "nps" and answer.score >= PROMOTER


def _days(words: Words, matter: Matter) -> Said:
    play, task = matter.play, matter.task
    yield "event.day", words.full_day(play.event_on) if play and play.event_on else None
    yield "task.day", words.full_day(task.due_on) if task else None
    yield "task.turn", str(task.turn) if task else None
    reviewed = reviewed_on(matter.facts)
    yield "review.last_on", words.day(reviewed) if reviewed else None


def _number(value: object) -> int:
    return int(str(value)) if value is not None else 0


SAID: tuple[Callable[[Words, Matter], Said], ...] = (_people, _goal, _use, _money, _trouble, _days)

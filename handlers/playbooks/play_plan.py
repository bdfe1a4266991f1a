"""What a start of a playbook on an account would be: the play, its tasks, its goal, and what is to be said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite

from domain.accounts import Account
from domain.health.rules import MEASURES
from domain.playbooks import goals as smart
from domain.playbooks.goals import Goal, Peers, Verdict
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Assigned, Play, Status
from domain.playbooks.schedule import Cast, Note, day_of, default_event, plan
from domain.playbooks.starts import subject_of
from handlers.ask import Ask
from handlers.outcomes.measuring import days_to_value, outcome, value
from handlers.playbooks import merging
from handlers.playbooks.audience import Guest
from storage import people
from storage.database import Transaction
from storage.playbooks import goals as storage_goals
from storage.playbooks.plays import Start, play_id
from words.templates import Missing, fields_of, render

UNVERSIONED = 0


@dataclass(frozen=True)
class Terms:
    """How it is started; event_on None: the first day that leaves time to prepare it."""

    token: str
    assigned: Assigned
    reason: str = ""
    wave: int | None = None
    event_on: date | None = None


@dataclass(frozen=True)
class Planned:
    start: Start
    notes: tuple[Note, ...]
    outcome_missing: bool
    verdicts: tuple[Verdict, ...] = ()


def planned(tx: Transaction, ask: Ask, playbook: Playbook, guest: Guest, cast: Cast, terms: Terms) -> Planned:
    """Nothing is written."""
    made = outlined(ask, playbook, guest, cast, terms)
    play = replace(made.start.play, kpi_before=_kpi(tx, ask, playbook, guest))
    goal, verdicts = _goal(tx, ask, playbook, guest, play, cast)
    start = replace(made.start, play=replace(play, goal_id=goal.goal_id if goal else None), goal=goal)
    return replace(made, start=start, verdicts=verdicts)


def outlined(ask: Ask, playbook: Playbook, guest: Guest, cast: Cast, terms: Terms) -> Planned:
    """Its days and who does what, without its goal."""
    play = _play(ask, playbook, guest, cast, terms)
    found = plan(playbook, play, cast, guest.known, has_outcome=outcome(guest.facts) is not None)
    return Planned(Start(play, playbook, found.tasks), found.notes, found.outcome_missing)


def held_back(tx: Transaction, ask: Ask, playbook: Playbook, guest: Guest, cast: Cast, terms: Terms) -> Start:
    """An eligible account that is held out, or waits: what it was when it was eligible, and no tasks."""
    status: Status = "held_out" if terms.assigned == "hold_out" else "waiting"
    play = replace(_play(ask, playbook, guest, cast, terms), kpi_before=_kpi(tx, ask, playbook, guest))
    return Start(replace(play, status=status, started_on=None, event_on=None), playbook)


def _kpi(tx: Transaction, ask: Ask, playbook: Playbook, guest: Guest) -> Decimal | None:
    return value(tx, ask, playbook.kpi.name, guest.facts, guest.known)


def _play(ask: Ask, playbook: Playbook, guest: Guest, cast: Cast, terms: Terms) -> Play:
    """A new one for an account that waited, too: what it is today is what it is compared by."""
    candidate = guest.candidate
    subject = subject_of(playbook, candidate, ask.today)
    return replace(
        _eligible(ask, playbook, guest, subject, terms),
        status="running",
        started_on=ask.today,
        event_on=terms.event_on or default_event(playbook, ask.today, cast.workdays),
        decision_on=candidate.decision_on,
    )


def _eligible(ask: Ask, playbook: Playbook, guest: Guest, subject: str, terms: Terms) -> Play:
    account, score = guest.account, guest.known.get("score")
    return Play(
        play_id=play_id(terms.token, account.account_id, playbook.name, subject),
        account=account.number,
        playbook=playbook.name,
        version=UNVERSIONED,
        status="waiting",
        assigned=terms.assigned,
        eligible_on=ask.today,
        subject=subject,
        reason=terms.reason or None,
        wave=terms.wave,
        contact_id=guest.fitting.subject or None,
        owner=account.csm,
        score_before=int(score) if isinstance(score, int | float) else None,
        potential=guest.fitting.rank if isfinite(guest.fitting.rank) else None,
    )


def _goal(
    tx: Transaction, ask: Ask, playbook: Playbook, guest: Guest, play: Play, cast: Cast
) -> tuple[Goal | None, tuple[Verdict, ...]]:
    """None where the target needs a baseline that is not known."""
    wanted, said = outcome(guest.facts), playbook.goal.of(guest.known)
    baseline = value(tx, ask, said.measure, guest.facts, guest.known)
    target = smart.target_of(said.measure, said.target, baseline)
    if said.measure == smart.OUTCOME and wanted and wanted.target is not None:
        target = wanted.target
    due_on = day_of(said.due, play, cast.workdays)
    if target is None or due_on is None:
        return None, ()
    goal = Goal(
        goal_id=play.play_id,
        account=play.account,
        kpi=said.measure,
        target=target,
        due_on=due_on,
        baseline=baseline,
        current=baseline,
        current_on=ask.today,
        owner=play.owner,
        playbook=playbook.name,
        outcome_id=wanted.outcome_id if wanted else None,
    )
    peers = peers_of(tx, ask, guest.account, goal)
    goal = replace(goal, statement=_statement(tx, ask, playbook, guest, play, goal, peers))
    least = ask.policy.playbooks.least_peers
    return goal, smart.verdicts(goal, wanted, peers, least=least, today=ask.today)


def peers_of(tx: Transaction, ask: Ask, account: Account, goal: Goal) -> Peers:
    """What accounts of the segment gained; only health measures are kept by month."""
    if goal.kpi not in MEASURES:
        return Peers()
    days = max((goal.due_on - ask.today).days, 1) if goal.due_on else ask.policy.playbooks.gains_days
    return storage_goals.gains(
        tx,
        next(measure for measure in MEASURES if measure == goal.kpi),
        ask.scope,
        today=ask.today,
        days=min(max(days, timedelta(28).days), ask.policy.playbooks.gains_days),
        segment=account.segment,
        near=float(goal.baseline) if goal.baseline is not None else None,
    )


def _statement(
    tx: Transaction, ask: Ask, playbook: Playbook, guest: Guest, play: Play, goal: Goal, peers: Peers
) -> str:
    """In the words of whoever starts it; without its fields where one is not known."""
    text = playbook.goal.of(guest.known).statement.of(ask.words.language)
    matter = merging.Matter(
        guest.facts,
        guest.case,
        play,
        goal,
        names=names(tx, [play.owner]),
        similar=_similar(peers, ask),
        days_to_value=days_to_value(tx, ask, guest.account) if "segment.days" in fields_of(text) else None,
    )
    try:
        return render(text, merging.fields(ask.words, matter))
    except Missing:
        return f"{guest.account.name}: {playbook.title.of(ask.words.language)}"


def _similar(peers: Peers, ask: Ask) -> tuple[float | None, float | None]:
    """The upper quarter and the median of what others gained, where they are enough."""
    gains = sorted(peers.gains)
    if len(gains) < ask.policy.playbooks.least_peers:
        return None, None
    return gains[len(gains) * 3 // 4], gains[len(gains) // 2]


def names(tx: Transaction, emails: Sequence[str | None]) -> Mapping[str, str]:
    """Of our people, by e-mail."""
    ours = people.directory(tx)
    return {email: ours[email].name for email in map(str.lower, filter(None, emails)) if email in ours}

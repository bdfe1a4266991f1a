"""What an account plan is made of and what of it may be edited, as it stands now: the one view of export and import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import Account, Contact
from domain.facts import Outcome, RenewalCall
from domain.playbooks.goals import Goal
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play, Task
from domain.renewals.renewals import Renewal
from domain.renewals.tracks import Tracks, tracks
from domain.workbooks.edited_plans import FIELDS, Key, Rows, Values
from handlers.accounts.portrait import Portrait, portrait_in
from handlers.ask import Ask
from handlers.tasks.stage_account import Blueprint, blueprint
from handlers.tasks.task_matter import names
from storage.database import Transaction

YEAR = timedelta(365)


@dataclass(frozen=True)
class PlanState:
    """One account in one moment."""

    shown: Portrait
    stages: Blueprint
    tasks: tuple[Task, ...]
    day: date

    @property
    def account(self) -> Account:
        return self.shown.account

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        return {outcome.outcome_id: outcome for outcome in self.shown.facts.outcomes}

    @property
    def goals(self) -> Mapping[str, Goal]:
        return self.stages.goals

    @property
    def by_task(self) -> Mapping[str, Task]:
        return {task.task_id: task for task in self.tasks}

    @property
    def contacts(self) -> Mapping[str, Contact]:
        return {contact.contact_id: contact for contact in self.shown.facts.contacts}

    @property
    def plays(self) -> Mapping[str, Play]:
        return {play.play_id: play for play in self.stages.plays}

    def book(self, task: Task) -> Playbook | None:
        return self.stages.books.get(task.play_id or "")

    @property
    def renewals(self) -> Mapping[date, Renewal]:
        """By the end of the contract, the soonest first; nothing is asked of those who leave."""
        ahead = (renewal for renewal in self.shown.renewals if not renewal.leaving)
        found: dict[date, Renewal] = {}
        for renewal in ahead:
            found.setdefault(renewal.ends_on, renewal)
        return found

    def tracks(self, renewal: Renewal) -> Tracks:
        return tracks(self.shown.facts.calls, renewal, self.day)

    def call(self, ends_on: date) -> RenewalCall | None:
        """The CSM's on the renewal of that day."""
        renewal = self.renewals.get(ends_on)
        return self.tracks(renewal).calls.get("csm") if renewal else None

    def rows(self) -> Rows:
        """All that may be edited."""
        return dict(_rows(self))


def plan_state(tx: Transaction, ask: Ask, account: Account) -> PlanState:
    """Tasks: of running plays and of none, not older than a year."""
    stages = blueprint(tx, ask, account)
    stages = stages if stages.ours else replace(stages, ours=names(tx))
    recent = tuple(task for task in stages.tasks if task.due_on >= ask.today - YEAR)
    return PlanState(portrait_in(tx, ask, account), stages, recent, ask.today)


def _rows(state: PlanState) -> Iterator[tuple[Key, Values]]:
    names = {contact_id: contact.name for contact_id, contact in state.contacts.items()}
    for outcome in state.outcomes.values():
        yield ("outcomes", outcome.outcome_id), _outcome(outcome, names)
    for goal in state.goals.values():
        yield ("goals", goal.goal_id), _given(goal, "goals")
    for task in state.tasks:
        yield ("tasks", task.task_id), {**_given(task, "tasks"), "hours": Decimal(str(round(task.hours, 4)))}
    for contact in state.contacts.values():
        yield ("contacts", contact.contact_id), _given(contact, "contacts")
    for ends_on in state.renewals:
        call = state.call(ends_on)
        said = _given(call, "renewal_calls") if call else dict.fromkeys(FIELDS["renewal_calls"])
        yield ("renewal_calls", ends_on.isoformat()), said


def _outcome(outcome: Outcome, names: Mapping[str, str]) -> Values:
    """Who confirmed it is said by name."""
    by = outcome.confirmed_by
    return {**_given(outcome, "outcomes"), "confirmed_by": names.get(by, by) if by else None}


def _given(what: object, entity: str) -> Values:
    return {name: getattr(what, name) for name in FIELDS[entity]}

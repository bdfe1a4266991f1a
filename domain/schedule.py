"""The tasks of a playbook on one account: who does what when, on working days, each need before what needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.accounts import Contact
from domain.playbooks import Playbook
from domain.plays import Play, Task
from domain.reasons import Reason
from domain.situations import Situation
from domain.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: lead: the manager of the account's CSM; team: e-mails by function; country: whose days off count."""

    csm: str | None = None
    lead: str | None = None
    team: Mapping[str, str] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    tier: str | None = None
    country: str | None = None

    @property
    def workdays(self) -> Workdays:
        return Workdays(self.country)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say of one activity: a reason with its code (plan_…)."""

    activity: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks by day; left_out: activities that do not hold for this account; outcome_missing: marked, never blocked."""

    tasks: tuple[Task, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    outcome_missing: bool = False


def plan(playbook: Playbook, play: Play, cast: Cast, known: Situation, *, has_outcome: bool = True) -> Plan:
    """The tasks of a play from its dates: started_on (D), event_on (E), decision_on (R); ids from play_id."""
    raise NotImplementedError


def default_event(playbook: Playbook, started_on: date, workdays: Workdays) -> date | None:
    """The first day of an event whose preparation begins at the start; None where the playbook has no event."""
    raise NotImplementedError


def day_of(moment: str, play: Play, workdays: Workdays) -> date | None:
    """D+3, E-2, R-90 of a play as a working day; None where the anchor has no date."""
    raise NotImplementedError

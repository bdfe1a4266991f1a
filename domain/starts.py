"""May a play start: re-run, overlap and cool-down; and how much of us one contact gets to see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.playbooks import Playbook
from domain.plays import Play, Task
from domain.policy_playbooks import PlaybookPolicy
from domain.reasons import Reason
from domain.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Refusal:
    """waivable: whoever starts it by hand, with a reason, may do so all the same."""

    reason: Reason
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """pauses: running plays of the account that would wait while this one runs."""

    refused: tuple[Refusal, ...] = ()
    pauses: tuple[Play, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refused


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that a play may start on: plays: all of its own, past ones too; began_on: its first paid day, or that
    of its return; contact_id, decision_on: what the play would be about."""

    plays: tuple[Play, ...] = ()
    tasks: tuple[Task, ...] = ()
    leaving: bool = False
    began_on: date | None = None
    contact_id: str | None = None
    decision_on: date | None = None
    country: str | None = None


def subject_of(playbook: Playbook, candidate: Candidate, today: date) -> str:
    """What tells its plays apart: the contact's id, the decision date, the quarter (2026-Q4), or ''."""
    raise NotImplementedError


def may_start(
    playbook: Playbook, candidate: Candidate, books: Mapping[int, Playbook], policy: PlaybookPolicy, today: date
) -> Ruling:
    """books: the playbooks of the candidate's plays by version."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Crowded:
    """A front-stage task that comes too soon after another play's to the same contact; it may be on `until`."""

    task: Task
    by: Task
    until: date


def crowded(
    tasks: Iterable[Task], names: Mapping[str, str], policy: PlaybookPolicy, workdays: Workdays
) -> tuple[Crowded, ...]:
    """Of the open and done tasks of one account; names: playbook by play_id. Who wins stands in policy.front_first."""
    raise NotImplementedError

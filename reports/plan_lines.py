"""What the sheets of a plan that run on plays are made of: goals, tasks, texts, renewals; names as they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.facts import Voice
from domain.playbooks.goals import Goal, Verdict
from domain.playbooks.plays import Task
from domain.playbooks.readiness import State
from domain.renewals.tracks import Line

Lane = Literal["customer", "front", "back", "support"]
LANES: tuple[Lane, ...] = ("customer", "front", "back", "support")


@dataclass(frozen=True, slots=True)
class GoalLine:
    """measure: as it is called; percent: its values are percents; months: the last known value of each month's end.

    agreed: it may stand in the customer's copy, without its statement.
    """

    goal: Goal
    measure: str
    since: date
    percent: bool = False
    serves: str | None = None
    owner: str | None = None
    playbook: str | None = None
    verdicts: tuple[Verdict, ...] = ()
    months: tuple[tuple[date, Decimal | None], ...] = ()
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class TaskLine:
    """title: None where only we gave it one; lacking: what it still needs, a sentence each."""

    task: Task
    title: str
    lane: Lane
    owner: str | None = None
    who: str | None = None
    playbook: str | None = None
    state: State | None = None
    lacking: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A message or a script, filled in; lacking: the fields that are not known."""

    line: TaskLine
    text: str
    subject: str = ""
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenewalLine:
    """One end of contract and currency. share: what the call that holds counts, 0 to 1, None where it is open."""

    line: Line
    contract: str
    amount: Decimal
    currency: str
    share: Decimal | None = None
    voice: Voice | None = None
    first: bool = True


@dataclass(frozen=True, slots=True)
class Work:
    """What runs on the account, and who may be named in it; owners: labels of our people, by e-mail."""

    goals: Sequence[GoalLine] = ()
    tasks: Sequence[TaskLine] = ()
    letters: Sequence[Letter] = ()
    renewals: Sequence[RenewalLine] = ()
    owners: Mapping[str, str] = field(default_factory=dict)


NOTHING = Work()

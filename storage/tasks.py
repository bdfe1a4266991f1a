"""Tasks: of plays, and people's own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.capacity import Hours, Staff
from domain.playbooks import Playbook, Side
from domain.plays import Task
from domain.schedule import Cast
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import tasks

COLUMNS = tuple(column for column in tasks.columns if column.name not in {"import_id", "known_on", "extra"})
Cursor = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Due:
    """A task on a list: the account's id and name, and the version of the playbook that names it, where one does."""

    task: Task
    account_id: str
    account_name: str
    version: int | None = None

    @property
    def cursor(self) -> Cursor:
        return self.task.due_on, self.task.task_id


def due(
    tx: Transaction,
    scope: Scope,
    *,
    until: date,
    since: date | None = None,
    owners: Collection[str] | None = None,
    sides: Collection[Side] | None = None,
    after: Cursor | None = None,
    limit: int | None = None,
) -> list[Due]:
    """A page of open tasks due since…until (both included), the earliest first; of running plays and of none.

    owners: e-mails; None: anybody's. One query.
    """
    raise NotImplementedError


def of_account(tx: Transaction, number: int, scope: Scope) -> list[Task]:
    """By day."""
    raise NotImplementedError


def of_plays(tx: Transaction, play_ids: Collection[str], scope: Scope) -> dict[str, list[Task]]:
    """By play, each by day; one query."""
    raise NotImplementedError


def of_accounts(
    tx: Transaction, numbers: Collection[int], scope: Scope, *, since: date | None = None
) -> dict[int, list[Task]]:
    """By account, by day; since: none that were due earlier."""
    raise NotImplementedError


def get(tx: Transaction, task_id: str, scope: Scope) -> Task | None:
    raise NotImplementedError


def taken(tx: Transaction, *, since: date, until: date) -> Hours:
    """Hours of everybody's open tasks of running plays by owner and week: of the whole house, whoever asks."""
    raise NotImplementedError


def staff(tx: Transaction) -> list[Staff]:
    """Everybody of ours with the hours that they have."""
    raise NotImplementedError


def away(tx: Transaction, emails: Iterable[str]) -> frozenset[str]:
    """Those of them who are no longer of ours."""
    raise NotImplementedError


def casts(tx: Transaction, numbers: Collection[int], scope: Scope) -> dict[int, Cast]:
    """By account: who plays there."""
    raise NotImplementedError


def finish(
    tx: Transaction,
    task: Task,
    status: str,
    *,
    note: str | None = None,
    playbook: Playbook | None = None,
    token: str,
    who: str,
    at: datetime,
    origin: str,
    on: date,
) -> int | None:
    """Done or skipped (with its reason as the note); what was only to be done while it was open is skipped with it.

    The id of the first change of the gesture; None where nothing changed.
    """
    raise NotImplementedError


def put_off(tx: Transaction, task: Task, to: date, *, who: str, at: datetime, origin: str, on: date) -> int | None:
    """Somebody's own task to another day; those of plays move by domain.moving and plays.write."""
    raise NotImplementedError


def add(tx: Transaction, task: Task, *, who: str, at: datetime, origin: str, on: date) -> int | None:
    """Somebody's own task, of no play."""
    raise NotImplementedError

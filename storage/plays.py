"""Plays: playbooks that run on accounts, ran on them, or wait for them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.goals import Goal
from domain.playbooks import Playbook
from domain.plays import LIVE, Moved, Play, Task
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import plays

COLUMNS = tuple(column for column in plays.columns if column.name not in {"import_id", "known_on", "extra"})
Cursor = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Start:
    """What is written when a play starts, or an account waits or is held out (then without tasks)."""

    play: Play
    playbook: Playbook
    tasks: tuple[Task, ...] = ()
    goal: Goal | None = None


def play_id(token: str, account_id: str, playbook: str, subject: str = "") -> str:
    """The same for the same gesture on the same account: sent twice, it starts once."""
    raise NotImplementedError


def start(
    tx: Transaction, starts: Sequence[Start], *, token: str, who: str, at: datetime, origin: str, on: date
) -> list[int]:
    """Write plays, goals and tasks as one gesture (changes.gesture(origin, token)); the ids of its changes.

    play.version need not be known: it becomes that of `playbook`. Nothing is written of a play whose id stands already.
    """
    raise NotImplementedError


def write(
    tx: Transaction,
    play: Play,
    moved: Iterable[Moved] = (),
    *,
    added: Iterable[Task] = (),
    removed: Iterable[Task] = (),
    playbook: Playbook | None = None,
    token: str,
    who: str,
    at: datetime,
    origin: str,
    on: date,
) -> int | None:
    """Write what a play and its tasks became as one gesture; the id of its first change, None where nothing changed.

    Raises changes.Overtaken where a task is no longer what it was `before`. `playbook`: its new version.
    """
    raise NotImplementedError


def get(tx: Transaction, play_id: str, scope: Scope) -> Play | None:
    raise NotImplementedError


def of_account(tx: Transaction, number: int, scope: Scope) -> list[Play]:
    """All that ever were, the newest first."""
    raise NotImplementedError


def of_page(tx: Transaction, first: int, last: int, scope: Scope) -> dict[int, list[Play]]:
    """By number of account first…last: all that ever were."""
    raise NotImplementedError


def of_accounts(tx: Transaction, numbers: Collection[int], scope: Scope) -> dict[int, list[Play]]:
    raise NotImplementedError


def running(
    tx: Transaction,
    scope: Scope,
    *,
    playbook: str | None = None,
    statuses: Collection[str] = LIVE,
    after: Cursor | None = None,
    limit: int | None = None,
) -> list[Play]:
    """A page of those with these statuses, by playbook and id; `after`: (playbook, play_id) of the last one shown."""
    raise NotImplementedError


def counted(tx: Transaction, scope: Scope, playbook: str | None = None) -> dict[tuple[str, str], int]:
    """How many by playbook and status."""
    raise NotImplementedError

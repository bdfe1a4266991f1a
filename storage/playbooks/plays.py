"""Plays: playbooks that run on accounts, ran on them, or wait for them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, func, select

from domain.playbooks.goals import Goal
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import LIVE, Moved, Play, Task
from storage import changes
from storage.database import Transaction
from storage.importing import standing
from storage.importing.images import entity_key
from storage.playbooks import playbooks
from storage.scope import Scope
from storage.tables import accounts, goals, plays, tasks
from storage.tables import changes as recorded
from storage.tables import playbooks as versions
from storage.within import Condition, Rows, numbered

COLUMNS = tuple(column for column in plays.columns if column.name not in {"import_id", "known_on", "extra"})


@dataclass(frozen=True, slots=True)
class Start:
    """What is written when a play starts, or an account waits or is held out (then without tasks)."""

    play: Play
    playbook: Playbook
    tasks: tuple[Task, ...] = ()
    goal: Goal | None = None


def play_id(token: str, account_id: str, playbook: str, subject: str = "") -> str:
    """The same for the same gesture on the same account: sent twice, it starts once; '' is one of its own."""
    said = f"{token or token_hex(8)}\x1f{account_id}\x1f{playbook}\x1f{subject}"
    return "P" + sha256(said.encode()).hexdigest()[:12]


def start(
    tx: Transaction, starts: Sequence[Start], *, token: str, who: str, at: datetime, origin: str, on: date
) -> list[int]:
    """Write plays, goals and tasks as one gesture (changes.gesture(origin, token)); the ids of its changes.

    play.version need not be known: it becomes that of `playbook`. Nothing is written of a play whose id stands already.
    What waited or was held out for the same is stopped that day, never started: until then it is one to compare with.
    """
    changes.take_turn(tx)
    stand = _standing(tx, [each.play.play_id for each in starts])
    fresh = list({each.play.play_id: each for each in starts if each.play.play_id not in stand}.values())
    books = {each.playbook.digest: each.playbook for each in fresh}
    versions = {digest: playbooks.version(tx, book, day=on) for digest, book in books.items()}
    begun = [replace(each.play, version=versions[each.playbook.digest]) for each in fresh]
    wanted = [each.goal for each in fresh if each.goal]
    to_do = [task for each in fresh for task in each.tasks]
    by: dict[str, Any] = {"who": who, "at": at, "origin": changes.gesture(origin, token), "on": on}
    return [
        *changes.add(tx, "goals", [_row(goals, goal) for goal in wanted], **by),
        *changes.add(tx, "plays", [_row(plays, play) for play in begun], **by),
        *changes.add(tx, "tasks", [_row(tasks, task) for task in to_do], **by),
        *_end_waiting(tx, begun, on, by),
    ]


def write(
    tx: Transaction,
    play: Play,
    moved: Iterable[Moved] = (),
    *,
    was: Play | None = None,
    added: Iterable[Task] = (),
    removed: Iterable[Task] = (),
    goal: Goal | None = None,
    playbook: Playbook | None = None,
    token: str,
    who: str,
    at: datetime,
    origin: str,
    on: date,
) -> int | None:
    """Write what a play and its tasks became as one gesture; the id of its last change, None where nothing changed.

    Raises changes.Overtaken, and then nothing is to stay, where a task (or the play, if `was` is given) is no longer
    what it was. `playbook`: its new version; `goal`: of one that had waited. Said twice is said once.
    """
    changes.take_turn(tx)
    by: dict[str, Any] = {"who": who, "at": at, "origin": changes.gesture(origin, token), "on": on}
    if playbook is not None:
        play = replace(play, version=playbooks.version(tx, playbook, day=on))
    made = write_tasks(tx, moved, by)
    made += [changes.remove(tx, "tasks", {"task_id": task.task_id}, **by) for task in removed]
    new = {task.task_id: task for task in added}
    here = _known(tx, tasks, "task_id", new)
    made += changes.add(tx, "tasks", [_row(tasks, task) for name, task in new.items() if name not in here], **by)
    stood = _known(tx, plays, "play_id", [play.play_id]).get(play.play_id)
    if goal is not None and not _known(tx, goals, "goal_id", [goal.goal_id]):
        made += changes.add(tx, "goals", [_row(goals, goal)], **by)
    made.append(_change(tx, plays, stood, _row(plays, was) if was else stood, _row(plays, play), by))
    return max((change for change in made if change is not None), default=None)


def _end_waiting(tx: Transaction, begun: Iterable[Play], on: date, by: Mapping[str, Any]) -> list[int]:
    started = {(play.account, play.playbook, play.subject) for play in begun if play.status == "running"}
    query = select(plays.c.play_id, plays.c.account, plays.c.playbook, plays.c.subject)
    query = query.where(plays.c.status.in_(("waiting", "held_out")))
    waited = tx.execute(standing.matching(tx, query, plays.c.account, {account for account, _, _ in started})).all()
    ended = {"status": "stopped", "ended_on": on}
    made = [
        changes.edit(tx, "plays", {"play_id": row.play_id}, ended, **by) for row in waited if tuple(row[1:]) in started
    ]
    return [change for change in made if change is not None]


def write_tasks(tx: Transaction, moved: Iterable[Moved], by: Mapping[str, Any]) -> list[int | None]:
    """Each over what it was; `by`: who, at, origin and on of their changes."""
    pairs = {each.before.task_id: each for each in moved}
    stand = _known(tx, tasks, "task_id", pairs)
    return [
        _change(tx, tasks, stand.get(name), _row(tasks, each.before), _row(tasks, each.after), by)
        for name, each in pairs.items()
    ]


def get(tx: Transaction, play_id: str, scope: Scope) -> Play | None:
    row = tx.execute(_query(scope).where(plays.c.play_id == play_id)).mappings().one_or_none()
    return None if row is None else read(row)


def of_account(tx: Transaction, number: int, scope: Scope) -> list[Play]:
    """All that ever were, the newest first."""
    return of_page(tx, number, number, scope).get(number, [])


def of_page(tx: Transaction, first: int, last: int, scope: Scope) -> dict[int, list[Play]]:
    """By number of account first…last: all that ever were, the newest first."""
    return _by_account(numbered(first, last, scope).ask(tx, _newest_first))


def of_accounts(tx: Transaction, numbers: Collection[int], scope: Scope) -> dict[int, list[Play]]:
    query = standing.matching(tx, _newest_first(scope.where()), plays.c.account, numbers)
    return _by_account(tx.execute(query))


def running(
    tx: Transaction,
    scope: Scope,
    *,
    statuses: Collection[str] = LIVE,
    limit: int | None = None,
) -> list[Play]:
    """Those with these statuses, the most potential first."""
    query = _query(scope).where(plays.c.status.in_(statuses))
    query = query.order_by(plays.c.potential.desc().nulls_last(), plays.c.play_id).limit(limit)
    return [read(row) for row in tx.execute(query).mappings()]


def ended(tx: Transaction, scope: Scope, *, after: date, until: date, playbook: str | None = None) -> list[Play]:
    """Those that ended by themselves after a day up to another, the newest first."""
    query = _query(scope).where(plays.c.status == "ended", plays.c.ended_on > after, plays.c.ended_on <= until)
    if playbook is not None:
        query = query.where(plays.c.playbook == playbook)
    return [read(row) for row in tx.execute(query.order_by(plays.c.ended_on.desc(), plays.c.play_id)).mappings()]


def reopened(tx: Transaction, ids: Collection[str], origin: str) -> set[str]:
    """Those of them that gestures of this origin have written before: a person has gone on with them since."""
    keys = {entity_key(plays, {"play_id": name}): name for name in ids}
    query = select(recorded.c.entity_key).where(recorded.c.entity == plays.name, recorded.c.origin.startswith(origin))
    return {keys[key] for key in tx.execute(standing.matching(tx, query, recorded.c.entity_key, keys)).scalars()}


def counted(tx: Transaction, scope: Scope, playbook: str | None = None) -> dict[tuple[str, str], int]:
    """How many by playbook and status."""
    query = (
        select(plays.c.playbook, plays.c.status, func.count())
        .join_from(plays, accounts, plays.c.account == accounts.c.number)
        .where(scope.where())
        .group_by(plays.c.playbook, plays.c.status)
    )
    if playbook is not None:
        query = query.where(plays.c.playbook == playbook)
    return {(name, status): n for name, status, n in tx.execute(query)}


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave of one version of a playbook, as far as a scope shows it. began_on: its first start; waiting, held_out:
    of those who were drawn with it, how many still are."""

    version: int
    number: int
    began_on: date
    started: int
    waiting: int = 0
    held_out: int = 0


def waves_begun(tx: Transaction, digest: str) -> int:
    """The number of the last wave of this version in which anybody was started, whoever's the accounts are."""
    query = select(func.max(plays.c.wave)).join_from(plays, versions, plays.c.version == versions.c.version)
    return tx.execute(query.where(versions.c.digest == digest, plays.c.started_on.is_not(None))).scalar_one() or 0


def waves(tx: Transaction, scope: Scope, playbook: str) -> list[Wave]:
    """In which anybody was started, the newest first."""
    begun, counts = func.count(plays.c.started_on), [_counting(status) for status in ("waiting", "held_out")]
    query = (
        select(plays.c.version, plays.c.wave, func.min(plays.c.started_on).label("began_on"), begun, *counts)
        .join_from(plays, accounts, plays.c.account == accounts.c.number)
        .where(plays.c.playbook == playbook, plays.c.wave.is_not(None), scope.where())
        .group_by(plays.c.version, plays.c.wave)
        .having(begun > 0)
    )
    found = [Wave(*row) for row in tx.execute(query)]
    return sorted(found, key=lambda each: (each.began_on, each.version, each.number), reverse=True)


def _counting(status: str) -> ColumnElement[int]:
    return func.count(case((plays.c.status == status, 1)))


def _query(scope: Scope) -> Select[Any]:
    return _within(scope.where())


def _within(where: Condition) -> Select[Any]:
    return select(*COLUMNS).join_from(plays, accounts, plays.c.account == accounts.c.number).where(where)


def _newest_first(where: Condition) -> Select[Any]:
    return _within(where).order_by(func.coalesce(plays.c.started_on, plays.c.eligible_on).desc(), plays.c.play_id)


def _by_account(rows: Rows) -> dict[int, list[Play]]:
    found: dict[int, list[Play]] = defaultdict(list)
    for row in rows.mappings():
        found[row["account"]].append(read(row))
    return dict(found)


def read(row: Mapping[str, Any] | Any) -> Play:
    """A row that has COLUMNS."""
    return Play(**{column.name: row[column.name] for column in COLUMNS})


def _standing(tx: Transaction, ids: Iterable[str]) -> set[str]:
    return set(tx.execute(standing.matching(tx, select(plays.c.play_id), plays.c.play_id, ids)).scalars())


def _known(tx: Transaction, table: Table, key: str, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    query = standing.matching(tx, select(table), table.c[key], ids)
    return {row[key]: dict(row) for row in tx.execute(query).mappings()}


def _row(table: Table, value: Play | Task | Goal) -> dict[str, Any]:
    return {name: given for name, given in asdict(value).items() if name in table.c}


def _change(
    tx: Transaction,
    table: Table,
    stands: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    by: Mapping[str, Any],
) -> int | None:
    """Only what is different is written, and only over what it was."""
    (key,) = (column.name for column in table.primary_key.columns)
    if stands is None or before is None:
        raise changes.Overtaken(str(after[key]))
    different = {name: value for name, value in after.items() if stands[name] != value}
    if any(stands[name] != before[name] for name in different):
        raise changes.Overtaken(str(after[key]))
    return changes.edit(tx, table.name, {key: after[key]}, different, **by) if different else None

"""Tasks: of plays, and people's own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, Text, func, or_, select, tuple_, type_coerce

from domain.accounts import Contact
from domain.playbooks.capacity import Hours, Staff, monday
from domain.playbooks.moving import moot
from domain.playbooks.playbooks import Playbook, Side
from domain.playbooks.plays import Moved, Task
from domain.playbooks.schedule import Cast
from storage import changes
from storage.database import Transaction
from storage.importing import standing
from storage.playbooks import plays
from storage.scope import Scope
from storage.tables import account_team, accounts, contacts, people, tasks
from storage.tables import plays as play_rows
from storage.within import Condition, one

COLUMNS = tuple(column for column in tasks.columns if column.name not in {"import_id", "known_on", "extra"})
PRESENT = or_(tasks.c.play_id.is_(None), play_rows.c.status == "running")
DAILY = (tasks.c.due_on, tasks.c.task_id)
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

    owners: e-mails of those who have it or take part; None: anybody's. One query.
    """
    order = DAILY
    named = (accounts.c.account_id, accounts.c.name.label("account_name"), play_rows.c.version)
    query = _of_present(select(*COLUMNS, *named), scope).where(tasks.c.due_on <= until)
    if since is not None:
        query = query.where(tasks.c.due_on >= since)
    if owners is not None:
        query = query.where(whose(owners))
    if sides is not None:
        query = query.where(tasks.c.side.in_(sides))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    rows = tx.execute(query.order_by(*order).limit(limit)).mappings()
    return [Due(_task(row), row["account_id"], row["account_name"], row["version"]) for row in rows]


def whose(emails: Collection[str]) -> ColumnElement[bool]:
    """Who has a task, or takes part in it."""
    known, beside = [email.lower() for email in emails], type_coerce(tasks.c.helpers, Text)
    return or_(tasks.c.owner.in_(known), *(beside.contains(f" {email} ", autoescape=True) for email in known))


def of_account(tx: Transaction, number: int, scope: Scope) -> list[Task]:
    """By day."""
    return [_task(row) for row in one(number, scope).ask(tx, _by_day).mappings()]


def of_plays(tx: Transaction, play_ids: Collection[str], scope: Scope) -> dict[str, list[Task]]:
    """By play, each by day; one query."""
    return of_plays_within(tx, play_ids, scope.where())


def of_plays_within(tx: Transaction, play_ids: Collection[str], within: ColumnElement[bool]) -> dict[str, list[Task]]:
    """As `of_plays`, by a condition over accounts."""
    query = select(*COLUMNS).join_from(tasks, accounts, tasks.c.account == accounts.c.number).where(within)
    found: dict[str, list[Task]] = defaultdict(list)
    for task in _found(tx, standing.matching(tx, query, tasks.c.play_id, play_ids)):
        found[task.play_id or ""].append(task)
    return dict(found)


def of_accounts(
    tx: Transaction, numbers: Collection[int], scope: Scope, *, since: date | None = None
) -> dict[int, list[Task]]:
    """By account, by day; since: none that were due earlier."""
    query = standing.matching(tx, _query(scope), tasks.c.account, numbers)
    found: dict[int, list[Task]] = defaultdict(list)
    for task in _found(tx, query if since is None else query.where(tasks.c.due_on >= since)):
        found[task.account].append(task)
    return dict(found)


def get(tx: Transaction, task_id: str, scope: Scope) -> Task | None:
    return next(_found(tx, _query(scope).where(tasks.c.task_id == task_id)), None)


def taken(tx: Transaction, *, since: date, until: date) -> Hours:
    """Hours of everybody's open tasks of running plays by person and week: of the whole house, whoever asks.

    What somebody has left does not depend on which of the accounts another may see; sums by person are all it gives.
    """
    hours = func.sum(tasks.c.hours)
    query = (
        select(tasks.c.owner, tasks.c.helpers, tasks.c.due_on, hours)
        .outerjoin_from(tasks, play_rows, tasks.c.play_id == play_rows.c.play_id)
        .where(tasks.c.status == "open", PRESENT, tasks.c.side != "customer")
        .where(tasks.c.due_on.between(since, until))
        .group_by(tasks.c.owner, tasks.c.helpers, tasks.c.due_on)
    )
    found: dict[tuple[str, date], float] = defaultdict(float)
    for owner, helpers, day, summed in tx.execute(query):
        for who in filter(None, {owner, *helpers}):
            found[who, monday(day)] += summed
    return dict(found)


def staff(tx: Transaction) -> list[Staff]:
    """Everybody of ours with the hours that they have."""
    query = select(people.c.email, people.c.function, people.c.capacity_hours).order_by(people.c.email)
    return [Staff(email.lower(), function, hours) for email, function, hours in tx.execute(query)]


def away(tx: Transaction, emails: Iterable[str]) -> frozenset[str]:
    """Those of them who are no longer of ours."""
    asked = {email for email in emails if email}
    ours = func.lower(people.c.email)
    return frozenset(asked - set(tx.execute(select(ours).where(ours.in_(asked))).scalars()))


def casts(tx: Transaction, numbers: Collection[int], scope: Scope) -> dict[int, Cast]:
    """By account: who plays there."""
    served = (accounts.c.number, accounts.c.csm, accounts.c.ae, accounts.c.tier, accounts.c.country, people.c.manager)
    query = (
        select(*served)
        .outerjoin_from(accounts, people, func.lower(people.c.email) == accounts.c.csm)
        .where(scope.where())
    )
    rows = tx.execute(standing.matching(tx, query, accounts.c.number, numbers)).all()
    teams, theirs = _teams(tx, [row.number for row in rows]), _contacts(tx, [row.number for row in rows])
    return {
        row.number: Cast(
            csm=row.csm,
            lead=row.manager.lower() if row.manager else None,
            team=({"sales": row.ae.lower()} if row.ae else {}) | teams.get(row.number, {}),
            contacts=tuple(theirs.get(row.number, ())),
            tier=row.tier,
            country=row.country,
        )
        for row in rows
    }


def finish(
    tx: Transaction,
    task: Task,
    status: Literal["done", "skipped"],
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

    `task` as it was read, `playbook` that of its play. The id of the last change of the gesture; None where nothing
    changed. Raises changes.Overtaken where it is no longer what it was.
    """
    said = replace(task, status=status, done_on=on, done_by=who, note=note or task.note)
    moved = [Moved(task, said)]
    if playbook is not None and task.play_id is not None:
        query = select(*COLUMNS).where(tasks.c.play_id == task.play_id)
        after = [said if each.task_id == task.task_id else each for each in _found(tx, query)]
        moved += [Moved(each, replace(each, status="skipped", done_on=on)) for each in moot(after, playbook)]
    return _write(tx, moved, token=token, who=who, at=at, origin=origin, on=on)


def add(tx: Transaction, task: Task, *, who: str, at: datetime, origin: str, on: date) -> int | None:
    """Somebody's own task, of no play; the same one again changes nothing."""
    values = {name: value for name, value in asdict(task).items() if name != "task_id"}
    return changes.edit(tx, "tasks", {"task_id": task.task_id}, values, who=who, at=at, origin=origin, on=on)


def _write(tx: Transaction, moved: Iterable[Moved], *, token: str, **by: Any) -> int | None:
    by["origin"] = changes.gesture(by["origin"], token)
    return max((change for change in plays.write_tasks(tx, moved, by) if change is not None), default=None)


def _query(scope: Scope) -> Select[Any]:
    return _within(scope.where())


def _within(where: Condition) -> Select[Any]:
    return select(*COLUMNS).join_from(tasks, accounts, tasks.c.account == accounts.c.number).where(where)


def _by_day(where: Condition) -> Select[Any]:
    return _within(where).order_by(*DAILY)


def _of_present(query: Select[Any], scope: Scope) -> Select[Any]:
    """Open tasks of running plays, and of none."""
    return (
        query.join_from(tasks, accounts, tasks.c.account == accounts.c.number)
        .outerjoin(play_rows, tasks.c.play_id == play_rows.c.play_id)
        .where(tasks.c.status == "open", PRESENT, scope.where())
    )


def _found(tx: Transaction, query: Select[Any]) -> Iterator[Task]:
    return map(_task, tx.execute(query.order_by(*DAILY)).mappings())


def _task(row: Mapping[str, Any] | Any) -> Task:
    return Task(**{column.name: row[column.name] for column in COLUMNS})


def _teams(tx: Transaction, numbers: Collection[int]) -> dict[int, dict[str, str]]:
    """By account and function; of several, the first by e-mail."""
    columns = (account_team.c.account, account_team.c.function, account_team.c.email)
    query = standing.matching(tx, select(*columns), account_team.c.account, numbers)
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for number, function, email in tx.execute(query.order_by(account_team.c.email)):
        found[number].setdefault(function.lower(), email.lower())
    return found


def _contacts(tx: Transaction, numbers: Collection[int]) -> dict[int, list[Contact]]:
    names = ("contact_id", "name", "email", "department", "role", "left_on")
    query = standing.matching(tx, select(contacts), contacts.c.account, numbers).order_by(contacts.c.contact_id)
    found: dict[int, list[Contact]] = defaultdict(list)
    for row in tx.execute(query).mappings():
        found[row["account"]].append(Contact(**{name: row[name] for name in names}))
    return found

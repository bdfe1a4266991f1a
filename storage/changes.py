"""The one writer of people's edits, and its record: append-only, each row's hash taken over the row before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, and_, delete, func, insert, select, update

from storage import admins, chain
from storage.database import Transaction, upsert
from storage.importing import aftermath
from storage.importing.images import entity_key, key_columns, key_values, plain, restored
from storage.names import fold
from storage.tables import RECORDED, accounts, changes, edited, people

Values = Mapping[str, Any]

CHAIN_LOCK = 0x6170756E
TOGETHER = "/"


class Overtaken(ValueError):
    """The value was changed again since: undoing would lose the later edit."""


def edit(
    tx: Transaction,
    entity: str,
    key: Values,
    values: Values,
    *,
    who: str,
    at: datetime,
    origin: str,
    on: date,
) -> int | None:
    """Write the values of one row, new or not, and record what changed; None where nothing did.

    `on` is the business day: that of `at` in UTC may be another. Writers take turns before they look, so that the same
    form sent twice at once is one change. Raises LastAdmin.
    """
    take_turn(tx)
    table = RECORDED[entity]
    row = _find(tx, table, key)
    before = {name: row[name] for name in values if row[name] != values[name]} if row is not None else None
    if before == {}:
        return None
    if table is people and before and before.get("role") == admins.ADMIN:
        admins.check_one_stays(tx, key["email"])
    after = {name: values[name] for name in before} if before is not None else dict(values)
    if row is None:
        tx.execute(insert(table).values({"known_on": on, **key, **values}))
    else:
        ours = {"import_id": None} if "import_id" in table.c else {}
        if ours:
            _remember_imported(tx, table, row, before or {})
        tx.execute(update(table).where(*_at(table, key)).values(**after, **ours))
    row = _find(tx, table, key) or {}
    aftermath.follow_edit(tx, table, row, after, on)
    if table is accounts and "name" in after:
        _rename(tx, row)
    owner = _account(table, row)
    return record(tx, who=who, at=at, origin=origin, entity=entity, key=key, account=owner, before=before, after=after)


def remove(tx: Transaction, entity: str, key: Values, *, who: str, at: datetime, origin: str, on: date) -> int | None:
    """Take one row away and record what it was; None where there is none."""
    take_turn(tx)
    table = RECORDED[entity]
    row = _find(tx, table, key)
    if row is None:
        return None
    if table is people and row["role"] == admins.ADMIN:
        admins.check_one_stays(tx, key["email"])
    before = {name: value for name, value in row.items() if name not in key and value is not None}
    aftermath.follow_edit(tx, table, row, before, on)
    tx.execute(delete(table).where(*_at(table, key)))
    owner = _account(table, row)
    return record(tx, who=who, at=at, origin=origin, entity=entity, key=key, account=owner, before=before, after=None)


def add(
    tx: Transaction, entity: str, rows: Sequence[Values], *, who: str, at: datetime, origin: str, on: date
) -> list[int]:
    """Write new rows of one entity, all with the same columns, and record each; few statements, however many rows."""
    if not rows:
        return []
    take_turn(tx)
    table = RECORDED[entity]
    tx.execute(insert(table), [{"known_on": on, **row} for row in rows])
    for row in rows:
        aftermath.follow_edit(tx, table, row, row, on)
    key = key_columns(table)
    made = [
        {
            **_said(who, at, origin, table, row, _account(table, row)),
            "before": None,
            "after": plain({name: value for name, value in row.items() if name not in key}),
        }
        for row in rows
    ]
    return _append(tx, made)


def gesture(origin: str, token: str) -> str:
    """The origin of changes that one gesture made together: they are taken back together.

    token: the same for a form that is submitted twice; '': a gesture of its own, as a button is.
    """
    return f"{origin}{TOGETHER}{token or token_hex(8)}"


def undo(tx: Transaction, change: int, *, who: str, at: datetime, on: date) -> int | None:
    """Write the inverse of a change, and of those made with it, the newest first.

    Raises Overtaken, and then the transaction is to be rolled back, where a current value is no longer what was left.
    """
    take_turn(tx)
    done = None
    for made in _together(tx, change):
        done = _undo(tx, made, who=who, at=at, on=on)
    return done


def accounts_of(tx: Transaction, change: int) -> set[int]:
    """The accounts that a change, or the gesture that it belongs to, is about."""
    return {made["account"] for made in _together(tx, change) if made["account"] is not None}


def _together(tx: Transaction, change: int) -> list[RowMapping]:
    made = tx.execute(select(changes).where(changes.c.id == change)).mappings().one()
    if TOGETHER not in made["origin"]:
        return [made]
    same = select(changes).where(changes.c.origin == made["origin"], changes.c.who == made["who"])
    return list(tx.execute(same.order_by(changes.c.id.desc())).mappings())


def _undo(tx: Transaction, made: RowMapping, *, who: str, at: datetime, on: date) -> int | None:
    change = made["id"]
    table = RECORDED[made["entity"]]
    key = key_values(table, made["entity_key"])
    row = _find(tx, table, key)
    current = None if row is None else {name: plain(row[name]) for name in made["after"] or {}}
    if current != made["after"] or (made["before"] is None and _grown(tx, made, row or {})):
        raise Overtaken(str(change))
    origin = f"undo {change}"
    if made["before"] is None:
        return remove(tx, table.name, key, who=who, at=at, origin=origin, on=on)
    return edit(tx, table.name, key, restored(table, made["before"]), who=who, at=at, origin=origin, on=on)


def _grown(tx: Transaction, made: RowMapping, row: Values) -> bool:
    """A row that this change added holds by now what others wrote into its other columns."""
    of_row = (changes.c.entity == made["entity"], changes.c.entity_key == made["entity_key"], changes.c.id > made["id"])
    later = tx.execute(select(changes.c.after).where(*of_row)).scalars()
    others = {name for after in later for name in after or {}} - set(made["after"])
    return row.get("import_id") is not None or any(row[name] is not None for name in others)


@dataclass(frozen=True, slots=True)
class Made:
    """A change as it was recorded; `undone`: its inverse has been written since."""

    id: int
    who: str
    at: datetime
    origin: str
    account: int | None
    undone: bool

    @property
    def form(self) -> str:
        """Where it came from, whatever gesture it belongs to."""
        return self.origin.partition(TOGETHER)[0]


def find(tx: Transaction, change: int) -> Made | None:
    return _made(tx, changes.c.id == change)


def stands(tx: Transaction, origin: str) -> bool:
    """Something of this gesture has been written."""
    return tx.execute(select(changes.c.id).where(changes.c.origin == origin).limit(1)).first() is not None


def latest(tx: Transaction, entity: str, key: Values) -> Made | None:
    """The newest change of a row."""
    named = entity_key(RECORDED[entity], key)
    return _made(tx, and_(changes.c.entity == entity, changes.c.entity_key == named))


def _made(tx: Transaction, condition: ColumnElement[bool]) -> Made | None:
    row = tx.execute(select(changes).where(condition).order_by(changes.c.id.desc()).limit(1)).mappings().one_or_none()
    if row is None:
        return None
    undone = tx.execute(select(changes.c.id).where(changes.c.origin == f"undo {row['id']}").limit(1)).first()
    return Made(**{name: row[name] for name in ("id", "who", "at", "origin", "account")}, undone=undone is not None)


def take_turn(tx: Transaction) -> None:
    """Let writers go one after the other from here on, so that what is read now still holds when it is written."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))


def record(
    tx: Transaction,
    *,
    who: str,
    at: datetime,
    origin: str,
    entity: str,
    key: Values,
    account: int | None,
    before: Values | None,
    after: Values | None,
) -> int:
    """Append one change to the chain; writers take their turns, so that each sees the hash before its own."""
    take_turn(tx)
    said = _said(who, at, origin, RECORDED[entity], key, account)
    return _append(tx, [{**said, "before": plain(before), "after": plain(after)}])[0]


def note(tx: Transaction, what: str, key: str, after: Values, *, who: str, at: datetime, origin: str) -> int:
    """Append what happened and changed no row of ours, such as words that left this machine."""
    take_turn(tx)
    said = {"who": who, "at": at, "origin": origin, "entity": what, "entity_key": key, "account": None}
    return _append(tx, [{**said, "before": None, "after": plain(after)}])[0]


def _said(who: str, at: datetime, origin: str, table: Table, row: Values, account: int | None) -> dict[str, Any]:
    named = {"entity": table.name, "entity_key": entity_key(table, row), "account": account}
    return {"who": who, "at": at, "origin": origin, **named}


def _append(tx: Transaction, made: Sequence[dict[str, Any]]) -> list[int]:
    """Each with the hash over the one before it."""
    newest = select(changes.c.id, changes.c.hash).order_by(changes.c.id.desc()).limit(1)
    last = tx.execute(newest).one_or_none()
    previous = last.hash if last else ""
    for row in made:
        row["previous_hash"] = previous
        row["hash"] = previous = chain.hash_of(row)
    if len(made) == 1:
        return [int(tx.execute(insert(changes).values(made[0]).returning(changes.c.id)).scalar_one())]
    tx.execute(insert(changes), made)
    after = select(changes.c.id).where(changes.c.id > (last.id if last else 0)).order_by(changes.c.id)
    return list(tx.execute(after).scalars())


def verify(tx: Transaction) -> int | None:
    """The id of the first change that is not what was recorded, or does not follow the one before; None if none."""
    return chain.walk(tx).broken


def _find(tx: Transaction, table: Table, key: Values) -> dict[str, Any] | None:
    row = tx.execute(select(table).where(*_at(table, key))).mappings().one_or_none()
    return None if row is None else dict(row)


def _at(table: Table, key: Values) -> list[Any]:
    return [table.c[name] == key[name] for name in key_columns(table)]


def _rename(tx: Transaction, row: Values) -> None:
    folded = fold(row["name"])
    tx.execute(update(accounts).where(accounts.c.number == row["number"]).values(folded=folded))
    aftermath.name_anew(tx, [{"number": row["number"], "folded": folded}])


def _account(table: Table, row: Values) -> int | None:
    return row.get("number" if table.name == "accounts" else "account")


def _remember_imported(tx: Transaction, table: Table, row: Values, changed: Values) -> None:
    """Keep what the import last gave for each changed column: a later import knows by it which side changed."""
    named = entity_key(table, row)
    of_row = (edited.c.entity == table.name, edited.c.entity_key == named)
    kept = set(tx.execute(select(edited.c.column).where(*of_row)).scalars())
    if row["import_id"] is None and not kept:
        return
    upsert(
        tx,
        edited,
        [
            {"entity": table.name, "entity_key": named, "column": name, "imported": plain(value), "reported": None}
            for name, value in changed.items()
            if name not in kept
        ],
    )

"""One chunk of staged rows laid over what stands: compared by columns, written in bulk, in one transaction.

Merging a chunk twice is merging it once: what already stands as the row says is unchanged.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, select

from storage import admins
from storage.database import Transaction, upsert
from storage.importing import aftermath, standing
from storage.importing.arrivals import Arrival, Tally
from storage.importing.bulk import insert_rows
from storage.importing.images import decoders, entity_key, key_columns
from storage.importing.overlay import Incoming, Overlay, Plan
from storage.importing.staging import Staged
from storage.names import fold
from storage.sources.reading import BETWEEN_KEYS
from storage.sources.rows import MODELS
from storage.tables import ENTITIES, accounts, edited, mrr, people, subscriptions

# The whole base has no account; costs of it bear this number.
WHOLE_BASE = 0
EITHER = {"subscriptions": mrr, "mrr": subscriptions}


def merge(
    tx: Transaction, entity: str, rows: Sequence[Staged], arrival: Arrival, known_on: Mapping[str, date] | None = None
) -> tuple[Tally, list[Staged]]:
    """Write the rows whose account is known; returns what became of them, and the rows without an account."""
    tally = Tally()
    found = standing.numbers(tx, {row.account for row in rows})
    homeless = [row for row in rows if row.account and row.account not in found]
    lodged = [row for row in rows if not row.account or row.account in found]
    located = _locating(entity, found, known_on or {})
    incoming = [located(row) for row in lodged]
    incoming = _without_other_revenue(tx, entity, incoming, arrival, tally)
    incoming = _without_taken_ids(tx, entity, incoming, arrival, tally)
    incoming = _keeping_an_admin(tx, entity, incoming, arrival, tally)
    plan = _decide(tx, entity, incoming, arrival, tally)
    _write(tx, ENTITIES[entity], plan, arrival)
    return tally, homeless


def _locating(entity: str, found: Mapping[str, Any], known_on: Mapping[str, date]) -> Callable[[Staged], Incoming]:
    """How a staged row becomes the table's values."""
    table, model = ENTITIES[entity], MODELS[entity]
    has_account, names = model.has_account(), key_columns(table)
    key = model.table_columns(model.KEY)
    decode = tuple(decoders(table).items())

    def locate(row: Staged) -> Incoming:
        owner = found.get(row.account)
        parts: dict[str, Any] = row.content or dict(zip(key, row.key.split(BETWEEN_KEYS), strict=True))
        if has_account:
            parts["account"] = owner.number if owner else WHOLE_BASE
        for name, read in decode:
            if (value := parts.get(name)) is not None:
                parts[name] = read(value)
        values = None if row.content is None else parts
        since = owner.customer_since if owner else None
        return Incoming(row, tuple([parts[name] for name in names]), values, since, known_on.get(row.key))

    return locate


def _without_other_revenue(
    tx: Transaction, entity: str, rows: list[Incoming], arrival: Arrival, tally: Tally
) -> list[Incoming]:
    """An account has subscriptions or monthly figures, not both."""
    other = EITHER.get(entity)
    if other is None or not rows:
        return rows
    numbers = {row.values["account"] for row in rows if row.values}
    query = standing.matching(tx, select(other.c.account).distinct(), other.c.account, numbers)
    taken = set(tx.execute(query).scalars())
    for row in rows:
        if row.values and row.values["account"] in taken:
            tally.refuse(row.row, arrival.names, "both_revenues", other=other.name)
    return [row for row in rows if not row.values or row.values["account"] not in taken]


def _without_taken_ids(
    tx: Transaction, entity: str, rows: list[Incoming], arrival: Arrival, tally: Tally
) -> list[Incoming]:
    """A Slack id belongs to one person."""
    if entity != "people" or not any(row.values and row.values.get("slack_id") for row in rows):
        return rows
    query = select(people.c.slack_id, people.c.email).where(people.c.slack_id.is_not(None))
    owners = {row.slack_id: row.email for row in tx.execute(query)}
    free = []
    for row in rows:
        slack_id = str((row.values or {}).get("slack_id") or "")
        owner = owners.setdefault(slack_id, row.row.key) if slack_id else row.row.key
        if owner == row.row.key:
            free.append(row)
        else:
            tally.refuse(row.row, arrival.names, "taken", column="slack_id", value=slack_id, owner=owner)
    return free


def _keeping_an_admin(
    tx: Transaction, entity: str, rows: list[Incoming], arrival: Arrival, tally: Tally
) -> list[Incoming]:
    """Rows that would leave nobody who administers are refused."""
    if entity != "people":
        return rows
    plan = _decide(tx, entity, rows, arrival, Tally())
    lost = {old["email"] for old in plan.removed if old["role"] == admins.ADMIN}
    lost |= {old["email"] for old, new in plan.changed if admins.ADMIN == old["role"] != new.get("role", old["role"])}
    told = (*plan.added, *(new for _, new in plan.changed))
    if not lost or any(values.get("role") == admins.ADMIN for values in told) or admins.others(tx, lost):
        return rows
    for row in rows:
        if row.key[0] in lost:
            tally.refuse(row.row, arrival.names, "last_admin", column="role", value=(row.values or {}).get("role", ""))
    return [row for row in rows if row.key[0] not in lost]


def _decide(tx: Transaction, entity: str, rows: Sequence[Incoming], arrival: Arrival, tally: Tally) -> Plan:
    table = ENTITIES[entity]
    names = key_columns(table)
    found = standing.rows(tx, table, names, [row.key for row in rows], locking=True) if rows else ()
    stands = {tuple([row[name] for name in names]): row for row in (each._asdict() for each in found)}
    edits = standing.edits(tx, entity, (entity_key(table, row) for row in stands.values())) if stands else {}
    overlay = Overlay(table, arrival, tally, edits)
    for row in rows:
        tally.count(row.row, overlay.lay(row, stands.get(row.key)))
    return overlay.plan


def _write(tx: Transaction, table: Table, plan: Plan, arrival: Arrival) -> None:
    if table is accounts:
        for values in (*plan.added, *(changed for _, changed in plan.changed if "name" in changed)):
            values["folded"] = fold(values["name"])
    before = [old for old, _ in plan.changed]
    aftermath.remember(tx, arrival.import_id, table, before)
    aftermath.remember(tx, arrival.import_id, table, plan.removed, removed=True)
    if plan.removed:
        aftermath.remove(tx, table, plan.removed, arrival)
    insert_rows(tx, table, plan.added)
    after = [{**old, **changed, "import_id": arrival.import_id} for old, changed in plan.changed]
    upsert(tx, table, after)
    upsert(tx, edited, plan.marks)
    aftermath.follow(tx, table, plan.added, list(zip(before, after, strict=True)), plan.removed, arrival)

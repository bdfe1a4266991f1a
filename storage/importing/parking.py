"""Rows whose account is not known yet: kept aside, and landed when it arrives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pydantic_core import from_json, to_json
from sqlalchemy import select

from storage.database import Transaction, upsert
from storage.importing import aftermath, standing
from storage.importing.arrivals import Arrival, Tally
from storage.importing.bulk import insert_rows
from storage.importing.images import restored
from storage.importing.merging import merge
from storage.importing.staging import Staged
from storage.tables import ENTITIES, parked

PAGE = 5_000
LANDED = 0
PREFIX = "landed "


def park(tx: Transaction, entity: str, rows: Sequence[Staged], arrival: Arrival, tally: Tally) -> None:
    """Keep rows aside; a later row of the same key is laid over the earlier one."""
    if not rows:
        return
    found = standing.rows(tx, parked, ("entity", "entity_key"), [(entity, row.key) for row in rows], locking=True)
    stood = {row.entity_key: row._asdict() for row in found}
    added, changed, removed = [], [], []
    for row in rows:
        old = stood.get(row.key)
        if row.content is None:
            tally.count(row, "removed" if old else "unchanged")
            removed += [old] if old else []
            continue
        tally.count(row, "parked")
        told = from_json(to_json(row.content))
        if old is None:
            added.append(_kept(entity, row, told, _known_on(entity, told, arrival), arrival))
        elif (content := {**old["payload"]["content"], **told}) != old["payload"]["content"]:
            changed.append((old, {"id": old["id"], **_kept(entity, row, content, old["known_on"], arrival)}))
    aftermath.remember(tx, arrival.import_id, parked, [old for old, _ in changed])
    aftermath.remember(tx, arrival.import_id, parked, removed, removed=True)
    aftermath.delete_rows(tx, parked, removed)
    insert_rows(tx, parked, added)
    upsert(tx, parked, [new for _, new in changed])


def _known_on(entity: str, content: Mapping[str, object], arrival: Arrival) -> date:
    return arrival.known_on(entity, arrival.own_day(entity, restored(ENTITIES[entity], content)), None)


def _kept(
    entity: str, row: Staged, content: Mapping[str, object], known_on: date, arrival: Arrival
) -> dict[str, object]:
    return {
        "import_id": arrival.import_id,
        "entity": entity,
        "entity_key": row.key,
        "account_ref": row.account,
        "payload": {"content": content, "line": row.line},
        "known_on": known_on,
    }


def landing(tx: Transaction, entity: str) -> list[str]:
    """The references of parked rows whose account has come."""
    return [ref for page in _refs(tx, entity) for ref in standing.numbers(tx, page)]


def _refs(tx: Transaction, entity: str) -> Iterator[Sequence[str]]:
    query = select(parked.c.account_ref).distinct().where(parked.c.entity == entity)
    yield from tx.execute(query).scalars().partitions(PAGE)


def land(tx: Transaction, entity: str, refs: Sequence[str], arrival: Arrival) -> Tally | None:
    """Merge one page of parked rows with these references; None when no more wait."""
    query = select(parked).where(parked.c.entity == entity).order_by(parked.c.id).limit(PAGE)
    found = [row._asdict() for row in tx.execute(standing.matching(tx, query, parked.c.account_ref, refs))]
    if not found:
        return None
    rows = [
        Staged(row["entity_key"], (LANDED,), row["payload"]["line"], row["account_ref"], row["payload"]["content"])
        for row in found
    ]
    aftermath.remember(tx, arrival.import_id, parked, found, removed=True)
    tally, _ = merge(
        tx, entity, rows, replace(arrival, names=(entity,)), {row["entity_key"]: row["known_on"] for row in found}
    )
    aftermath.delete_rows(tx, parked, found)
    return tally

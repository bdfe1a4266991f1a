"""The record of changes as a chain: every row's hash is taken over its content and the hash of the row before it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from storage.database import Transaction
from storage.importing.images import plain
from storage.tables import changes

PAGE = 1000
HASHED = ("who", "at", "origin", "entity", "entity_key", "account", "before", "after")


@dataclass(frozen=True, slots=True)
class Walked:
    """`broken`: the first change that is not what was recorded, or does not follow the one before; None if none.

    head: the newest hash. anchored: the hash that was asked for stands in the chain; without one, True.
    """

    count: int = 0
    head: str = ""
    broken: int | None = None
    anchored: bool = True

    @property
    def whole(self) -> bool:
        return self.broken is None and self.anchored


def hash_of(row: Mapping[str, Any]) -> str:
    content = json.dumps(plain({name: row[name] for name in HASHED}), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{row['previous_hash']}{content}".encode()).hexdigest()


def walk(tx: Transaction, *, anchor: str = "", last: int | None = None) -> Walked:
    """Follow the chain from its beginning, or its `last` changes; up to the first that is broken.

    anchor: a head that was kept elsewhere, or its beginning. Without one, changes that were taken from the end are
    not missed.
    """
    begin = _begin(tx, last) if last else 0
    previous, count, anchored = None if begin else "", 0, not anchor
    for row in _all(tx, begin):
        values = row._asdict()
        follows = previous is None or values["previous_hash"] == previous
        if not follows or values["hash"] != hash_of(values):
            return Walked(count, previous or "", int(row.id), anchored)
        previous, count = row.hash, count + 1
        anchored = anchored or previous.startswith(anchor)
    return Walked(count, previous or "", None, anchored)


def _begin(tx: Transaction, last: int) -> int:
    """The id after which the last changes come; 0 where there are no more than those."""
    ids = select(changes.c.id).order_by(changes.c.id.desc()).offset(last).limit(1)
    return int(tx.execute(select(func.coalesce(ids.scalar_subquery(), 0))).scalar_one())


def _all(tx: Transaction, after: int) -> Iterator[Row[Any]]:
    while rows := tx.execute(select(changes).where(changes.c.id > after).order_by(changes.c.id).limit(PAGE)).all():
        yield from rows
        after = rows[-1].id

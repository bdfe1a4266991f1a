"""Required outcomes: what a customer came for, and how far it is."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from domain.facts import Outcome
from storage import changes
from storage.database import Transaction
from storage.facts import history
from storage.facts.asof import AsOf, undated
from storage.importing.images import entity_key, plain
from storage.scope import Scope
from storage.tables import accounts, outcomes
from storage.within import Condition, Within, one

DATED = (("outcomes", "current"),)
PLAIN = ("outcome_id", "statement", "contact_id", "measure", "baseline", "target", "due_on")


def of_account(tx: Transaction, number: int, seen: AsOf, scope: Scope) -> list[Outcome]:
    mine = one(number, scope)
    return known(tx, mine, seen, history.read(tx, DATED, mine, seen)).get(number, [])


def known(tx: Transaction, within: Within, seen: AsOf, dated: history.History) -> dict[int, list[Outcome]]:
    """By account, the nearest due first; `current` as it was on the day, of which `dated` knows."""
    found: dict[int, list[Outcome]] = defaultdict(list)
    values = dated.values("outcomes")
    for row in within.ask(tx, _known, **seen.values).mappings():
        was = values.get((row["account"], entity_key(outcomes, dict(row)), "current"))
        found[row["account"]].append(_outcome(row, was, seen))
    return found


def _known(where: Condition) -> Select[Any]:
    query = select(outcomes).join_from(outcomes, accounts, outcomes.c.account == accounts.c.number)
    order = (outcomes.c.due_on.is_(None), outcomes.c.due_on, outcomes.c.outcome_id)
    return query.where(where, undated(outcomes)).order_by(*order)


def _outcome(row: Mapping[str, Any] | Any, was: history.Dated | None, seen: AsOf) -> Outcome:
    value, day = was or (row["current"], row["known_on"])
    return Outcome(
        **{name: row[name] for name in PLAIN},
        current=None if value is None else Decimal(value),
        current_on=None if value is None else min(day, seen.day),
        achieved_on=seen.then(row["achieved_on"]),
        confirmed_on=seen.then(row["confirmed_on"]),
        recorded_on=seen.then(row["known_on"]),
        confirmed_by=row["confirmed_by"] if seen.then(row["confirmed_on"]) else None,
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """An outcome as it stands; `mark` changes with anything in its row that a person or a file can say."""

    outcome: Outcome
    account: int
    mark: str


def get(tx: Transaction, outcome_id: str, seen: AsOf, scope: Scope) -> Kept | None:
    query = select(outcomes).join_from(outcomes, accounts, outcomes.c.account == accounts.c.number)
    row = tx.execute(query.where(outcomes.c.outcome_id == outcome_id, scope.where())).mappings().one_or_none()
    return None if row is None else Kept(_outcome(row, None, seen), row["account"], _mark(row))


def write(
    tx: Transaction,
    outcome_id: str,
    values: Mapping[str, Any],
    *,
    mark: str | None,
    who: str,
    at: datetime,
    origin: str,
    on: date,
) -> int | None:
    """Add an outcome (`mark` None), or change it; raises changes.Overtaken where it is no longer what `mark` was of.

    None where nothing is different from what stands there: said twice is said once.
    """
    changes.take_turn(tx)
    row = tx.execute(select(outcomes).where(outcomes.c.outcome_id == outcome_id)).mappings().one_or_none()
    same = row is not None and all(row[name] == value for name, value in values.items())
    if not same and (None if row is None else _mark(row)) != mark:
        raise changes.Overtaken(outcome_id)
    return changes.edit(tx, "outcomes", {"outcome_id": outcome_id}, values, who=who, at=at, origin=origin, on=on)


def _mark(row: Mapping[str, Any] | Any) -> str:
    said = {name: plain(value) for name, value in row.items() if name not in {"import_id", "known_on"}}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

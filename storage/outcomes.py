"""Required outcomes: what a customer came for, and how far it is."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from domain.facts import Outcome
from storage import history
from storage.asof import AsOf
from storage.database import Transaction
from storage.images import entity_key
from storage.scope import Scope
from storage.tables import accounts, outcomes

PLAIN = ("outcome_id", "statement", "contact_id", "measure", "baseline", "target", "due_on")


def of_account(tx: Transaction, number: int, seen: AsOf, scope: Scope) -> list[Outcome]:
    return known(tx, and_(accounts.c.number == number, scope.where()), seen).get(number, [])


def known(tx: Transaction, within: ColumnElement[bool], seen: AsOf) -> dict[int, list[Outcome]]:
    """By account, the nearest due first; `current` as it was on the day."""
    query = select(outcomes).join_from(outcomes, accounts, outcomes.c.account == accounts.c.number)
    dated = history.values(tx, "outcomes", ("current",), within, seen)
    found: dict[int, list[Outcome]] = defaultdict(list)
    order = (outcomes.c.due_on.is_(None), outcomes.c.due_on, outcomes.c.outcome_id)
    for row in tx.execute(query.where(within, seen.undated(outcomes)).order_by(*order)).mappings():
        was = dated.get((row["account"], entity_key(outcomes, dict(row)), "current"))
        found[row["account"]].append(_outcome(row, was, seen))
    return found


def _outcome(row: Mapping[str, Any] | Any, was: history.Dated | None, seen: AsOf) -> Outcome:
    value, day = was or (row["current"], row["known_on"])
    return Outcome(
        **{name: row[name] for name in PLAIN},
        current=None if value is None else Decimal(value),
        current_on=None if value is None else min(day, seen.day),
        achieved_on=seen.then(row["achieved_on"]),
        confirmed_on=seen.then(row["confirmed_on"]),
        recorded_on=seen.then(row["known_on"]),
    )

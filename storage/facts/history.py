"""The value of a dated field on a day: the newest by then; before the first recorded one, the first holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, select, tuple_

from storage.database import Transaction
from storage.facts.asof import DAY, AsOf
from storage.tables import accounts, history
from storage.within import Condition, Within

Dated = tuple[str | None, date]
Fields = Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class History:
    """Values of dated fields by day: (account, entity, key, field, value, day, whether it had come on the day)."""

    rows: Sequence[Any]

    def values(self, entity: str) -> dict[tuple[int, str, str], Dated]:
        """By account, key and field: the value and its day."""
        found: dict[tuple[int, str, str], Dated] = {}
        for number, of, key, field, value, day, come in self.rows:
            if of == entity and (come or (number, key, field) not in found):
                found[number, key, field] = (value, day)
        return found

    def replaced(self, field: str) -> dict[int, date]:
        """By account: the last day up to that day on which a value of the account's own took another's place."""
        was: dict[int, str | None] = {}
        found: dict[int, date] = {}
        for number, of, _key, named, value, day, come in self.rows:
            if of == "accounts" and named == field and come:
                if None not in {value, was.get(number)} and was[number] != value:
                    found[number] = day
                was[number] = value
        return found


def read(tx: Transaction, fields: Fields, within: Within, seen: AsOf) -> History:
    """Of these fields, each with its entity."""
    return History(within.ask(tx, _read, **seen.values, fields=list(fields)).all())


def _read(where: Condition) -> Select[Any]:
    come = and_(history.c.day <= DAY, history.c.known_on <= DAY).label("come")
    return (
        select(history.c.account, history.c.entity, history.c.entity_key, history.c.field, history.c.value,
               history.c.day, come)
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(tuple_(history.c.entity, history.c.field).in_(bindparam("fields", expanding=True)), where)
        .order_by(history.c.day)
    )  # fmt: skip

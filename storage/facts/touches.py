"""Touches: what was said with whom, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from storage import changes
from storage.database import Transaction
from storage.names import listed
from storage.scope import Scope
from storage.tables import accounts, touches


@dataclass(frozen=True, slots=True)
class Touch:
    """`contacts`: ids or e-mails, in lower case; `at` is aware, in UTC."""

    touch_id: str
    at: datetime
    channel: str | None = None
    direction: str | None = None
    csm: str | None = None
    contacts: tuple[str, ...] = ()
    subject: str | None = None
    minutes: int | None = None
    side: str | None = None
    note: str | None = None


COLUMNS = tuple(touches.c[name] for name in Touch.__dataclass_fields__)


def of_account(tx: Transaction, number: int, scope: Scope, *, limit: int = 10) -> list[Touch]:
    query = select(*COLUMNS).join_from(touches, accounts, touches.c.account == accounts.c.number)
    newest = query.where(touches.c.account == number, scope.where()).order_by(touches.c.at.desc(), touches.c.touch_id)
    return [_touch(row) for row in tx.execute(newest.limit(limit)).mappings()]


def add(tx: Transaction, number: int, touch: Touch, *, who: str, at: datetime, origin: str, today: date) -> int | None:
    """Log a touch; the same id twice is one touch."""
    values = _values(number, touch)
    key = {"touch_id": values.pop("touch_id")}
    return changes.edit(tx, "touches", key, values, who=who, at=at, origin=origin, on=today)


def add_all(
    tx: Transaction, logged: Sequence[tuple[int, Touch]], *, who: str, at: datetime, origin: str, on: date
) -> list[int]:
    """New touches by number of account, few statements; the ids of their changes."""
    rows = [_values(number, touch) for number, touch in logged]
    return changes.add(tx, "touches", rows, who=who, at=at, origin=origin, on=on)


def _values(number: int, touch: Touch) -> dict[str, Any]:
    values = {name: getattr(touch, name) for name in Touch.__dataclass_fields__}
    return values | {"account": number, "contacts": "; ".join(touch.contacts) or None}


def _touch(row: Any) -> Touch:
    return Touch(**dict(row) | {"contacts": tuple(listed(row["contacts"] and row["contacts"].lower()))})

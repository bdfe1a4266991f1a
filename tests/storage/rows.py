"""Rows by hand, with what a table needs filled in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from storage import tables
from storage.database import Transaction
from storage.names import fold, trigrams

TODAY = date(2026, 11, 23)
LONG_AGO = date(2024, 1, 1)


def put(tx: Transaction, name: str, *rows: dict[str, Any], known_on: date = LONG_AGO) -> None:
    """All rows of a call have the same columns."""
    if rows:
        tx.execute(insert(getattr(tables, name)), [{"known_on": known_on, **row} for row in rows])


def put_accounts(tx: Transaction, *names: str, **values: Any) -> list[int]:
    numbers = []
    for name in names:
        row = {"account_id": f"id-{name}", "name": name, "folded": fold(name), "known_on": LONG_AGO, **values}
        statement = insert(tables.accounts).values(row).returning(tables.accounts.c.number)
        numbers.append(tx.execute(statement).scalar_one())
        pieces = [{"trigram": piece, "account": numbers[-1]} for piece in sorted(trigrams(fold(name)))]
        tx.execute(insert(tables.account_trigrams), pieces)
    return numbers


def put_people(tx: Transaction) -> None:
    """Ana and Ben under Sofía, Cleo under nobody, Vic who only looks on, Tom who administers."""
    for name, role, manager in (
        ("ana", "csm", "sofia@x.com"),
        ("ben", "csm", "sofia@x.com"),
        ("cleo", "csm", None),
        ("sofia", "lead", None),
        ("vic", "viewer", None),
        ("tom", "admin", None),
    ):
        put(tx, "people", {"email": f"{name}@x.com", "name": name.title(), "role": role, "manager": manager})


def at(day: date, hour: int = 12) -> datetime:
    from datetime import UTC

    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

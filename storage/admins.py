"""Somebody administers, always: the last one is neither removed nor made anything else."""

from collections.abc import Collection

from sqlalchemy import select

from storage.database import Transaction
from storage.tables import people

ADMIN = "admin"


class LastAdmin(ValueError):
    """Nobody would be left who administers."""


def others(tx: Transaction, emails: Collection[str]) -> bool:
    """Whether anybody else administers."""
    query = select(people.c.email).where(people.c.role == ADMIN, people.c.email.not_in(emails)).limit(1)
    return tx.execute(query).first() is not None


def check_one_stays(tx: Transaction, email: str) -> None:
    """Before an admin goes, or becomes anything else; raises LastAdmin."""
    if not others(tx, [email]):
        raise LastAdmin(email)

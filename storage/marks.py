"""The accounts whose figures must be derived anew."""

from collections.abc import Collection

from sqlalchemy import delete, select

from storage.database import Transaction
from storage.tables import dirty


def claim(tx: Transaction, what: str, first: int, last: int) -> list[int]:
    """Those marked in a range, held: an import that marks one of them meanwhile waits, and its mark outlives ours."""
    marked = select(dirty.c.account).where(dirty.c.what == what, dirty.c.account.between(first, last))
    return list(tx.execute(marked.order_by(dirty.c.account).with_for_update()).scalars())


def settle(tx: Transaction, what: str, numbers: Collection[int]) -> None:
    """Take away the marks that were claimed; never one that came since."""
    tx.execute(delete(dirty).where(dirty.c.what == what, dirty.c.account.in_(numbers)))

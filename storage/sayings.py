"""What people may say for filters: the segments, people and own columns that there are."""

from collections.abc import Iterator

from sqlalchemy import func, select

from storage.database import Transaction
from storage.names import listed
from storage.scope import Scope
from storage.tables import accounts, people

MOST_SEGMENTS, LOOKED_AT, LONGEST, MOST_VALUES = 60, 200, 40, 30


def segments(tx: Transaction, scope: Scope) -> list[str]:
    """Each from the index to the next, so that it costs as many steps as there are segments."""
    found: list[str] = []
    while len(found) < MOST_SEGMENTS:
        later = (accounts.c.segment > found[-1],) if found else (accounts.c.segment.is_not(None),)
        following = tx.execute(select(func.min(accounts.c.segment)).where(*later, scope.where())).scalar_one()
        if following is None:
            break
        found.append(following)
    return [segment for segment in found if segment]


def own_columns(tx: Transaction, scope: Scope) -> Iterator[tuple[str, str]]:
    """Columns x_* with their values, as some accounts have them; a column with many values is none to choose by."""
    rows = tx.execute(select(accounts.c.extra).where(scope.where()).limit(LOOKED_AT)).scalars()
    values: dict[str, set[str]] = {}
    for extra in rows:
        for column, value in (extra or {}).items():
            if column.startswith("x_") and value and len(str(value)) <= LONGEST:
                values.setdefault(column, set()).add(str(value))
    for column, held in sorted(values.items()):
        yield from ((column, value) for value in sorted(held) if len(held) <= MOST_VALUES)


def persons(tx: Transaction) -> Iterator[tuple[str, str]]:
    """E-mail and each name that a person of ours is called by."""
    for email, name, aliases in tx.execute(select(people.c.email, people.c.name, people.c.aliases)):
        yield email, email
        yield from ((email, called) for called in (name, *listed(aliases)) if called)

"""Parents that a file named as system:external_id before that was known: the account behind it, once it is."""

from sqlalchemy import select

from storage.database import Transaction, upsert
from storage.importing import aftermath, standing
from storage.importing.arrivals import Arrival
from storage.tables import accounts

PAGE = 2_000


def settle(tx: Transaction, arrival: Arrival) -> None:
    """Each such account gets its parent's id, as a change of this import."""
    waiting = select(accounts).where(accounts.c.parent_id.contains(":"))
    for page in tx.execute(waiting).mappings().partitions(PAGE):
        rows = [dict(row) for row in page]
        known = standing.numbers(tx, {row["parent_id"] for row in rows})
        parents = {ref: row.account_id for ref, row in known.items() if row.account_id != ref}
        found = [row for row in rows if row["parent_id"] in parents]
        aftermath.remember(tx, arrival.import_id, accounts, found)
        told = {"import_id": arrival.import_id}
        upsert(tx, accounts, [{**row, **told, "parent_id": parents[row["parent_id"]]} for row in found])

"""What the products can do, and which of it is core."""

from collections.abc import Collection

from sqlalchemy import or_, select

from storage.database import Transaction
from storage.tables import features


def core(tx: Transaction, named: Collection[str] = ()) -> dict[str, str]:
    """The core features with their product ('' where none is told): as supplied, and those that the policy names."""
    rows = tx.execute(
        select(features.c.feature, features.c.product).where(or_(features.c.core, features.c.feature.in_(named)))
    )
    return dict.fromkeys(named, "") | {feature: product or "" for feature, product in rows}

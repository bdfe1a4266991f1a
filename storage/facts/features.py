"""What the products can do, and which of it is core."""

from collections.abc import Collection

from sqlalchemy import bindparam, or_, select

from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, features, usage_last

LOOKED_AT = 20_000

_CORE = select(features.c.feature, features.c.product).where(
    or_(features.c.core, features.c.feature.in_(bindparam("named", expanding=True)))
)


def core(tx: Transaction, named: Collection[str] = ()) -> dict[str, str]:
    """The core features with their product ('' where none is told): as supplied, and those that the policy names."""
    rows = tx.execute(_CORE, {"named": list(named)})
    return dict.fromkeys(named, "") | {feature: product or "" for feature, product in rows}


def names(tx: Transaction, number: int, scope: Scope, named: Collection[str] = ()) -> list[str]:
    """What features are called: those that the account used, the core ones, the others told, some that others used."""
    of = select(usage_last.c.name).where(usage_last.c.kind == "feature")
    own = of.join_from(usage_last, accounts, usage_last.c.account == accounts.c.number)
    own = own.where(usage_last.c.account == number, scope.where()).order_by(usage_last.c.name)
    told = select(features.c.feature).order_by(features.c.core.desc(), features.c.feature)
    some = select(of.limit(LOOKED_AT).subquery().c.name).distinct()
    return list(dict.fromkeys([*tx.execute(own).scalars(), *named, *tx.execute(told).scalars(),
                               *sorted(tx.execute(some).scalars())]))  # fmt: skip

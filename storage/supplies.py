"""What the organisation supplies at all."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, exists, or_, select

from domain.accounts import KEY_ROLES
from storage import features
from storage.database import Transaction
from storage.tables import (
    contacts,
    invoices,
    mrr,
    outcomes,
    subscriptions,
    surveys,
    tickets,
    touches,
    usage,
    usage_rolling,
    usage_users,
)

_DERIVED = select(exists(select(1).select_from(usage_rolling)))


def in_use(tx: Transaction, core_features: Collection[str] = ()) -> frozenset[str]:
    """The measures of health of which a single fact ever came; the others leave the scale once for all."""
    row = tx.execute(_supplied(derived=tx.execute(_DERIVED).scalar_one())).mappings().one()
    has_core = bool(features.core(tx, core_features))
    return frozenset(name for name, there in row.items() if there and (has_core or name != "core_features"))


@cache
def _supplied(*, derived: bool) -> Any:
    """A column for each measure; made once, for every card asks it. `derived`: the nights have been through the use."""
    used = or_(_any(usage), _any(usage_users))
    found: dict[str, ColumnElement[bool]] = {
        "licences": _any(subscriptions, subscriptions.c.seats.is_not(None)) & used,
        "core_features": _feature_rows(derived=derived),
        "use": used,
        "outcomes": _any(outcomes),
        "nps": _answered("nps"),
        "csat_ces": _answered("csat", "ces"),
        "tickets": _any(tickets),
        "touch": _any(touches),
        "sponsor": _any(contacts, contacts.c.role.in_(KEY_ROLES)),
        "invoices": _any(invoices),
        "mrr_calls": or_(_any(subscriptions), _any(mrr)),
    }
    return select(*(condition.label(name) for name, condition in found.items()))


def _feature_rows(*, derived: bool) -> ColumnElement[bool]:
    """Read from what the nights have derived where there is any: a search of all usage in vain would be long."""
    if derived:
        return _any(usage_rolling, usage_rolling.c.feature_on.is_not(None))
    return or_(_any(usage, usage.c.feature != ""), _any(usage_users, usage_users.c.feature != ""))


def _answered(*kinds: str) -> ColumnElement[bool]:
    return _any(surveys, surveys.c.kind.in_(kinds), surveys.c.score.is_not(None))


def _any(table: FromClause, *conditions: Any) -> ColumnElement[bool]:
    return exists(select(1).select_from(table).where(*conditions))

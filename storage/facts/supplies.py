"""What the organisation supplies at all."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, exists, or_, select

from domain.accounts import KEY_ROLES
from storage.database import Transaction
from storage.tables import (
    contacts,
    features,
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
from storage.within import is_one_of

TOLD = "told_core"


def in_use(tx: Transaction, core_features: Collection[str] = ()) -> frozenset[str]:
    """The measures of health of which a single fact ever came; the others leave the scale once for all."""
    there = {name for name, supplied in tx.execute(_supplied()).mappings().one().items() if supplied}
    lacking = set() if core_features or TOLD in there else {"core_features"}
    return frozenset(there - lacking - {TOLD})


@cache
def _supplied() -> Any:
    """A column for each measure, and one for features that are told to be core; made once, for every card asks it."""
    used = or_(_any(usage), _any(usage_users))
    found: dict[str, ColumnElement[bool]] = {
        "licences": _any(subscriptions, subscriptions.c.seats.is_not(None)) & used,
        "core_features": _feature_rows(),
        "use": used,
        "outcomes": _any(outcomes),
        "nps": _answered("nps"),
        "csat_ces": _answered("csat", "ces"),
        "tickets": _any(tickets),
        "touch": _any(touches),
        "sponsor": _any(contacts, is_one_of(contacts.c.role, KEY_ROLES)),
        "invoices": _any(invoices),
        "mrr_calls": or_(_any(subscriptions), _any(mrr)),
        TOLD: _any(features, features.c.core),
    }
    return select(*(condition.label(name) for name, condition in found.items()))


def _feature_rows() -> ColumnElement[bool]:
    """Read from what the nights have derived where there is any: a search of all usage in vain would be long."""
    told = or_(_any(usage, usage.c.feature != ""), _any(usage_users, usage_users.c.feature != ""))
    return case((_any(usage_rolling), _any(usage_rolling, usage_rolling.c.feature_on.is_not(None))), else_=told)


def _answered(*kinds: str) -> ColumnElement[bool]:
    return _any(surveys, is_one_of(surveys.c.kind, kinds), surveys.c.score.is_not(None))


def _any(table: FromClause, *conditions: Any) -> ColumnElement[bool]:
    return exists(select(1).select_from(table).where(*conditions))

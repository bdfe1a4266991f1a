"""Accounts whose colour is another than on a day before."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.health.scores import State
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, scores

NEWS = ("red", "yellow", "green", "leaving")


@dataclass(frozen=True, slots=True)
class Turned:
    account_id: str
    name: str
    was: State
    state: State


def turned(tx: Transaction, scope: Scope, *, since: date, day: date, limit: int = 50) -> list[Turned]:
    """Between the newest readings by `since` and by `day`, under one version of the policy; worst news first."""
    now, then = scores.alias("now"), scores.alias("then")

    def newest(of: date) -> object:
        seen = scores.alias(f"seen_{of:%Y%m%d}")
        query = select(func.max(seen.c.day)).where(seen.c.account == accounts.c.number, seen.c.day <= of)
        return query.correlate(accounts).scalar_subquery()

    query = (
        select(accounts.c.account_id, accounts.c.name, then.c.state.label("was"), now.c.state)
        .join_from(accounts, now, (now.c.account == accounts.c.number) & (now.c.day == newest(day)))
        .join(then, (then.c.account == accounts.c.number) & (then.c.day == newest(since)))
        .where(scope.where(), then.c.state != now.c.state, then.c.policy == now.c.policy)
        .where(then.c.state.in_(NEWS), now.c.state.in_(NEWS))
        .order_by(accounts.c.folded)
        .limit(limit)
    )
    found = [Turned(**row) for row in tx.execute(query).mappings()]
    return sorted(found, key=lambda each: NEWS.index(each.state))

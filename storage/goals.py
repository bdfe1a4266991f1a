"""Goals of plays, and those that files bring."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from domain.goals import Goal, Peers
from domain.rules import Measure
from storage.asof import AsOf
from storage.database import Transaction
from storage.scope import Scope


def of_account(tx: Transaction, number: int, seen: AsOf, scope: Scope) -> list[Goal]:
    """The nearest due first; `current` as it was on the day."""
    raise NotImplementedError


def of_page(tx: Transaction, first: int, last: int, seen: AsOf, scope: Scope) -> dict[int, list[Goal]]:
    raise NotImplementedError


def of_accounts(tx: Transaction, numbers: Collection[int], seen: AsOf, scope: Scope) -> dict[int, list[Goal]]:
    raise NotImplementedError


def get(tx: Transaction, goal_id: str, scope: Scope) -> Goal | None:
    raise NotImplementedError


def measure(
    tx: Transaction, goal_id: str, current: Decimal, *, who: str, at: datetime, origin: str, on: date
) -> int | None:
    """Say how far it is; the value is kept with its day, and the goal as achieved where it reaches the target."""
    raise NotImplementedError


def gains(
    tx: Transaction,
    measure: Measure,
    scope: Scope,
    *,
    today: date,
    days: int,
    segment: str | None,
    near: float | None = None,
) -> Peers:
    """How much the measure moved in accounts of the segment over `days`; near: only where it began within 15 of it.

    From the scores of month ends, the newest by today and that of `days` before.
    """
    raise NotImplementedError

"""What the rule, the CSM and both in the end say of a renewal."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from domain.facts import RenewalCall
from storage import changes
from storage.asof import AsOf
from storage.database import Transaction, upsert
from storage.scope import Scope
from storage.tables import accounts, renewal_calls


def latest(tx: Transaction, within: ColumnElement[bool], seen: AsOf) -> dict[int, list[RenewalCall]]:
    """By account: the two latest calls of each voice on each renewal, the nearest renewal first, the newest last."""
    voice = (renewal_calls.c.account, renewal_calls.c.renewal_on, renewal_calls.c.by)
    rank = func.row_number().over(partition_by=voice, order_by=renewal_calls.c.given_on.desc())
    ranked = (
        select(renewal_calls, rank.label("rank"))
        .join_from(renewal_calls, accounts, renewal_calls.c.account == accounts.c.number)
        .where(within, renewal_calls.c.given_on <= seen.day, seen.known(renewal_calls))
        .subquery()
    )
    found: dict[int, list[RenewalCall]] = defaultdict(list)
    for row in tx.execute(
        select(ranked).where(ranked.c.rank <= 2).order_by(ranked.c.renewal_on, ranked.c.by, ranked.c.given_on)
    ).mappings():
        found[row["account"]].append(_call(row))
    return found


def of_accounts(
    tx: Transaction, numbers: Collection[int], *, scope: Scope, since: date, day: date
) -> dict[int, list[RenewalCall]]:
    """As `latest`, of these accounts: on renewals from `since` on, as of `day`."""
    within = and_(accounts.c.number.in_(numbers), scope.where(), renewal_calls.c.renewal_on >= since)
    return latest(tx, within, AsOf(day, day))


def give(tx: Transaction, number: int, call: RenewalCall, *, who: str, at: datetime, origin: str) -> int | None:
    """Say what one expects of a renewal; said twice on a day by one voice, the later word stands."""
    key = {"account": number, "renewal_on": call.renewal_on, "given_on": call.given_on, "by": call.by}
    values = {name: getattr(call, name) for name in ("call", "reason", "competitor", "annual")}
    return changes.edit(tx, "renewal_calls", key, values, who=who, at=at, origin=origin, on=call.given_on)


def keep_rule(tx: Transaction, calls: Iterable[tuple[int, RenewalCall]], day: date) -> None:
    """What the rule says from `day` on, by account number; the code of its reason stands as the reason."""
    upsert(tx, renewal_calls, [_row(number, call, day) for number, call in calls])


def _call(row: Any) -> RenewalCall:
    return RenewalCall(
        row["by"], row["call"], row["given_on"], row["renewal_on"], row["reason"], row["competitor"], row["annual"]
    )


def _row(number: int, call: RenewalCall, day: date) -> dict[str, Any]:
    named = {"renewal_on": call.renewal_on, "given_on": call.given_on, "by": call.by}
    return {"account": number, **named, "call": call.call, "reason": call.reason, "known_on": day}

"""What the rule, the CSM and both in the end say of a renewal."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from domain.facts import RenewalCall
from storage.asof import AsOf
from storage.database import Transaction, upsert
from storage.tables import accounts, renewal_calls


def latest(tx: Transaction, within: ColumnElement[bool], seen: AsOf) -> dict[int, list[RenewalCall]]:
    """By account: the latest call of each voice on each renewal, the nearest renewal first."""
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
        select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.renewal_on, ranked.c.by)
    ).mappings():
        call = RenewalCall(row["by"], row["call"], row["given_on"], row["renewal_on"], row["reason"])
        found[row["account"]].append(call)
    return found


def keep_rule(tx: Transaction, calls: Iterable[tuple[int, RenewalCall]], day: date) -> None:
    """What the rule says from `day` on, by account number; the code of its reason stands as the reason."""
    upsert(tx, renewal_calls, [_row(number, call, day) for number, call in calls])


def _row(number: int, call: RenewalCall, day: date) -> dict[str, Any]:
    named = {"renewal_on": call.renewal_on, "given_on": call.given_on, "by": call.by}
    return {"account": number, **named, "call": call.call, "reason": call.reason, "known_on": day}

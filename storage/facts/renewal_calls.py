"""What the rule, the CSM and both in the end say of a renewal."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from domain.facts import RenewalCall
from storage import changes
from storage.database import Transaction
from storage.facts.asof import DAY, AsOf, known
from storage.importing.bulk import put_rows
from storage.scope import Scope
from storage.tables import accounts, renewal_calls
from storage.within import Condition, Within, among

SAID = tuple(renewal_calls.c[field.name] for field in fields(RenewalCall))


def latest(tx: Transaction, within: Within, seen: AsOf, *, since: date = date.min) -> dict[int, list[RenewalCall]]:
    """By account: the two latest calls of each voice on each renewal, the nearest renewal first, the newest last.

    Of renewals from `since` on.
    """
    found: dict[int, list[RenewalCall]] = defaultdict(list)
    for number, *said in within.ask(tx, _latest, **seen.values, since=since).all():
        found[number].append(RenewalCall(*said))
    return found


def _latest(where: Condition) -> Select[Any]:
    voice = (renewal_calls.c.account, renewal_calls.c.renewal_on, renewal_calls.c.by)
    rank = func.row_number().over(partition_by=voice, order_by=renewal_calls.c.given_on.desc())
    ranked = (
        select(renewal_calls.c.account, *SAID, rank.label("rank"))
        .join_from(renewal_calls, accounts, renewal_calls.c.account == accounts.c.number)
        .where(where, renewal_calls.c.given_on <= DAY, known(renewal_calls))
        .where(renewal_calls.c.renewal_on >= bindparam("since"))
        .subquery()
    )
    newest = select(ranked.c.account, *(ranked.c[column.name] for column in SAID)).where(ranked.c.rank <= 2)
    return newest.order_by(ranked.c.renewal_on, ranked.c.by, ranked.c.given_on)


def of_accounts(
    tx: Transaction, numbers: Collection[int], *, scope: Scope, since: date, day: date
) -> dict[int, list[RenewalCall]]:
    """As `latest`, of these accounts, as of `day`."""
    return latest(tx, among(numbers, scope), AsOf(day, day), since=since)


def give(tx: Transaction, number: int, call: RenewalCall, *, who: str, at: datetime, origin: str) -> int | None:
    """Say what one expects of a renewal; said twice on a day by one voice, the later word stands."""
    key = {"account": number, "renewal_on": call.renewal_on, "given_on": call.given_on, "by": call.by}
    values = {name: getattr(call, name) for name in ("call", "reason", "competitor", "annual")}
    return changes.edit(tx, "renewal_calls", key, values, who=who, at=at, origin=origin, on=call.given_on)


def keep_rule(tx: Transaction, calls: Iterable[tuple[int, RenewalCall]], day: date) -> None:
    """What the rule says from `day` on, by account number; the code of its reason stands as the reason."""
    put_rows(tx, renewal_calls, [_row(number, call, day) for number, call in calls])


def _row(number: int, call: RenewalCall, day: date) -> dict[str, Any]:
    named = {"renewal_on": call.renewal_on, "given_on": call.given_on, "by": call.by}
    return {"account": number, **named, "call": call.call, "reason": call.reason, "known_on": day}

"""How a CSM feels about an account: beside the score, never inside it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from domain.facts import Feeling, Sentiment
from storage import changes
from storage.database import Transaction
from storage.facts.asof import DAY, AsOf, known
from storage.scope import Scope
from storage.tables import accounts, sentiments
from storage.within import Condition, Within


class Taken(ValueError):
    """Another person said already how they feel on that day; `given` is what they said."""

    def __init__(self, given: Sentiment) -> None:
        super().__init__(given.csm)
        self.given = given


def of_present_csm(
    tx: Transaction, within: Within, seen: AsOf, handed_over: Mapping[int, date]
) -> dict[int, Sentiment]:
    """By account, the last that was given, of the CSM who holds the account: a hand-over resets it."""
    felt = {row["account"]: _sentiment(row) for row in within.ask(tx, _newest, **seen.values).mappings()}
    return {n: one for n, one in felt.items() if n not in handed_over or one.given_on >= handed_over[n]}


def _newest(where: Condition) -> Select[Any]:
    rank = func.row_number().over(partition_by=sentiments.c.account, order_by=sentiments.c.given_on.desc())
    ranked = (
        select(sentiments, rank.label("rank"))
        .join_from(sentiments, accounts, sentiments.c.account == accounts.c.number)
        .where(where, sentiments.c.given_on <= DAY, known(sentiments))
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1)


def of_account(tx: Transaction, number: int, scope: Scope, *, limit: int = 10) -> list[Sentiment]:
    """Those of one account, newest first."""
    query = select(sentiments).join_from(sentiments, accounts, sentiments.c.account == accounts.c.number)
    within = and_(accounts.c.number == number, scope.where())
    rows = tx.execute(query.where(within).order_by(sentiments.c.given_on.desc()).limit(limit)).mappings()
    return [_sentiment(row) for row in rows]


def give(
    tx: Transaction,
    number: int,
    value: Feeling,
    *,
    by: str,
    at: datetime,
    origin: str,
    note: str | None = None,
    today: date,
) -> int | None:
    """Say how one feels today; said twice on a day, one's later word stands. Raises Taken over another's."""
    key = {"account": number, "given_on": today}
    changes.take_turn(tx)
    of_today = (sentiments.c.account == number, sentiments.c.given_on == today)
    row = tx.execute(select(sentiments).where(*of_today)).mappings().one_or_none()
    if row is not None and row["csm"] and row["csm"].casefold() != by.casefold():
        raise Taken(_sentiment(row))
    return changes.edit(
        tx, "sentiments", key, {"csm": by, "value": value, "note": note}, who=by, at=at, origin=origin, on=today
    )


def _sentiment(row: Mapping[str, Any] | Any) -> Sentiment:
    return Sentiment(row["value"], row["given_on"], row["csm"], row["note"])

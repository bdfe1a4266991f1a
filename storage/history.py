"""The value of a dated field on a day: the newest by then; before the first recorded one, the first holds."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from storage.asof import AsOf
from storage.database import Transaction
from storage.tables import accounts, history

Dated = tuple[str | None, date]


def values(
    tx: Transaction, entity: str, fields: Sequence[str], within: ColumnElement[bool], seen: AsOf
) -> dict[tuple[int, str, str], Dated]:
    """By account, key and field: the value and its day."""
    query = (
        select(
            history.c.account,
            history.c.entity_key,
            history.c.field,
            history.c.value,
            history.c.day,
            and_(history.c.day <= seen.day, history.c.known_on <= seen.day).label("come"),
        )
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(history.c.entity == entity, history.c.field.in_(fields), within)
        .order_by(history.c.day)
    )
    found: dict[tuple[int, str, str], Dated] = {}
    for number, key, field, value, day, come in tx.execute(query):
        if come or (number, key, field) not in found:
            found[number, key, field] = (value, day)
    return found


def replaced(tx: Transaction, field: str, within: ColumnElement[bool], seen: AsOf) -> dict[int, date]:
    """By account: the last day up to `seen` on which a value of the account's own took the place of another."""
    was = func.lag(history.c.value).over(partition_by=history.c.account, order_by=history.c.day).label("was")
    come = (history.c.day <= seen.day, history.c.known_on <= seen.day)
    values = (
        select(history.c.account, history.c.day, history.c.value, was)
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(history.c.entity == "accounts", history.c.field == field, within, *come)
        .subquery()
    )
    query = select(values.c.account, func.max(values.c.day).label("day")).where(values.c.was != values.c.value)
    return {row.account: row.day for row in tx.execute(query.group_by(values.c.account))}

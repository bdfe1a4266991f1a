"""How a customer lives us: two-way touches by function and channel, first answers of tickets, what was ticked."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.experience import Check, Lived, Response
from domain.folding import fold
from storage import changes
from storage.database import Transaction
from storage.facts import tickets as supplied
from storage.facts.asof import AsOf
from storage.facts.contacts import TWO_WAY
from storage.scope import Scope
from storage.tables import account_team, accounts, experience_checks, people, tickets, touches

Condition = ColumnElement[bool]
HOUR = 3600


def of_account(tx: Transaction, number: int, seen: AsOf, scope: Scope, *, window: int, now: datetime) -> Lived | None:
    return lived(tx, and_(accounts.c.number == number, scope.where()), seen, window=window, now=now).get(number)


def lived(tx: Transaction, within: Condition, seen: AsOf, *, window: int, now: datetime) -> dict[int, Lived]:
    """By account, over `window` days up to the day; what still waits has waited until `now`, or the day's end."""
    first = seen.day - timedelta(window - 1)
    since = select(accounts.c.number, accounts.c.customer_since).where(within)
    held = {number: _days(on, first, seen.day) for number, on in tx.execute(since)}
    touched = _touched(tx, within, seen, first)
    answered, waiting = _answered(tx, within, seen, first, min(now, seen.until))
    checked = _checked(tx, within, seen)
    any_touch = tx.execute(select(touches.c.touch_id).where(seen.known(touches)).limit(1)).first() is not None
    any_ticket = supplied.newest_on(tx, seen) is not None
    return {
        number: Lived(
            days=days,
            touches=touched.get(number, {}),
            touches_known=any_touch,
            responses=tuple(answered.get(number, ())),
            open_tickets=waiting.get(number, 0) if any_ticket else None,
            checks=checked.get(number, {}),
        )
        for number, days in held.items()
    }


def _days(since: date | None, first: date, day: date) -> int:
    return max((day - max(since or first, first)).days + 1, 0)


def _touched(tx: Transaction, within: Condition, seen: AsOf, first: date) -> dict[int, dict[tuple[str, str], int]]:
    function, channel = _function(), func.coalesce(touches.c.channel, "")
    rows = (
        select(touches.c.account, function.label("function"), channel.label("channel"))
        .join_from(touches, accounts, touches.c.account == accounts.c.number)
        .where(within, TWO_WAY, touches.c.at >= seen.start(first), touches.c.at < seen.until, seen.known(touches))
        .subquery()
    )
    by_both = (rows.c.account, rows.c.function, rows.c.channel)
    counted = select(*by_both, func.count()).group_by(*by_both)
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for number, of, by, count in tx.execute(counted):
        found[number][of, by] = count
    return found


def _function() -> ColumnElement[Any]:
    """What whoever spoke is to this account, else in the organisation."""
    mine = func.lower(touches.c.csm)
    here = select(func.min(account_team.c.function)).where(
        account_team.c.account == touches.c.account, func.lower(account_team.c.email) == mine
    )
    anywhere = select(func.min(people.c.function)).where(func.lower(people.c.email) == mine)
    return func.coalesce(here.scalar_subquery(), anywhere.scalar_subquery(), "")


def _answered(
    tx: Transaction, within: Condition, seen: AsOf, first: date, moment: datetime
) -> tuple[dict[int, list[Response]], dict[int, int]]:
    """First answers of the tickets opened in the window; and how many tickets are open, whenever they were opened."""
    still = or_(tickets.c.closed_at.is_(None), tickets.c.closed_at >= seen.until, tickets.c.closed_known_on > seen.day)
    began = tickets.c.opened_at >= seen.start(first)
    query = (
        select(tickets, still.label("still"), began.label("began"))
        .join_from(tickets, accounts, tickets.c.account == accounts.c.number)
        .where(within, tickets.c.opened_at < seen.until, seen.known(tickets), or_(began, still))
    )
    answered: dict[int, list[Response]] = defaultdict(list)
    waiting: dict[int, int] = defaultdict(int)
    for row in tx.execute(query).mappings():
        waiting[row["account"]] += bool(row["still"])
        if row["began"]:
            answered[row["account"]].append(_response(row, moment))
    return answered, waiting


def _response(row: Mapping[str, Any] | Any, moment: datetime) -> Response:
    """A ticket closed without a first answer was answered by being closed."""
    answers = [at for at in (row["first_response_at"], row["closed_at"]) if at and at <= moment]
    waited = (moment - row["opened_at"]).total_seconds() / HOUR
    taken = (min(answers) - row["opened_at"]).total_seconds() / HOUR if answers else None
    return Response(row["severity"] or "normal", taken, max(waited, 0.0))


def _checked(tx: Transaction, within: Condition, seen: AsOf) -> dict[int, dict[str, Check]]:
    """The latest of each item, by its folded name."""
    query = (
        select(experience_checks)
        .join_from(experience_checks, accounts, experience_checks.c.account == accounts.c.number)
        .where(within, experience_checks.c.checked_on <= seen.day, seen.known(experience_checks))
        .order_by(experience_checks.c.checked_on)
    )
    found: dict[int, dict[str, Check]] = defaultdict(dict)
    for row in tx.execute(query).mappings():
        found[row["account"]][fold(row["item"])] = Check(row["met"], row["checked_on"], row["note"])
    return found


def mark(checks: Mapping[str, Check]) -> str:
    """Changes with anything that was ticked."""
    said = sorted((item, told.met, told.checked_on.isoformat(), told.note) for item, told in checks.items())
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def tick(
    tx: Transaction,
    number: int,
    item: str,
    told: Check,
    *,
    marked: str,
    seen: AsOf,
    who: str,
    at: datetime,
    origin: str,
) -> int | None:
    """Tick an item on a day; raises changes.Overtaken where that would overwrite what `marked` was not made of."""
    changes.take_turn(tx)
    key = {"account": number, "item": item, "checked_on": told.checked_on}
    where = [experience_checks.c[name] == value for name, value in key.items()]
    row = tx.execute(select(experience_checks).where(*where)).mappings().one_or_none()
    other = row is not None and (row["met"], row["note"]) != (told.met, told.note)
    if other and mark(_checked(tx, accounts.c.number == number, seen).get(number, {})) != marked:
        raise changes.Overtaken(item)
    values = {"met": told.met, "note": told.note}
    return changes.edit(tx, "experience_checks", key, values, who=who, at=at, origin=origin, on=seen.today)

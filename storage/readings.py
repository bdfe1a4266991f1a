"""What the last night left of each account, beside its score: the stage and whether it is at risk; and recent asks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from domain.policies.policy_journey import Stage
from storage.database import Transaction
from storage.facts import history
from storage.facts.asof import DAY, AsOf
from storage.scope import Scope, stage_now
from storage.tables import accounts, referrals, scores
from storage.within import Condition, numbered

CSM = [("accounts", "csm")]


@dataclass(frozen=True, slots=True)
class Reading:
    """at_risk None: not read yet; asked_on: last asked for a referral; handed_over_on: since when its CSM is theirs."""

    stage: Stage | None = None
    at_risk: bool | None = None
    asked_on: date | None = None
    handed_over_on: date | None = None


def of_range(tx: Transaction, first: int, last: int, day: date, scope: Scope) -> dict[int, Reading]:
    """By account numbered first…last."""
    page, seen = numbered(first, last, scope), AsOf(day, day)
    handed = history.read(tx, CSM, page, seen).replaced("csm")
    rows = page.ask(tx, _of_range, **seen.values)
    return {number: Reading(stage, at_risk, on, handed.get(number)) for number, stage, at_risk, on in rows}


def asks(tx: Transaction, first: int, last: int, day: date, scope: Scope) -> dict[int, Reading]:
    """As `of_range`, of those that were asked for a referral, and no more than when."""
    rows = numbered(first, last, scope).ask(tx, _asks, **AsOf(day, day).values)
    return {number: Reading(asked_on=on) for number, on in rows}


def _asks(where: Condition) -> Select[Any]:
    asked = select(referrals.c.account, func.max(referrals.c.asked_on)).group_by(referrals.c.account)
    return asked.join_from(referrals, accounts, referrals.c.account == accounts.c.number).where(
        where, referrals.c.asked_on <= DAY
    )


def _of_range(where: Condition) -> Select[Any]:
    newest = select(func.max(scores.c.day)).where(scores.c.account == accounts.c.number, scores.c.day <= DAY)
    risk = select(scores.c.at_risk).where(
        scores.c.account == accounts.c.number, scores.c.day == newest.correlate(accounts).scalar_subquery()
    )
    asked = select(func.max(referrals.c.asked_on)).where(
        referrals.c.account == accounts.c.number, referrals.c.asked_on <= DAY
    )
    columns = (accounts.c.number, stage_now(), risk.correlate(accounts).scalar_subquery(),
               asked.correlate(accounts).scalar_subquery())  # fmt: skip
    return select(*columns).where(where)

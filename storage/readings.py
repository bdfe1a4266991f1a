"""What the last night left of each account, beside its score: the stage and whether it is at risk; and recent asks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.policy_journey import Stage
from storage.database import Transaction
from storage.scope import Scope, stage_now
from storage.tables import accounts, referrals, scores


@dataclass(frozen=True, slots=True)
class Reading:
    """at_risk None: not read yet; asked_on: when somebody of theirs was last asked for a referral."""

    stage: Stage | None = None
    at_risk: bool | None = None
    asked_on: date | None = None


def of_range(tx: Transaction, first: int, last: int, day: date, scope: Scope) -> dict[int, Reading]:
    """By account numbered first…last."""
    newest = select(func.max(scores.c.day)).where(scores.c.account == accounts.c.number, scores.c.day <= day)
    risk = select(scores.c.at_risk).where(
        scores.c.account == accounts.c.number, scores.c.day == newest.correlate(accounts).scalar_subquery()
    )
    asked = select(func.max(referrals.c.asked_on)).where(
        referrals.c.account == accounts.c.number, referrals.c.asked_on <= day
    )
    columns = (accounts.c.number, stage_now(), risk.correlate(accounts).scalar_subquery(),
               asked.correlate(accounts).scalar_subquery())  # fmt: skip
    rows = tx.execute(select(*columns).where(accounts.c.number.between(first, last), scope.where()))
    return {number: Reading(stage, at_risk, on) for number, stage, at_risk, on in rows}

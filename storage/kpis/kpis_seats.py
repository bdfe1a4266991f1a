"""Seats in force on a day: summed by the database where a contract is followed by its own next version alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from domain.subscriptions import seats
from storage.database import Transaction
from storage.facts import subscriptions
from storage.facts.asof import AsOf
from storage.later import later
from storage.scope import operator
from storage.tables import accounts
from storage.tables import subscriptions as contracts
from storage.within import among

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Seats:
    """Of the accounts of `within` on the day of `seen`, as known then."""

    within: Condition
    seen: AsOf
    grace_days: int

    @property
    def plain(self) -> Select[Any]:
        """By account, those that `odd` names left out."""
        counted = (self._in_force(), contracts.c.seats.is_not(None), contracts.c.status != "paused")
        query = _of_accounts(contracts.c.account, func.sum(contracts.c.seats).label("seats"))
        return query.where(self.within, *counted, contracts.c.account.not_in(self.odd)).group_by(contracts.c.account)

    @property
    def odd(self) -> Select[Any]:
        """The accounts where notice, cancellation or another contract has a say in what may be in force."""
        version, other = contracts.c, contracts.alias("other")
        beside = and_(other.c.account == version.account, other.c.subscription_id != version.subscription_id)
        takes_over = or_(other.c.product == version.product, other.c.renews == version.subscription_id)
        known = other.c.known_on <= self.seen.day
        spoilt = or_(
            version.notice_given_on.is_not(None),
            version.cancelled_on.is_not(None),
            select(other.c.account).where(beside, takes_over, known).exists(),
        )
        gone = version.cancelled_on <= self._grace_began
        lasting = or_(version.cancelled_on.is_(None), ~gone)
        return _of_accounts(contracts.c.account).where(self.within, self._begun(), self._lasting(), lasting, spoilt)

    def of(self, tx: Transaction, numbers: list[int]) -> dict[int, int | None]:
        """By the rules of the domain, contract by contract."""
        held = subscriptions.versions(tx, among(numbers, operator()), self.seen)
        return {number: seats(held.get(number, ()), self.seen.day, grace_days=self.grace_days) for number in numbers}

    @property
    def _grace_began(self) -> date:
        return self.seen.day - timedelta(self.grace_days)

    def _begun(self) -> Condition:
        """The last version of its contract that has begun."""
        day, after = self.seen.day, contracts.alias("after")
        newer = (after.c.starts_on > contracts.c.starts_on, after.c.starts_on <= day, after.c.known_on <= day)
        replaced = select(after.c.account).where(after.c.subscription_id == contracts.c.subscription_id, *newer)
        return and_(contracts.c.starts_on <= day, contracts.c.known_on <= day, ~replaced.exists())

    def _lasting(self) -> Condition:
        """It does not end, or waits for its renewal at most."""
        version = contracts.c
        return or_(version.ends_on.is_(None), version.auto_renew, version.ends_on > self._grace_began)

    def _in_force(self) -> Condition:
        """Within the grace it is, unless what is signed begins after it."""
        version, day, signed = contracts.c, self.seen.day, contracts.alias("signed")
        mine = (signed.c.subscription_id == version.subscription_id, signed.c.known_on <= day, signed.c.starts_on > day)
        follows = select(func.min(signed.c.starts_on)).where(*mine).correlate(contracts).scalar_subquery()
        in_time = func.coalesce(follows <= later(version.ends_on, self.grace_days), True)
        runs = or_(version.ends_on.is_(None), version.auto_renew, version.ends_on > day)
        ends_by_itself = and_(version.notice_given_on.is_(None), version.cancelled_on.is_(None))
        return and_(self._begun(), ends_by_itself, or_(runs, and_(self._lasting(), in_time)))


def _of_accounts(*columns: Any) -> Select[Any]:
    return select(*columns).join_from(contracts, accounts, contracts.c.account == accounts.c.number)

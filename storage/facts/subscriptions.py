"""Contracts as versions, and monthly figures for those who have only these."""

from collections import defaultdict
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from domain.accounts import Account
from domain.money import Money
from domain.renewals.renewals import Days
from domain.subscriptions import Month, Version
from storage import accounts
from storage.database import Transaction
from storage.facts.asof import AsOf, known
from storage.scope import Scope
from storage.tables import accounts as account_rows
from storage.tables import mrr, subscriptions
from storage.within import Condition, Rows, Within, among, one

TERMS = (field.name for field in fields(Version) if field.name not in {"subscription_id", "starts_on", "annual"})
COLUMNS = tuple(
    subscriptions.c[name] for name in ("account", "annual", "currency", "subscription_id", "starts_on", *TERMS)
)


def of_account(tx: Transaction, number: int, scope: Scope) -> list[Version]:
    """Every version of one account, by start."""
    return every(tx, one(number, scope)).get(number, [])


def versions(tx: Transaction, within: Within, seen: AsOf) -> dict[int, list[Version]]:
    """By account, as known on the day: a notice or an end that was not announced yet is hidden from the past."""
    return _by_account(within.ask(tx, _known_versions, **seen.values), seen)


def every(tx: Transaction, within: Within) -> dict[int, list[Version]]:
    """By account, each with the day on which it became known."""
    return _by_account(within.ask(tx, _versions))


def months(tx: Transaction, within: Within, seen: AsOf, currency: str) -> dict[int, list[Month]]:
    """By account; a row without a currency is in the account's, else in the organisation's."""
    return _in_months(within.ask(tx, _known_months, **seen.values), currency)


def every_month(tx: Transaction, within: Within, currency: str) -> dict[int, list[Month]]:
    """As `months`, whenever it became known."""
    return _in_months(within.ask(tx, _months), currency)


def ending(
    tx: Transaction, *, scope: Scope, after: int = 0, limit: int = 2000, within: Days | None = None
) -> list[tuple[Account, list[Version]]]:
    """The next accounts of the scope by number that have contracts, each with all of its versions.

    within: only those of which one may have ended in these days.
    """
    may_end = () if within is None else (_may_end(within),)
    having = select(subscriptions.c.account).where(_of(subscriptions), *may_end).correlate(account_rows).exists()
    page = select(account_rows.c.number).where(scope.where(), having, account_rows.c.number > after)
    numbers = list(tx.execute(page.order_by(account_rows.c.number).limit(limit)).scalars())
    held = accounts.some(tx, numbers, scope)
    found = every(tx, among(numbers, scope))
    return [(held[number], found[number]) for number in numbers]


def count(tx: Transaction, scope: Scope) -> int:
    query = select(func.count()).select_from(subscriptions).join(account_rows, _of(subscriptions))
    return int(tx.execute(query.where(scope.where())).scalar_one())


def _versions(where: Condition) -> Select[Any]:
    query = select(*COLUMNS).join_from(subscriptions, account_rows, _of(subscriptions)).where(where)
    return query.order_by(subscriptions.c.account, subscriptions.c.starts_on, subscriptions.c.subscription_id)


def _known_versions(where: Condition) -> Select[Any]:
    return _versions(where).where(known(subscriptions))


def _months(where: Condition) -> Select[Any]:
    query = select(mrr, account_rows.c.currency.label("of_account")).join_from(mrr, account_rows, _of(mrr))
    return query.where(where).order_by(mrr.c.account, mrr.c.month)


def _known_months(where: Condition) -> Select[Any]:
    return _months(where).where(known(mrr))


def _by_account(rows: Rows, seen: AsOf | None = None) -> dict[int, list[Version]]:
    found: dict[int, list[Version]] = defaultdict(list)
    past = seen is not None and seen.day < seen.today
    for number, amount, currency, identity, starts_on, *terms in rows.all():
        version = Version(identity, starts_on, Money(amount, currency), *terms)
        found[number].append(_as_known(version, seen) if past and seen else version)
    return found


def _in_months(rows: Rows, currency: str) -> dict[int, list[Month]]:
    found: dict[int, list[Month]] = defaultdict(list)
    for row in rows.mappings():
        annual = Money(row["annual"], row["currency"] or row["of_account"] or currency)
        found[row["account"]].append(Month(row["month"], annual, row["known_on"]))
    return found


ENDING = ("ends_on", "cancelled_on", "starts_on")


def _may_end(within: Days) -> Condition:
    """By its own day, a cancellation, a version that takes over from its start on, or a term that renewed itself."""
    told = (subscriptions.c[name].between(within.first, within.last) for name in ENDING)
    return or_(*told, and_(subscriptions.c.auto_renew, subscriptions.c.ends_on <= within.last))


def _as_known(version: Version, seen: AsOf) -> Version:
    given = seen.then(version.notice_given_on)
    return replace(version, notice_given_on=given, cancelled_on=seen.planned(version.cancelled_on, given))


def _of(table: Any) -> Condition:
    condition: Condition = table.c.account == account_rows.c.number
    return condition

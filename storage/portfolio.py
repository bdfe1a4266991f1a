"""What a page of the portfolio needs beside its accounts: a constant number of queries, whatever its length."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, true

from domain.facts import RenewalCall, Sentiment
from domain.health.scores import Then
from domain.policies.policy import Policy
from domain.portfolio import Earned
from domain.subscriptions import Month, Version
from storage import policies, scores
from storage.database import Transaction
from storage.facts import contacts, history, renewal_calls, sentiments, subscriptions
from storage.facts.asof import AsOf
from storage.scope import Scope, stage_now
from storage.tables import accounts, factors
from storage.within import among

TREND = timedelta(30)
CSM = [("accounts", "csm")]


@dataclass(frozen=True)
class Known:
    """By account number. earned: of the last night; before: of 30 days before it, under the same policy."""

    earned: Mapping[int, tuple[Earned, ...]]
    before: Mapping[int, Then]
    versions: Mapping[int, Sequence[Version]]
    months: Mapping[int, Sequence[Month]]
    calls: Mapping[int, Sequence[RenewalCall]]
    stages: Mapping[int, str | None]
    touched: Mapping[int, date]
    felt: Mapping[int, Sentiment]


def known(
    tx: Transaction, numbers: Collection[int], *, day: date, scored: date | None, policy: Policy, scope: Scope
) -> Known:
    """What is known of these accounts on `day`; `scored`: the day of the last night."""
    within, seen = among(numbers, scope), AsOf(day, day, policy.time_zone)
    version = policies.current(tx, policy)
    return Known(
        earned=earned(tx, numbers, scored, scope=scope) if scored else {},
        before=scores.factors_on(tx, numbers, scored - TREND, policy_version=version, scope=scope)
        if scored and version
        else {},
        versions=subscriptions.versions(tx, within, seen),
        months=subscriptions.months(tx, within, seen, policy.currency),
        calls=renewal_calls.of_accounts(tx, numbers, scope=scope, since=day, day=day),
        stages=stages(tx, numbers, scope=scope),
        touched=contacts.spoken(tx, within, seen).of_account,
        felt=sentiments.of_present_csm(tx, within, seen, history.read(tx, CSM, within, seen).replaced("csm")),
    )


def earned(tx: Transaction, numbers: Collection[int], day: date, *, scope: Scope) -> dict[int, tuple[Earned, ...]]:
    """By account: what each measure earned on a day that was scored."""
    query = (
        select(factors.c.account, factors.c.measure, factors.c.points, factors.c.weight, factors.c.value)
        .join_from(factors, accounts, factors.c.account == accounts.c.number)
        .where(factors.c.account.in_(numbers), factors.c.day == day, scope.where())
        .order_by(factors.c.account, factors.c.measure)
    )
    found: dict[int, list[Earned]] = defaultdict(list)
    for number, *values in tx.execute(query).all():
        found[number].append(Earned(*values))
    return {number: tuple(each) for number, each in found.items()}


def stages(tx: Transaction, numbers: Collection[int], *, scope: Scope) -> dict[int, str | None]:
    """By account: the stage that it stands in today."""
    query = select(accounts.c.number, stage_now()).where(accounts.c.number.in_(numbers), scope.where())
    return {row[0]: row[1] for row in tx.execute(query)}


def own_columns(tx: Transaction, *, scope: Scope) -> list[str]:
    """The names of the company's own columns (x_*) that the accounts of the scope fill."""
    keys = func.json_each if tx.dialect.name == "sqlite" else func.jsonb_each
    each = keys(accounts.c.extra).table_valued("key", name="own")
    query = select(each.c.key).select_from(accounts).join(each, true()).where(accounts.c.extra.is_not(None))
    return sorted(tx.execute(query.where(scope.where()).distinct()).scalars())

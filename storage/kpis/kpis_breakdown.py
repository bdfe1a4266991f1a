"""Retention by who sold an account and by how it fits, and why revenue was lost: sums of the database, by group."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import BigInteger, and_, case, func, or_, select, type_coerce
from sqlalchemy.sql.selectable import Subquery

from domain.accounts import Account
from domain.fit import fit
from domain.policies.policy_experience import FIT_COLUMNS
from domain.revenue import INDEXATION
from storage.kpis.kpis import Question
from storage.kpis.kpis_behind import in_base
from storage.tables import accounts, people, revenue_changes
from storage.tables import subscriptions as contracts
from storage.types import TEN_THOUSANDTHS

MOST = 8
# in ten-thousandths: what is left of amounts that went at rates with many decimals is nothing
NOTHING = 0.5
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that paid at the start: how many, how many of them at the end; annual amounts. name '': not told.

    kept: Σ min(start, end).
    """

    name: str
    accounts: int
    stayed: int
    opening: Decimal
    closing: Decimal
    kept: Decimal


@dataclass(frozen=True, slots=True)
class Loss:
    """Why accounts paid less at the end than at the start: annual amount, accounts gone, accounts that pay less.

    reason '': not told; kind `change`: a code of `change_reason`, of accounts that pay on.
    """

    reason: str
    competitor: str
    kind: Literal["cancel", "change"]
    amount: Decimal
    gone: int
    reduced: int


def by_seller(question: Question) -> tuple[Group, ...]:
    """By the account executive's name, else their e-mail; those with the most accounts first."""
    seller = func.coalesce(people.c.name, accounts.c.ae, "")
    held = _held(question)
    query = _sums(held, seller).outerjoin(people, func.lower(people.c.email) == func.lower(accounts.c.ae))
    rows = question.tx.execute(query.group_by(seller).order_by(func.count().desc(), seller).limit(MOST))
    return tuple(_group(name, [sums]) for name, *sums in rows)


def by_fit(question: Question) -> tuple[Group, ...]:
    """By the column `fit`, else the policy's rules; the domain decides once for each mixture of what the rules ask."""
    rules = question.policy.fit
    asked = sorted({name for rule in rules for name in rule.when})
    columns = {name: accounts.c[name] for name in asked if name in FIT_COLUMNS}
    columns |= {name: accounts.c.extra[name].as_string() for name in asked if name not in FIT_COLUMNS}
    held = _held(question)
    grouped = [func.coalesce(accounts.c.fit, ""), *(func.coalesce(column, "") for column in columns.values())]
    mixtures: dict[str, list[Any]] = defaultdict(list)
    for row in question.tx.execute(_sums(held, *grouped).group_by(*grouped)):
        told, *values = row[: len(grouped)]
        of_rules = dict(zip(columns, values, strict=True))
        known = {name: value for name, value in of_rules.items() if name in FIT_COLUMNS}
        found = fit(Account(0, "", "", fit=told or None, extra=of_rules, **known), rules)
        mixtures[found.value if found else ""].append(row[len(grouped) :])
    groups = (_group(name, sums) for name, sums in mixtures.items())
    return tuple(sorted(groups, key=lambda group: (-group.accounts, group.name)))[:MOST]


def losses(question: Question) -> tuple[Loss, ...]:
    """By the reason that the contracts say, the largest amount first."""
    held = _held(question)
    left, changed = _reasons(question, cancelled=True), _reasons(question, cancelled=False)
    gone = held.c.closing <= NOTHING
    of_change = and_(left.c.reason.is_(None), ~gone, changed.c.reason.is_not(None))
    reason = case((left.c.reason.is_not(None), left.c.reason), (of_change, changed.c.reason), else_="")
    competitor = func.coalesce(left.c.competitor, "")
    kind = case((of_change, "change"), else_="cancel")
    amount = func.sum(held.c.opening - held.c.closing)
    query = (
        select(reason, competitor, kind, amount, func.sum(case((gone, 1), else_=0)), func.count())
        .outerjoin_from(held, left, left.c.account == held.c.account)
        .outerjoin(changed, changed.c.account == held.c.account)
        .where(held.c.closing < held.c.opening - NOTHING)
        .group_by(reason, competitor, kind)
        .order_by(amount.desc(), reason)
    )
    rows: Any = question.tx.execute(query.limit(MOST))
    return tuple(
        Loss(why, rival, of, _money(fallen), int(left_us), count - int(left_us))
        for why, rival, of, fallen, left_us, count in rows
    )


def _held(question: Question) -> Subquery:
    """Annual amounts at both ends of the period, of each account that paid at the start; ten-thousandths."""
    period, rates = question.period, question.policy.exchange
    delta = in_base(type_coerce(revenue_changes.c.delta, BigInteger), revenue_changes.c.currency, rates)
    opening = func.sum(case((revenue_changes.c.day < period.first, delta), else_=0))
    query = (
        select(revenue_changes.c.account, opening.label("opening"), func.sum(delta).label("closing"))
        .join_from(revenue_changes, accounts, revenue_changes.c.account == accounts.c.number)
        .where(question.within, revenue_changes.c.day <= period.last, revenue_changes.c.known_on <= question.today)
        .group_by(revenue_changes.c.account)
        .having(opening > NOTHING)
    )
    return query.subquery()


def _sums(held: Subquery, *columns: Any) -> Any:
    stayed = func.sum(case((held.c.closing > NOTHING, 1), else_=0))
    kept = func.sum(case((held.c.closing < held.c.opening, held.c.closing), else_=held.c.opening))
    sums = (func.count(), stayed, func.sum(held.c.opening), func.sum(held.c.closing), kept)
    return select(*columns, *sums).join_from(held, accounts, held.c.account == accounts.c.number)


def _group(name: str, rows: Iterable[Any]) -> Group:
    count, stayed, *amounts = (sum(column) for column in zip(*rows, strict=True))
    return Group(name, count, int(stayed), *(_money(amount) for amount in amounts))


def _money(amount: Any) -> Decimal:
    return (Decimal(str(amount)) / TEN_THOUSANDTHS).quantize(CENT)


def _reasons(question: Question, *, cancelled: bool) -> Subquery:
    """By account: the newest reason of a contract that ended, or was changed, in the period."""
    reason = func.nullif(contracts.c.cancel_reason if cancelled else contracts.c.change_reason, "")
    rival = func.nullif(contracts.c.competitor, "")
    day = func.coalesce(contracts.c.cancelled_on, contracts.c.ends_on) if cancelled else contracts.c.starts_on
    told = (
        or_(reason.is_not(None), rival.is_not(None)) if cancelled else and_(reason.is_not(None), reason != INDEXATION)
    )
    newest = (day.desc(), contracts.c.starts_on.desc(), contracts.c.subscription_id)
    rank = func.row_number().over(partition_by=contracts.c.account, order_by=newest)
    ranked = (
        select(contracts.c.account, reason.label("reason"), rival.label("competitor"), rank.label("rank"))
        .join_from(contracts, accounts, contracts.c.account == accounts.c.number)
        .where(question.within, told, day.between(question.period.first, question.period.last))
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1).subquery()

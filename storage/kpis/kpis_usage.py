"""Licences and core features in use on a day, summed over the accounts of a scope by the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union,
    union_all,
)
from sqlalchemy.sql.functions import aggregate_strings

from domain.kpis.kpis_values import Core, Licences
from domain.policies.policy import Policy
from storage.database import Transaction
from storage.facts import features
from storage.facts.asof import AsOf
from storage.facts.windows import WINDOW, in_use
from storage.kpis.kpis_seats import Seats
from storage.tables import accounts, usage, usage_users
from storage.tables import subscriptions as contracts

Condition = ColumnElement[bool]
PAGE = 1000
BETWEEN = "\x1f"
FIGURES = ("users", "unique", "peak", "fresh", "core_users", "core_active", "seats")


def count(tx: Transaction, within: Condition, day: date, policy: Policy, *, today: date) -> tuple[Licences, Core]:
    """As known on the day. Accounts whose seats are a matter of rules are read, a page at a time."""
    core = features.core(tx, policy.core_features)
    seats = Seats(within, AsOf(day, today, policy.time_zone), policy.grace_days)
    asked = _Asked(within, day, tuple(core))
    products = _products(asked) if any(core.values()) else None
    licences, depth, fresh = _summed(tx, asked.by_account(seats.plain), products)
    for numbers, rows in _odd(tx, asked, seats):
        held = seats.of(tx, numbers)
        for number, licensed in held.items():
            if licensed:
                licences, depth = _with(licences, depth, rows.get(number), licensed)
    breadth = _breadth(tx, asked, core, products, fresh)
    return licences, replace(depth, used=breadth.used, total=breadth.total, accounts=breadth.accounts)


@dataclass(frozen=True, slots=True)
class _Asked:
    within: Condition
    day: date
    core: tuple[str, ...]

    def by_account(self, seats: Select[Any] | None = None) -> Any:
        """One row for each account that used anything in 56 days, or has seats."""
        of_days = self._of_days()
        parts = [
            _part(of_days, "peak", "fresh", "core_active"),
            _part(self._newest_unique(of_days), "unique"),
            _part(self._of_users().subquery(), "users", "fresh", "core_users"),
        ]
        if seats is not None:
            parts.append(_part(seats.subquery(), "seats"))
        every = union_all(*parts).subquery()
        query = select(every.c.account, *(func.max(every.c[name]).label(name) for name in FIGURES))
        return query.group_by(every.c.account).subquery()

    def _of_days(self) -> Any:
        """From the counts by day: a whole-product row, else its features."""
        whole, recent = usage.c.feature == "", usage.c.day > self.day - WINDOW
        active = func.coalesce(func.max(case((whole, usage.c.active_users))), func.max(usage.c.active_users))
        core = and_(usage.c.feature.in_(self.core), in_use(usage))
        columns = {
            "active": active,
            "unique_on": func.max(case((usage.c.active_users_28d.is_not(None), usage.c.day))),
            "fresh": func.max(case((usage.c.feature != "", 1), else_=0)),
            "core_active": func.max(case((core, usage.c.active_users))),
        }
        products = select(accounts.c.number.label("account"), usage.c.day, *_named(columns))
        mine = products.where(usage.c.account == accounts.c.number, *self._known(usage))
        by_day = mine.group_by(accounts.c.number, usage.c.day, usage.c.product).subquery()
        recent = by_day.c.day > self.day - WINDOW
        figures = {
            "peak": func.max(case((recent, by_day.c.active))),
            "unique_on": func.max(case((recent, by_day.c.unique_on))),
            "fresh": func.max(by_day.c.fresh),
            "core_active": func.max(case((recent, by_day.c.core_active))),
        }
        return select(by_day.c.account, *_named(figures)).group_by(by_day.c.account).cte("of_days")

    def _newest_unique(self, of_days: Any) -> Any:
        """The count of unique users on the newest day of the 28 that has one."""
        unique = usage.c.active_users_28d
        counted = func.coalesce(func.max(case((usage.c.feature == "", unique))), func.max(unique))
        query = select(of_days.c.account, counted.label("unique")).join_from(
            of_days, usage, and_(usage.c.account == of_days.c.account, usage.c.day == of_days.c.unique_on)
        )
        return query.where(usage.c.known_on <= self.day).group_by(of_days.c.account, usage.c.product).subquery()

    def _of_users(self) -> Select[Any]:
        """From the rows of single users: how many were there, and how many of them used a core feature."""
        used = and_(usage_users.c.day > self.day - WINDOW, in_use(usage_users))
        core = and_(used, usage_users.c.feature.in_(self.core))
        figures = {
            "users": func.count(case((used, usage_users.c.user)).distinct()),
            "fresh": func.max(case((usage_users.c.feature != "", 1), else_=0)),
            "core_users": func.nullif(func.count(case((core, usage_users.c.user)).distinct()), 0),
        }
        query = select(accounts.c.number.label("account"), *_named(figures))
        mine = query.where(usage_users.c.account == accounts.c.number, *self._known(usage_users))
        return mine.group_by(accounts.c.number)

    def _known(self, table: Any) -> tuple[Condition, ...]:
        recent = (table.c.day > self.day - 2 * WINDOW, table.c.day <= self.day)
        return (self.within, *recent, table.c.known_on <= self.day)

    def core_in_use(self) -> Any:
        """Each core feature of each account that was used in 28 days."""
        parts = []
        for table in (usage, usage_users):
            used = and_(table.c.day > self.day - WINDOW, table.c.feature.in_(self.core), in_use(table))
            query = select(accounts.c.number.label("account"), table.c.feature.label("feature"))
            parts.append(query.where(table.c.account == accounts.c.number, *self._known(table), used))
        return union(*parts).subquery()


def _named(columns: Mapping[str, ColumnElement[Any]]) -> Iterator[Any]:
    return (column.label(name) for name, column in columns.items())


def _part(rows: Any, *names: str) -> Select[Any]:
    """The figures of one source beside empty ones."""
    columns = (rows.c[name] if name in names else cast(null(), Integer).label(name) for name in FIGURES)
    return select(rows.c.account, *columns)


def _active(row: Any) -> ColumnElement[Any]:
    """Distinct users, else the newest count of unique ones, else the peak of a day."""
    return func.coalesce(row.users, row.unique, row.peak)


def _summed(tx: Transaction, per: Any, products: Any) -> tuple[Licences, Core, dict[str, int]]:
    """Also how many accounts tell of features at all, by the products that they have."""
    row, active = per.c, _active(per.c)
    users = func.coalesce(row.core_users, row.core_active)
    licensed = row.seats > 0
    by_peak = and_(licensed, row.users.is_(None), row.unique.is_(None), row.peak.is_not(None))
    known = and_(licensed, active.is_not(None))
    deep = and_(licensed, row.fresh == 1, users.is_not(None))
    sums = (
        func.sum(case((known, active))),
        func.sum(case((known, row.seats))),
        _how_many(known),
        _how_many(and_(licensed, active.is_(None))),
        _how_many(by_peak),
        func.sum(case((deep, users))),
        func.sum(case((deep, row.seats))),
        _how_many(deep),
        _how_many(row.fresh == 1),
    )
    told, fresh = [0] * 8, dict[str, int]()
    for having, *counts, many in tx.execute(_by_products(per, products, *sums)):
        told = [total + int(part or 0) for total, part in zip(told, counts, strict=True)]
        fresh[having] = int(many)
    return Licences(*told[:5]), Core(users=told[5], seats=told[6], accounts_with_users=told[7]), fresh


def _how_many(holds: Condition) -> ColumnElement[int]:
    return func.sum(case((holds, 1), else_=0))


def _odd(tx: Transaction, asked: _Asked, seats: Seats) -> Iterator[tuple[list[int], dict[int, Any]]]:
    """A page of the accounts to read, and what they used."""
    numbers = sorted(set(tx.execute(seats.odd).scalars()))
    for start in range(0, len(numbers), PAGE):
        page = numbers[start : start + PAGE]
        per = replace(asked, within=accounts.c.number.in_(page)).by_account()
        yield page, {row.account: row for row in tx.execute(select(per))}


def _with(licences: Licences, depth: Core, row: Any, licensed: int) -> tuple[Licences, Core]:
    active = next((one for one in (row.users, row.unique, row.peak) if one is not None), None) if row else None
    if row is None or active is None:
        licences = replace(licences, without=licences.without + 1)
    else:
        by_peak = row.users is None and row.unique is None
        licences = Licences(
            licences.active + active,
            licences.seats + licensed,
            licences.accounts + 1,
            licences.without,
            licences.by_peak + by_peak,
        )
    users = None if row is None else row.core_active if row.core_users is None else row.core_users
    if users is None or not row.fresh:
        return licences, depth
    counted = depth.accounts_with_users + 1
    return licences, replace(
        depth, users=depth.users + users, seats=depth.seats + licensed, accounts_with_users=counted
    )


def _breadth(tx: Transaction, asked: _Asked, core: Mapping[str, str], products: Any, fresh: Mapping[str, int]) -> Core:
    """Core features used, of all that there are, summed over accounts.

    Core features are those of the account's products; all of them where no product of it is told.
    """
    wanted = {having: _wanted(having, core) for having in fresh}
    in_use = asked.core_in_use()
    rows = tx.execute(_by_products(in_use, products, in_use.c.feature, func.count()))
    used = sum(many for having, feature, many in rows if feature in wanted[having])
    return Core(used, sum(many * len(wanted[having]) for having, many in fresh.items()), sum(fresh.values()))


def _wanted(having: str, core: Mapping[str, str]) -> set[str]:
    products = set(having.split(BETWEEN)) - {""}
    return {name for name, product in core.items() if not products or not product or product in products}


def _by_products(rows: Any, products: Any, *columns: Any) -> Select[Any]:
    """Grouped by the products of an account, and by the columns that are no sums."""
    if products is None:
        having: ColumnElement[str] = literal("")
        query = select(having.label("having"), *columns).select_from(rows)
    else:
        having = func.coalesce(products.c.having, "")
        joined = rows.outerjoin(products, products.c.account == rows.c.account)
        query = select(having.label("having"), *columns).select_from(joined)
    plain = [column for column in columns if isinstance(column, ColumnClause)]
    return query.group_by("having", *plain)


def _products(asked: _Asked) -> Any:
    """By account all that it ever had, as known on the day."""
    told = (asked.within, contracts.c.known_on <= asked.day, contracts.c.product != "")
    query = select(contracts.c.account, contracts.c.product).distinct().where(*told)
    each = query.join_from(contracts, accounts, contracts.c.account == accounts.c.number).subquery()
    having = aggregate_strings(each.c.product, BETWEEN).label("having")
    return select(each.c.account, having).group_by(each.c.account).subquery()

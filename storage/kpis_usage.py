"""Licences and core features in use on a day, summed over the accounts of a scope."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.kpis_values import Core, Licences
from domain.policy import Policy
from domain.subscriptions import Version, seats
from storage import activity, features, subscriptions
from storage.activity import WINDOW, Activity, in_use
from storage.asof import AsOf
from storage.database import Transaction
from storage.tables import accounts, usage, usage_users
from storage.tables import subscriptions as contracts

Condition = ColumnElement[bool]
PAGE = 2000


def count(tx: Transaction, within: Condition, day: date, policy: Policy, *, today: date) -> tuple[Licences, Core]:
    """A page of accounts at a time."""
    licences, core = Licences(), Core()
    known = features.core(tx, policy.core_features)
    seen = AsOf(day, today, policy.time_zone)
    after = 0
    while numbers := _page(tx, within, after):
        first, last = numbers[0], numbers[-1]
        page = and_(accounts.c.number.between(first, last), within)
        used = activity.load(tx, first, last, day=day, core=known.keys(), scope=within)
        active = accounts.c.number.in_(list(used))
        held = subscriptions.versions(tx, and_(page, active), seen) if used else {}
        users = _core_users(tx, page, day, list(known)) if used else {}
        for number, activity_of in used.items():
            versions = held.get(number, [])
            licensed = seats(versions, day, grace_days=policy.grace_days)
            licences = _licences(licences, activity_of, licensed)
            core = _core(core, activity_of, versions, known, users.get(number), licensed)
        silent = _with_seats(tx, and_(page, ~active) if used else page, day)
        licences = replace(licences, without=licences.without + silent)
        after = last
    return licences, core


def _with_seats(tx: Transaction, silent: Condition, day: date) -> int:
    """Accounts with a contract on the day that counts seats, among those without any data of use."""
    ends_on = contracts.c.ends_on
    begun = (contracts.c.account == accounts.c.number, contracts.c.seats > 0, contracts.c.starts_on <= day)
    running = or_(ends_on.is_(None), ends_on > day, contracts.c.auto_renew)
    left = or_(contracts.c.cancelled_on.is_(None), contracts.c.cancelled_on > day)
    licensed = select(contracts.c.account).where(*begun, running, left).exists()
    query = select(func.count()).select_from(accounts).where(silent, licensed)
    return int(tx.execute(query).scalar_one())


def _page(tx: Transaction, within: Condition, after: int) -> list[int]:
    query = select(accounts.c.number).where(within, accounts.c.number > after).order_by(accounts.c.number).limit(PAGE)
    return list(tx.execute(query).scalars())


def _licences(sums: Licences, used: Activity, licensed: int | None) -> Licences:
    if not licensed:
        return sums
    if used.active is None:
        return replace(sums, without=sums.without + 1)
    return Licences(
        sums.active + used.active,
        sums.seats + licensed,
        sums.accounts + 1,
        sums.without,
        sums.by_peak + (used.basis == "peak"),
    )


def _core(
    sums: Core,
    used: Activity,
    versions: list[Version],
    known: dict[str, str],
    users: int | None,
    licensed: int | None,
) -> Core:
    """Core features are those of the account's products; all of them where no product of it is told."""
    if not used.feature_on:
        return sums
    products = {version.product for version in versions if version.product}
    wanted = {name for name, product in known.items() if not products or not product or product in products}
    sums = replace(
        sums,
        used=sums.used + len(used.features & wanted),
        total=sums.total + len(wanted),
        accounts=sums.accounts + 1,
    )
    if not licensed or users is None:
        return sums
    return replace(
        sums,
        users=sums.users + users,
        seats=sums.seats + licensed,
        accounts_with_users=sums.accounts_with_users + 1,
    )


def _core_users(tx: Transaction, page: Condition, day: date, core: list[str]) -> dict[int, int]:
    """By account: distinct users of a core feature in 28 days, else the most that one had on a day."""
    found: dict[int, int] = {}
    for table, figure in (
        (usage, func.max(usage.c.active_users)),
        (usage_users, func.count(usage_users.c.user.distinct())),
    ):
        recent: Any = and_(table.c.day > day - WINDOW, table.c.day <= day, table.c.feature.in_(core))
        query = select(table.c.account, figure).join_from(table, accounts, table.c.account == accounts.c.number)
        rows: Any = tx.execute(query.where(page, recent, in_use(table)).group_by(table.c.account))
        found |= {number: users for number, users in rows if users is not None}
    return found

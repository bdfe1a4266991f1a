"""Use of 28 days and the 28 before, counted from the facts: what a night writes down, and what a day gone by needs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Label,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from storage.tables import accounts, usage, usage_users
from storage.within import Condition

WINDOW = timedelta(28)
SIDES = ("recent", "earlier")
SUMS = ("events", "active", "days", "event_days")


def window(within: Condition, day: date, *, known: bool = True, users: bool = True) -> Select[Any]:
    """The columns of usage_rolling, but for known_on, for each account with any use, from the facts.

    known: as they were on `day` only; users: whether any are told by name.
    """
    come = {table: known_by(table, day) if known else table.c.day <= day for table in (usage, usage_users)}
    told = (usage.c.known_on <= day,) if known else ()
    dated = _dated(within, day, come, users=users)
    sums = _sums(dated, day, come, users=users)
    summed = (func.coalesce(sums.c[name], 0).label(name) for name in _sum_names())
    return (
        select(
            dated.c.number.label("account"),
            literal(day).label("day"),
            latest(dated.c.usage_on, dated.c.user_on).label("newest_on"),
            latest(dated.c.feature_on, dated.c.user_feature_on).label("feature_on"),
            dated.c.user_on,
            sums.c.recent_peak.label("peak"),
            sums.c.recent_unique_on.label("unique_on"),
            _unique(sums.c.account, sums.c.recent_unique_on, *told).label("unique_28d"),
            *summed,
        )
        .outerjoin_from(dated, sums, sums.c.account == dated.c.number)
        .where(or_(dated.c.usage_on.is_not(None), dated.c.user_on.is_not(None)))
    )


def _dated(within: Condition, day: date, come: Mapping[Any, Condition], *, users: bool) -> CTE:
    """Each account once, with the newest days of its use; `crowded`: some day of the windows has more than one fact."""
    lately = {table: and_(on, table.c.day > day - 2 * WINDOW) for table, on in come.items()}
    several = select(usage.c.day).where(of_account(usage), lately[usage]).group_by(usage.c.day).having(func.count() > 1)
    crowded: Condition = several.correlate(accounts).exists()
    none = cast(null(), Date)
    newest: dict[str, ColumnElement[Any]] = {
        "usage_on": _newest(usage, come[usage]),
        "feature_on": _newest(usage, lately[usage], usage.c.feature != ""),
        "user_on": none,
        "user_feature_on": none,
    }
    if users:
        newest["user_on"] = _newest(usage_users, come[usage_users])
        newest["user_feature_on"] = _newest(usage_users, lately[usage_users], usage_users.c.feature != "")
        crowded = or_(_newest(usage_users, lately[usage_users]).is_not(None), crowded)
    columns = (column.label(name) for name, column in newest.items())
    return select(accounts.c.number, *columns, crowded.label("crowded")).where(within).cte("dated")


def _sums(dated: CTE, day: date, come: Mapping[Any, Condition], *, users: bool) -> Subquery:
    """An account a row: the sums and the days with a row of both windows, the peak, and the newest day on which unique
    users were counted. Where no day is crowded, its fact is what was used on it."""
    number, middle, first = accounts.c.number, day - WINDOW, day - 2 * WINDOW
    crowded, plain = (number.in_(select(dated.c.number).where(on)) for on in (dated.c.crowded, ~dated.c.crowded))
    of_usage, of_users = (and_(crowded, on, table.c.day > first) for table, on in come.items())
    days = daily(number, of_usage, of_users if users else None)
    side = case((days.c.day > middle, "recent"), else_="earlier").label("side")
    sides = {"recent": usage.c.day > middle, "earlier": and_(usage.c.day > first, usage.c.day <= middle)}
    windows = union_all(
        _summed(days, side).group_by(side),
        *(_summed(_facts(number, plain, come[usage], on), literal(name).label("side")) for name, on in sides.items()),
    ).subquery()
    columns = (
        func.max(case((windows.c.side == name, windows.c[figure]))).label(f"{name}_{figure}")
        for name in SIDES
        for figure in (*SUMS, "peak", "unique_on")
    )
    return select(windows.c.account, *columns).group_by(windows.c.account).subquery()


def _summed(days: FromClause, side: Label[str]) -> Select[Any]:
    figures: dict[str, ColumnElement[Any]] = {
        "events": func.sum(days.c.events),
        "active": func.sum(days.c.active_users),
        "days": func.count(days.c.active_users),
        "event_days": func.count(days.c.events),
        "peak": func.max(days.c.active_users),
        "unique_on": func.max(case((days.c.active_users_28d.is_not(None), days.c.day))),
    }
    named = (figure.label(name) for name, figure in figures.items())
    return select(days.c.account, side, *named).group_by(days.c.account)


def _facts(owner: ColumnElement[Any], *conditions: Condition) -> Subquery:
    """The rows of `daily` where each day has one fact."""
    figures = (usage.c.day, usage.c.active_users, usage.c.active_users_28d, usage.c.events)
    return select(owner.label("account"), *figures).where(usage.c.account == owner, *conditions).subquery()


def daily(owner: ColumnElement[Any], of_usage: Condition, of_users: Condition | None) -> Subquery:
    """What an account used on a day, a row each. A whole-product row, else the features: never both.

    `owner` is the number in the table that names the accounts; grouped by it, that table leads and facts are sought.
    of_users: None where no users are told by name.
    """
    products = _products(owner, of_usage).subquery()
    columns = (products.c.account, products.c.day, products.c.active_users, products.c.active_users_28d)
    if of_users is None:
        figures = (
            func.max(products.c.active_users),
            func.max(products.c.active_users_28d),
            func.sum(products.c.events),
        )
        return _by_day(products, *figures)
    users, none = _users(owner, of_users).subquery(), null()
    of_day = (users.c.account, users.c.day, none, none, none, func.sum(users.c.active), func.sum(users.c.events))
    parts = union_all(
        select(*columns, products.c.events, none.label("users"), none.label("user_events")),
        select(*of_day).group_by(users.c.account, users.c.day),
    ).subquery()
    active = func.coalesce(func.max(parts.c.active_users), func.max(parts.c.users))
    events = func.coalesce(func.sum(parts.c.events), func.max(parts.c.user_events))
    return _by_day(parts, active, func.max(parts.c.active_users_28d), events)


def _by_day(
    parts: FromClause, active: ColumnElement[Any], unique: ColumnElement[Any], events: ColumnElement[Any]
) -> Subquery:
    figures = (active.label("active_users"), unique.label("active_users_28d"), events.label("events"))
    query = select(parts.c.account, parts.c.day, *figures)
    return query.group_by(parts.c.account, parts.c.day).subquery()


def _products(owner: ColumnElement[Any], *conditions: Condition) -> Select[Any]:
    whole = usage.c.feature == ""
    active, unique, events = usage.c.active_users, usage.c.active_users_28d, usage.c.events
    figures = (
        func.coalesce(func.max(case((whole, active))), func.max(active)).label("active_users"),
        func.coalesce(func.max(case((whole, unique))), func.max(unique)).label("active_users_28d"),
        func.coalesce(func.max(case((whole, events))), func.sum(events)).label("events"),
    )
    query = select(owner.label("account"), usage.c.day, *figures).where(usage.c.account == owner, *conditions)
    return query.group_by(owner, usage.c.day, usage.c.product)


def _users(owner: ColumnElement[Any], *conditions: Condition) -> Select[Any]:
    whole = case((usage_users.c.feature == "", usage_users.c.events))
    figures = (
        func.coalesce(func.max(whole), func.sum(usage_users.c.events)).label("events"),
        func.max(case((in_use(usage_users), 1), else_=0)).label("active"),
    )
    query = select(owner.label("account"), usage_users.c.day, *figures)
    mine = query.where(usage_users.c.account == owner, *conditions)
    return mine.group_by(owner, usage_users.c.day, usage_users.c.user)


def in_use(table: FromClause) -> Condition:
    """The row tells of use: some of its figures is above zero, or it has none and stands for itself."""
    figures = [table.c[name] for name in ("active_users", "active_users_28d", "events") if name in table.c]
    return or_(*(figure > 0 for figure in figures), and_(*(figure.is_(None) for figure in figures)))


def latest(left: ColumnElement[Any], right: ColumnElement[Any]) -> ColumnElement[Any]:
    """The later of two days, either of which may be missing."""
    return case((right.is_(None), left), (left > right, left), else_=right)


def _sum_names() -> list[str]:
    return [f"{name}_{of}" for name in SIDES for of in SUMS]


def of_account(table: FromClause) -> Condition:
    return table.c.account == accounts.c.number


def known_by(table: FromClause, day: date) -> Condition:
    """Of days up to `day`, what had come by then."""
    return and_(table.c.day <= day, table.c.known_on <= day)


def _newest(table: FromClause, *conditions: Condition) -> Any:
    newest = select(table.c.day).where(of_account(table), *conditions).order_by(table.c.day.desc()).limit(1)
    return newest.correlate(accounts).scalar_subquery()


def _unique(account: ColumnElement[Any], day: ColumnElement[Any], *conditions: Condition) -> Any:
    """The most unique users that a product counted on a day."""
    whole = case((usage.c.feature == "", usage.c.active_users_28d))
    counted = func.coalesce(func.max(whole), func.max(usage.c.active_users_28d)).label("counted")
    mine = (usage.c.account == account, usage.c.day == day, *conditions)
    products = select(counted).where(*mine).group_by(usage.c.product).correlate(account.table).subquery()
    return select(func.max(products.c.counted)).scalar_subquery()

"""Usage of a range of accounts as of a day: read from what the nights have rolled, or in full from the facts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Label,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from domain.facts import ActiveBasis
from storage.database import Transaction
from storage.facts.asof import DAY
from storage.tables import accounts, dirty, usage, usage_last, usage_rolling, usage_users
from storage.within import Condition, Within

WINDOW = timedelta(28)
SUMS = ("events", "active", "days", "event_days")
WINDOWS = {name: itemgetter(*(f"{name}_{of}" for of in SUMS)) for name in ("recent", "earlier")}


class Activity(NamedTuple):
    """`recent` and `earlier`: events, active users, days with either; `features`: the core ones in use."""

    newest_on: date
    feature_on: date | None
    active: int | None
    basis: ActiveBasis
    recent: tuple[int, int, int, int]
    earlier: tuple[int, int, int, int]
    features: frozenset[str] = frozenset()

    @property
    def means(self) -> tuple[tuple[Decimal, int] | None, tuple[Decimal, int] | None]:
        """What a day with a row holds on average, and how many had one: events, else active users, in both windows."""
        counted = (0, 3) if self._in_events else (1, 2)
        recent, earlier = ((window[counted[0]], window[counted[1]]) for window in (self.recent, self.earlier))
        return _mean(*recent), _mean(*earlier)

    @property
    def _in_events(self) -> bool:
        both = self.recent[3] > 0 and self.earlier[3] > 0
        either = self.recent[3] > 0 or self.earlier[3] > 0
        return both or (either and not (self.recent[2] and self.earlier[2]))


def load(tx: Transaction, within: Within, *, day: date, core: Collection[str]) -> dict[int, Activity]:
    """By account: what was known on `day` of its use up to `day`; accounts that never had any are left out."""
    rows = within.ask(tx, _windows, day=day).mappings().all()
    rolled = [row for row in rows if row["rolled"]]
    found = _read_rolled(tx, within, rolled, day, core) if rolled else {}
    return found if len(rolled) == len(rows) else found | _read_facts(tx, within, day, core)


def _windows(where: Condition) -> Select[Any]:
    """A row an account; `rolled`: its window stands on the day and knows nothing later."""
    joined = select(accounts.c.number, _rolled().label("rolled"), usage_rolling)
    return joined.outerjoin_from(accounts, usage_rolling, _of(usage_rolling)).where(where)


def _rolled() -> Condition:
    waiting = select(dirty.c.account).where(_of(dirty), dirty.c.what == "usage")
    up_to_date = (usage_rolling.c.day == DAY, usage_rolling.c.known_on <= DAY)
    stands = select(usage_rolling.c.account).where(_of(usage_rolling), *up_to_date)
    return and_(stands.correlate(accounts).exists(), ~waiting.correlate(accounts).exists())


def _read_rolled(
    tx: Transaction, within: Within, rows: Collection[Any], day: date, core: Collection[str]
) -> dict[int, Activity]:
    since = day - WINDOW
    by_users = any(row["user_on"] for row in rows)
    users = _pairs(within.ask(tx, _users_of_late, since=since)) if by_users else {}
    by_feature = core and any(row["feature_on"] for row in rows)
    features = _grouped(within.ask(tx, _features_of_late, since=since, core=list(core))) if by_feature else {}
    return _activities(rows, users, features, day)


def _of_late(*columns: Any) -> Select[Any]:
    recently = usage_last.c.last_day > bindparam("since")
    return select(usage_last.c.account, *columns).join_from(usage_last, accounts, _of(usage_last)).where(recently)


def _users_of_late(where: Condition) -> Select[Any]:
    return _of_late(func.count()).where(where, usage_last.c.kind == "user").group_by(usage_last.c.account)


def _features_of_late(where: Condition) -> Select[Any]:
    named = usage_last.c.name.in_(bindparam("core", expanding=True))
    return _of_late(usage_last.c.name).where(where, usage_last.c.kind == "feature", named)


def _read_facts(tx: Transaction, asked: Within, day: date, core: Collection[str]) -> dict[int, Activity]:
    """Of those whose window does not stand on the day."""
    within, values = and_(asked.where, ~_rolled()), {**asked.values, "day": day}
    rows = tx.execute(window(within, day), values).mappings().all()
    if not rows:
        return {}
    recent = and_(_known(usage, day), usage.c.day > day - WINDOW, within)
    recent_users = and_(_known(usage_users, day), usage_users.c.day > day - WINDOW, within)
    count = select(usage_users.c.account, func.count(usage_users.c.user.distinct()))
    users = count.join_from(usage_users, accounts, _of(usage_users)).where(recent_users, in_use(usage_users))
    of_users = tx.execute(users.group_by(usage_users.c.account), values)
    features = union_all(
        *(
            select(table.c.account, table.c.feature)
            .join_from(table, accounts, _of(table))
            .where(condition, in_use(table), table.c.feature.in_(core))
            .distinct()
            for table, condition in ((usage, recent), (usage_users, recent_users))
        )
    )
    return _activities(rows, _pairs(of_users), _grouped(tx.execute(features, values)), day)


def window(within: Condition, day: date, *, known: bool = True, users: bool = True) -> Select[Any]:
    """The columns of usage_rolling, but for known_on, for each account with any use, from the facts.

    known: as they were on `day` only; users: whether any are told by name.
    """
    come = {table: _known(table, day) if known else table.c.day <= day for table in (usage, usage_users)}
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
    several = select(usage.c.day).where(_of(usage), lately[usage]).group_by(usage.c.day).having(func.count() > 1)
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
        for name in WINDOWS
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
    return [f"{name}_{of}" for name in ("recent", "earlier") for of in SUMS]


def _of(table: FromClause) -> Condition:
    return table.c.account == accounts.c.number


def _known(table: FromClause, day: date) -> Condition:
    return and_(table.c.day <= day, table.c.known_on <= day)


def _newest(table: FromClause, *conditions: Condition) -> Any:
    newest = select(table.c.day).where(_of(table), *conditions).order_by(table.c.day.desc()).limit(1)
    return newest.correlate(accounts).scalar_subquery()


def _unique(account: ColumnElement[Any], day: ColumnElement[Any], *conditions: Condition) -> Any:
    """The most unique users that a product counted on a day."""
    whole = case((usage.c.feature == "", usage.c.active_users_28d))
    counted = func.coalesce(func.max(whole), func.max(usage.c.active_users_28d)).label("counted")
    mine = (usage.c.account == account, usage.c.day == day, *conditions)
    products = select(counted).where(*mine).group_by(usage.c.product).correlate(account.table).subquery()
    return select(func.max(products.c.counted)).scalar_subquery()


def _activities(
    rows: Collection[Any],
    users: Mapping[int, int],
    features: Mapping[int, set[str]],
    day: date,
) -> dict[int, Activity]:
    return {
        row["account"]: _activity(row, users, features, day)
        for row in rows
        if row["newest_on"] is not None and row["newest_on"] <= day
    }


def _activity(
    row: Mapping[str, Any],
    users: Mapping[int, int],
    features: Mapping[int, set[str]],
    day: date,
) -> Activity:
    number = row["account"]
    active, basis = _active(row, users.get(number, 0), day)
    feature_on = row["feature_on"]
    fresh = feature_on is not None and feature_on > day - 2 * WINDOW
    return Activity(
        row["newest_on"],
        feature_on if fresh else None,
        active,
        basis,
        _window(row, "recent"),
        _window(row, "earlier"),
        frozenset(features.get(number, ())),
    )


def _window(row: Mapping[str, Any], name: str) -> tuple[int, int, int, int]:
    events, active, days, event_days = WINDOWS[name](row)
    return int(events), int(active), int(days), int(event_days)


def _active(row: Mapping[str, Any], users: int, day: date) -> tuple[int | None, ActiveBasis]:
    user_on, unique = row["user_on"], row["unique_28d"]
    if user_on is not None and user_on > day - 2 * WINDOW:
        return users, "users"
    return (row["peak"], "peak") if unique is None else (unique, "unique_28d")


def _mean(total: int, days: int) -> tuple[Decimal, int] | None:
    return (Decimal(total) / days, days) if days else None


def _pairs(rows: Iterable[Any]) -> dict[int, int]:
    return dict(iter(rows))


def _grouped(rows: Iterable[Any]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for number, name in rows:
        found[number].add(name)
    return found

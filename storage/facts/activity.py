"""Usage of a range of accounts as of a day: read from what the nights have rolled, or in full from the facts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    func,
    select,
    union_all,
)

from domain.facts import ActiveBasis
from storage.database import Transaction
from storage.facts.asof import DAY
from storage.facts.windows import SIDES, SUMS, WINDOW, in_use, known_by, of_account, window
from storage.tables import accounts, dirty, usage, usage_last, usage_rolling, usage_users
from storage.within import Condition, Within

WINDOWS = {name: itemgetter(*(f"{name}_{of}" for of in SUMS)) for name in SIDES}


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
    return joined.outerjoin_from(accounts, usage_rolling, of_account(usage_rolling)).where(where)


def _rolled() -> Condition:
    waiting = select(dirty.c.account).where(of_account(dirty), dirty.c.what == "usage")
    up_to_date = (usage_rolling.c.day == DAY, usage_rolling.c.known_on <= DAY)
    stands = select(usage_rolling.c.account).where(of_account(usage_rolling), *up_to_date)
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
    return (
        select(usage_last.c.account, *columns).join_from(usage_last, accounts, of_account(usage_last)).where(recently)
    )


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
    recent = and_(known_by(usage, day), usage.c.day > day - WINDOW, within)
    recent_users = and_(known_by(usage_users, day), usage_users.c.day > day - WINDOW, within)
    count = select(usage_users.c.account, func.count(usage_users.c.user.distinct()))
    users = count.join_from(usage_users, accounts, of_account(usage_users)).where(recent_users, in_use(usage_users))
    of_users = tx.execute(users.group_by(usage_users.c.account), values)
    features = union_all(
        *(
            select(table.c.account, table.c.feature)
            .join_from(table, accounts, of_account(table))
            .where(condition, in_use(table), table.c.feature.in_(core))
            .distinct()
            for table, condition in ((usage, recent), (usage_users, recent_users))
        )
    )
    return _activities(rows, _pairs(of_users), _grouped(tx.execute(features, values)), day)


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

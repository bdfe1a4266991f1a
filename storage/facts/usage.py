"""Use, derived night by night: the last day of each user and feature, and the figures of 28 days and the 28 before.

A night costs what is new: the windows roll on by the day that enters and the days that leave. Only where something
changed on a day that was counted already, or the peak left, they are counted again from the facts.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from storage import marks
from storage.database import Transaction, insert_into
from storage.facts.activity import SUMS, WINDOW, daily, in_use, latest, window
from storage.tables import accounts, dirty, usage, usage_last, usage_rolling, usage_users

BEGINNING = date(1, 1, 1)
ONE_DAY = timedelta(1)
FACTS = (usage, usage_users)

Condition = ColumnElement[bool]


def derive(tx: Transaction, first: int, last: int, *, day: date) -> None:
    """Bring the accounts numbered first…last to `day`: rolled on where that is enough, else from their facts."""
    claimed = marks.claim(tx, "usage", first, last)
    _rebuild_last(tx, first, last)
    _forget(tx, first, last)
    named = select(usage_users.c.account).where(usage_users.c.account.between(first, last)).exists()
    users = bool(tx.execute(select(named)).scalar_one())
    _roll(tx, first, last, day, users=users)
    _recount(tx, first, last, day, users=users)
    marks.settle(tx, "usage", claimed)


def _marked(table: FromClause, first: int, last: int) -> Condition:
    """Joins the dirty accounts, which lead, to their rows from the earliest changed day on."""
    day = table.c.last_day if "last_day" in table.c else table.c.day
    mine = and_(dirty.c.what == "usage", dirty.c.account.between(first, last))
    return and_(mine, table.c.account == dirty.c.account, day >= func.coalesce(dirty.c.since, literal(BEGINNING)))


def _held(table: Any, first: int, last: int) -> Condition:
    """The rows of a derived table that the dirty accounts put in question."""
    other = table.alias()
    keys = [other.c[column.name] for column in table.primary_key.columns]
    rows = select(*keys).where(_marked(other, first, last))
    return tuple_(*table.primary_key.columns).in_(rows)


def _rebuild_last(tx: Transaction, first: int, last: int) -> None:
    """Later days move a user or a feature on; a last day that is no longer there falls back to the one before."""
    newest = union_all(
        _last("feature", usage, usage.c.feature, first, last),
        _last("feature", usage_users, usage_users.c.feature, first, last),
        _last("user", usage_users, usage_users.c.user, first, last),
    ).subquery()
    found = select(newest.c.account, newest.c.kind, newest.c.name, func.max(newest.c.day).label("last_day"))
    grouped = found.group_by(newest.c.account, newest.c.kind, newest.c.name)
    _put(tx, usage_last, grouped, later="last_day")
    still = or_(*(_rows(kind, table, usage_last.c.last_day).exists() for kind, table in KINDS))
    gone = and_(_held(usage_last, first, last), ~still)
    before = [_rows(kind, table).with_only_columns(func.max(table.c.day)).scalar_subquery() for kind, table in KINDS]
    fallen = case((usage_last.c.kind == "user", before[2]), else_=latest(before[0], before[1]))
    tx.execute(delete(usage_last).where(gone, ~or_(*(_rows(kind, table).exists() for kind, table in KINDS))))
    tx.execute(update(usage_last).where(gone).values(last_day=fallen))


KINDS = (("feature", usage), ("feature", usage_users), ("user", usage_users))


def _last(kind: str, table: Any, name: ColumnElement[Any], first: int, last: int) -> Select[Any]:
    newest = func.max(table.c.day).label("day")
    query = select(dirty.c.account, literal(kind).label("kind"), name.label("name"), newest)
    named = (name != "", in_use(table), _marked(table, first, last))
    return query.where(*named).group_by(dirty.c.account, name)


def _rows(kind: str, table: Any, day: ColumnElement[Any] | None = None) -> Select[Any]:
    """The facts in which a user or a feature of usage_last is in use."""
    name = table.c.user if kind == "user" else table.c.feature
    same = (table.c.account == usage_last.c.account, name == usage_last.c.name, usage_last.c.kind == kind)
    on = () if day is None else (table.c.day == day,)
    return select(table.c.day).where(*same, *on, in_use(table)).correlate(usage_last)


def _forget(tx: Transaction, first: int, last: int) -> None:
    """The figures of accounts of which a day changed that was counted in them."""
    counted = or_(dirty.c.since.is_(None), dirty.c.since <= usage_rolling.c.day)
    changed = select(dirty.c.account).where(
        dirty.c.account == usage_rolling.c.account, dirty.c.what == "usage", counted
    )
    tx.execute(delete(usage_rolling).where(usage_rolling.c.account.between(first, last), changed.exists()))


def _roll(tx: Transaction, first: int, last: int, day: date, *, users: bool) -> None:
    """Yesterday's figures, plus the day that enters, less the days that leave; where the peak leaves, they stay."""
    rolling = usage_rolling.alias("rolling")
    due = (rolling.c.account.between(first, last), rolling.c.day == day - ONE_DAY)
    moved = _moved(rolling, day, *due, users=users)
    sums = {}
    for name, plus, minus in (("recent", "entering", "leaving"), ("earlier", "leaving", "dropped")):
        for of, came, went in zip(SUMS, _figures(moved, plus), _figures(moved, minus), strict=True):
            sums[f"{name}_{of}"] = rolling.c[f"{name}_{of}"] + came - went
    active, unique, inside = moved.c.entering_active, moved.c.entering_unique, rolling.c.unique_on > day - WINDOW
    known = [_newest_known(table, rolling.c.account) for table in FACTS]
    rolled = select(
        rolling.c.account,
        literal(day).label("day"),
        latest(latest(known[0], known[1]), rolling.c.known_on).label("known_on"),
        case((moved.c.entering == 1, literal(day)), else_=rolling.c.newest_on).label("newest_on"),
        *(_entered(rolling, name, table, day) for name, table in (("feature_on", usage), ("user_on", usage_users))),
        *(value.label(name) for name, value in sums.items()),
        case((rolling.c.peak > active, rolling.c.peak), else_=func.coalesce(active, rolling.c.peak)).label("peak"),
        case((unique.is_not(None), unique), (inside, rolling.c.unique_28d)).label("unique_28d"),
        case((unique.is_not(None), literal(day)), (inside, rolling.c.unique_on)).label("unique_on"),
    ).outerjoin_from(rolling, moved, moved.c.account == rolling.c.account)
    peak_stays = or_(
        moved.c.leaving_active.is_(None), moved.c.leaving_active < rolling.c.peak, active >= rolling.c.peak
    )
    _put(tx, usage_rolling, rolled.where(*due, peak_stays))


MOVING = {"entering": timedelta(0), "leaving": WINDOW, "dropped": 2 * WINDOW}


def _moved(rolling: FromClause, day: date, *due: Condition, users: bool) -> Subquery:
    """A row an account with what it used on the day that enters the windows and on those that leave them."""
    of_usage, of_users = (and_(*due, t.c.day.in_([day - back for back in MOVING.values()])) for t in FACTS)
    days = daily(rolling.c.account, of_usage, of_users if users else None)
    figures = {"": literal(1), "_active": days.c.active_users, "_unique": days.c.active_users_28d}
    figures["_events"] = days.c.events
    columns = (
        func.max(case((days.c.day == day - back, value))).label(f"{name}{figure}")
        for name, back in MOVING.items()
        for figure, value in figures.items()
    )
    return select(days.c.account, *columns).group_by(days.c.account).subquery()


def _figures(moved: FromClause, name: str) -> Sequence[ColumnElement[Any]]:
    """What one day gives to each sum of SUMS."""
    events, active = moved.c[f"{name}_events"], moved.c[f"{name}_active"]
    there = (case((active.is_not(None), 1), else_=0), case((events.is_not(None), 1), else_=0))
    return (func.coalesce(events, 0), func.coalesce(active, 0), *there)


def _entered(rolling: FromClause, name: str, table: Any, day: date) -> ColumnElement[Any]:
    tables = FACTS if name == "feature_on" else (table,)
    came = or_(*(_facts_of(each, rolling.c.account, name).where(each.c.day == day).exists() for each in tables))
    return case((came, literal(day)), else_=rolling.c[name]).label(name)


def _facts_of(table: Any, account: Any, name: str = "") -> Select[Any]:
    named = (table.c.feature != "",) if name == "feature_on" else ()
    owner: Any = account.table
    return select(table.c.day).where(table.c.account == account, *named).correlate(owner)


def _newest_known(table: Any, account: Any) -> Any:
    """The latest arrival among the facts that made the account dirty; earlier ones are in the row already."""
    owner: Any = account.table
    since = select(dirty.c.since).where(dirty.c.account == account, dirty.c.what == "usage").correlate(owner)
    query = select(func.max(table.c.known_on)).where(table.c.account == account, table.c.day >= since.scalar_subquery())
    return query.correlate(owner).scalar_subquery()


def _recount(tx: Transaction, first: int, last: int, day: date, *, users: bool) -> None:
    """In full, for accounts that are new, changed, or not rolled on."""
    standing = select(usage_rolling.c.account).where(
        usage_rolling.c.account == accounts.c.number, usage_rolling.c.day == day
    )
    behind = and_(accounts.c.number.between(first, last), ~standing.correlate(accounts).exists())
    counted = window(behind, day, known=False, users=users).subquery()
    arrived = (
        select(func.max(table.c.known_on)).where(table.c.account == counted.c.account).scalar_subquery()
        for table in FACTS
    )
    _put(tx, usage_rolling, select(counted, latest(*arrived).label("known_on")))


def _put(tx: Transaction, table: Any, rows: Select[Any], *, later: str = "") -> None:
    """Insert what a query finds, or take its values where the key stands already; of `later`, the later one."""
    names = [column.name for column in rows.selected_columns]
    source = rows.subquery()
    filled = insert_into(tx, table).from_select(names, select(source).where(literal(value=True)))
    values: dict[str, ColumnElement[Any]] = {
        name: filled.excluded[name] for name in names if not table.c[name].primary_key
    }
    if later:
        values[later] = latest(filled.excluded[later], table.c[later])
    tx.execute(filled.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=values))

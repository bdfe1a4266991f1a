"""Use, derived night by night: the last day of each user and feature, and the figures of 28 days and the 28 before.

A night costs what is new: the windows roll on by the day that enters and the days that leave. Only where something
changed on a day that was counted already, or the peak left, they are counted again from the facts.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    delete,
    false,
    func,
    join,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from storage import marks
from storage.database import Transaction, insert_into
from storage.facts.windows import SUMS, WINDOW, daily, in_use, latest, window
from storage.tables import accounts, dirty, usage, usage_last, usage_rolling, usage_users

BEGINNING = date(1, 1, 1)
ONE_DAY, WEEK = timedelta(1), timedelta(7)
FACTS = (usage, usage_users)
KINDS = (("feature", usage), ("feature", usage_users), ("user", usage_users))

Condition = ColumnElement[bool]


def derive(tx: Transaction, first: int, last: int, *, day: date) -> None:
    """Bring the accounts numbered first…last to `day`: rolled on where that is enough, else from their facts."""
    claimed = marks.claim(tx, "usage", first, last)
    named = select(usage_users.c.account).where(usage_users.c.account.between(first, last)).exists()
    users = bool(tx.execute(select(named)).scalar_one())
    _fall_back(tx, first, last)
    _move_on(tx, first, last, day, users=users)
    _forget(tx, first, last)
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


def _fall_back(tx: Transaction, first: int, last: int) -> None:
    """A last day of a user or a feature that is no longer there gives way to the one before."""
    still = or_(*(_rows(kind, table, usage_last.c.last_day).exists() for kind, table in KINDS))
    gone = and_(_held(usage_last, first, last), ~still)
    before = [_rows(kind, table).with_only_columns(func.max(table.c.day)).scalar_subquery() for kind, table in KINDS]
    fallen = case((usage_last.c.kind == "user", before[2]), else_=latest(before[0], before[1]))
    tx.execute(delete(usage_last).where(gone, ~or_(*(_rows(kind, table).exists() for kind, table in KINDS))))
    tx.execute(update(usage_last).where(gone).values(last_day=fallen))


def _move_on(tx: Transaction, first: int, last: int, day: date, *, users: bool) -> None:
    """Later days move a user or a feature on."""
    parts = (_last_days(kind, table, first, last, day - WEEK) for kind, table in KINDS if users or table is usage)
    found = union_all(*(part for both in parts for part in both)).subquery()
    newest = func.max(found.c.day).label("last_day")
    grouped = select(found.c.account, found.c.kind, found.c.name, newest)
    _put(tx, usage_last, grouped.group_by(found.c.account, found.c.kind, found.c.name), later="last_day")


def _last_days(kind: str, table: Any, first: int, last: int, lately: date) -> tuple[Select[Any], Select[Any]]:
    """Names with the last day of their use. Most are in use `lately`: only of the others every row is compared.

    Those in use are joined and left out: sought by the others' names, all days would be read through for each.
    """
    name = _name(kind, table)
    of_use = (name != "", in_use(table), _marked(table, first, last))
    names = select(dirty.c.account, name.label("name")).where(*of_use).distinct().subquery()
    same = (table.c.account == names.c.account, name == names.c.name, in_use(table), table.c.day > lately)
    seek = select(table.c.day).where(*same).order_by(table.c.day.desc()).limit(1).correlate(names).scalar_subquery()
    sought = select(names, seek.label("day")).cte(f"{kind}s_of_{table.name}")
    recent = select(sought.c.account, literal(kind).label("kind"), sought.c.name, sought.c.day)
    stale = select(sought.c.account).where(sought.c.day.is_(None))
    late = sought.alias()
    found = and_(late.c.account == dirty.c.account, late.c.name == name, late.c.day.is_not(None))
    rows = select(dirty.c.account, literal(kind), name, func.max(table.c.day)).outerjoin_from(
        join(dirty, table, table.c.account == dirty.c.account), late, found
    )
    older = rows.where(*of_use, table.c.day <= lately, dirty.c.account.in_(stale), late.c.account.is_(None))
    return recent.where(sought.c.day.is_not(None)), older.group_by(dirty.c.account, name)


def _name(kind: str, table: Any) -> ColumnElement[str]:
    name: ColumnElement[str] = table.c.user if kind == "user" else table.c.feature
    return name


def _rows(kind: str, table: Any, day: ColumnElement[Any] | None = None) -> Select[Any]:
    """The facts in which a user or a feature of usage_last is in use."""
    name = _name(kind, table)
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
    tables = FACTS if users else (usage,)
    since = select(dirty.c.since).where(dirty.c.account == rolling.c.account, dirty.c.what == "usage")
    known_on = _last_known(rolling, tables, since.correlate(rolling).scalar_subquery())
    entered = {
        "feature_on": [_came(table, rolling, day, table.c.feature != "") for table in tables],
        "user_on": [_came(table, rolling, day) for table in tables[1:]],
    }
    rolled = select(
        rolling.c.account,
        literal(day).label("day"),
        latest(known_on, rolling.c.known_on).label("known_on"),
        case((moved.c.entering == 1, literal(day)), else_=rolling.c.newest_on).label("newest_on"),
        *(
            case((or_(false(), *there), literal(day)), else_=rolling.c[name]).label(name)
            for name, there in entered.items()
        ),
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


def _moved(rolling: FromClause, day: date, *due: Condition, users: bool) -> CTE:
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
    found = select(days.c.account, *columns).group_by(days.c.account)
    # Where PostgreSQL has not counted the accounts yet, it would find these rows again for each of them.
    return found.cte("moved").prefix_with("MATERIALIZED")


def _figures(moved: FromClause, name: str) -> Sequence[ColumnElement[Any]]:
    """What one day gives to each sum of SUMS."""
    events, active = moved.c[f"{name}_events"], moved.c[f"{name}_active"]
    there = (case((active.is_not(None), 1), else_=0), case((events.is_not(None), 1), else_=0))
    return (func.coalesce(events, 0), func.coalesce(active, 0), *there)


def _came(table: Any, rolling: FromClause, day: date, *conditions: Condition) -> Condition:
    facts = select(table.c.day).where(table.c.account == rolling.c.account, table.c.day == day, *conditions)
    return facts.correlate(rolling).exists()


def _last_known(owner: FromClause, tables: Sequence[Any], since: Any = BEGINNING) -> Any:
    """When the last of the facts of a day and of later ones became known."""
    mine = (select(t.c.known_on).where(t.c.account == owner.c.account, t.c.day >= since) for t in tables)
    known = union_all(*(facts.correlate(owner) for facts in mine)).subquery()
    return select(func.max(known.c.known_on)).scalar_subquery()


def _recount(tx: Transaction, first: int, last: int, day: date, *, users: bool) -> None:
    """In full, for accounts that are new, changed, or not rolled on."""
    standing = select(usage_rolling.c.account).where(
        usage_rolling.c.account == accounts.c.number, usage_rolling.c.day == day
    )
    behind = and_(accounts.c.number.between(first, last), ~standing.correlate(accounts).exists())
    counted = window(behind, day, known=False, users=users).subquery()
    tables = FACTS if users else (usage,)
    lately = _last_known(counted, tables, day - 2 * WINDOW + ONE_DAY)
    known_on = func.coalesce(lately, _last_known(counted, tables))
    _put(tx, usage_rolling, select(counted, known_on.label("known_on")))


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

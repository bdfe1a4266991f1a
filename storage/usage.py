"""Use, derived night by night: a row a day, the last day of each user and feature, and the sums of 28 days.

A night costs what is new: only accounts marked dirty are read again from the facts, and from the earliest day that
changed; the windows of all others roll on by the day that enters and the days that leave.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
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
from storage.activity import SUMS, WINDOW, daily, in_use, latest, window_sums
from storage.database import Transaction, insert_into
from storage.tables import accounts, dirty, usage, usage_days, usage_last, usage_rolling, usage_users

BEGINNING = date(1, 1, 1)
ONE_DAY = timedelta(1)
FACTS = (usage, usage_users)

Condition = ColumnElement[bool]


def derive(tx: Transaction, first: int, last: int, *, day: date) -> None:
    """Bring the accounts numbered first…last to `day`: the dirty ones from their facts, the others by rolling on."""
    claimed = marks.claim(tx, "usage", first, last)
    _rebuild_days(tx, first, last)
    _rebuild_last(tx, first, last)
    _roll(tx, first, last, day)
    _recount(tx, first, last, day)
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


def _is_dirty(account: ColumnElement[Any]) -> Condition:
    return account.in_(select(dirty.c.account).where(dirty.c.what == "usage"))


def _rebuild_days(tx: Transaction, first: int, last: int) -> None:
    tx.execute(delete(usage_days).where(_held(usage_days, first, last)))
    days = daily(dirty.c.account, _marked(usage, first, last), _marked(usage_users, first, last))
    _put(tx, usage_days, ("account", "day", "active_users", "active_users_28d", "events"), select(days))


def _rebuild_last(tx: Transaction, first: int, last: int) -> None:
    """Later days move a user or a feature on; a last day that is no longer there falls back to the one before."""
    newest = union_all(
        _last("feature", usage, usage.c.feature, first, last),
        _last("feature", usage_users, usage_users.c.feature, first, last),
        _last("user", usage_users, usage_users.c.user, first, last),
    ).subquery()
    found = select(newest.c.account, newest.c.kind, newest.c.name, func.max(newest.c.day).label("last_day"))
    grouped = found.group_by(newest.c.account, newest.c.kind, newest.c.name)
    _put(tx, usage_last, ("account", "kind", "name", "last_day"), grouped, later="last_day")
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


def _roll(tx: Transaction, first: int, last: int, day: date) -> None:
    """Yesterday's sums, plus the day that enters, less the days that leave: of accounts with nothing else new."""
    entering, leaving, dropped = (usage_days.alias(name) for name in ("entering", "leaving", "dropped"))
    rolling = usage_rolling.alias("rolling")
    sums = {}
    for name, plus, minus in (("recent", entering, leaving), ("earlier", leaving, dropped)):
        for of, came, went in zip(SUMS, _figures(plus), _figures(minus), strict=True):
            sums[f"{name}_{of}"] = rolling.c[f"{name}_{of}"] + came - went
    rolled = (
        select(
            rolling.c.account,
            literal(day).label("day"),
            rolling.c.known_on,
            case((entering.c.day.is_not(None), entering.c.day), else_=rolling.c.newest_on).label("newest_on"),
            *(_entered(rolling, name, table, day) for name, table in (("feature_on", usage), ("user_on", usage_users))),
            *(value.label(name) for name, value in sums.items()),
        )
        .outerjoin_from(rolling, entering, _on(entering, rolling, day))
        .outerjoin(leaving, _on(leaving, rolling, day - WINDOW))
        .outerjoin(dropped, _on(dropped, rolling, day - 2 * WINDOW))
    )
    due = (rolling.c.account.between(first, last), rolling.c.day == day - ONE_DAY, ~_is_dirty(rolling.c.account))
    _put(tx, usage_rolling, tuple(column.name for column in rolled.selected_columns), rolled.where(*due))


def _figures(days: FromClause) -> Sequence[ColumnElement[Any]]:
    """What one day gives to each sum of SUMS."""
    events, active = days.c.events, days.c.active_users
    there = (case((active.is_not(None), 1), else_=0), case((events.is_not(None), 1), else_=0))
    return (func.coalesce(events, 0), func.coalesce(active, 0), *there)


def _on(days: FromClause, rolling: FromClause, day: date) -> Condition:
    return and_(days.c.account == rolling.c.account, days.c.day == day)


def _entered(rolling: FromClause, name: str, table: Any, day: date) -> ColumnElement[Any]:
    tables = FACTS if name == "feature_on" else (table,)
    came = or_(*(_facts_of(each, rolling.c.account, name).where(each.c.day == day).exists() for each in tables))
    return case((came, literal(day)), else_=rolling.c[name]).label(name)


def _facts_of(table: Any, account: Any, name: str = "") -> Select[Any]:
    named = (table.c.feature != "",) if name == "feature_on" else ()
    owner: Any = account.table
    return select(table.c.day).where(table.c.account == account, *named).correlate(owner)


def _recount(tx: Transaction, first: int, last: int, day: date) -> None:
    """In full, for accounts that are dirty, new, or not rolled yesterday."""
    rolling = usage_rolling.alias("rolling")
    window = usage_days.alias("window")
    inside = and_(window.c.account == accounts.c.number, window.c.day > day - 2 * WINDOW, window.c.day <= day)
    standing = select(rolling.c.account).where(rolling.c.account == accounts.c.number, rolling.c.day == day)
    behind = or_(_is_dirty(accounts.c.number), ~standing.correlate(accounts).exists())
    ever = select(usage_days.c.account).where(usage_days.c.account == accounts.c.number, usage_days.c.day <= day)
    gone = and_(usage_rolling.c.account.between(first, last), _is_dirty(usage_rolling.c.account))
    summed = (
        select(accounts.c.number.label("account"), *window_sums(window, day))
        .outerjoin_from(accounts, window, inside)
        .where(accounts.c.number.between(first, last), behind, ever.correlate(accounts).exists())
        .group_by(accounts.c.number)
        .subquery()
    )
    known = [_newest_known(table, summed.c.account) for table in FACTS]
    held = select(rolling.c.known_on).where(rolling.c.account == summed.c.account).correlate(summed).scalar_subquery()
    found = select(
        summed.c.account,
        literal(day).label("day"),
        func.coalesce(latest(latest(known[0], known[1]), held), literal(BEGINNING)).label("known_on"),
        latest(*(_newest(table, summed.c.account, day) for table in FACTS)).label("newest_on"),
        latest(*(_newest(t, summed.c.account, day, "feature_on") for t in FACTS)).label("feature_on"),
        _newest(usage_users, summed.c.account, day).label("user_on"),
        *(column for column in summed.c if column.name != "account"),
    )
    _put(tx, usage_rolling, tuple(column.name for column in found.selected_columns), found.where(literal(value=True)))
    without = ~select(usage_days.c.account).where(usage_days.c.account == usage_rolling.c.account).exists()
    tx.execute(delete(usage_rolling).where(gone, without))


def _newest(table: Any, account: Any, day: date, name: str = "") -> Any:
    within = (table.c.day > day - 2 * WINDOW,) if name else ()
    rows = _facts_of(table, account, name).where(table.c.day <= day, *within)
    return rows.order_by(table.c.day.desc()).limit(1).scalar_subquery()


def _newest_known(table: Any, account: Any) -> Any:
    """The latest arrival among the facts that made the account dirty; earlier ones are in the row already."""
    owner: Any = account.table
    query = select(func.max(table.c.known_on)).where(table.c.account == account)
    since = select(dirty.c.since).where(dirty.c.account == account, dirty.c.what == "usage").correlate(owner)
    from_day = func.coalesce(since.scalar_subquery(), literal(BEGINNING))
    return query.where(table.c.day >= from_day).correlate(owner).scalar_subquery()


def _put(tx: Transaction, table: Any, names: Sequence[str], rows: Select[Any], *, later: str = "") -> None:
    """Insert what a query finds, or take its values where the key stands already; of `later`, the later one."""
    source = rows.subquery()
    chosen = select(*(source.c[name] for name in names)).where(literal(value=True))
    filled = insert_into(tx, table).from_select(list(names), chosen)
    values: dict[str, ColumnElement[Any]] = {
        name: filled.excluded[name] for name in names if not table.c[name].primary_key
    }
    if later:
        values[later] = latest(filled.excluded[later], table.c[later])
    tx.execute(filled.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=values))

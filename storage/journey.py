"""The stage of each account by rule, with its days: kept at night when it changed, read by account and by scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, delete, false, func, or_, select

from domain.accounts import Account
from domain.money import Money
from domain.policy_journey import Stage
from storage import accounts as storage_accounts
from storage.database import Transaction, upsert
from storage.scope import STAGE_BY_RULE, Scope, stage_now
from storage.tables import accounts, history, revenue_changes

Rows = list[tuple[date, Stage | None]]
GROUPED = (accounts.c.account_id, accounts.c.laer_stage)
MINE = (history.c.entity == "accounts", history.c.field == STAGE_BY_RULE)


@dataclass(frozen=True, slots=True)
class Slow:
    """An account that has been in a stage since a day; at_least: it may have entered before."""

    account: Account
    stage: Stage
    since: date
    at_least: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An account of a stage: since when by rule, or that a person gave it."""

    account: Account
    since: date | None
    given: bool


def rows(tx: Transaction, numbers: Collection[int], scope: Scope, *, before: date | None = None) -> dict[int, Rows]:
    """By account: each day on which another stage began, oldest first; None where it ceased to be a customer's."""
    if not numbers:
        return {}
    earlier = () if before is None else (history.c.day < before,)
    query = (
        select(history.c.account, history.c.day, history.c.value)
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(*MINE, *earlier, history.c.account.in_(numbers), scope.where())
        .order_by(history.c.account, history.c.day)
    )
    found: dict[int, Rows] = defaultdict(list)
    for number, day, value in tx.execute(query):
        found[number].append((day, value))
    return found


def keep(tx: Transaction, day: date, staged: Iterable[tuple[Account, Stage | None]], past: Mapping[int, Rows]) -> None:
    """What the rules say on `day`, where it is another than the day before; what a former run of the day said goes."""
    known = list(staged)
    numbers = [account.number for account, _ in known]
    tx.execute(delete(history).where(*MINE, history.c.day == day, history.c.account.in_(numbers)))
    changed = [_row(account, stage, day) for account, stage in known if stage != _last(past.get(account.number))]
    upsert(tx, history, changed)


def standing(tx: Transaction, scope: Scope) -> dict[Stage | None, int]:
    """How many accounts of the scope stand in each stage; None: in none."""
    staged = select(stage_now().label("stage")).where(scope.where()).subquery()
    query = select(staged.c.stage, func.count()).group_by(staged.c.stage)
    return {row[0]: row[1] for row in tx.execute(query)}


def worth(tx: Transaction, day: date, scope: Scope) -> dict[Stage | None, list[Money]]:
    """The annual amount on `day` of each stage by currency."""
    known = (revenue_changes.c.day <= day, revenue_changes.c.known_on <= day)
    paid = _paid(scope, *known, of=(stage_now().label("stage"),))
    by_stage = select(paid.c.stage, paid.c.currency, func.sum(paid.c.amount, type_=revenue_changes.c.delta.type))
    found: dict[Stage | None, list[Money]] = defaultdict(list)
    for stage, currency, amount in tx.execute(by_stage.group_by(paid.c.stage, paid.c.currency)):
        if amount:
            found[stage].append(Money(amount, currency))
    return found


def growth(tx: Transaction, *, after: date, last: date, scope: Scope) -> dict[tuple[Stage | None, str], list[Money]]:
    """What changed of the annual amount after one day up to another: by the stage of the day before, and kind.

    kind: `indexation`; `new` on an account's first paying day, else `added` or `taken`. Before the first recorded
    stage, and for who comes back, the next one counts.
    """
    change, earliest = revenue_changes, revenue_changes.alias("earliest")
    began = select(func.min(earliest.c.day)).where(earliest.c.account == accounts.c.number).correlate(accounts)
    known = (change.c.day > after, change.c.day <= last, change.c.known_on <= last)
    net = _paid(scope, *known, of=(*GROUPED, change.c.day, change.c.kind, began.scalar_subquery().label("began")))
    stage = func.coalesce(_stage_before(net), _stage_from(net), func.lower(func.nullif(net.c.laer_stage, "")))
    is_new, risen = (net.c.day == net.c.began).label("is_new"), (net.c.amount > 0).label("risen")
    moved = select(stage.label("stage"), net.c.kind, net.c.currency, is_new, risen, net.c.amount).subquery()
    kinds = (moved.c.stage, moved.c.kind, moved.c.is_new, moved.c.risen, moved.c.currency)
    total = func.sum(moved.c.amount, type_=change.c.delta.type)
    found: dict[tuple[Stage | None, str], list[Money]] = defaultdict(list)
    for of_stage, kind, first, up, currency, amount in tx.execute(select(*kinds, total).group_by(*kinds)):
        if amount:
            moved_by = kind or (("new" if first else "added") if up else "taken")
            found[of_stage, moved_by].append(Money(amount, currency))
    return found


def completed(tx: Transaction, scope: Scope) -> Iterator[tuple[str | None, Stage, int]]:
    """Segment, stage and days of every stay whose both ends were seen; land is seen from its start."""
    stays = _stays(scope)
    seen = or_(stays.c.place > 1, stays.c.stage == "land")
    query = select(stays.c.segment, stays.c.stage, stays.c.first, stays.c.until)
    for segment, stage, first, until in tx.execute(query.where(stays.c.until.is_not(None), stays.c.stage != "", seen)):
        yield segment, stage, (until - first).days


def slow(
    tx: Transaction, scope: Scope, limits: Mapping[tuple[str | None, Stage], int], today: date, *, limit: int
) -> tuple[int, list[Slow]]:
    """How many are longer in their stage than the days of (segment, stage), and the longest of them.

    A stage that a person gave has no day, so that it is left out.
    """
    stays = _stays(scope)
    late = [
        and_(_same(stays.c.segment, segment), stays.c.stage == stage, stays.c.first < today - timedelta(days))
        for (segment, stage), days in limits.items()
    ]
    given = func.coalesce(stays.c.laer_stage, "") == ""
    holds = and_(stays.c.until.is_(None), given, or_(false(), *late))
    count = tx.execute(select(func.count()).select_from(stays).where(holds)).scalar_one()
    query = select(stays.c.account, stays.c.stage, stays.c.first, stays.c.place).where(holds)
    longest = tx.execute(query.order_by(stays.c.first, stays.c.account).limit(limit)).all()
    named = storage_accounts.some(tx, [row.account for row in longest], scope)
    return count, [
        Slow(account, row.stage, row.first, row.place == 1 and row.stage != "land")
        for row in longest
        if (account := named.get(row.account))
    ]


def listed(tx: Transaction, scope: Scope, *, offset: int, limit: int) -> list[Standing]:
    """The accounts of the scope, those first that have been longest in their stage."""
    newest = select(func.max(history.c.day)).where(*MINE, history.c.entity_key == accounts.c.account_id)
    since = newest.correlate(accounts).scalar_subquery().label("since")
    query = select(accounts.c.number, since).where(scope.where()).order_by(since, accounts.c.number)
    found = tx.execute(query.offset(offset).limit(limit)).all()
    named = storage_accounts.some(tx, [row.number for row in found], scope)
    return [
        Standing(account, row.since, bool(account.laer_stage)) for row in found if (account := named.get(row.number))
    ]


def segments(tx: Transaction, scope: Scope) -> list[str | None]:
    """The segments of the scope's accounts."""
    found = tx.execute(select(accounts.c.segment).where(scope.where()).distinct()).scalars()
    return sorted(found, key=lambda segment: segment or "")


def _same(column: ColumnElement[Any], value: str | None) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _last(known: Rows | None) -> Stage | None:
    return known[-1][1] if known else None


def _row(account: Account, stage: Stage | None, day: date) -> dict[str, Any]:
    return {
        "entity": "accounts",
        "entity_key": account.account_id,
        "field": STAGE_BY_RULE,
        "day": day,
        "account": account.number,
        "value": stage,
        "known_on": day,
        "assumed": False,
        "import_id": None,
    }


def _stays(scope: Scope) -> Subquery:
    """Each recorded stage with the day on which the next one began."""
    each, by_day = history.c.account, history.c.day
    return (
        select(
            history.c.account,
            accounts.c.segment,
            accounts.c.laer_stage,
            history.c.value.label("stage"),
            history.c.day.label("first"),
            func.lead(history.c.day, type_=history.c.day.type).over(partition_by=each, order_by=by_day).label("until"),
            func.row_number().over(partition_by=each, order_by=by_day).label("place"),
        )
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(*MINE, scope.where())
        .subquery()
    )


def _paid(scope: Scope, *known: ColumnElement[bool], of: tuple[ColumnElement[Any], ...]) -> Subquery:
    """The sum of the changes of each account by currency, and by day and kind where `of` names them."""
    amount = func.sum(revenue_changes.c.delta, type_=revenue_changes.c.delta.type).label("amount")
    joined = revenue_changes.c.account == accounts.c.number
    query: Select[Any] = select(accounts.c.number, revenue_changes.c.currency, amount, *of)
    own = [column for column in of if column is revenue_changes.c.day or column is revenue_changes.c.kind]
    grouped = query.join_from(revenue_changes, accounts, joined).where(scope.where(), *known)
    return grouped.group_by(accounts.c.number, revenue_changes.c.currency, *GROUPED, *own).subquery()


def _stage_before(net: Subquery) -> ColumnElement[Any]:
    known = history.alias("before")
    mine = (known.c.entity == "accounts", known.c.entity_key == net.c.account_id, known.c.field == STAGE_BY_RULE)
    query = select(known.c.value).where(*mine, known.c.day < net.c.day).order_by(known.c.day.desc()).limit(1)
    return query.correlate(net).scalar_subquery()


def _stage_from(net: Subquery) -> ColumnElement[Any]:
    known = history.alias("coming")
    mine = (known.c.entity == "accounts", known.c.entity_key == net.c.account_id, known.c.field == STAGE_BY_RULE)
    later = (known.c.day >= net.c.day, known.c.value.is_not(None))
    return select(known.c.value).where(*mine, *later).order_by(known.c.day).limit(1).correlate(net).scalar_subquery()

"""The stage of each account with its days: by rule, kept at night when it changed, or as a person gave it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, case, delete, false, func, or_, select

from domain.accounts import Account
from domain.money import Money
from domain.policies.policy_journey import Stage
from storage import accounts as storage_accounts
from storage.database import Transaction
from storage.importing.bulk import insert_rows
from storage.scope import STAGE_BY_RULE, STAGE_GIVEN, Scope, stage_now
from storage.tables import accounts, history, revenue_changes
from storage.within import Condition, among

Rows = list[tuple[date, Stage | None]]
Told = list[tuple[date, Stage | None, bool]]
GROUPED = (accounts.c.account_id, accounts.c.laer_stage)
MINE = (history.c.entity == "accounts", history.c.field == STAGE_BY_RULE)
GIVEN = (history.c.entity == "accounts", history.c.field == STAGE_GIVEN)


@dataclass(frozen=True, slots=True)
class Slow:
    """An account that has been in a stage since a day; at_least: it may have entered before."""

    account: Account
    stage: Stage
    since: date
    at_least: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An account of a stage: since when, as far as it is dated, and whether a person gave it."""

    account: Account
    since: date | None
    given: bool
    at_least: bool = False


def rows(tx: Transaction, numbers: Collection[int], scope: Scope, *, before: date = date.max) -> dict[int, Rows]:
    """By account: each day on which another stage began, oldest first; None where it ceased to be a customer's."""
    if not numbers:
        return {}
    found: dict[int, Rows] = defaultdict(list)
    for number, day, value in among(numbers, scope).ask(tx, _rows, before=before).all():
        found[number].append((day, value))
    return found


def _rows(where: Condition) -> Select[Any]:
    return (
        select(history.c.account, history.c.day, history.c.value)
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(*MINE, history.c.day < bindparam("before"), where)
        .order_by(history.c.account, history.c.day)
    )


def told(tx: Transaction, number: int, scope: Scope) -> Told:
    """Each day on which a person gave an account a stage, or took it back (None), and whether the day is assumed."""
    query = (
        select(history.c.day, func.lower(func.nullif(history.c.value, "")), history.c.assumed)
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(*GIVEN, history.c.account == number, scope.where())
        .order_by(history.c.day)
    )
    return [(day, stage, assumed) for day, stage, assumed in tx.execute(query)]


def keep(tx: Transaction, day: date, staged: Iterable[tuple[Account, Stage | None]], past: Mapping[int, Rows]) -> None:
    """What the rules say on `day`, where it is another than the day before; what a former run of the day said goes."""
    known = list(staged)
    numbers = [account.number for account, _ in known]
    tx.execute(delete(history).where(*MINE, history.c.day == day, history.c.account.in_(numbers)))
    changed = [_row(account, stage, day) for account, stage in known if stage != _last(past.get(account.number))]
    insert_rows(tx, history, changed)


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
    given = func.lower(func.nullif(net.c.laer_stage, ""))
    stage = func.coalesce(_stage_before(net, STAGE_GIVEN), _stage_before(net, STAGE_BY_RULE), _stage_from(net), given)
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
    ended = (stays.c.until.is_not(None), stays.c.stage != "", ~stays.c.at_least)
    query = select(stays.c.segment, stays.c.stage, stays.c.first, stays.c.until).where(*ended)
    for segment, stage, first, until in tx.execute(query):
        yield segment, stage, (until - first).days


def slow(
    tx: Transaction, scope: Scope, limits: Mapping[tuple[str | None, Stage], int], today: date, *, limit: int
) -> tuple[int, list[Slow]]:
    """How many are longer in their stage than the days of (segment, stage), and the longest of them."""
    stays = _stays(scope)
    late = [
        and_(_same(stays.c.segment, segment), stays.c.stage == stage, stays.c.first < today - timedelta(days))
        for (segment, stage), days in limits.items()
    ]
    holds = and_(stays.c.until.is_(None), _is_now(stays), or_(false(), *late))
    count = tx.execute(select(func.count()).select_from(stays).where(holds)).scalar_one()
    query = select(stays.c.account, stays.c.stage, stays.c.first, stays.c.at_least).where(holds)
    longest = tx.execute(query.order_by(stays.c.first, stays.c.account).limit(limit)).all()
    named = storage_accounts.some(tx, [row.account for row in longest], scope)
    return count, [
        Slow(account, row.stage, row.first, bool(row.at_least))
        for row in longest
        if (account := named.get(row.account))
    ]


def listed(tx: Transaction, scope: Scope, *, offset: int, limit: int) -> list[Standing]:
    """The accounts of the scope, those first of whose stage nothing was said for longest."""
    newest = _newest_word()
    query = select(accounts.c.number).where(scope.where()).order_by(newest.is_(None), newest, accounts.c.number)
    numbers = list(tx.execute(query.offset(offset).limit(limit)).scalars())
    stays = _stays(scope, numbers)
    now = select(stays).where(stays.c.until.is_(None), _is_now(stays))
    since = {row.account: row for row in tx.execute(now)} if numbers else {}
    named = storage_accounts.some(tx, numbers, scope)
    return [
        Standing(account, stay.first if stay else None, bool(account.laer_stage), bool(stay and stay.at_least))
        for number in numbers
        if (account := named.get(number))
        for stay in [since.get(number)]
    ]


def _newest_word() -> ColumnElement[Any]:
    """The last day on which a rule or, where a person's word stands, a person said something of the stage."""
    said = history.alias("said")
    mine = (said.c.entity == "accounts", said.c.entity_key == accounts.c.account_id)
    newest = select(func.max(said.c.day)).where(*mine).correlate(accounts)
    given = newest.where(said.c.field == STAGE_GIVEN).scalar_subquery()
    either = newest.where(said.c.field.in_((STAGE_BY_RULE, STAGE_GIVEN))).scalar_subquery()
    return case((func.coalesce(accounts.c.laer_stage, "") != "", given), else_=either)


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


def _is_now(stays: Subquery) -> ColumnElement[bool]:
    """A stage that was given without a day is told by none of the stays."""
    return stays.c.stage == func.coalesce(func.lower(func.nullif(stays.c.laer_stage, "")), stays.c.stage)


def _stays(scope: Scope, numbers: Collection[int] | None = None) -> Subquery:
    """Each stay with the day on which the next one began; at_least: it may have begun before `first`."""
    known = _known(scope, numbers)
    was = func.lag(known.c.stage).over(partition_by=known.c.account, order_by=known.c.day)
    change = select(known, was.label("was")).subquery()
    changed = or_(change.c.place == 1, change.c.stage.is_distinct_from(change.c.was))
    until = func.lead(change.c.day, type_=change.c.day.type).over(partition_by=change.c.account, order_by=change.c.day)
    unseen = and_(change.c.place == 1, func.coalesce(change.c.stage, "") != "land")
    return (
        select(
            change.c.account,
            change.c.segment,
            change.c.laer_stage,
            change.c.stage,
            change.c.day.label("first"),
            until.label("until"),
            case((change.c.given.is_not(None), change.c.assumed == 1), else_=unseen).label("at_least"),
        )
        .where(changed)
        .subquery()
    )


def _known(scope: Scope, numbers: Collection[int] | None) -> Subquery:
    """The stage on each day on which a rule or a person said something: what a person gave, else what the rules say."""
    day = _by_day(scope, numbers)
    mine: Any = {"partition_by": day.c.account, "order_by": day.c.day}
    so_far = select(
        day,
        func.sum(day.c.gives).over(**mine).label("given_so_far"),
        func.sum(day.c.rules).over(**mine).label("ruled_so_far"),
        func.row_number().over(**mine).label("place"),
    ).subquery()
    each = so_far.c
    given = func.max(each.given).over(partition_by=(each.account, each.given_so_far))
    ruled = func.max(each.ruled).over(partition_by=(each.account, each.ruled_so_far))
    named = (each.account, each.segment, each.laer_stage, each.day, each.place, each.assumed)
    return select(*named, given.label("given"), func.coalesce(given, ruled).label("stage")).subquery()


def _by_day(scope: Scope, numbers: Collection[int] | None) -> Subquery:
    """By account and day: `gives` and `rules` count what was said on it, `given` and `ruled` are what."""
    by_person = history.c.field == STAGE_GIVEN
    value = func.lower(func.nullif(history.c.value, ""))
    these = () if numbers is None else (history.c.account.in_(numbers),)
    said = (history.c.entity == "accounts", history.c.field.in_((STAGE_BY_RULE, STAGE_GIVEN)), *these)
    of = (history.c.account, accounts.c.segment, accounts.c.laer_stage, history.c.day)
    return (
        select(
            *of,
            func.count(case((by_person, 1))).label("gives"),
            func.count(case((~by_person, 1))).label("rules"),
            func.max(case((by_person, value))).label("given"),
            func.max(case((~by_person, value))).label("ruled"),
            func.max(case((and_(by_person, history.c.assumed), 1), else_=0)).label("assumed"),
        )
        .join_from(history, accounts, history.c.account == accounts.c.number)
        .where(*said, scope.where())
        .group_by(*of)
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


def _stage_before(net: Subquery, field: str) -> ColumnElement[Any]:
    known = history.alias("before")
    mine = (known.c.entity == "accounts", known.c.entity_key == net.c.account_id, known.c.field == field)
    query = (
        select(func.lower(known.c.value)).where(*mine, known.c.day < net.c.day).order_by(known.c.day.desc()).limit(1)
    )
    return query.correlate(net).scalar_subquery()


def _stage_from(net: Subquery) -> ColumnElement[Any]:
    known = history.alias("coming")
    mine = (known.c.entity == "accounts", known.c.entity_key == net.c.account_id, known.c.field == STAGE_BY_RULE)
    later = (known.c.day >= net.c.day, known.c.value.is_not(None))
    return select(known.c.value).where(*mine, *later).order_by(known.c.day).limit(1).correlate(net).scalar_subquery()

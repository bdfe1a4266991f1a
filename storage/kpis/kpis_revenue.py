"""Recurring revenue of a scope through periods, summed by the database: no row of an account comes from it.

An account that pays in one currency is told apart in that currency, for a rate changes neither what is more nor what
is nothing; only the sums are converted. Those of several currencies, few, are converted first and read one by one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from domain.money import Money, NoRate, Rates
from domain.periods import Period
from domain.revenue import INDEXATION
from domain.waterfall import MOVERS, NONE, Logos, Move, Revenue, Waterfall, revenue, together
from storage.database import Transaction
from storage.kpis.courses import Changed, changed
from storage.tables import accounts, revenue_changes
from storage.types import TEN_THOUSANDTHS

Condition = ColumnElement[bool]
Sums = dict[str, int]
Stretches = dict[int, dict[str, Sums]]
Ranking = Literal["moved", "moved_of_cohort", "lost", "gone"]

RANKINGS: tuple[Ranking, ...] = get_args(Ranking)
LINES = ("new", "reactivation", "churn", "indexation", "expansion", "contraction")
FEW = 5000


def count(
    tx: Transaction,
    within: Condition,
    periods: Sequence[Period],
    *,
    seen_on: date,
    rates: Rates,
    by_parent: bool = False,
    ranked: Collection[Ranking] = RANKINGS,
) -> list[Revenue | NoRate]:
    """What revenue did in each period, in their order; they ascend and share no day.

    by_parent: logos are parents; ranked: which accounts are named, of the last period only.
    """
    known = _known(within, periods[-1].last, seen_on)
    several = _several(tx, known)
    held = _held(_days(and_(known, revenue_changes.c.account.not_in(several))), periods)
    sums = _sums(tx, held)
    apart = list(changed(tx, and_(known, revenue_changes.c.account.in_(several))))
    logos = _parents(tx, known, periods) if by_parent else None
    found: list[Revenue | NoRate] = []
    for place, period in enumerate(periods):
        try:
            parts = (_revenue(sums, _stretch(place), rates), _read(apart, period, rates))
        except NoRate as lacking:
            found.append(lacking)
        else:
            whole = together(parts)
            found.append(replace(whole, logos=logos[place]) if logos else whole)
    if ranked and isinstance(last := found[-1], Revenue):
        moves = _ranked(tx, held, _stretch(len(periods) - 1), sums, rates, ranked)
        found[-1] = together((last, replace(Revenue(), **moves)))
    return found


def _read(apart: Collection[Changed], period: Period, rates: Rates) -> Revenue:
    return revenue(one.through(period, rates) for one in apart if one.since <= period.last)


def _known(within: Condition, last: date, seen_on: date) -> Condition:
    mine = revenue_changes.c.account.in_(select(accounts.c.number).where(within))
    return and_(mine, revenue_changes.c.day <= last, revenue_changes.c.known_on <= seen_on)


def _several(tx: Transaction, known: Condition) -> Any:
    """The accounts of several currencies: by number where they are few."""
    currency = revenue_changes.c.currency
    query = select(revenue_changes.c.account).where(known).group_by(revenue_changes.c.account)
    mixed = query.having(func.min(currency) != func.max(currency))
    numbers = list(tx.execute(mixed.limit(FEW + 1)).scalars())
    return numbers if len(numbers) <= FEW else mixed


def _days(known: Condition) -> Subquery:
    """What each day changed for an account, and how much of it a price index did."""
    delta = _whole(func.sum(_delta()))
    indexed = _whole(func.sum(case((revenue_changes.c.kind == INDEXATION, _delta()), else_=0)))
    account, day = revenue_changes.c.account, revenue_changes.c.day
    currency = func.max(revenue_changes.c.currency).label("currency")
    query = select(account, day, currency, delta.label("delta"), indexed.label("index_part")).where(known)
    return query.group_by(account, day).having(or_(delta != 0, indexed != 0)).subquery()


def _stretch(place: int) -> int:
    """Periods have the odd numbers; what lies before, between and after has the even ones."""
    return 2 * place + 1


def _stretched(day: ColumnElement[date], periods: Sequence[Period]) -> ColumnElement[int]:
    bounds: list[Any] = []
    for place, period in enumerate(periods):
        bounds += [(day < period.first, 2 * place), (day <= period.last, _stretch(place))]
    return case(*bounds, else_=2 * len(periods))


def _held(days: Subquery, periods: Sequence[Period]) -> Any:
    """By account and stretch: what it began and ended at, its lines, and whether its very first payment lies there."""
    stretch = _stretched(days.c.day, periods)
    through: Any = {"partition_by": days.c.account, "order_by": days.c.day}
    changes = case((days.c.delta != 0, 1), else_=0)
    run = select(
        days,
        stretch.label("stretch"),
        (_whole(func.sum(days.c.delta).over(**through)) - days.c.delta).label("before"),
        (_whole(func.sum(changes).over(**through)) - changes).label("earlier"),
        func.lag(stretch).over(**through).label("stretch_before"),
    ).subquery()
    begins = or_(run.c.stretch_before.is_(None), run.c.stretch_before != run.c.stretch)
    first = case((and_(run.c.earlier == 0, run.c.delta != 0), 1), else_=0)
    told = select(
        run.c.account,
        run.c.stretch,
        func.max(run.c.currency).label("currency"),
        _whole(func.min(case((begins, run.c.before)))).label("opening"),
        _whole(func.sum(run.c.delta)).label("change"),
        func.max(first).label("first"),
        *(_whole(func.sum(line)).label(name) for name, line in _lines(run).items()),
    )
    by_stretch = told.group_by(run.c.account, run.c.stretch).subquery()
    closing = by_stretch.c.opening + by_stretch.c.change
    losses = by_stretch.c.contraction + by_stretch.c.churn
    return select(by_stretch, closing.label("closing"), losses.label("losses")).cte("held")


def _lines(run: Subquery) -> dict[str, ColumnElement[int]]:
    """As domain/waterfall.lines tells a day apart."""
    before, delta, indexed = run.c.before, run.c.delta, run.c.index_part
    after, rest = before + delta, delta - indexed
    going_on = and_(before != 0, after != 0)
    conditions = {
        "new": (and_(before == 0, run.c.earlier == 0), delta),
        "reactivation": (and_(before == 0, run.c.earlier != 0), delta),
        "churn": (and_(before != 0, after == 0), before),
        "indexation": (going_on, indexed),
        "expansion": (and_(going_on, rest > 0), rest),
        "contraction": (and_(going_on, rest < 0), -rest),
    }
    return {name: case((holds, part), else_=0) for name, (holds, part) in conditions.items()}


def _sums(tx: Transaction, held: Any) -> Stretches:
    """By stretch and currency."""
    opening, closing = held.c.opening, held.c.closing
    paid, pays = opening > 0, closing > 0
    parts = {
        "change": held.c.change,
        "first": held.c.first,
        **{name: held.c[name] for name in LINES},
        "cohort_change": case((paid, held.c.change), else_=0),
        "fallen": case((and_(paid, closing < opening), opening - closing), else_=0),
        "cohort_losses": case((paid, held.c.losses), else_=0),
        "left": case((and_(paid, closing == 0), 1), else_=0),
        "arrived": case((and_(opening == 0, pays), 1), else_=0),
        "newcomers": case((held.c.new > 0, 1), else_=0),
    }
    sums = (_whole(func.sum(part)).label(name) for name, part in parts.items())
    rows = tx.execute(select(held.c.stretch, held.c.currency, *sums).group_by(held.c.stretch, held.c.currency))
    found: Stretches = defaultdict(dict)
    for row in rows.mappings():
        found[row["stretch"]][row["currency"]] = {name: int(row[name]) for name in parts}
    return found


def _revenue(sums: Stretches, stretch: int, rates: Rates) -> Revenue:
    """Of one period: what all stretches before it come to is its opening."""

    def total(name: str, *, before: bool = False) -> Decimal:
        counted: dict[str, int] = defaultdict(int)
        for place, by_currency in sums.items():
            if place < stretch if before else place == stretch:
                for currency, held in by_currency.items():
                    counted[currency] += held[name]
        return sum((_converted(amount, currency, rates) for currency, amount in counted.items()), NONE)

    def number(*names: str, before: bool) -> int:
        places = [place for place in sums if (place < stretch if before else place == stretch)]
        return sum(held[name] for place in places for held in sums[place].values() for name in names)

    opening = total("change", before=True)
    at_start = number("arrived", before=True) - number("left", before=True)
    left, arrived = number("left", before=False), number("arrived", before=False)
    return Revenue(
        Waterfall(opening, **{name: total(name) for name in LINES}),
        opening + total("cohort_change"),
        opening - total("fallen"),
        total("cohort_losses"),
        Logos(at_start, at_start - left, at_start - left + arrived, number("newcomers", before=False)),
        number("first", before=True) + number("first", before=False),
    )


def _parents(tx: Transaction, known: Condition, periods: Sequence[Period]) -> list[Logos]:
    """An account without a parent is its own; who pays is the same in every currency."""
    held = _held(_days(known), periods)
    logo = func.coalesce(func.nullif(accounts.c.parent_id, ""), accounts.c.account_id)
    pays = case((and_(held.c.opening == 0, held.c.closing > 0), 1), (and_(held.c.opening > 0, held.c.closing == 0), -1))
    query = select(logo.label("logo"), held.c.stretch, func.sum(func.coalesce(pays, 0)).label("change"))
    by_logo = query.join_from(held, accounts, held.c.account == accounts.c.number).group_by(logo, held.c.stretch)
    moved = by_logo.subquery()
    through: Any = {"partition_by": moved.c.logo, "order_by": moved.c.stretch}
    place = func.row_number().over(**through)
    run = select(moved, func.sum(moved.c.change).over(**through).label("paying"), place.label("place")).subquery()
    before = run.c.paying - run.c.change
    parts = (
        case((and_(before == 0, run.c.paying > 0), 1), else_=0),
        case((and_(before > 0, run.c.paying == 0), 1), else_=0),
        case((and_(run.c.place == 1, run.c.paying > 0), 1), else_=0),
    )
    rows = tx.execute(select(run.c.stretch, *(func.sum(part) for part in parts)).group_by(run.c.stretch))
    found = {stretch: [int(count) for count in counts] for stretch, *counts in rows}
    return [_logos(found, _stretch(place)) for place in range(len(periods))]


def _logos(found: Mapping[int, Sequence[int]], stretch: int) -> Logos:
    at_start = sum(arrived - left for place, (arrived, left, _) in found.items() if place < stretch)
    arrived, left, new = found.get(stretch, (0, 0, 0))
    return Logos(at_start, at_start - left, at_start - left + arrived, new)


def _ranked(
    tx: Transaction, held: Any, stretch: int, sums: Stretches, rates: Rates, ranked: Collection[Ranking]
) -> dict[str, Any]:
    """The first of each ranking in each currency, of which `together` takes the first of all."""
    conditions: Mapping[Ranking, Any] = {
        "moved": (held.c.change != 0, func.abs(held.c.change)),
        "moved_of_cohort": (and_(held.c.change != 0, held.c.opening > 0), func.abs(held.c.change)),
        "lost": (held.c.losses > 0, held.c.losses),
        "gone": (and_(held.c.opening > 0, held.c.closing == 0), held.c.opening),
    }
    columns = (held.c.account, held.c.currency, held.c.opening, held.c.closing, held.c.losses)
    parts = []
    for ranking in ranked:
        holds, size = conditions[ranking]
        for currency in sums.get(stretch, {}):
            mine = select(literal(ranking).label("ranking"), *columns).where(held.c.currency == currency, holds)
            first = mine.where(held.c.stretch == stretch).order_by(size.desc(), held.c.account).limit(MOVERS)
            parts.append(select(first.subquery()))
    found: dict[str, Any] = {}
    for ranking, number, currency, *amounts in tx.execute(union_all(*parts)) if parts else ():
        move = Move(number, *(_converted(int(amount), currency, rates) for amount in amounts))
        found[ranking] = (*found.get(ranking, ()), move)
    return found


def _delta() -> ColumnElement[int]:
    return _whole(revenue_changes.c.delta)


def _whole(part: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(part, BigInteger)


def _converted(amount: int, currency: str, rates: Rates) -> Decimal:
    exact = Decimal(amount) / TEN_THOUSANDTHS
    return rates.convert(Money(exact, currency)).amount if amount else exact

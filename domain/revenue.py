"""Recurring revenue as changes of the annual amount, each with its day and the day from which it is known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from domain.money import Money
from domain.subscriptions import Month, Span, Version, spans

INDEXATION: Final = "indexation"
NOTHING = Decimal(0)

Kind = Literal["", "indexation"]
Steps = dict[tuple[date, str, Kind], Decimal]


@dataclass(frozen=True, slots=True)
class Change:
    """`delta` of the account's annual amount from `day` on; a churn by expiry is known at its end + grace.

    kind: what a price index did is kept apart from everything else of the day.
    """

    day: date
    known_on: date
    delta: Money
    kind: Kind = ""


def changes(
    versions: Iterable[Version], months: Iterable[Month] = (), *, today: date, grace_days: int
) -> tuple[Change, ...]:
    """Every change of one account's annual amount, by day; what was known later than its day corrects, never rewrites.

    Law: on every day, as seen on every day, the sum is the annual amount of the paying versions in force as they were
    known then. MRR is that ÷ 12, only when shown.
    """
    held, figures = tuple(versions), tuple(months)
    found: list[Change] = []
    before: Steps = {}
    for seen_on in _days_of_knowledge(held, figures, grace_days):
        after = _steps(held, figures, seen_on, min(seen_on, today), grace_days)
        for step in sorted({*before, *after}):
            delta = after.get(step, NOTHING) - before.get(step, NOTHING)
            if delta:
                day, currency, kind = step
                found.append(Change(day, seen_on, Money(delta, currency), kind))
        before = after
    return tuple(sorted(found, key=lambda c: (c.day, c.known_on, c.delta.currency, c.kind)))


def annual_on(changes: Iterable[Change], day: date, *, seen_on: date | None = None) -> dict[str, Money]:
    """The annual amount on `day` by currency, as known on `seen_on` (default: all that is known); without zeros."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for change in changes:
        if change.day <= day and (seen_on is None or change.known_on <= seen_on):
            total[change.delta.currency] += change.delta.amount
    return {currency: Money(amount, currency) for currency, amount in total.items() if amount}


def monthly(annual: Money) -> Money:
    """MRR of an annual amount; the only place where it is divided."""
    return annual / 12


def _days_of_knowledge(versions: Sequence[Version], months: Sequence[Month], grace_days: int) -> list[date]:
    """When something new became known: an arrival, a notice, the end of a grace."""
    days = {version.arrived_on for version in versions} | {month.arrived_on for month in months}
    for version in versions:
        if version.notice_given_on:
            days.add(version.notice_given_on)
        if version.ends_on:
            days.add(version.ends_on + timedelta(grace_days))
    return sorted(days)


def _steps(versions: Sequence[Version], months: Sequence[Month], seen_on: date, today: date, grace_days: int) -> Steps:
    known = [version for version in versions if version.arrived_on <= seen_on]
    steps: Steps = defaultdict(Decimal)
    for span in spans(known, today=today, grace_days=grace_days):
        if span.version.paying:
            _add(steps, span.first, span.until, span.version.annual)
            _index(steps, span)
    figures = [month for month in months if month.arrived_on <= seen_on]
    figures.sort(key=lambda month: month.month)
    for i, month in enumerate(figures, start=1):
        _add(steps, month.month, figures[i].month if i < len(figures) else None, month.annual)
    return steps


def _add(steps: Steps, first: date, until: date | None, annual: Money) -> None:
    steps[first, annual.currency, ""] += annual.amount
    if until:
        steps[until, annual.currency, ""] -= annual.amount


def _index(steps: Steps, span: Span) -> None:
    """Where a version follows another without a gap because of a price index, the difference is the index's."""
    after = span.successor
    if after is None or span.until != after.starts_on or after.change_reason != INDEXATION or not after.paying:
        return
    old, new = span.version.annual, after.annual
    if old.currency == new.currency:
        steps[after.starts_on, new.currency, ""] -= new.amount - old.amount
        steps[after.starts_on, new.currency, INDEXATION] += new.amount - old.amount

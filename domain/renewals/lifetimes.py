"""The lives of contracts in renewals, and those that are here with what they are worth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from domain.money import Money
from domain.periods import Period
from domain.renewals.decisions import Decision, decisions
from domain.renewals.forecast import Life
from domain.renewals.renewals import Renewal, renewals
from domain.subscriptions import Version


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A contract's life under terms of one length; annual: what it pays a year, None where it is over or leaves."""

    term_months: int
    life: Life
    annual: Money | None = None


def lifetimes_on(versions: Iterable[Version], day: date, *, today: date, grace_days: int) -> list[Lifetime]:
    """Of one account, by the end of the day before; what began after `day`, or was announced after it, is not there."""
    begun = [_known(version, day, today) for version in versions if version.starts_on <= day]
    so_far = Period(date.min, day - timedelta(1))
    made = decisions(begun, so_far, today=day, grace_days=grace_days)
    return lifetimes(made, renewals(begun, today=day, grace_days=grace_days))


def _known(version: Version, day: date, today: date) -> Version:
    """A notice is known from its day, a cancellation without one when it comes; of today, all that is known."""
    if day >= today:
        return version
    notice = version.notice_given_on if version.notice_given_on and version.notice_given_on <= day else None
    gone = version.cancelled_on
    cancelled = gone if gone and (gone <= day or notice) else None
    return replace(version, notice_given_on=notice, cancelled_on=cancelled)


def lifetimes(decided: Iterable[Decision], coming: Iterable[Renewal]) -> list[Lifetime]:
    """The lives of one account's contracts, told by product: contracts of one product and end are one.

    decided: everything decided so far; coming: what is in force with an end ahead. A loss ends a life, a later
    contract begins another. Who has given notice is here until the end, and nothing is expected of a renewal.
    """
    by_product: Mapping[str, list[Decision]] = defaultdict(list)
    for decision in decided:
        by_product[decision.version.product].append(decision)
    here: Mapping[str, list[Renewal]] = defaultdict(list)
    for renewal in coming:
        here[renewal.version.product].append(renewal)
    found = []
    for product in sorted({*by_product, *here}):
        found += _of_product(by_product[product], here[product])
    return found


def _of_product(decided: Iterable[Decision], here: list[Renewal]) -> list[Lifetime]:
    found, renewed, term = [], 0, 0
    day = attrgetter("ends_on")
    for _, group in groupby(sorted((d for d in decided if d.result != "waiting"), key=day), key=day):
        of_day = list(group)
        term = of_day[0].term_months
        if all(each.result == "lost" for each in of_day):
            found.append(Lifetime(term, Life(renewed + 1, lost=True)))
            renewed = 0
        else:
            renewed += 1
    if here:
        found += [Lifetime(each.term_months, Life(renewed, lost=False), _paid(each)) for each in here[:1]]
        found += [Lifetime(each.term_months, Life(0, lost=False), _paid(each)) for each in here[1:]]
    elif renewed:
        found.append(Lifetime(term, Life(renewed, lost=False)))
    return found


def _paid(coming: Renewal) -> Money | None:
    return None if coming.leaving else coming.version.annual

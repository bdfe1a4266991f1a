"""The lives of contracts in renewals, and those that are here with what they are worth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from domain.decisions import Decision
from domain.forecast import Life
from domain.money import Money
from domain.renewals import Renewal


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A contract's life under terms of one length; annual: what it is worth today, None where it is over."""

    term_months: int
    life: Life
    annual: Money | None = None


def lifetimes(decisions: Iterable[Decision], coming: Iterable[Renewal]) -> list[Lifetime]:
    """The lives of one account's contracts, told by product: contracts of one product and end are one.

    decisions: everything decided so far; coming: what is in force with an end ahead. A loss ends a life, a later
    contract begins another. Who has given notice counts as here until the end, worth what is paid.
    """
    by_product: Mapping[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_product[decision.version.product].append(decision)
    here: Mapping[str, list[Renewal]] = defaultdict(list)
    for renewal in coming:
        here[renewal.version.product].append(renewal)
    found = []
    for product in sorted({*by_product, *here}):
        found += _of_product(by_product[product], here[product])
    return found


def _of_product(decisions: Iterable[Decision], here: list[Renewal]) -> list[Lifetime]:
    found, renewed, term = [], 0, 0
    day = attrgetter("ends_on")
    for _, group in groupby(sorted((d for d in decisions if d.result != "waiting"), key=day), key=day):
        of_day = list(group)
        term = of_day[0].term_months
        if all(each.result == "lost" for each in of_day):
            found.append(Lifetime(term, Life(renewed + 1, lost=True)))
            renewed = 0
        else:
            renewed += 1
    if here:
        found += [Lifetime(each.term_months, Life(renewed, lost=False), each.version.annual) for each in here[:1]]
        found += [Lifetime(each.term_months, Life(0, lost=False), each.version.annual) for each in here[1:]]
    elif renewed:
        found.append(Lifetime(term, Life(renewed, lost=False)))
    return found

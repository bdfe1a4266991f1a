"""The accounts of a scope through their revenue, one by one: what each changed, for those that no sum tells apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, select

from domain.money import Money, Rates
from domain.periods import Period
from domain.revenue import Change
from domain.waterfall import Course, course
from storage.database import Transaction
from storage.tables import revenue_changes

COLUMNS = tuple(revenue_changes.c[name] for name in ("account", "day", "known_on", "delta", "currency", "kind"))


@dataclass(frozen=True, slots=True)
class Changed:
    """Every change of one account, by day."""

    number: int
    changes: tuple[Change, ...]

    @property
    def since(self) -> date:
        """The first day that changed anything."""
        return self.changes[0].day

    def through(self, period: Period, rates: Rates) -> Course:
        """Raises NoRate."""
        return course(self.number, self.changes, period, rates=rates)


def changed(tx: Transaction, known: ColumnElement[bool]) -> Iterator[Changed]:
    """`known` is a condition over revenue_changes."""
    rows = tx.execute(select(*COLUMNS).where(known).order_by(revenue_changes.c.account, revenue_changes.c.day))
    for number, held in groupby(rows, itemgetter(0)):
        yield Changed(
            number,
            tuple(
                Change(day, known_on, Money(delta, currency), kind) for _, day, known_on, delta, currency, kind in held
            ),
        )

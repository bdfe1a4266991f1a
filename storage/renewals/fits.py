"""What a night has learned from the company's own history, kept so that no question has to learn it again."""

from datetime import date
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from domain.renewals.backtest import Backtest
from domain.renewals.forecast import Retention
from domain.renewals.worth import Cohort, Curves
from storage.database import Transaction, upsert
from storage.tables import fits

PROBABILITY, SURVIVAL = "probability", "survival"
BACKTEST = TypeAdapter(Backtest)
RETENTIONS = TypeAdapter(list[tuple[str | None, int, Retention]])


class Tested(NamedTuple):
    """The backtest of everything, with the parameters of the probability, and the day on which it was made."""

    day: date
    backtest: Backtest


def keep(tx: Transaction, day: date, tested: Backtest, survival: Curves) -> None:
    """Of a day; what a later day has learned stays."""
    own = [(cohort.segment, cohort.term_months, curve) for cohort, curve in survival.own.items()]
    of_all = [(None, term, curve) for term, curve in survival.of_all.items()]
    contents = {
        PROBABILITY: BACKTEST.dump_python(tested, mode="json"),
        SURVIVAL: RETENTIONS.dump_python([*of_all, *own], mode="json"),
    }
    known = {row.name: row.day for row in tx.execute(select(fits.c.name, fits.c.day))}
    rows = [{"name": name, "day": day, "content": content} for name, content in contents.items()]
    upsert(tx, fits, [row for row in rows if known.get(row["name"], day) <= day])


def tested(tx: Transaction) -> Tested | None:
    """None before the first night, and where an earlier version of the program has written it."""
    row = _row(tx, PROBABILITY)
    try:
        return Tested(row.day, BACKTEST.validate_python(row.content)) if row else None
    except ValidationError:
        return None


def survival(tx: Transaction) -> Curves | None:
    """As `tested`."""
    row = _row(tx, SURVIVAL)
    try:
        held = RETENTIONS.validate_python(row.content) if row else None
    except ValidationError:
        return None
    if row is None or held is None:
        return None
    own = {Cohort(segment, term): curve for segment, term, curve in held if segment is not None}
    return Curves({term: curve for segment, term, curve in held if segment is None}, own, row.day)


def _row(tx: Transaction, name: str) -> Any:
    return tx.execute(select(fits.c.day, fits.c.content).where(fits.c.name == name)).one_or_none()

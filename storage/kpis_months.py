"""Months of what is looked up account by account: only of a scope that is small enough for it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import select

from domain.kpis import Counted
from domain.kpis_values import Family
from domain.periods import Period
from storage import kpis
from storage.kpis import Question
from storage.tables import accounts

FEW = 500
USAGE: frozenset[Family] = frozenset({"licences", "core"})


def of_few(question: Question, families: Collection[Family], months: Sequence[Period]) -> tuple[Counted, ...]:
    """One count per month, each not beyond `today`, of the families of usage; none of too many accounts."""
    wanted = [family for family in families if family in USAGE]
    held = select(accounts.c.number).where(question.within).limit(FEW + 1)
    if not wanted or len(question.tx.execute(held).all()) > FEW:
        return ()
    clipped = [Period(month.first, min(month.last, question.today)) for month in months]
    return tuple(kpis.count(replace(question, period=month), wanted) for month in clipped)

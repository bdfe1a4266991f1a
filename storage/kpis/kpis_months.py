"""Use month by month, which is looked up account by account: only of a scope that is small enough for it."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from domain.kpis.kpis import Counted
from domain.kpis.kpis_values import Family
from domain.periods import Period
from storage.kpis import kpis_usage
from storage.kpis.kpis import Question
from storage.tables import accounts

FEW = 500
USAGE: frozenset[Family] = frozenset({"licences", "core"})


def of_few(question: Question, families: Collection[Family], months: Sequence[Period]) -> tuple[Counted, ...]:
    """One count per month, each not beyond `today`, of the families of usage; none of too many accounts.

    They are the accounts of the question in every month, whoever held them then.
    """
    held = select(accounts.c.number).where(question.within).limit(FEW + 1)
    if not USAGE & {*families} or len(question.tx.execute(held).all()) > FEW:
        return ()
    return tuple(_used(question, min(month.last, question.today)) for month in months)


def _used(question: Question, day: date) -> Counted:
    licences, core = kpis_usage.count(question.tx, question.within, day, question.policy, today=question.today)
    return Counted(licences=licences, core=core)

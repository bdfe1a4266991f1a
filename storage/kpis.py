"""What metrics are made of, counted for a scope and a period: a constant number of queries for a page of accounts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, select

from domain.kpis import Counted
from domain.kpis_values import Family
from domain.money import NoRate
from domain.periods import Period
from domain.policy import Policy
from domain.waterfall import revenue
from storage import kpis_entries, kpis_renewals, kpis_spend, kpis_usage, kpis_voice
from storage.asof import AsOf
from storage.courses import courses
from storage.credit import credited
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts

FEW = 500


@dataclass(frozen=True)
class Question:
    """What a count is about. `period` does not reach beyond `today`; `within` credits by the policy."""

    tx: Transaction
    period: Period
    scope: Scope
    policy: Policy
    today: date

    @cached_property
    def within(self) -> ColumnElement[bool]:
        """The predicate over accounts; of a few accounts their numbers, so that whose they were is looked up once."""
        held = credited(self.scope, self.period.first if self.policy.credit == "start" else None)
        numbers = self.tx.execute(select(accounts.c.number).where(held).limit(FEW + 1)).scalars().all()
        return accounts.c.number.in_(numbers) if len(numbers) <= FEW else held

    @property
    def whole(self) -> bool:
        """Nobody is left out."""
        return all(wanted.kind == "all" for wanted in self.scope.filters)

    @property
    def seen(self) -> AsOf:
        """Today's knowledge of the period: bounds of days in the organisation's time zone."""
        return AsOf(self.period.last, self.period.last, self.policy.time_zone)


def count(question: Question, families: Collection[Family]) -> Counted:
    """The families asked for; one that lacks an exchange rate is told as a problem, the others stand."""
    counted = Counted(days=question.period.days, margin=question.policy.forecast.margin)
    for family in {COUNTS[family]: family for family in families}.values():
        try:
            counted = replace(counted, **COUNTS[family](question))
        except NoRate as lacking:
            counted = replace(counted, problems={**counted.problems, family: ("no_rate", lacking.currency)})
    return counted


def by_month(question: Question, families: Collection[Family], months: Sequence[Period]) -> tuple[Counted, ...]:
    """One count per month, each not beyond `today`; the months have begun."""
    clipped = (Period(month.first, min(month.last, question.today)) for month in months)
    return tuple(count(replace(question, period=month), families) for month in clipped)


def exists(question: Question) -> bool:
    """Whether the scope holds any account."""
    query = select(accounts.c.number).where(question.within).limit(1)
    return question.tx.execute(query).first() is not None


def _revenue(question: Question) -> Mapping[str, Any]:
    policy = question.policy
    held = courses(
        question.tx,
        question.within,
        question.period,
        seen_on=question.today,
        rates=policy.exchange,
        by_parent=policy.logo_level == "parent",
    )
    return {"revenue": revenue(held)}


def _renewals(question: Question) -> Mapping[str, Any]:
    policy = question.policy
    given = (question.tx, question.within, question.period)
    held = kpis_renewals.count(*given, today=question.today, grace_days=policy.grace_days, rates=policy.exchange)
    return {"renewals": held}


def _spend(question: Question) -> Mapping[str, Any]:
    policy = question.policy
    given = (question.tx, question.within, question.period, question.seen)
    held = kpis_spend.count(*given, rates=policy.exchange, hourly=policy.hourly_rate, whole=question.whole)
    return {"spend": held}


def _usage(question: Question) -> Mapping[str, Any]:
    licences, core = kpis_usage.count(
        question.tx, question.within, question.period.last, question.policy, today=question.today
    )
    return {"licences": licences, "core": core}


def _voice(question: Question) -> Mapping[str, Any]:
    return {"answers": kpis_voice.answers(question.tx, question.within, question.period, question.seen)}


def _orders(question: Question) -> Mapping[str, Any]:
    return {"buyers": kpis_voice.buyers(question.tx, question.within, question.period)}


def _outcomes(question: Question) -> Mapping[str, Any]:
    return {"outcomes": kpis_voice.outcomes(question.tx, question.within, question.period, question.today)}


def _referrals(question: Question) -> Mapping[str, Any]:
    return {"referrals": kpis_voice.referrals(question.tx, question.within, question.period, question.today)}


def _entries(question: Question) -> Mapping[str, Any]:
    return {"entries": kpis_entries.entries(question.tx, question.within, question.period, question.today)}


def _anniversaries(question: Question) -> Mapping[str, Any]:
    return {"anniversaries": kpis_entries.anniversaries(question.tx, question.within, question.period, question.today)}


def _nothing(_question: Question) -> Mapping[str, Any]:
    return {}


COUNTS: Mapping[Family, Callable[[Question], Mapping[str, Any]]] = {
    "revenue": _revenue,
    "renewals": _renewals,
    "surveys": _voice,
    "spend": _spend,
    "licences": _usage,
    "core": _usage,
    "orders": _orders,
    "entries": _entries,
    "anniversaries": _anniversaries,
    "referrals": _referrals,
    "outcomes": _outcomes,
    "plays": _nothing,
    "margin": _nothing,
}

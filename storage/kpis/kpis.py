"""What metrics are made of, counted for a scope and a period: a constant number of queries for a page of accounts."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, select

from domain.kpis.kpis import Counted
from domain.kpis.kpis_values import Family
from domain.money import NoRate
from domain.periods import Period
from domain.policies.policy import Policy
from domain.renewals.worth import Assumed, expected
from domain.waterfall import Revenue
from storage.credit import credited, ever, is_dated
from storage.database import Transaction
from storage.facts.asof import AsOf
from storage.kpis import kpis_entries, kpis_plays, kpis_renewals, kpis_revenue, kpis_spend, kpis_usage, kpis_voice
from storage.kpis.kpis_revenue import RANKINGS, Ranking
from storage.renewals import lifetimes
from storage.scope import Scope
from storage.tables import accounts

FEW = 500
NOT_BY_MONTH: frozenset[Family] = frozenset({"licences", "core", "lifetimes"})


@dataclass(frozen=True)
class Question:
    """What a count is about. `period` does not reach beyond `today`; `within` credits by the policy.

    ranked: which accounts behind the revenue are to be named; among: who was ever of the scope, where that is known.
    """

    tx: Transaction
    period: Period
    scope: Scope
    policy: Policy
    today: date
    ranked: Collection[Ranking] = RANKINGS
    among: tuple[int, ...] | None = None

    @cached_property
    def within(self) -> ColumnElement[bool]:
        """The predicate over accounts; of a few accounts their numbers, so that whose they were is looked up once."""
        held = credited(self.scope, self.period.first if self.policy.credit == "start" else None, self.among)
        numbers = self._few(held)
        return held if numbers is None else accounts.c.number.in_(numbers)

    def _few(self, held: ColumnElement[bool]) -> tuple[int, ...] | None:
        query = select(accounts.c.number).where(held).order_by(accounts.c.number).limit(FEW + 1)
        numbers = self.tx.execute(query).scalars().all()
        return tuple(numbers) if len(numbers) <= FEW else None

    def in_each(self, periods: Sequence[Period]) -> "list[Question]":
        """The same of each period, without names; who was ever of the scope is looked up once."""
        dated = self.policy.credit == "start" and is_dated(self.scope)
        among = self._few(ever(self.scope)) if dated else None
        return [replace(self, period=period, ranked=(), among=among) for period in periods]

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


def count_each(asked: Sequence[Question], families: Collection[Family]) -> tuple[Counted, ...]:
    """As `count`, of questions that differ in the period; revenue is summed for all of them at once."""
    counts = [count(one, [family for family in families if family != "revenue"]) for one in asked]
    if "revenue" not in families:
        return tuple(counts)
    return tuple(map(_with_revenue, counts, _revenues_of_each(asked)))


def by_month(question: Question, families: Collection[Family], months: Sequence[Period]) -> tuple[Counted, ...]:
    """One count per month, each not beyond `today`; the months ascend and have begun.

    Left empty are accounts by name, and the families NOT_BY_MONTH: what they need is looked up account by account.
    """
    clipped = [Period(month.first, min(month.last, question.today)) for month in months]
    return count_each(question.in_each(clipped), [family for family in families if family not in NOT_BY_MONTH])


def _with_revenue(counted: Counted, found: Revenue | NoRate) -> Counted:
    if isinstance(found, NoRate):
        return replace(counted, problems={**counted.problems, "revenue": ("no_rate", found.currency)})
    return replace(counted, revenue=found)


def _revenues_of_each(asked: Sequence[Question]) -> Iterator[Revenue | NoRate]:
    """Periods that follow each other and are about the same accounts are summed together."""
    alike: list[Question] = []
    for one in asked:
        if alike and (one.period.first <= alike[-1].period.last or not one.within.compare(alike[0].within)):
            yield from _revenues(alike[-1], [held.period for held in alike])
            alike = []
        alike.append(one)
    if alike:
        yield from _revenues(alike[-1], [held.period for held in alike])


def exists(question: Question) -> bool:
    """Whether the scope holds any account."""
    query = select(accounts.c.number).where(question.within).limit(1)
    return question.tx.execute(query).first() is not None


def _revenue(question: Question) -> Mapping[str, Any]:
    (found,) = _revenues(question, [question.period])
    if isinstance(found, NoRate):
        raise found
    return {"revenue": found}


def _revenues(question: Question, periods: Sequence[Period]) -> list[Revenue | NoRate]:
    policy = question.policy
    return kpis_revenue.count(
        question.tx,
        question.within,
        periods,
        seen_on=question.today,
        rates=policy.exchange,
        by_parent=policy.logo_level == "parent",
        ranked=question.ranked,
    )


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


def _lifetimes(question: Question) -> Mapping[str, Any]:
    """What stands on the last day, by the survival of all."""
    tx, today, policy = question.tx, question.today, question.policy
    grace_days = policy.grace_days
    held = lifetimes.holdings(tx, question.within, question.period.last, today=today, grace_days=grace_days)
    assumed = Assumed(policy.forecast.margin, policy.forecast.discount)
    by = lifetimes.survival(tx, question.scope, today=today, grace_days=grace_days)
    return {"lifetimes": expected(held.here, by, assumed, policy.exchange)}


def _plays(question: Question) -> Mapping[str, Any]:
    return {"readiness": kpis_plays.readiness(question.tx, question.within, question.period)}


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
    "plays": _plays,
    "margin": _nothing,
    "lifetimes": _lifetimes,
}

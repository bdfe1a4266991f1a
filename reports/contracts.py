"""What the contracts of a plan come to on its day."""

from collections.abc import Mapping
from typing import Literal

from domain.health.evidence import annual
from domain.money import Money
from domain.renewals.renewals import Renewal
from domain.renewals.renewals import soonest as first_of
from domain.subscriptions import Span, Version, seats_in
from reports.values import Plan
from words import N_

When = Literal["now", "coming", "past"]
WHEN: Mapping[When, str] = {"now": N_("in force"), "coming": N_("coming"), "past": N_("past")}
ORDER: tuple[When, ...] = ("now", "coming", "past")


def when(plan: Plan, span: Span) -> When:
    if span.covers(plan.day):
        return "now"
    return "coming" if span.first > plan.day else "past"


def in_force(plan: Plan) -> list[Span]:
    return [span for span in plan.contracts if span.covers(plan.day)]


def in_order(plan: Plan) -> list[Span]:
    """In force first, then what comes, then the past; of those in force the paying ones by currency; newest first."""

    def rank(span: Span) -> tuple[int, bool, str, int]:
        return ORDER.index(when(plan, span)), not span.version.paying, _currency(span), -span.first.toordinal()

    return sorted(plan.contracts, key=rank)


def _currency(span: Span) -> str:
    return span.version.annual.currency


def totals(plan: Plan) -> list[Money]:
    """ARR by currency."""
    held = annual(plan.facts, plan.contracts, plan.day)
    return [Money(amount, currency) for currency, amount in sorted(held.items())]


def seats(plan: Plan) -> int | None:
    return seats_in(plan.contracts, plan.day)


def renewal_of(plan: Plan, version: Version) -> Renewal | None:
    return next((renewal for renewal in plan.renewals if renewal.version == version), None)


def soonest(plan: Plan) -> Renewal | None:
    return first_of(plan.renewals)

"""An account as the domain sees it on a day: from facts to health, change, signals, renewals and the rule's call."""

from dataclasses import dataclass

from domain.accounts import Account
from domain.facts import Call, Facts
from domain.health.evidence import annual
from domain.health.health import changes, critical, health, rule_call
from domain.health.measures import held
from domain.health.scores import Changes, Health, Then
from domain.money import Money, NoRate, Rates
from domain.policies.policy import Policy
from domain.reasons import Reason
from domain.renewals.renewals import Renewal, renewals_in, soonest
from domain.subscriptions import Span


@dataclass(frozen=True, slots=True)
class Case:
    """`annual`: in force, in any currency of the rate table, None where none is known; `rule`: of the next renewal."""

    account: Account
    health: Health
    renewal: Renewal | None = None
    annual: Money | None = None
    change_30d: int | None = None
    critical: tuple[Reason, ...] = ()
    changes: Changes | None = None
    contracts: tuple[Span, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    rule: tuple[Call, Reason] | None = None


def case(facts: Facts, policy: Policy, *, in_use: frozenset[str], then: Then | None) -> Case:
    """What follows from the facts of one account; `then` is its stored score of 30 days before."""
    rules = policy.rules
    contracts = held(facts, rules)
    found = health(facts, policy, in_use=in_use, contracts=contracts)
    signals = critical(facts, policy, found.factor("use"))
    moved = changes(found, then) if then else None
    fell = moved.score if moved else None
    coming = renewals_in(contracts, today=facts.day)
    renewal = soonest(coming)
    call = None
    if renewal:
        call = rule_call(found, renewal, change_30d=fell, critical=signals, at_risk_below=rules.at_risk_below)
    return Case(
        account=facts.account,
        health=found,
        renewal=renewal,
        annual=worth(facts, contracts, policy.exchange),
        change_30d=fell,
        critical=signals,
        changes=moved,
        contracts=contracts,
        renewals=coming,
        rule=call,
    )


def worth(facts: Facts, contracts: tuple[Span, ...], rates: Rates) -> Money | None:
    """The annual amount of the day: one currency as it is; several in the organisation's, where there are rates."""
    amounts = [Money(amount, currency) for currency, amount in annual(facts, contracts, facts.day).items()]
    if len(amounts) <= 1:
        return amounts[0] if amounts else None
    try:
        return rates.total(amounts)
    except NoRate:
        return None

"""Everything that the card and the plan show of one account: loaded in one transaction, decided by the domain."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.evidence import annual, latest_call
from domain.facts import Call, Facts, Outcome, RenewalCall
from domain.health import (
    Changes,
    Health,
    Step,
    at_risk,
    changes,
    critical,
    first_reason,
    health,
    next_words,
    rule_call,
    towards_green,
)
from domain.measures import held
from domain.reasons import Reason
from domain.renewals import Renewal, renewals_in, soonest
from domain.subscriptions import Span
from handlers.ask import Ask
from storage import accounts, policies, scores
from storage import facts as storage_facts
from storage.accounts import Standing
from storage.database import Transaction

TREND = timedelta(30)


@dataclass(frozen=True)
class Portrait:
    """`annual`: by currency, in force today; `said`: the final call, else the CSM's; `mine`: of the caller's book."""

    account: Account
    facts: Facts
    health: Health
    changes: Changes | None
    contracts: tuple[Span, ...]
    renewals: tuple[Renewal, ...]
    annual: dict[str, Decimal]
    critical: tuple[Reason, ...]
    rule: tuple[Call, Reason] | None
    said: RenewalCall | None
    reasons: tuple[Reason, ...]
    hints: tuple[Reason, ...]
    risks: tuple[Reason, ...]
    steps: tuple[Step, ...] | None
    green_line: int
    children: tuple[Standing, ...]
    mine: bool

    @property
    def renewal(self) -> Renewal | None:
        return soonest(self.renewals)

    @property
    def change(self) -> int | None:
        return self.changes.score if self.changes else None

    @property
    def open_outcomes(self) -> list[Outcome]:
        still = [outcome for outcome in self.facts.outcomes if outcome.achieved_on is None]
        return sorted(still, key=lambda o: (o.due_on is None, o.due_on or self.facts.day))

    @property
    def ended_on(self) -> date | None:
        return max((span.until for span in self.contracts if span.until), default=None)


def portrait(ask: Ask, account: Account) -> Portrait:
    with ask.database.transaction() as tx:
        return _decided(ask, account, *_loaded(tx, ask, account))


def _loaded(
    tx: Transaction, ask: Ask, account: Account
) -> tuple[Facts, frozenset[str], scores.Then | None, list[Standing]]:
    number, day = account.number, ask.today
    facts = storage_facts.load(tx, first=number, last=number, day=day, policy=ask.policy, scope=ask.scope)[0]
    version = policies.current(tx, ask.policy)
    then = scores.factors_on(tx, [number], day - TREND, policy_version=version) if version else {}
    below = accounts.children(tx, account.account_id, ask.scope)
    return facts, storage_facts.in_use(tx, policy=ask.policy), then.get(number), below


def _decided(
    ask: Ask, account: Account, facts: Facts, in_use: frozenset[str], then: scores.Then | None, below: list[Standing]
) -> Portrait:
    rules = ask.policy.rules
    contracts = held(facts, rules)
    found = health(facts, ask.policy, in_use=in_use)
    moved = changes(found, then) if then else None
    fell = moved.score if moved else None
    coming = renewals_in(contracts, today=facts.day)
    renewal, signals = soonest(coming), critical(facts, ask.policy)
    call = rule_call(found, renewal, change_30d=fell, critical=signals, at_risk_below=rules.at_risk_below)
    reasons = first_reason(found, changes=moved, critical=signals)
    return Portrait(
        account=account,
        facts=facts,
        health=found,
        changes=moved,
        contracts=contracts,
        renewals=coming,
        annual=annual(facts, contracts, facts.day),
        critical=signals,
        rule=call if renewal else None,
        said=latest_call(facts, ("final",)) or latest_call(facts, ("csm",)),
        reasons=reasons,
        risks=at_risk(found, change_30d=fell, critical=signals, at_risk_below=rules.at_risk_below),
        hints=next_words(found, facts, causes=reasons, renewal=renewal),
        steps=towards_green(found, facts, ask.policy),
        green_line=rules.bands["green"],
        children=tuple(below),
        mine=bool(ask.caller.email) and (account.csm or "").lower() == ask.caller.email.lower(),
    )

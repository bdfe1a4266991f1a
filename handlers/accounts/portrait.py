"""Everything that the card and the plan show of one account: loaded in one transaction, decided by the domain."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.accounts import Account
from domain.cases import Case, case
from domain.facts import Facts, Outcome, RenewalCall
from domain.health.evidence import annual, latest_call
from domain.health.health import Changes, Health, Step, first_reason, next_words, towards_green
from domain.reasons import Reason
from domain.renewals.renewals import Renewal
from domain.risks import why
from domain.subscriptions import Span
from handlers.accounts.cases import cases
from handlers.ask import Ask
from storage import accounts, policies
from storage.accounts import Standing
from storage.database import Transaction
from storage.facts import facts as storage_facts


@dataclass(frozen=True)
class Portrait:
    """`annual`: by currency, in force today; `said`: the final call, else the CSM's; `mine`: of the caller's book."""

    facts: Facts
    case: Case
    annual: dict[str, Decimal]
    said: RenewalCall | None
    reasons: tuple[Reason, ...]
    hints: tuple[Reason, ...]
    risks: tuple[Reason, ...]
    steps: tuple[Step, ...] | None
    green_line: int
    children: tuple[Standing, ...]
    mine: bool

    @property
    def account(self) -> Account:
        return self.facts.account

    @property
    def health(self) -> Health:
        return self.case.health

    @property
    def changes(self) -> Changes | None:
        return self.case.changes

    @property
    def contracts(self) -> tuple[Span, ...]:
        return self.case.contracts

    @property
    def renewals(self) -> tuple[Renewal, ...]:
        return self.case.renewals

    @property
    def renewal(self) -> Renewal | None:
        return self.case.renewal

    @property
    def change(self) -> int | None:
        return self.case.change_30d

    @property
    def open_outcomes(self) -> list[Outcome]:
        still = [outcome for outcome in self.facts.outcomes if outcome.achieved_on is None]
        return sorted(still, key=lambda o: (o.due_on is None, o.due_on or self.facts.day))

    @property
    def ended_on(self) -> date | None:
        return max((span.until for span in self.contracts if span.until), default=None)


def portrait(ask: Ask, account: Account) -> Portrait:
    with ask.database.transaction() as tx:
        return portrait_in(tx, ask, account)


def portrait_in(tx: Transaction, ask: Ask, account: Account) -> Portrait:
    """In a transaction at hand, so that what is shown beside it is of the same moment."""
    return _decided(ask, *_loaded(tx, ask, account))


def _loaded(tx: Transaction, ask: Ask, account: Account) -> tuple[Facts, Case, list[Standing]]:
    number, day = account.number, ask.today
    version, in_use = policies.current(tx, ask.policy), storage_facts.in_use(tx, policy=ask.policy)
    known = cases(tx, ask.policy, first=number, last=number, day=day, in_use=in_use, version=version, scope=ask.scope)
    nothing = Facts(account, day)
    facts, found = known[0] if known else (nothing, case(nothing, ask.policy, in_use=in_use, then=None))
    return facts, found, accounts.children(tx, account.account_id, ask.scope)


def _decided(ask: Ask, facts: Facts, found: Case, below: list[Standing]) -> Portrait:
    account = facts.account
    reasons = first_reason(found.health, changes=found.changes, critical=found.critical)
    return Portrait(
        facts=facts,
        case=found,
        annual=annual(facts, found.contracts, facts.day),
        said=latest_call(facts, ("final",)) or latest_call(facts, ("csm",)),
        reasons=reasons,
        hints=next_words(found.health, facts, causes=reasons, renewal=found.renewal),
        risks=why(found, ask.policy),
        steps=towards_green(found.health, facts, ask.policy),
        green_line=ask.policy.rules.bands["green"],
        children=tuple(below),
        mine=bool(ask.caller.email) and (account.csm or "").lower() == ask.caller.email.lower(),
    )

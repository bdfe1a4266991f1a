"""Accounts as cases: what the night, the risk list and the card decide from, loaded and decided the same way."""

from datetime import date, timedelta

from domain.cases import Case, case
from domain.facts import Facts
from domain.policies.policy import Policy
from storage import scores
from storage.database import Transaction
from storage.facts import facts
from storage.scope import Scope

TREND = timedelta(30)


def cases(
    tx: Transaction,
    policy: Policy,
    *,
    first: int,
    last: int,
    day: date,
    in_use: frozenset[str],
    version: int | None,
    scope: Scope,
    today: date | None = None,
) -> list[tuple[Facts, Case]]:
    """The accounts numbered first…last on `day`; `version` of the policy: None where it has not scored yet."""
    known = facts.load(tx, first=first, last=last, day=day, policy=policy, scope=scope, today=today)
    numbers = [each.account.number for each in known]
    then = scores.factors_on(tx, numbers, day - TREND, policy_version=version, scope=scope) if version else {}
    return [(each, case(each, policy, in_use=in_use, then=then.get(each.account.number))) for each in known]

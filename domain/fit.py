"""Fit to the ideal customer profile: what the accounts file says, else the first rule of the policy that holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from domain.accounts import Account
from domain.folding import fold
from domain.policies.policy_experience import FitRule


@dataclass(frozen=True, slots=True)
class Fit:
    """value: good, partial, poor, or a word of the company's own."""

    value: str
    by: Literal["column", "rule"]


def fit(account: Account, rules: Sequence[FitRule]) -> Fit | None:
    """The column wins over the rules, the first rule over the later ones; None where neither says anything."""
    if account.fit:
        return Fit(account.fit, "column")
    return next((Fit(rule.fit, "rule") for rule in rules if _holds(account, rule)), None)


def _holds(account: Account, rule: FitRule) -> bool:
    return all(fold(_value(account, name)) in map(fold, values) for name, values in rule.when.items())


def _value(account: Account, name: str) -> str:
    return str(account.extra.get(name) or "") if name.startswith("x_") else getattr(account, name) or ""

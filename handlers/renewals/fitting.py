"""What a night learns from the company's own history: how long contracts live, and how renewals are foretold."""

from datetime import date

from domain.policies.policy import Policy
from domain.renewals.worth import curves
from handlers.renewals.backtest import tested
from storage.database import Database
from storage.renewals import fits, lifetimes
from storage.scope import operator


def fit(database: Database, policy: Policy, *, day: date) -> None:
    """Of everything, for no question to do it again; twice on a day gives the same."""
    everything = operator()
    with database.transaction() as tx:
        foretold = tested(tx, policy, day, everything)
        held = lifetimes.holdings(tx, everything.where(), day, today=day, grace_days=policy.grace_days)
    with database.changing() as tx:
        fits.keep(tx, day, foretold, curves(held.lives, day))

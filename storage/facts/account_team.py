"""Who of ours serves an account, beside its CSM."""

from dataclasses import dataclass

from sqlalchemy import func, select

from storage.database import Transaction
from storage.scope import Scope
from storage.tables import account_team, accounts, people


@dataclass(frozen=True, slots=True)
class Member:
    function: str
    email: str
    name: str


def of_account(tx: Transaction, number: int, scope: Scope) -> list[Member]:
    """By function, each by name where the person is known."""
    team = account_team.c
    query = (
        select(team.function, team.email, func.coalesce(people.c.name, team.email))
        .join_from(account_team, accounts, team.account == accounts.c.number)
        .outerjoin(people, func.lower(people.c.email) == func.lower(team.email))
        .where(team.account == number, scope.where())
        .order_by(team.function, team.email)
    )
    return [Member(*row) for row in tx.execute(query)]

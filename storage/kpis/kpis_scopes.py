"""The segments, tiers and CSMs that there are, as people may type them."""

from sqlalchemy import select

from domain.scopes import Known
from storage.database import Transaction
from storage.scope import Scope
from storage.tables import accounts, history, people


def known(tx: Transaction, *, scope: Scope) -> Known:
    """By kind of filter: what may be typed → the value. Former segments and tiers count: figures are of the past."""
    found: dict[str, dict[str, str]] = {}
    for kind in ("segment", "tier"):
        of_account = select(accounts.c[kind]).where(scope.where()).distinct()
        recorded = select(history.c.value).join_from(history, accounts, history.c.account == accounts.c.number)
        then = recorded.where(scope.where(), history.c.entity == "accounts", history.c.field == kind).distinct()
        values = {*tx.execute(of_account).scalars(), *tx.execute(then).scalars()}
        found[kind] = {value: value for value in values if value}
    return {**{kind: values for kind, values in found.items() if values}, "csm": _people(tx)}


def _people(tx: Transaction) -> dict[str, str]:
    typed: dict[str, str] = {}
    for email, name, aliases in tx.execute(select(people.c.email, people.c.name, people.c.aliases)):
        for word in (email, name or "", *(aliases or "").replace(",", ";").split(";")):
            # a name that several bear stays a name: who is meant is asked
            typed[word.strip()] = email if word.strip() not in typed else word.strip()
    return {word: email for word, email in typed.items() if word}

"""The customer's people, and when each was last spoken to."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from domain.accounts import Contact
from storage.database import Transaction
from storage.facts.asof import UNTIL, AsOf, known, undated
from storage.names import listed
from storage.scope import Scope
from storage.tables import accounts, contacts, touches
from storage.within import Condition, Within, is_one_of, one

COLUMNS = tuple(
    contacts.c[name] for name in ("account", "contact_id", "name", "email", "department", "role", "left_on")
)
TWO_WAY = and_(
    func.coalesce(touches.c.side, "") != "back",
    or_(
        touches.c.direction == "both",
        and_(func.coalesce(touches.c.direction, "") == "", is_one_of(touches.c.channel, ("meeting", "call", "visit"))),
    ),
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The last two-way touch: of each account, and of each contact by (account, id or e-mail in lower case)."""

    of_account: dict[int, date] = field(default_factory=dict)
    of_contact: dict[tuple[int, str], date] = field(default_factory=dict)


def of_account(tx: Transaction, number: int, seen: AsOf, scope: Scope) -> list[Contact]:
    within = one(number, scope)
    return present(tx, within, seen, spoken(tx, within, seen)).get(number, [])


def account_of(tx: Transaction, contact_id: str, scope: Scope) -> int | None:
    """The number of the account that a contact is of."""
    query = select(contacts.c.account).join_from(contacts, accounts, contacts.c.account == accounts.c.number)
    return tx.execute(query.where(contacts.c.contact_id == contact_id, scope.where())).scalar_one_or_none()


def present(tx: Transaction, within: Within, seen: AsOf, touched: Spoken) -> dict[int, list[Contact]]:
    """By account; those who left are there with the day, unless it lies ahead."""
    found: dict[int, list[Contact]] = defaultdict(list)
    for number, identity, name, email, department, role, left_on in within.ask(tx, _present, **seen.values).all():
        called = [each.lower() for each in (identity, email) if each]
        last = max((day for each in called if (day := touched.of_contact.get((number, each)))), default=None)
        found[number].append(Contact(identity, name, email, department, role, seen.then(left_on), last))
    return found


def _present(where: Condition) -> Select[Any]:
    query = select(*COLUMNS).join_from(contacts, accounts, contacts.c.account == accounts.c.number)
    return query.where(where, undated(contacts)).order_by(contacts.c.contact_id)


def spoken(tx: Transaction, within: Within, seen: AsOf) -> Spoken:
    found = Spoken()
    for number, named, at in within.ask(tx, _spoken, **seen.values).all():
        day = seen.on(at)
        found.of_account[number] = max(day, found.of_account.get(number, day))
        for name in listed(named and named.lower()):
            found.of_contact[number, name] = max(day, found.of_contact.get((number, name), day))
    return found


def _spoken(where: Condition) -> Select[Any]:
    return (
        select(touches.c.account, touches.c.contacts, func.max(touches.c.at))
        .join_from(touches, accounts, touches.c.account == accounts.c.number)
        .where(where, TWO_WAY, touches.c.at < UNTIL, known(touches))
        .group_by(touches.c.account, touches.c.contacts)
    )

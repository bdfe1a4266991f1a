"""The customer's people, and when each was last spoken to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.accounts import Contact
from storage.asof import AsOf
from storage.database import Transaction
from storage.names import listed
from storage.scope import Scope
from storage.tables import accounts, contacts, touches

Condition = ColumnElement[bool]

TWO_WAY = and_(
    func.coalesce(touches.c.side, "") != "back",
    or_(
        touches.c.direction == "both",
        and_(func.coalesce(touches.c.direction, "") == "", touches.c.channel.in_(("meeting", "call", "visit"))),
    ),
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The last two-way touch: of each account, and of each contact by (account, id or e-mail in lower case)."""

    of_account: dict[int, date] = field(default_factory=dict)
    of_contact: dict[tuple[int, str], date] = field(default_factory=dict)


def of_account(tx: Transaction, number: int, seen: AsOf, scope: Scope) -> list[Contact]:
    within = and_(accounts.c.number == number, scope.where())
    return present(tx, within, seen, spoken(tx, within, seen)).get(number, [])


def account_of(tx: Transaction, contact_id: str, scope: Scope) -> int | None:
    """The number of the account that a contact is of."""
    query = select(contacts.c.account).join_from(contacts, accounts, contacts.c.account == accounts.c.number)
    return tx.execute(query.where(contacts.c.contact_id == contact_id, scope.where())).scalar_one_or_none()


def present(tx: Transaction, within: Condition, seen: AsOf, touched: Spoken) -> dict[int, list[Contact]]:
    """By account; those who left are there with the day, unless it lies ahead."""
    query = select(contacts).join_from(contacts, accounts, contacts.c.account == accounts.c.number)
    found: dict[int, list[Contact]] = defaultdict(list)
    for row in tx.execute(query.where(within, seen.undated(contacts)).order_by(contacts.c.contact_id)).mappings():
        found[row["account"]].append(_contact(row, seen, touched))
    return found


def spoken(tx: Transaction, within: Condition, seen: AsOf) -> Spoken:
    last = func.max(touches.c.at)
    query = (
        select(touches.c.account, touches.c.contacts, last)
        .join_from(touches, accounts, touches.c.account == accounts.c.number)
        .where(within, TWO_WAY, touches.c.at < seen.until, seen.known(touches))
        .group_by(touches.c.account, touches.c.contacts)
    )
    found = Spoken()
    for number, named, at in tx.execute(query):
        day = seen.on(at)
        found.of_account[number] = max(day, found.of_account.get(number, day))
        for name in listed(named and named.lower()):
            found.of_contact[number, name] = max(day, found.of_contact.get((number, name), day))
    return found


def _contact(row: Mapping[str, Any] | Any, seen: AsOf, touched: Spoken) -> Contact:
    called = [name.lower() for name in (row["contact_id"], row["email"]) if name]
    days = [day for name in called if (day := touched.of_contact.get((row["account"], name)))]
    return Contact(
        contact_id=row["contact_id"],
        name=row["name"],
        email=row["email"],
        department=row["department"],
        role=row["role"],
        left_on=seen.then(row["left_on"]),
        last_touch_on=max(days, default=None),
    )

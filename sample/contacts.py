"""Who is there on the customer's side."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from sample import stories, texts
from sample.company import FIRST, Row, ago, draw
from sample.portfolio import ACCOUNTS, Account


@cache
def contacts_of(account: Account) -> tuple[Row, ...]:
    luck = draw(account.id, "contacts")
    names = luck.sample(texts.NAMES[account.language], 5)
    rows: list[Row] = []
    for number, ((role, department), name) in enumerate(zip(_roles(account), names, strict=False), start=1):
        id_ = f"{account.id}-c{number}"
        rows.append(
            {
                "contact_id": id_,
                "account_id": account.id,
                "name": name,
                "email": f"{_plain(name)}@{account.id}.example",
                "department": department,
                "role": role,
                "left_on": stories.LEFT.get(id_),
            }
        )
    return tuple(rows)


def _roles(account: Account) -> Sequence[tuple[str, str]]:
    if account.id in stories.CONTACTS:
        return stories.CONTACTS[account.id]
    count = {"enterprise": 5, "mid-market": 4, "smb": 3}[account.segment]
    roles = texts.CONTACT_ROLES[account.language]
    return [roles[index] for index in stories.CONTACT_ROLES.get(account.id, range(count))]


def _plain(name: str) -> str:
    return name.lower().translate(str.maketrans("áéíóúüñ ", "aeiouun."))


def contacts() -> Iterator[Row]:
    for account in ACCOUNTS:
        yield from contacts_of(account)


def contact(account: Account, role: str) -> str:
    """The contact of a role, or the first one."""
    rows = contacts_of(account)
    return str(next((row["contact_id"] for row in rows if row["role"] == role), rows[0]["contact_id"]))


def span(account: Account) -> tuple[date, date]:
    """First day and last day of what was written down about an account."""
    return max(FIRST, date.fromisoformat(account.since)), ago((account.ended or 0) + 1)

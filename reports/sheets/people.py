"""Contacts: who they are, who left, when we last spoke."""

from domain.accounts import Contact
from reports import looks
from reports.pages import Column, Page
from reports.values import Plan
from words.terms import ROLES, term

WIDTHS = (30, 25, 24, 36, 16, 15)
SAFE_WIDTHS = (36, 24, 34)


def write(page: Page, plan: Plan, *, safe: bool) -> None:
    """The customer's copy names who is there; who left and when we spoke is ours."""
    words = page.words
    people = sorted(plan.facts.contacts, key=_weight)
    columns = [
        Column[Contact](words._("Name"), WIDTHS[0], lambda contact: contact.name),
        Column[Contact](words._("Role"), WIDTHS[1], lambda contact: term(words, ROLES, contact.role)),
        Column[Contact](words._("Department"), WIDTHS[2], lambda contact: contact.department),
    ]
    if safe:
        people = [contact for contact in people if contact.left_on is None]
    else:
        columns += [
            Column[Contact](words._("E-mail"), WIDTHS[3], lambda contact: contact.email),
            Column[Contact](words._("Last spoken"), WIDTHS[4], lambda contact: contact.last_touch_on, looks.DAY),
            Column[Contact](words._("Left"), WIDTHS[5], lambda contact: contact.left_on, looks.DAY),
        ]
    header = page.row
    first, last = page.table(columns, people)
    page.freeze(first)
    page.filter(header, first, last, len(columns))
    if not people:
        page.note(words._("No contact is known."))
    elif not safe:
        page.colour_if(f"B{first}:G{last}", {"leaving": f'$G{first}<>""'})


def _weight(contact: Contact) -> tuple[bool, int, str]:
    """Who left comes last; the roles that decide first."""
    return contact.left_on is not None, list(ROLES).index(contact.role) if contact.role else len(ROLES), contact.name

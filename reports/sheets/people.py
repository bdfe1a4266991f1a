"""Contacts: who they are, who left, when we last spoke."""

from domain.accounts import Contact
from reports import looks
from reports.pages import Column, Page
from reports.plan_columns import ROW, Lists, editable
from reports.values import Plan
from words import Words
from words.terms import ROLES, term

WIDTHS = (30, 25, 24, 36, 16, 15, 9)
SAFE_WIDTHS = (36, 24, 34)


def write(page: Page, plan: Plan, lists: Lists | None = None) -> None:
    """The customer's copy names who is there; who left and when we spoke is ours."""
    words, safe = page.words, lists is None
    people = sorted(plan.facts.contacts, key=_weight)
    if lists is None:
        people = [contact for contact in people if contact.left_on is None]
    else:
        page.dated(plan.day, plan.export_id)
    columns = (
        _edited(words, lists)
        if lists is not None
        else [
            Column[Contact](words._("Name"), SAFE_WIDTHS[0], lambda contact: contact.name),
            Column[Contact](words._("Role"), SAFE_WIDTHS[1], lambda contact: term(words, ROLES, contact.role)),
            Column[Contact](words._("Department"), SAFE_WIDTHS[2], lambda contact: contact.department),
        ]
    )
    head = page.row
    first, last = page.table(columns, people)
    page.freeze(first)
    page.filter(head, first, last, len(columns))
    if not people:
        page.note(words._("No contact is known."))
    elif not safe:
        page.colour_if(f"B{first}:G{last}", {"leaving": f'$G{first}<>""'})


def _edited(words: Words, lists: Lists) -> list[Column[Contact]]:
    roles = lists["contacts", "role"]
    return [
        Column(words._("Name"), WIDTHS[0], lambda each: each.name),
        editable(words, "contacts", "role", WIDTHS[1], lambda each: term(words, ROLES, each.role), choices=roles),
        editable(words, "contacts", "department", WIDTHS[2], lambda each: each.department),
        editable(words, "contacts", "email", WIDTHS[3], lambda each: each.email),
        Column(words._("Last spoken"), WIDTHS[4], lambda each: each.last_touch_on, looks.DAY),
        editable(words, "contacts", "left_on", WIDTHS[5], lambda each: each.left_on),
        Column(words._(ROW), WIDTHS[6], lambda each: each.contact_id, looks.FAINT, whole=True),
    ]


def _weight(contact: Contact) -> tuple[bool, int, str]:
    """Who left comes last; the roles that decide first."""
    return contact.left_on is not None, list(ROLES).index(contact.role) if contact.role else len(ROLES), contact.name

"""The words that the other sheets offer to choose from, in sight, so that they can be looked up."""

from openpyxl.utils import get_column_letter as letter
from openpyxl.utils import quote_sheetname

from reports import looks
from reports.pages import Page
from reports.plan_columns import CHOICES, Lists, header
from reports.values import Plan
from words.terms import term

WIDTHS = (16, 16, 16, 18, 20, 34, 34)


def write(page: Page, plan: Plan) -> Lists:
    """By entity and field: the range of its words."""
    words = page.words
    lists = {key: [term(words, names, code) for code in names] for key, names in CHOICES.items()}
    lists["tasks", "owner"] = list(plan.work.owners.values())
    lists["tasks", "contact_id"] = [c.name for c in plan.facts.contacts if c.left_on is None]
    for column, (entity, field) in enumerate(lists, start=2):
        page.put(column, header(words, entity, field), looks.HEADER)
    page.end_row(24)
    page.freeze()
    top = page.row
    for row in range(max(map(len, lists.values()))):
        for column, said in enumerate(lists.values(), start=2):
            page.put(column, said[row] if row < len(said) else None, looks.CELL)
        page.end_row(20)
    name = quote_sheetname(page.sheet.title)
    return {
        key: f"{name}!${letter(column)}${top}:${letter(column)}${top + max(len(said), 1) - 1}"
        for column, (key, said) in enumerate(lists.items(), start=2)
    }

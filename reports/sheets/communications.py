"""What is said to the customer and when: messages and scripts, filled in for this account."""

from reports import looks
from reports.pages import Column, Page
from reports.plan_lines import Letter
from reports.values import Plan
from words.terms import CHANNELS, term

WIDTHS = (14, 12, 17, 17, 28, 66, 18, 17)


def write(page: Page, plan: Plan) -> None:
    words = page.words
    letters = sorted(plan.work.letters, key=lambda each: (each.line.task.due_on, each.line.task.task_id))
    gaps = words._("What the text needs and I do not know; in its place stands a gap.")
    columns = [
        Column[Letter](words._("Day"), WIDTHS[0], lambda each: each.line.task.due_on, looks.DAY),
        Column[Letter](words._("Channel"), WIDTHS[1], lambda each: term(words, CHANNELS, each.line.task.channel)),
        Column[Letter](words._("To"), WIDTHS[2], lambda each: each.line.who),
        Column[Letter](words._("Who says it"), WIDTHS[3], lambda each: each.line.owner),
        Column[Letter](words._("Activity"), WIDTHS[4], lambda each: each.line.title),
        Column[Letter](words._("Message or script"), WIDTHS[5], _text, looks.TEXT),
        Column[Letter](words._("Not known"), WIDTHS[6], lambda each: ", ".join(each.lacking) or None, about=gaps),
        Column[Letter](words._("Playbook"), WIDTHS[7], lambda each: each.line.playbook),
    ]
    head = page.row
    first, last = page.table(columns, letters)
    page.freeze(first)
    page.filter(head, first, last, len(columns))
    if not letters:
        page.note(words._("Nothing is written yet: texts come with the activities of a playbook."))
        return
    page.colour_if(f"H{first}:H{last}", {"yellow": f'H{first}<>""'})


def _text(each: Letter) -> str:
    return f"{each.subject}\n\n{each.text}" if each.subject else each.text

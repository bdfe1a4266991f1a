"""The last conversations, newest first."""

from reports import looks
from reports.pages import Column, Page
from reports.values import Plan, Touch
from words import N_
from words.terms import CHANNELS, DIRECTIONS, term

WIDTHS = (15, 14, 18, 15, 18, 28, 56)
SHOWN = 25
SIDES = {"front": N_("front stage"), "back": N_("back stage")}


def write(page: Page, plan: Plan) -> None:
    words = page.words
    touches = sorted(plan.touches, key=lambda touch: touch.at, reverse=True)[:SHOWN]
    columns = [
        Column[Touch](words._("Day"), WIDTHS[0], lambda touch: touch.at, looks.DAY),
        Column[Touch](words._("Channel"), WIDTHS[1], lambda touch: term(words, CHANNELS, touch.channel)),
        Column[Touch](words._("Direction"), WIDTHS[2], lambda touch: term(words, DIRECTIONS, touch.direction)),
        Column[Touch](words._("Side"), WIDTHS[3], lambda touch: term(words, SIDES, touch.side)),
        Column[Touch](words._("CSM"), WIDTHS[4], lambda touch: touch.csm),
        Column[Touch](words._("Subject"), WIDTHS[5], lambda touch: touch.subject),
        Column[Touch](words._("Note"), WIDTHS[6], lambda touch: touch.note),
    ]
    header = page.row
    first, last = page.table(columns, touches)
    page.freeze(first)
    page.filter(header, first, last, len(columns))
    if not touches:
        page.note(words._("No conversation has been logged."))

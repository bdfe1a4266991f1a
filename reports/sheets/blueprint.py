"""The service blueprint: a line for each day, a column for each lane; between them the line of visibility."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby

from reports import looks
from reports.pages import Page, one_line
from reports.plan_lines import Lane, TaskLine
from reports.sheets.tasks import READY
from reports.values import Plan
from words import Words

WIDTHS = (14, 28, 34, 13, 2.5, 34, 30, 34)
COLUMNS: dict[Lane, int] = {"customer": 3, "front": 4, "back": 7, "support": 8}
STATE, VISIBILITY, LACKING = 5, 6, 9
LONGEST = 110


def write(page: Page, plan: Plan) -> None:
    words = page.words
    titles = (
        words._("Day"), words._("Customer"), words._("Front stage"), words._("Ready"), None, words._("Back stage"),
        words._("Support"), words._("What is missing"),
    )  # fmt: skip
    for column, title in enumerate(titles, start=2):
        page.put(column, title, looks.HEADER)
    page.explain(STATE, words._("ready: all that it needs is done; in doubt: it is open in time, or nobody has it; "
                                "not ready: it is overdue, or has no plan B."))  # fmt: skip
    page.explain(VISIBILITY + 1, words._("Right of the dark line the customer sees nothing."))
    page.end_row(24)
    page.freeze()
    shown = [line for line in plan.work.tasks if line.task.status != "skipped"]
    if not shown:
        page.note(words._("No play runs on this account, and nobody has a task of their own for it."))
        return
    first = page.row
    for day, lines in groupby(shown, key=lambda line: line.task.due_on):
        _day(page, day, list(lines))
    states = {"green": "ready", "yellow": "in_doubt", "red": "not_ready"}
    area = f"E{first}:E{page.row - 1}"
    page.colour_if(area, {state: f'LEFT($E{first},{len(said)})="{said}"' for state, code in states.items()
                          for said in (words._(READY[code]),)})  # fmt: skip


def _day(page: Page, day: date, lines: list[TaskLine]) -> None:
    words = page.words
    page.put(2, day, replace(looks.DAY, bold=True, down="top"))
    for lane, column in COLUMNS.items():
        said = "\n".join(_said(words, line) for line in lines if line.lane == lane)
        page.put(column, said or None, replace(looks.FRONT if lane == "front" else looks.CELL, down="top"))
    page.put(STATE, _worst(words, lines), replace(looks.CENTER, down="top", wrap=True))
    page.put(VISIBILITY, None, looks.VISIBILITY)
    lacking = "\n".join(dict.fromkeys(said for line in lines for said in line.lacking))
    page.put(LACKING, lacking or None, looks.TEXT)
    page.end_row(22)


def _worst(words: Words, lines: Iterable[TaskLine]) -> str | None:
    """Of the day's open front stage."""
    states = {line.state for line in lines if line.task.status == "open"}
    found = next((state for state in ("not_ready", "in_doubt", "ready") if state in states), None)
    return words._(READY[found]) if found else None


def _said(words: Words, line: TaskLine) -> str:
    task = line.task
    sign = {"done": "✓", "skipped": "–"}.get(task.status, "○")
    who = line.who if line.lane == "customer" else line.owner
    named = f" · {who}" if who else f" · {words._('nobody yet')}"
    return f"{sign} {one_line(line.title, LONGEST)}{named}"

"""Tasks: who does what when, on which side; empty lines below take new ones."""

from collections.abc import Callable, Mapping, Sequence

from reports import looks
from reports.cells import Formula
from reports.pages import Column, Page
from reports.plan_columns import ROW, Lists, about, editable, header, label
from reports.plan_lines import TaskLine
from reports.values import Plan
from words import N_, Words
from words.terms import CHANNELS, term

WIDTHS = (14, 36, 14, 12, 17, 17, 8, 12, 9, 12, 30, 17, 9)
SAFE_WIDTHS = (17, 20, 20, 52, 34, 14)
EMPTY_ROWS = 12
READY: Mapping[str, str] = {"ready": N_("ready"), "in_doubt": N_("in doubt"), "not_ready": N_("not ready")}
EVENTS = {"meeting", "visit", "event", "call"}


def write(page: Page, plan: Plan, lists: Lists) -> tuple[int, int]:
    """The first and the last row of the tasks, those for new ones included."""
    words, tasks = page.words, plan.work.tasks
    day = page.dated(plan.day, plan.export_id)
    _open(page, tasks, first=page.row + 3, last=page.row + 2 + len(tasks) + EMPTY_ROWS)
    head = page.row
    columns = _columns(plan, words, lists, day)
    first, last = page.table(columns, tasks)
    page.freeze(first)
    _new(page, lists)
    page.filter(head, first, last, len(columns))
    states = {
        "green": words._(READY["ready"]),
        "yellow": words._(READY["in_doubt"]),
        "red": words._(READY["not_ready"]),
    }
    page.colour_if(f"K{first}:K{page.row - 1}", {state: f'$K{first}="{said}"' for state, said in states.items()})
    page.colour_if(f"J{first}:J{page.row - 1}", {"red": f"AND(ISNUMBER($J{first}),$J{first}<0)"})
    return first, page.row - 1


def write_safe(page: Page, plan: Plan) -> tuple[int, int]:
    """What they live with us, and their own part; of our titles only what comes before a remark."""
    words = page.words
    columns = [
        Column[TaskLine](words._("Day"), SAFE_WIDTHS[0], lambda line: line.task.due_on, looks.DAY),
        Column[TaskLine](words._("Whose it is"), SAFE_WIDTHS[1], lambda line: _whose(words, line)),
        Column[TaskLine](words._("Channel"), SAFE_WIDTHS[2], lambda line: term(words, CHANNELS, line.task.channel)),
        Column[TaskLine](words._("What"), SAFE_WIDTHS[3], lambda line: agreed_title(words, line)),
        Column[TaskLine](words._("With whom"), SAFE_WIDTHS[4], lambda line: line.who),
        Column[TaskLine](words._("Status"), SAFE_WIDTHS[5], lambda line: _status(words, line)),
    ]
    first, last = page.table(columns, agreed(plan.work.tasks))
    page.freeze(first)
    if last < first:
        page.note(words._("Nothing has been agreed yet."))
    return first, max(first, last)


def agreed(tasks: Sequence[TaskLine]) -> list[TaskLine]:
    """Meetings, visits, events and calls with them, and their own tasks; a mail of ours is not agreed with anybody."""
    return [
        line
        for line in tasks
        if line.task.status != "skipped"
        and (line.task.side == "customer" or (line.task.side == "front" and line.task.channel in EVENTS))
    ]


def agreed_title(words: Words, line: TaskLine) -> str:
    """A title typed by one of us is not shown at all."""
    if line.own:
        return term(words, CHANNELS, line.task.channel) or words._("Task")
    return without_remark(line.title)


def without_remark(title: str) -> str:
    """What stands in brackets or after a comma is a remark of ours."""
    return title.partition("(")[0].partition(",")[0].strip()


def _whose(words: Words, line: TaskLine) -> str:
    return words._("yours") if line.task.side == "customer" else words._("together")


def _status(words: Words, line: TaskLine) -> str:
    return label(words, "tasks", "status", line.task.status)


def _open(page: Page, tasks: Sequence[TaskLine], *, first: int, last: int) -> None:
    """What is still to do, counted and summed from the rows below."""
    words, still = page.words, [line.task for line in tasks if line.task.status == "open"]
    said = label(words, "tasks", "status", "open")
    page.put(2, words._("Open"), looks.LABEL_RIGHT)
    page.put(3, Formula(f'=COUNTIF(I{first}:I{last},"{said}")', len(still)), looks.FACT)
    page.put(4, words._("Hours"), looks.LABEL_RIGHT)
    hours = sum(task.hours for task in still)
    page.put(5, Formula(f'=SUMIF(I{first}:I{last},"{said}",H{first}:H{last})', hours), looks.FACT)
    page.end_row(20)
    page.gap(6)


def _columns(plan: Plan, words: Words, lists: Lists, day: str) -> list[Column[TaskLine]]:
    def fixed(field: str, width: float, value: Callable[[TaskLine], str | None]) -> Column[TaskLine]:
        return Column(header(words, "tasks", field), width, value, about=about(words, "tasks", field))

    lacks = words._("On the front stage: whether what it needs is done.")
    return [
        editable(words, "tasks", "due_on", 14, lambda line: line.task.due_on),
        fixed("title", 36, lambda line: line.title),
        fixed("side", 14, lambda line: label(words, "tasks", "side", line.task.side)),
        fixed("channel", 12, lambda line: term(words, CHANNELS, line.task.channel)),
        fixed("contact_id", 17, lambda line: line.who),
        editable(words, "tasks", "owner", 17, lambda line: line.owner, choices=lists["tasks", "owner"]),
        editable(words, "tasks", "hours", 8, lambda line: line.task.hours),
        editable(words, "tasks", "status", 12, lambda line: _status(words, line), choices=lists["tasks", "status"]),
        Column(words._("Days left"), 9, lambda line: _left(words, line, plan, day), looks.NUMBER),
        Column(words._("Ready"), 12, lambda line: words._(READY[line.state]) if line.state else None, about=lacks),
        editable(words, "tasks", "note", 30, lambda line: line.task.note),
        Column(words._("Playbook"), 17, lambda line: line.playbook),
        Column(words._(ROW), 9, lambda line: line.task.task_id, looks.FAINT, whole=True),
    ]


def _left(words: Words, line: TaskLine, plan: Plan, day: str) -> Formula:
    """Of what is open."""
    said = label(words, "tasks", "status", "open")
    shown: int | str = (line.task.due_on - plan.day).days if line.task.status == "open" else ""
    return Formula(f'=IF(I{{row}}="{said}",B{{row}}-{day},"")', shown)


def _new(page: Page, lists: Lists) -> None:
    """Empty lines that take new tasks."""
    top = page.row
    for _row in range(EMPTY_ROWS):
        for column in range(2, page.last + 1):
            page.put(column, None, looks.EDIT if column in NEW else looks.CELL)
        page.end_row(21)
    for name, field in zip("DEFGI", ("side", "channel", "contact_id", "owner", "status"), strict=True):
        page.offer(f"{name}{top}:{name}{page.row - 1}", lists["tasks", field])


NEW = {*range(2, 10), 12}

"""Goals: from where to where, by when, how far; and whether each is SMART."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.playbooks.goals import Verdict, progress
from reports import looks, palette, sentences
from reports.cells import Formula, Ratio
from reports.pages import Column, Page
from reports.plan_columns import ROW, Lists, editable
from reports.plan_lines import GoalLine
from reports.values import Plan
from words import N_, Words

WIDTHS = (40, 16, 17, 22, 11, 11, 11, 11, 14, 9, 16, 14, 9)
SAFE_WIDTHS = (24, 44, 13, 13, 13, 13, 16, 11, 16)
LETTERS: Mapping[str, str] = {
    "specific": N_("specific"), "measurable": N_("measurable"), "achievable": N_("achievable"),
    "realistic": N_("realistic"), "relevant": N_("relevant"), "time_bound": N_("time-bound"),
}  # fmt: skip
SIGNS = {True: "✓", False: "✗", None: "?"}
HUNDRED = 100


def write(page: Page, plan: Plan, lists: Lists) -> None:
    words, goals = page.words, plan.work.goals
    day = page.dated(plan.day, plan.export_id)
    head = page.row
    first, last = page.table(_columns(plan, words, lists, day), goals)
    page.freeze(first)
    page.filter(head, first, last, len(WIDTHS))
    if not goals:
        page.note(words._("No goal has been set yet: a playbook sets one for each account that it runs on."))
        return
    page.bars(f"I{first}:I{last}", palette.PROGRESS)
    page.colour_if(f"K{first}:K{last}", {"red": f'AND(ISNUMBER(K{first}),K{first}<0,M{first}="")'})
    _mean(page, goals, first, last)
    page.gap(14)
    _smart(page, goals)


def write_safe(page: Page, plan: Plan) -> None:
    """What both sides measure: without our statements, owners and verdicts."""
    words, widths = page.words, SAFE_WIDTHS
    goals = [line for line in plan.work.goals if line.agreed]
    day = page.dated(plan.day)
    columns = [
        Column[GoalLine](words._("Measure"), widths[0], lambda line: line.measure),
        Column[GoalLine](words._("What it serves"), widths[1], lambda line: line.serves),
        Column[GoalLine](words._("Baseline"), widths[2], lambda line: _amount(line, line.goal.baseline), looks.NUMBER),
        Column[GoalLine](words._("Current"), widths[3], lambda line: _amount(line, line.goal.current), looks.NUMBER),
        Column[GoalLine](words._("Target"), widths[4], lambda line: _amount(line, line.goal.target), looks.NUMBER),
        Column[GoalLine](words._("Progress"), widths[5], lambda line: _progress(line, "DEFJ"), looks.NUMBER),
        Column[GoalLine](words._("Due on"), widths[6], lambda line: line.goal.due_on, looks.DAY),
        Column[GoalLine](words._("Days left"), widths[7], lambda line: _left(line, plan, "H", day), looks.NUMBER),
        Column[GoalLine](words._("Reached on"), widths[8], lambda line: line.goal.achieved_on, looks.DAY),
    ]
    first, last = page.table(columns, goals)
    page.freeze(first)
    if not goals:
        page.note(words._("No goal has been agreed yet."))
    else:
        page.bars(f"G{first}:G{last}", palette.PROGRESS)


def _columns(plan: Plan, words: Words, lists: Lists, day: str) -> list[Column[GoalLine]]:
    serves = words._("Relevant: the required outcome that the goal is tied to.")
    done = words._("The way from baseline to target that is done.")
    return [
        editable(words, "goals", "statement", 40, lambda line: line.goal.statement),
        Column(words._("Playbook"), 16, lambda line: line.playbook),
        Column(words._("Measure"), 17, lambda line: line.measure),
        Column(words._("What it serves"), 22, lambda line: line.serves, about=serves),
        Column(words._("Baseline"), 11, lambda line: _amount(line, line.goal.baseline), looks.NUMBER),
        editable(words, "goals", "current", 11, lambda line: _amount(line, line.goal.current)),
        editable(words, "goals", "target", 11, lambda line: _amount(line, line.goal.target)),
        Column(words._("Progress"), 11, lambda line: _progress(line, "FGHM"), looks.NUMBER, done),
        editable(words, "goals", "due_on", 14, lambda line: line.goal.due_on),
        Column(words._("Days left"), 9, lambda line: _left(line, plan, "J", day), looks.NUMBER),
        editable(words, "goals", "owner", 16, lambda line: line.owner, choices=lists["tasks", "owner"]),
        Column(words._("Reached on"), 14, lambda line: line.goal.achieved_on, looks.DAY),
        Column(words._(ROW), 9, lambda line: line.goal.goal_id, looks.FAINT, whole=True),
    ]


def _amount(line: GoalLine, value: Decimal | None) -> Ratio | Decimal | None:
    """In percent where the measure is one."""
    return Ratio(float(value / HUNDRED)) if line.percent and value is not None else value


def _left(line: GoalLine, plan: Plan, due: str, day: str) -> Formula:
    return Formula(f"={due}{{row}}-{day}", (line.goal.due_on - plan.day).days)


def _progress(line: GoalLine, columns: str) -> Formula:
    """As domain/goals.progress; columns: of baseline, current, target and the day it was reached on."""
    b, c, t, on = (f"{column}{{row}}" for column in columns)
    way = f'IF({t}={b},IF({c}={t},1,""),({c}-{b})/({t}-{b}))'
    share = _share(line)
    shown = "" if share is None else Ratio(share)
    return Formula(f'=IF({on}<>"",1,IF(COUNT({b},{c},{t})<3,"",{way}))', shown)


def _share(line: GoalLine) -> float | None:
    """Of the way, unrounded."""
    done, goal = progress(line.goal), line.goal
    if (
        done is None
        or goal.achieved_on
        or goal.baseline is None
        or goal.current is None
        or goal.target == goal.baseline
    ):
        return None if done is None else float(done / HUNDRED)
    return float((goal.current - goal.baseline) / (goal.target - goal.baseline))


def _mean(page: Page, goals: Sequence[GoalLine], first: int, last: int) -> None:
    """What went past its target makes up for no other, nor does what fell below its baseline undo one."""
    shares = [min(max(share, 0.0), 1.0) for share in map(_share, goals) if share is not None]
    for column in range(2, page.last + 1):
        page.put(column, None, looks.TOTAL)
    page.put(2, page.words._("On average"), looks.TOTAL)
    area = f"I{first}:I{last}"
    shown = Ratio(sum(shares) / len(shares)) if shares else ""
    clipped = f'COUNTIF({area},">1")+SUMIFS({area},{area},">=0",{area},"<=1")'
    page.put(9, Formula(f'=IF(COUNT({area})=0,"",({clipped})/COUNT({area}))', shown), looks.TOTAL_NUMBER)
    page.end_row(24)


def _smart(page: Page, goals: Sequence[GoalLine]) -> None:
    """A row for each letter of each goal."""
    words = page.words
    page.section(words._("Are they SMART?"))
    rows = [(line, verdict) for line in goals for verdict in line.verdicts]
    columns = [
        Column[tuple[GoalLine, Verdict]](words._("Goal"), 44, _once, looks.CELL),
        Column[tuple[GoalLine, Verdict]](words._("Letter"), 20, lambda row: words._(LETTERS[row[1].letter])),
        Column[tuple[GoalLine, Verdict]](words._("Holds"), 22, lambda row: SIGNS[row[1].holds], looks.CENTER),
    ]
    for index, column in enumerate(columns, start=2):
        page.put(index, column.title, replace(looks.LABEL, bold=True))
    page.put(5, words._("Why"), replace(looks.LABEL, bold=True))
    page.end_row(20)
    top = page.row
    for row in rows:
        for index, column in enumerate(columns, start=2):
            page.put(index, column.value(row), column.look)
        page.merge(sentences.said(words, row[1].reason), looks.CELL, first=5, high=20)
    page.colour_if(f"D{top}:D{page.row}", {"green": f'D{top}="✓"', "red": f'D{top}="✗"', "unknown": f'D{top}="?"'})


def _once(row: tuple[GoalLine, Verdict]) -> str | None:
    """The goal beside its first letter only."""
    line, verdict = row
    return (line.goal.statement or line.measure) if verdict == line.verdicts[0] else None

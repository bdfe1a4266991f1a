"""The lines of an account plan's sheets: goals, tasks, texts and renewals, from what stands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.days import add_months
from domain.facts import Voice
from domain.health.rules import MEASURES
from domain.playbooks.goals import Goal, Verdict, verdicts
from domain.playbooks.plays import Task
from domain.renewals.tracks import Line, Weights, counted
from handlers.ask import Ask
from handlers.outcomes.measuring import PERCENT, measure_name
from handlers.playbooks import message_text
from handlers.playbooks.play_plan import peers_of
from handlers.tasks.stage_account import lane_of
from handlers.tasks.task_matter import TaskMatter, lacking
from handlers.workbooks.plan_state import PlanState
from storage.database import Transaction
from storage.playbooks import goal_months

if TYPE_CHECKING:
    from reports.plan_lines import GoalLine, Letter, RenewalLine, TaskLine, Work

AGREED = {
    *("licences", "core_features", "core-features", "core-depth", "use", "activation", "time-to-value"),
    *("outcome", "outcomes"),
}
"""What both sides measure: a goal of any other kind is ours alone."""
NEAR = 5
HALF_A_YEAR, YEAR = timedelta(182), timedelta(365)
VOICES: tuple[Voice, ...] = ("final", "csm", "rule")


def work(tx: Transaction, ask: Ask, state: PlanState) -> "Work":
    from reports.plan_lines import Work  # noqa: PLC0415  half a second that only a workbook is worth

    lines = {task.task_id: _task(ask, state, task) for task in state.tasks}
    return Work(
        goals=list(_goals(tx, ask, state)),
        tasks=list(lines.values()),
        letters=list(_letters(tx, ask, state, lines)),
        renewals=list(_renewals(ask, state)),
        owners=labels(state.stages.ours),
    )


def labels(ours: Mapping[str, str]) -> dict[str, str]:
    """Our people as the plan calls them, by e-mail: by name, by the e-mail where two bear the name."""
    names = list(ours.values())
    return {email: name if name and names.count(name) == 1 else email for email, name in ours.items()}


def owner_label(state: PlanState, email: str | None) -> str | None:
    return labels(state.stages.ours).get(email.lower(), email) if email else None


def _goals(tx: Transaction, ask: Ask, state: PlanState) -> Iterator["GoalLine"]:
    from reports.plan_lines import GoalLine  # noqa: PLC0415

    since = ask.today - YEAR
    told = goal_months.told(tx, state.account.number, ask.scope, since=since)
    kpis = {goal.kpi for goal in state.goals.values()} & set(MEASURES)
    measured = goal_months.measured(tx, state.account.number, ask.scope, kpis, since=since) if kpis else {}
    plays = {play.goal_id: play for play in state.plays.values() if play.goal_id}
    for goal in state.goals.values():
        play = plays.get(goal.goal_id)
        outcome = state.outcomes.get(goal.outcome_id or "")
        course = _course(goal, told.get(goal.goal_id, []), measured.get(goal.kpi, []))
        began = (play.started_on if play else None) or (course[0][0] if course else goal.due_on - HALF_A_YEAR)
        yield GoalLine(
            goal=goal,
            measure=measure_name(ask.words, goal.kpi),
            since=began,
            percent=goal.kpi in PERCENT,
            serves=outcome.statement if outcome else None,
            owner=owner_label(state, goal.owner),
            playbook=_book_title(ask, goal.playbook),
            verdicts=_verdicts(tx, ask, state, goal),
            months=_months(course, began, min(ask.today, max(goal.due_on, began))),
            agreed=goal.kpi in AGREED,
        )


def _course(goal: Goal, told: goal_months.Course, measured: goal_months.Course) -> goal_months.Course:
    """What was said of it; where that is one word, the measure, if it began where the goal did."""
    near = goal.baseline is not None and bool(measured) and abs(measured[0][1] - goal.baseline) <= NEAR
    return measured if len(told) < 2 and near else told


def _verdicts(tx: Transaction, ask: Ask, state: PlanState, goal: Goal) -> tuple[Verdict, ...]:
    peers = peers_of(tx, ask, state.account, goal)
    outcome = state.outcomes.get(goal.outcome_id or "")
    return verdicts(goal, outcome, peers, least=ask.policy.playbooks.least_peers, today=ask.today)


def _book_title(ask: Ask, name: str | None) -> str | None:
    book = ask.desk.playbooks.playbooks.get(name or "")
    return book.title.of(ask.words.language) if book else name


def _months(
    course: Sequence[tuple[date, Decimal]], since: date, until: date
) -> tuple[tuple[date, Decimal | None], ...]:
    """By the first of each month: the last value known by its end."""
    found: list[tuple[date, Decimal | None]] = []
    month = since.replace(day=1)
    while month <= until:
        following = add_months(month, 1)
        known = [value for day, value in course if since <= day < following]
        found.append((month, known[-1] if known else None))
        month = following
    return tuple(found)


def _task(ask: Ask, state: PlanState, task: Task) -> "TaskLine":
    from reports.plan_lines import TaskLine  # noqa: PLC0415

    book, ready = state.book(task), state.stages.ready.get(task.task_id)
    contact = state.stages.contacts.get(task.contact_id or "")
    return TaskLine(
        task=task,
        title=state.stages.title(ask.words, task),
        lane=lane_of(task),  # type: ignore[arg-type]
        owner=owner_label(state, task.owner),
        who=contact.name if contact else None,
        playbook=book.title.of(ask.words.language) if book else None,
        state=ready.state if ready else None,
        lacking=tuple(lacking(ask, ready.missing, book, state.stages.ours)) if ready else (),
        own=book is None or task.activity not in book.activities,
    )


def _letters(tx: Transaction, ask: Ask, state: PlanState, lines: Mapping[str, "TaskLine"]) -> Iterator["Letter"]:
    """Of open tasks whose activity has a message or a script, in the customer's language."""
    from reports.plan_lines import Letter  # noqa: PLC0415

    matters = [
        TaskMatter(task, state.account, state.tasks, state.plays.get(task.play_id or ""), state.book(task))
        for task in state.tasks
        if task.status == "open" and task.play_id in state.plays
    ]
    said = [each for each in matters if each.activity and each.activity.message]
    spoken = [each for each in matters if each.activity and each.activity.script]
    for text in (*message_text.texts(tx, ask, said, "message"), *message_text.texts(tx, ask, spoken, "script")):
        yield Letter(lines[text.found.task.task_id], text.text, text.subject, text.lacking)


def _renewals(ask: Ask, state: PlanState) -> Iterator["RenewalLine"]:
    """A line for each end of contract and currency; the amounts of one are together."""
    from reports.plan_lines import RenewalLine  # noqa: PLC0415

    share = ask.policy.renewals
    weights = Weights(share.reduce, share.at_risk, share.lose)
    for ends_on, renewal in state.renewals.items():
        mine = [each for each in state.shown.renewals if each.ends_on == ends_on and not each.leaving]
        currencies = list(dict.fromkeys(each.version.annual.currency for each in mine))
        for currency in currencies:
            those = [each for each in mine if each.version.annual.currency == currency]
            amount = sum((each.version.annual.amount for each in those), Decimal(0))
            line = Line(those[0], state.tracks(renewal), amount)
            voice = next((v for v in VOICES if v in line.tracks.calls), None)
            counts = counted(line, voice, weights) if voice else None
            own = those[0].version.annual.amount
            yield RenewalLine(
                line=line,
                contract=" · ".join(dict.fromkeys(e.version.product or e.version.subscription_id for e in those)),
                amount=amount,
                currency=currency,
                share=counts.amount / own if counts is not None and own else None,
                voice=voice,
                first=currency == currencies[0],
            )

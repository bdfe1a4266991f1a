"""What runs on the account of acme_plan: goals, tasks on both sides, texts, renewals."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from domain.facts import RenewalCall
from domain.playbooks.goals import Goal, Peers, verdicts
from domain.playbooks.plays import Task
from domain.renewals.tracks import Line, Tracks
from reports.plan_lines import GoalLine, Letter, RenewalLine, TaskLine, Work
from reports.values import Plan
from tests.reports import acme_plan

DAY = acme_plan.DAY
SECRET_TEXTS = (
    "SCRIPT-SECRET",
    "NOTE-SECRET",
    "GOAL-SECRET",
    "LACK-SECRET",
    "BACK-SECRET",
    "BOOK-SECRET",
    "REASON-SECRET",
)
TITLES = {
    "en": (
        "Call with the champion (what gets in the way)", "Who does not use it, and since when",
        "Kick-off, no price yet",
        "The data file is sent", "Closing interview", "Usage report by area",
    ),
    "es": (
        "Llamada con el promotor (qué estorba)", "Quién no lo usa y desde cuándo", "Arranque, sin hablar de precio",
        "El archivo de datos se envía", "Entrevista de cierre", "Informe de uso por área",
    ),
}  # fmt: skip
BOOK = {"en": "Low adoption", "es": "Baja adopción"}
LICENCES = {"en": "Active licences", "es": "Licencias activas"}
AIM = {
    "en": "Acme Corp: active licences from 51 % to 70 % by 26 February",
    "es": "Acme Corp: licencias activas de 51 % a 70 % para el 26 de febrero",
}


def work(language: str = "en", *, secret: bool = False) -> Work:
    known = acme_plan.facts(language)
    aim = f"{AIM[language]} GOAL-SECRET" if secret else AIM[language]
    goal = Goal("P1", 7, "licences", Decimal(70), date(2027, 2, 26), Decimal(51), Decimal("55.5"), DAY,
                "ana@example.com", "low-adoption", "o-311", aim)  # fmt: skip
    won = replace(goal, goal_id="P2", kpi="result", target=Decimal(1), baseline=Decimal(0), current=Decimal(1),
                  statement=f"{aim} 2", achieved_on=date(2026, 11, 2), owner=None)  # fmt: skip
    judged = verdicts(goal, known.outcomes[0], Peers((12.0, 21.0, 25.0, 30.0) * 3, 90), least=5, today=DAY)
    months = tuple((date(2026, month, 1), Decimal(value)) for month, value in ((9, "51"), (10, "52.5"), (11, "55.5")))
    since, serves = date(2026, 9, 1), known.outcomes[0].statement
    book = "BOOK-SECRET" if secret else BOOK[language]
    goals = (
        GoalLine(goal, LICENCES[language], since, True, serves, "Ana Ruiz", book, judged, months, agreed=True),
        GoalLine(won, LICENCES[language], since, False, None, None, book),
    )
    tasks = _tasks(language, book, secret=secret)
    script = "SCRIPT-SECRET" if secret else acme_plan.NOTE[language]
    letters = [Letter(line, f"{script}\n\n{script}", "Hola" if language == "es" else "Hello", ("similar.gain",))
               for line in tasks if line.task.side == "front"]  # fmt: skip
    return Work(
        goals,
        tasks,
        letters,
        _renewals(known, secret=secret),
        {"ana@example.com": "Ana Ruiz", "sid@example.com": "Sid"},
    )


def _tasks(language: str, book: str, *, secret: bool) -> list[TaskLine]:
    call, who, kick, data, closing, report = TITLES[language]
    report, who = (f"{report} BACK-SECRET", f"{who} BACK-SECRET") if secret else (report, who)
    note = "NOTE-SECRET" if secret else None
    lack = ("LACK-SECRET",) if secret else ("Sid · 3 Dec",)

    def task(n: int, days: int, side: str, channel: str | None = None, **more: object) -> Task:
        due = DAY + timedelta(days)
        return Task(f"P1-T{n}", 7, side, due, "P1", f"T{n}", owner="ana@example.com", channel=channel, note=note,
                    **{"hours": 0.5, **more})  # type: ignore[arg-type]  # fmt: skip

    return [
        TaskLine(task(1, -4, "back", status="done"), who, "back", "Ana Ruiz", None, book),
        TaskLine(task(2, -1, "front", "call"), call, "front", "Ana Ruiz", "Jorge Ibarra", book, "not_ready", lack),
        TaskLine(task(3, 3, "back", function="support", hours=2), report, "support", "Sid", None, book),
        TaskLine(task(4, 10, "front", "meeting"), kick, "front", "Ana Ruiz", "Laura Méndez", book, "in_doubt", lack),
        TaskLine(task(5, 14, "customer", hours=0), data, "customer", "Ana Ruiz", "Jorge Ibarra", book),
        TaskLine(task(6, 40, "front", "call"), f"{closing} BACK-SECRET" if secret else closing, "front", "Ana Ruiz",
                 "Laura Méndez", None, "ready", own=True),
        TaskLine(task(7, 55, "front", "email"), "BACK-SECRET" if secret else "Mail", "front", "Ana Ruiz", None, book),
    ]  # fmt: skip


def _renewals(known, *, secret: bool) -> list[RenewalLine]:
    plan = acme_plan.plan_of(known)
    calls = {call.by: call for call in known.calls}
    calls["csm"] = RenewalCall(
        "csm", "reduce", date(2026, 11, 2), date(2027, 3, 31), "REASON-SECRET" if secret else "20 licencias menos"
    )
    found = []
    for n, renewal in enumerate(plan.renewals):
        money = renewal.version.annual
        found.append(RenewalLine(Line(renewal, Tracks(calls, ()), money.amount), renewal.version.product, money.amount,
                                 money.currency, Decimal("0.8"), "csm", first=n == 0))  # fmt: skip
    return found


def acme(language: str = "en") -> Plan:
    return replace(acme_plan.acme(language), work=work(language))


def crowded() -> Plan:
    """400 tasks, and names of 500 characters."""
    long = "Norte Logística y Transportes de la Sierra Madre Occidental, S.A. de C.V. " * 7
    base = work("es").tasks
    many = [
        replace(
            line, task=replace(line.task, task_id=f"T{n}", due_on=DAY + timedelta(n - 20)), title=f"{long[:500]}{n}"
        )
        for n in range(400)
        for line in (base[n % len(base)],)
    ]
    goals = [replace(line, goal=replace(line.goal, statement=long[:500])) for line in work("es").goals]
    return replace(acme_plan.long_named(), work=replace(work("es"), tasks=many, goals=goals, letters=[]))

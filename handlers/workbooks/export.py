"""/export: the account plan, or a list of many accounts, as a workbook to the caller's direct messages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.accounts import Account
from handlers.accounts.portrait import Portrait
from handlers.arguments import option, the_account
from handlers.ask import Ask, Capability, File, Reply, refusal
from handlers.blocks import context, named, section
from handlers.journey.journey_card import travelled
from handlers.workbooks import export_kpis, export_portfolio, export_renewals
from handlers.workbooks.exported import XLSX
from handlers.workbooks.plan_packing import packed
from handlers.workbooks.plan_state import PlanState, plan_state
from handlers.workbooks.plan_work import work
from reports.values import Plan, Point, Touch
from storage import exports, policies, scores
from storage.database import Transaction
from storage.facts import touches
from words import N_

YEAR = timedelta(365)
TOUCHES = 50
SAFE = ("customer-safe", "customer_safe", "para-cliente", "cliente")
PLANS = ("plan", "plan:")


LISTS: Mapping[str, Capability] = {
    "portfolio": Capability(export_portfolio.answer, N_("[SCOPE]"), N_("every account in a line, the worst first")),
    "kpis": Capability(export_kpis.answer, N_("[NAME] [PERIOD] [SCOPE]"), N_("every metric, its formula filled in")),
    "renewals": Capability(export_renewals.answer, N_("[PERIOD] [SCOPE]"), N_("what ends in a period, with its calls")),
}
CALLED = {
    **{name: name for name in LISTS},
    **dict.fromkeys(("accounts", "cartera", "cuentas"), "portfolio"),
    **dict.fromkeys(("renovaciones", "vencimientos"), "renewals"),
    **dict.fromkeys(("kpi", "metrics", "metricas", "métricas", "indicadores"), "kpis"),
}


def answer(ask: Ask) -> Reply:
    what, *rest = ask.text.split() or [""]
    if what.lower() in PLANS:
        return _plan_of(ask, " ".join(rest))
    if what.lower() in CALLED:
        return _list(ask, CALLED[what.lower()], " ".join(rest))
    said = ask.words._(
        "I can export plan ACCOUNT, portfolio, renewals or kpis. “{what}” I cannot.", what=named(what, 40)
    )
    raise refusal(said, offered=("help export",))


def _list(ask: Ask, kind: str, typed: str) -> Reply:
    """What follows the kind is asked as of a word of its own, so that offers and usage name it."""
    word = f"{ask.capability} {kind}"
    desk = replace(ask.desk, capabilities={**ask.desk.capabilities, word: LISTS[kind]})
    return LISTS[kind].answer(replace(ask, desk=desk, capability=word, text=typed))


def _plan_of(ask: Ask, rest: str) -> Reply:
    typed, safe = option(ask, rest, SAFE)
    account = the_account(ask, typed, before="plan", then=SAFE[0] if safe else "")
    said = ask.words._("The account plan of {name} is on its way to your direct messages.", name=named(account.name))
    if safe:
        said = ask.words._(
            "The customer's copy of {name} is on its way to your direct messages.", name=named(account.name)
        )
    hint = ask.words._("Edit the blue cells and send me the file back: I show what it changes before I write it.")
    file = File(_file_name(account, ask, safe=bool(safe)), XLSX, lambda: _workbook(ask, account, safe=bool(safe)))
    return Reply(said, (section(said), *([] if safe else [context(hint)])), files=(file,))


def _file_name(account: Account, ask: Ask, *, safe: bool) -> str:
    kind = ask.words._("customer copy") if safe else ask.words._("account plan")
    name = "".join(c if c.isalnum() or c in " -_." else " " for c in account.name)[:80]
    return f"{' '.join(name.split())} · {kind} · {ask.today.isoformat()}.xlsx"


def _workbook(ask: Ask, account: Account, *, safe: bool) -> bytes:
    from reports.plan import workbook  # noqa: PLC0415  half a second that only a workbook is worth

    with ask.database.transaction() as tx:
        state = plan_state(tx, ask, account)
        runs = work(tx, ask, state)
    shown = state.shown
    stage = travelled(ask, shown, {}).stage
    with ask.database.changing() as tx:
        export_id = exports.record(
            tx, account=account.number, kind="plan", who=ask.caller.email or "operator", made_at=ask.now,
            customer_safe=safe, content=_content(ask, state),
        )  # fmt: skip
        plan = replace(_plan(tx, ask, shown, state.stages.ours, export_id), stage=stage, work=runs)
    return workbook(plan, ask.words, customer_safe=safe)


def _content(ask: Ask, state: PlanState) -> dict[str, object]:
    """What the plan was made with: an edited copy is laid over it."""
    return {"day": ask.today.isoformat(), "score": state.shown.health.score, "rows": packed(state.rows())}


def _plan(tx: Transaction, ask: Ask, shown: Portrait, ours: Mapping[str, str], export_id: str) -> Plan:
    """ours: names by e-mail."""
    account, zone = shown.account, ZoneInfo(ask.policy.time_zone)
    version = policies.current(tx, ask.policy)
    history = scores.series(
        tx, account.number, policy_version=version, first=ask.today - YEAR, last=ask.today, scope=ask.scope
    )
    latest = touches.of_account(tx, account.number, ask.scope, limit=TOUCHES)
    return Plan(
        export_id=export_id,
        facts=shown.facts,
        health=shown.health,
        contracts=shown.contracts,
        renewals=shown.renewals,
        csm=ours.get((account.csm or "").lower(), account.csm),
        changes=shown.changes,
        steps=shown.steps or (),
        why=shown.reasons,
        advice=shown.hints,
        risks=shown.risks,
        rule=shown.case.rule[0] if shown.case.rule else None,
        said=shown.said.call if shown.said else None,
        series=[Point(point.day, point.score, point.state) for point in history],
        touches=[
            Touch(
                t.at.astimezone(zone).date(),
                t.channel,
                t.direction,
                ours.get((t.csm or "").lower(), t.csm),
                t.subject,
                t.note,
                t.side,
            )
            for t in latest
        ],
        bands=(ask.policy.rules.bands["yellow"], ask.policy.rules.bands["green"]),
    )

"""What a language model may choose: the reading commands of the sentences, with arguments that are checked here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.folding import fold
from domain.kpis import kpis_names
from domain.period_forms import said
from domain.periods import take as take_period
from domain.scopes import Filter, NotAScope
from domain.scopes import take as take_scope
from domain.sentences import SLOT, filled, filter_order
from handlers.ask import Ask
from handlers.assistant.assistant_line import Tool, Unhelped
from handlers.assistant.assistant_masking import Told
from handlers.questions.readings import BACKWARD
from storage import sayings
from storage.database import Transaction

LONGEST = 120
WHOSE = {"own": "mine", "team": "team", "all": "all"}
# A command with its slots, as in words/sentences; ? where it may be left out. Told to the model in English.
REPORTS: Mapping[str, tuple[str, str]] = {
    "health": ("health {account}", "How one account is doing: score, colour, why, what would make it green."),
    "health_factors": ("health {account} factors", "Every factor of one account's health score."),
    "health_book": ("health", "The asker's own accounts by health, the worst first."),
    "account": ("account {account}", "Who an account is: contacts, contracts, open tickets, last touches."),
    "account_features": ("account {account} features", "Which features an account uses, and who does not use them."),
    "outcomes": ("outcomes {account}", "What one account wants to reach, and how far it is."),
    "journey": ("journey {account}", "In which stage of its journey one account is: land, adopt, expand, renew."),
    "journeys": ("journey {scope?}", "Where accounts stand on their journey, who is stuck, and the funnel."),
    "stage": ("stage {account}", "Meetings and events of one account, and whether their preparation is done."),
    "stages": ("stage {scope?}", "Meetings and events of the next 14 days, what is not prepared first."),
    "forecast": ("forecast {account}", "What one account is still worth, and how likely it renews."),
    "forecasts": ("forecast {period?} {scope?}", "What the renewals of a period will bring."),
    "renewals": ("renewals {period?} {scope?}", "Contracts that end in a period: until when one can decide, worth."),
    "risks": ("risks {scope?}", "Accounts at risk and why, the most urgent money first."),
    "alerts": ("alerts {scope?}", "What needs attention now, and why."),
    "alerts_of_account": ("alerts {account}", "What needs attention now at one account."),
    "alerts_good": ("alerts good", "Good news about accounts."),
    "alerts_unowned": ("alerts unowned", "Accounts and alerts that nobody looks after."),
    "tasks": ("tasks {scope?}", "What is due today and late."),
    "tasks_week": ("tasks {scope?} week", "What is due this week."),
    "digest": ("digest", "What needs the asker today, in all."),
    "kpi": ("kpi {metric} {period?} {scope?} {account?}", "One metric, with its formula, for all or one account."),
    "kpis": ("kpi {period?} {scope?} {account?}", "The scorecard of all metrics."),
    "playbooks": ("playbook list", "The playbooks there are, and whom each fits."),
    "playbook": ("playbook show {playbook} {scope?}", "One playbook, and which accounts it fits."),
    "playbook_effect": ("playbook effect {playbook} {scope?}", "Whether a playbook worked."),
}
SLOTS: Mapping[str, str] = {
    "account": "The account's mark or name exactly as in the question, such as «A1».",
    "period": "E.g. 30d, 4 months, 2026-11, 2026-Q4, 2026, 2026-10-01..2026-12-31, next month, last quarter.",
    "scope": "Filters, parted by spaces: mine, team, all, band:red, band:yellow, band:green, segment:NAME, tier:1, "
    "stage:land, stage:adopt, stage:expand, stage:renew, csm:«P1».",
    "metric": "One of: " + ", ".join(kpis_names.SAID),
    "playbook": "One of: ",
}


def tools(ask: Ask) -> list[Tool]:
    """All of them, as a model is told of them."""
    about = {**SLOTS, "playbook": SLOTS["playbook"] + ", ".join(ask.desk.playbooks.playbooks)}
    return [Tool(name, told, _schema(form, about)) for name, (form, told) in REPORTS.items()]


def _schema(form: str, about: Mapping[str, str]) -> Mapping[str, Any]:
    slots = [(slot[1], slot[2]) for slot in SLOT.finditer(form)]
    return {
        "type": "object",
        "properties": {kind: {"type": "string", "description": about[kind]} for kind, _ in slots},
        "required": [kind for kind, optional in slots if not optional],
        "additionalProperties": False,
    }


@dataclass(frozen=True)
class Request:
    """What was chosen, with what it is to be checked against."""

    tx: Transaction
    ask: Ask
    told: Told
    form: str

    def account(self, typed: str) -> str:
        found = self.told.account(typed)
        if not found:
            raise Unhelped("wrong_arguments")
        return found

    def period(self, typed: str) -> str:
        forward, start = not self.form.startswith(BACKWARD), self.ask.policy.fiscal_year_start
        when: Mapping[str, Any] = {"today": self.ask.today, "fiscal_year_start": start, "forward": forward}
        found, rest = take_period(typed.split(), **when)
        if found is None or rest:
            raise Unhelped("wrong_arguments")
        return said(found, typed, **when)

    def scope(self, typed: str) -> str:
        try:
            filters, rest = take_scope(typed.replace(",", " ").split())
        except NotAScope:
            raise Unhelped("wrong_arguments") from None
        if rest or (self.told.turned and any(each.kind not in WHOSE for each in filters)):
            raise Unhelped("wrong_arguments" if rest else "turned_round")
        return " ".join(sorted((self._filter(each) for each in filters), key=filter_order))

    def _filter(self, wanted: Filter) -> str:
        if wanted.kind in WHOSE:
            return WHOSE[wanted.kind]
        value = self._value(wanted)
        if not value:
            raise Unhelped("wrong_arguments")
        return f'{wanted.kind}:"{value}"' if " " in value else f"{wanted.kind}:{value}"

    def _value(self, wanted: Filter) -> str | None:
        """As the company writes it; None where it has no such."""
        if wanted.kind == "csm":
            return self.told.person(wanted.value)
        if wanted.kind in {"band", "stage"} or (wanted.kind == "tier" and wanted.value.isalnum()):
            return wanted.value
        held = sayings.segments(self.tx, self.ask.scope) if wanted.kind == "segment" else self._own(wanted.kind)
        return next((value for value in held if fold(value) == fold(wanted.value)), None)

    def _own(self, column: str) -> list[str]:
        return [value for name, value in sayings.own_columns(self.tx, self.ask.scope) if name == column]

    def metric(self, typed: str) -> str:
        found, rest = kpis_names.take(typed.split())
        if not found or rest:
            raise Unhelped("wrong_arguments")
        return found

    def playbook(self, typed: str) -> str:
        if typed not in self.ask.desk.playbooks.playbooks:
            raise Unhelped("wrong_arguments")
        return typed


READ: Mapping[str, Callable[[Request, str], str]] = {
    "account": Request.account,
    "period": Request.period,
    "scope": Request.scope,
    "metric": Request.metric,
    "playbook": Request.playbook,
}


def command(tx: Transaction, ask: Ask, told: Told, name: str, arguments: Any) -> str:
    """The command that a choice comes to; raises Unhelped for any that is not among them, or not fully understood."""
    if name not in REPORTS:
        raise Unhelped("wrong_tool")
    form = REPORTS[name][0]
    takes = {slot[1]: bool(slot[2]) for slot in SLOT.finditer(form)}
    given = _given(arguments)
    needed = {kind for kind, optional in takes.items() if not optional}
    if not needed <= given.keys() <= takes.keys():
        raise Unhelped("wrong_arguments")
    request = Request(tx, ask, told, form)
    return filled(form, {kind: READ[kind](request, typed) for kind, typed in given.items()})


def _given(arguments: Any) -> dict[str, str]:
    """Empty ones are left out; raises Unhelped where they are no texts by name."""
    try:
        found = json.loads(arguments or "{}") if isinstance(arguments, str | None) else arguments
    except ValueError:
        raise Unhelped("wrong_arguments") from None
    if not isinstance(found, dict):
        raise Unhelped("wrong_arguments")
    kept = {kind: value for kind, value in found.items() if value not in (None, "")}
    if any(not isinstance(value, str) or len(value) > LONGEST for value in kept.values()):
        raise Unhelped("wrong_arguments")
    return {kind: value.strip() for kind, value in kept.items()}

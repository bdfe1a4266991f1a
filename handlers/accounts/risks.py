"""/risks: what is at risk, and why; the most urgent money first."""

from collections.abc import Iterator

from domain.cases import Case
from domain.risks import Risk, risks
from handlers.accounts.cases import cases
from handlers.arguments import Selection, selected, selection
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, named, section
from storage import accounts, policies
from storage.database import Transaction
from storage.facts import facts
from storage.scope import AT_RISK
from words import N_
from words.phrases import clause
from words.terms import SIGNS

PAGE = 8
PLACED_BY = {
    "money": N_("the amount weighs most"),
    "urgency": N_("the date weighs most"),
    "chance": N_("most can still be done"),
}


def answer(ask: Ask) -> Reply:
    typed, page = ask.paged()
    chosen = selection(typed, periods=False)
    with ask.database.transaction() as tx:
        found = risks(_cases(tx, ask, chosen), ask.policy, ask.today)
    said = _counted(ask, found)
    heading = section(f"*{said}*", selected(ask.words, chosen))
    shown = found[page * PAGE : (page + 1) * PAGE]
    following = typed.page_after(page) if len(found) > (page + 1) * PAGE else None
    more = [actions(button(ask.words._("Next page"), "turn", following))] if following else []
    return Reply(said, (heading, *(_entry(ask, risk) for risk in shown), *more))


def _cases(tx: Transaction, ask: Ask, chosen: Selection) -> Iterator[Case]:
    """Those that the last night found at risk, or has not seen; a page of accounts at a time."""
    scope = chosen.scope.narrowed(AT_RISK)
    in_use = facts.in_use(tx, policy=ask.policy)
    version = policies.current(tx, ask.policy)
    for first, last in accounts.number_ranges(tx, scope):
        found = cases(
            tx, ask.policy, first=first, last=last, day=ask.today, in_use=in_use, version=version, scope=scope
        )
        yield from (each for _, each in found)


def _counted(ask: Ask, found: tuple[Risk, ...]) -> str:
    staying = sum(not risk.leaving for risk in found)
    said = ask.words.ngettext("{n} account at risk", "{n} accounts at risk", staying)
    if not staying:
        said = ask.words._("Nothing is at risk")
    if staying == len(found):
        return said
    leaving = ask.words.ngettext("{n} is leaving", "{n} are leaving", len(found) - staying)
    return f"{said} · {leaving}"


def _entry(ask: Ask, risk: Risk) -> Block:
    see = button(ask.words._("See why"), "ask", f"health {risk.account.account_id}")
    why = [clause(ask.words, reason.code, reason.params) for reason in risk.reasons]
    return section(" · ".join(_facts(ask, risk)), "; ".join(why), accessory=see)


def _facts(ask: Ask, risk: Risk) -> Iterator[str]:
    words = ask.words
    yield f"{SIGNS[risk.health.state]} *{named(risk.account.name, 60)}*"
    if risk.annual:
        yield words.money(risk.annual.amount, risk.annual.currency)
    if risk.renewal and not risk.leaving:
        yield words._("renews {until}", until=words.until(max(risk.renewal.days_left, 0)))
    if not risk.leaving:
        yield f"_{words._(PLACED_BY[risk.placed_by])}_"

"""/alerts: what needs somebody, the most urgent money first; good news; what nobody owns; how good the rules are."""

from collections.abc import Callable, Iterator, Mapping

from domain.periods import Period
from domain.periods import take as take_period
from domain.roles import may
from domain.scopes import NotAScope
from domain.scopes import take as take_scope
from handlers.alerts.alert_card import day_of, good_news, heading, item, told
from handlers.alerts.book_forms import loads_of
from handlers.alerts.due import asked_by, items, stands_in_for
from handlers.arguments import Selection, selected, selection, the_account
from handlers.ask import Ask, Reply, refusal
from handlers.blocks import Block, actions, button, named, section
from storage.alerts import alerts
from storage.alerts.alerts import GOOD, Figure
from words.alerts import named as rule_name
from words.terms import capital

PAGE, ASSIGNED, NEWS = 5, 8, 15
WORDS: Mapping[str, str] = {
    **dict.fromkeys(("rules", "reglas"), "rules"),
    **dict.fromkeys(("unowned", "nobody", "sin-responsable", "huerfanas"), "unowned"),
    **dict.fromkeys(("good", "buenas"), "good"),
    **dict.fromkeys(("load", "books", "carga", "repartir"), "load"),
}


def answer(ask: Ask) -> Reply:
    first, _, rest = ask.text.strip().partition(" ")
    if wanted := WORDS.get(first.lower()):
        return VIEWS[wanted](ask, rest)
    typed, page = ask.paged()
    if not _is_scope(typed.text):
        return _of_account(ask, typed)
    return _listed(ask, typed, page)


def _is_scope(typed: str) -> bool:
    try:
        return not take_scope(typed.split())[1]
    except NotAScope:
        return True


def _listed(ask: Ask, typed: Ask, page: int) -> Reply:
    words, chosen, everybody = ask.words, selection(typed, periods=False), asked_by(ask)
    me, day = ask.caller.email.lower(), day_of(ask)
    with ask.database.transaction() as tx:
        own = _is_own(chosen)
        owners = stands_in_for(ask.caller, everybody, day) if own and len(chosen.filters) == 1 else ()
        found = alerts.page(
            tx, chosen.scope, day=day, mine=me if own else None, owners=owners, offset=page * PAGE, limit=PAGE
        )
        good = alerts.page(tx, chosen.scope, day=day, severities=GOOD, limit=1).total
        nobody = alerts.page(tx, chosen.scope, day=day, unowned=True, limit=1).total if _decides(ask) else 0
    said = words.ngettext("{n} account needs somebody", "{n} accounts need somebody", found.total)
    if not found.total:
        said = words._("Nothing needs anybody")
    why = words._("order: money at risk × urgency × what can still be done")
    blocks = [*heading(said, selected(words, chosen), why if found.total > 1 else "")]
    here = f"{typed.capability} {ask.text}".strip()
    for place, each in enumerate(items(ask.desk, found.groups, everybody, day, me=me), page * PAGE + 1):
        blocks += item(ask, each, place, back=here)
    more = typed.page_after(page) if found.total > (page + 1) * PAGE else ""
    return Reply(said, (*blocks, *_further(ask, more, good, nobody)))


def _further(ask: Ask, more: str, good: int, nobody: int) -> Iterator[Block]:
    words = ask.words
    buttons = [
        button(words._("Next page"), "turn", more) if more else None,
        button(words.ngettext("{n} good news", "{n} good news", good), "ask", "alerts good") if good else None,
        button(words.ngettext("{n} nobody's", "{n} nobody's", nobody), "ask", "alerts unowned") if nobody else None,
        button(words._("How good the rules are"), "ask", "alerts rules"),
    ]
    yield actions(*buttons)


def _is_own(chosen: Selection) -> bool:
    return any(wanted.kind == "own" for wanted in chosen.filters)


def _decides(ask: Ask) -> bool:
    return may(ask.caller.role, "decide")


def _of_account(ask: Ask, typed: Ask) -> Reply:
    """Every open alert of one account, each with its own buttons."""
    account, everybody = the_account(typed, typed.text), asked_by(ask)
    me, day = ask.caller.email.lower(), day_of(ask)
    with ask.database.transaction() as tx:
        found = alerts.of_account(tx, account.number, ask.scope, day=day)
    words = ask.words
    said = words.ngettext("{name}: {n} alert", "{name}: {n} alerts", len(found), name=named(account.name))
    if not found:
        said = words._("{name}: no alert", name=named(account.name))
    blocks = [*heading(said)]
    groups = tuple((each,) for each in found if each.alert.severity != "good")
    for each in items(ask.desk, groups, everybody, day, me=me):
        blocks += item(ask, each, back=f"alerts {account.account_id}")
    blocks += [section(f"🌿 {good_news(ask, each)}") for each in found if each.alert.severity == "good"]
    return Reply(said, tuple(blocks))


def _good(ask: Ask, rest: str) -> Reply:
    chosen = selection(ask.about(rest), periods=False)
    with ask.database.transaction() as tx:
        found = alerts.page(tx, chosen.scope, day=day_of(ask), severities=GOOD, limit=NEWS)
    said = ask.words._("Good news") if found.total else ask.words._("No good news yet")
    rows = [good_news(ask, each) for group in found.groups for each in group]
    return Reply(said, (*heading(said, selected(ask.words, chosen)), *([section(*rows[:NEWS])] if rows else [])))


def _unowned(ask: Ask, _rest: str) -> Reply:
    """What nobody owns, each with a form to assign it."""
    _check_decides(ask)
    words = ask.words
    with ask.database.transaction() as tx:
        found = alerts.page(tx, ask.scope, day=day_of(ask), unowned=True, limit=ASSIGNED)
    said = words.ngettext("{n} account is nobody's", "{n} accounts are nobody's", found.total)
    if not found.total:
        said = words._("Everything has an owner")
    blocks = [*heading(said)]
    for group in found.groups:
        listed = group[0]
        assign = button(words._("Assign…"), "form", f"alert-assign {listed.account_id}")
        blocks.append(section(f"*{named(listed.name or '', 60)}* · {told(ask, listed.alert)}", accessory=assign))
    return Reply(said, (*blocks, actions(button(words._("Who has how much"), "ask", "alerts load"))))


def _load(ask: Ask, _rest: str) -> Reply:
    _check_decides(ask)
    said = ask.words._("Who has how much")
    rows = loads_of(ask)
    move = button(ask.words._("Move an account…"), "form", "alert-move")
    return Reply(said, (*heading(said), section(*rows), actions(move)))


def _check_decides(ask: Ask) -> None:
    if not _decides(ask) and ask.caller.role != "operator":
        said = ask.words._("Only a lead can share out accounts.")
        raise refusal(said)


def _rules(ask: Ask, rest: str) -> Reply:
    """By rule: raised, acted on, called wrong; of this month, where none is named."""
    first = ask.today.replace(day=1)
    named_period, others = take_period(
        rest.split(), today=ask.today, fiscal_year_start=ask.policy.fiscal_year_start, forward=False
    )
    chosen = selection(ask.about(" ".join(others)), periods=False, whole=True)
    period = named_period or Period(first, ask.today)
    with ask.database.transaction() as tx:
        found = alerts.counts(tx, chosen.scope, period.first, period.last)
    said = ask.words._("How good the rules are")
    when = Selection(chosen.scope, chosen.filters, period)
    rows = [_figure(ask, each) for each in found]
    nothing = ask.words._("Nothing was raised.")
    return Reply(said, (*heading(said, selected(ask.words, when)), section(*(rows or [nothing]))))


def _figure(ask: Ask, each: Figure) -> str:
    words, own = ask.words, ask.policy.watched.get(each.kind)
    name = rule_name(words, each.kind, own.label.of(words.language) if own and own.label else None)
    parts = [
        words.ngettext("{n} raised", "{n} raised", each.raised),
        words._("{n} acted on ({share})", n=words.number(each.acted), share=words.percent(each.acted / each.raised)),
        words.ngettext("{n} called wrong", "{n} called wrong", each.wrong),
        words.ngettext("{n} open", "{n} open", each.open),
    ]
    return f"*{capital(name)}*: {' · '.join(parts)}"


VIEWS: Mapping[str, Callable[[Ask, str], Reply]] = {
    "rules": _rules, "unowned": _unowned, "good": _good, "load": _load,
}  # fmt: skip

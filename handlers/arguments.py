"""What is typed after a capability's word: an account, a period, a scope; never guessed, refused with the nearest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.accounts import Account
from domain.folding import fold
from domain.periods import NotAPeriod, Period
from domain.periods import parse as parse_period
from domain.periods import take as take_period
from domain.scopes import KEYS, Filter, Known, NotAScope, misspelt
from domain.scopes import take as take_scope
from handlers.ask import Ask, Refused, Reply, refusal
from handlers.blocks import actions, button, named, section
from storage import people, search
from storage.database import Transaction
from storage.kpis import kpis_scopes
from storage.scope import Scope
from words import N_, Words
from words.terms import LAER_STAGES, STATES, term

OFFERED = 5
LISTED = {"segment", "tier"}


def the_account(ask: Ask, typed: str, *, before: str = "", then: str = "") -> Account:
    """The account meant; raises Refused with candidates as buttons, each asking the same with its words around it."""
    with ask.database.transaction() as tx:
        return account_in(tx, ask, typed, before=before, then=then)


def account_in(tx: Transaction, ask: Ask, typed: str, *, before: str = "", then: str = "") -> Account:
    """As `the_account`, in a transaction at hand."""
    if not typed:
        raise _refused(ask.words._("Which account? Write its name after the command."))
    match = search.find(tx, typed, scope=ask.scope, limit=OFFERED)
    if match.found:
        return match.found
    if match.candidates:
        said = ask.words._("“{typed}” could be several. Which one?", typed=named(typed, 60))
        raise Refused(_offer(ask, said, match.candidates, before, then))
    if match.suggestions:
        said = ask.words._("I know no account “{typed}”. Did you mean one of these?", typed=named(typed, 60))
        raise Refused(_offer(ask, said, match.suggestions, before, then))
    raise _refused(ask.words._("I know no account “{typed}” that you may see.", typed=named(typed, 60)))


def option(ask: Ask, typed: str, options: Collection[str]) -> tuple[str, str]:
    """The text without its last word, and that word, where it is one of the options and no account is called so."""
    *name, last = typed.split() or [""]
    if not name or last.lower() not in options:
        return typed, ""
    with ask.database.transaction() as tx:
        called_so = search.find(tx, typed, scope=ask.scope, limit=OFFERED).found
    if called_so and fold(called_so.name) == fold(typed):
        return typed, ""
    return " ".join(name), last.lower()


def _offer(ask: Ask, said: str, found: tuple[Account, ...], before: str, then: str) -> Reply:
    commands = tuple(" ".join(f"{ask.capability} {before} {account.account_id} {then}".split()) for account in found)
    choices = [button(named(a.name, 70), "ask", command) for a, command in zip(found, commands, strict=True)]
    return Reply(said, (section(said), actions(*choices)), offered=commands, answered=False)


def _refused(said: str, offered: tuple[str, ...] = ()) -> Refused:
    return refusal(said, *(button(f"/{o}", "ask", o) for o in offered), offered=offered)


@dataclass(frozen=True)
class Selection:
    """Which accounts, over which days."""

    scope: Scope
    filters: tuple[Filter, ...]
    period: Period | None


def selection(
    ask: Ask, *, periods: bool = True, default: Period | None = None, whole: bool = False, before: str = ""
) -> Selection:
    """Period and scope out of the typed words; raises Refused for a word that is neither, with the nearest.

    whole: without a scope all that the caller may see, else that of `default_scope`; before: what was typed before.
    """
    rest, period = ask.text.split(), None
    if periods:
        named_period, rest = take_period(
            rest, today=ask.today, fiscal_year_start=ask.policy.fiscal_year_start, forward=True
        )
        period = named_period or default
    filters, rest = _scoped(ask, rest, before)
    if rest:
        raise _unknown(ask, " ".join(rest), (_nearest(ask, rest) if periods else ()) or misspelt(rest), before)
    chosen = tuple(resolved(ask, wanted) for wanted in filters) or ((Filter("all"),) if whole else default_scope(ask))
    return Selection(ask.scope.narrowed(*chosen), chosen, period)


def _scoped(ask: Ask, typed: list[str], before: str) -> tuple[tuple[Filter, ...], list[str]]:
    """A segment or tier that there is not, and nothing like it, has no accounts: that is an answer too."""
    known = _known(ask, typed)
    while True:
        try:
            return take_scope(typed, known=known)
        except NotAScope as wrong:
            if not known or wrong.nearest:
                key = wrong.word.partition(":")[0]
                raise _unknown(ask, wrong.word, tuple(f"{key}:{near}" for near in wrong.nearest), before) from None
            known = {}


def _known(ask: Ask, typed: Sequence[str]) -> Known:
    """The segments and tiers that there are, where one is typed."""
    asked = {KEYS.get(fold(key)) for key, colon, _value in (word.partition(":") for word in typed) if colon}
    if asked.isdisjoint(LISTED):
        return {}
    with ask.database.transaction() as tx:
        found = kpis_scopes.known(tx, scope=ask.scope)
    return {kind: values for kind, values in found.items() if kind in LISTED}


def default_scope(ask: Ask) -> tuple[Filter, ...]:
    """A CSM's own book, a lead's team, all for the others."""
    return (Filter({"csm": "own", "lead": "team"}.get(ask.caller.role, "all")),)


def _nearest(ask: Ask, rest: list[str]) -> tuple[str, ...]:
    try:
        parse_period(" ".join(rest), today=ask.today, forward=True)
    except NotAPeriod as wrong:
        return wrong.nearest
    return ()


def resolved(ask: Ask, wanted: Filter) -> Filter:
    """A CSM may be named by a unique name or alias too."""
    if wanted.kind != "csm":
        return wanted
    with ask.database.transaction() as tx:
        found = people.named(tx, wanted.value)
    if len(found) == 1:
        return Filter("csm", found[0].email)
    if found:
        said = ask.words._("“{name}” could be several people.", name=named(wanted.value, 60))
        raise _refused(said, tuple(f"{ask.capability} csm:{person.email}" for person in found[:OFFERED]))
    raise _refused(ask.words._("I know nobody called “{name}”.", name=named(wanted.value, 60)))


def _unknown(ask: Ask, word: str, nearest: tuple[str, ...], before: str) -> Refused:
    """Each offer is the question as typed, with the word put right."""
    said = ask.words._("I do not understand “{word}” here.", word=named(word, 60))
    usage = f"/{ask.capability} {ask.words._(ask.desk.capabilities[ask.capability].usage)}"
    typed = " ".join(ask.text.split())
    mended = (typed.replace(word, near) if word in typed else near for near in nearest)
    offered = tuple(" ".join(f"{ask.capability} {before} {one}".split()) for one in mended)
    return _refused(f"{said} {ask.words._('The way to ask: {usage}', usage=usage)}", offered)


def selected(words: Words, chosen: Selection) -> str:
    """The scope and the period in full, as every answer prints them."""
    scope = " · ".join(_said(words, wanted) for wanted in chosen.filters)
    if chosen.period is None:
        return scope
    days = words._("{first} to {last}", first=words.day(chosen.period.first), last=words.day(chosen.period.last))
    return f"{days} · {scope}"


def _said(words: Words, wanted: Filter) -> str:
    if wanted.kind in WHOSE:
        return words._(WHOSE[wanted.kind])
    value = term(words, CODES.get(wanted.kind, {}), wanted.value)
    return f"{words._(KINDS[wanted.kind]) if wanted.kind in KINDS else wanted.kind}: {named(value, 60)}"


CODES = {"band": STATES, "stage": LAER_STAGES}
WHOSE = {"own": N_("my accounts"), "team": N_("the team"), "all": N_("all accounts")}
KINDS = {
    "segment": N_("segment"),
    "csm": N_("CSM"),
    "band": N_("colour"),
    "stage": N_("stage"),
    "tier": N_("tier"),
}

"""What a forecast is asked about: one account, or a scope and the days ahead; the worth alone, or all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import chain

from domain.accounts import Account
from domain.folding import fold
from domain.kpis import kpis_names
from domain.period_words import EXAMPLES
from domain.periods import Period
from domain.periods import take as take_period
from domain.scopes import WHOSE, Filter, Known, NotAScope
from domain.scopes import take as take_scope
from handlers.arguments import Selection, default_scope, resolved, the_account
from handlers.ask import Ask, Refused, refusal
from handlers.blocks import button
from handlers.kpis.kpi_question import is_called, unknown
from storage import search
from storage.kpis import kpis_scopes

AHEAD = timedelta(90)
WORTH = "clv"
LIKE, OFFERED = 0.6, 3


@dataclass(frozen=True)
class Asked:
    """`account`: the one that is named, with a period only where one is; without one, of what is selected.

    only_worth: the word `clv` was typed.
    """

    selection: Selection
    account: Account | None = None
    only_worth: bool = False


def asked(ask: Ask) -> Asked:
    """Raises Refused for a word that is neither account, scope nor period, with the nearest that are."""
    name, words = kpis_names.take(ask.text.split())
    words = words if name == WORTH else ask.text.split()
    with ask.database.transaction() as tx:
        known = kpis_scopes.known(tx, scope=ask.scope)
    try:
        filters, left = take_scope(words, known=known)
    except NotAScope as wrong:
        key = wrong.word.partition(":")[0]
        raise unknown(ask, wrong.word, [f"{key}:{near}" for near in wrong.nearest]) from None
    period, rest = take_period(left, today=ask.today, fiscal_year_start=ask.policy.fiscal_year_start, forward=True)
    account = _account(ask, left, rest, known) if rest else None
    if period and period.last < ask.today:
        raise _gone(ask, period, account)
    if account:
        chosen: tuple[Filter, ...] = (Filter("account", account.account_id),)
    else:
        chosen = tuple(resolved(ask, wanted) for wanted in filters) or default_scope(ask)
        period = period or Period(ask.today, ask.today + AHEAD)
    return Asked(Selection(ask.scope.narrowed(*chosen), chosen, period), account, name == WORTH)


def _account(ask: Ask, left: Sequence[str], rest: Sequence[str], known: Known) -> Account:
    """A name may hold what looks like a period (“Grupo 2026”); a slip of a scope or period is no name."""
    whole, typed = " ".join(left), " ".join(rest)
    with ask.database.transaction() as tx:
        named = search.find(tx, whole, scope=ask.scope, limit=OFFERED).found
        found = search.find(tx, typed, scope=ask.scope, limit=OFFERED).found
    if named and is_called(named, whole):
        return named
    near = _nearest(typed, known, ask.today)
    if near and not (found and is_called(found, typed)):
        raise unknown(ask, typed, near)
    return the_account(ask, typed)


def _nearest(typed: str, known: Known, today: date) -> list[str]:
    values = (f"{kind}:{value}" for kind, choices in known.items() for value in choices.values())
    choices = {fold(one): one for one in chain(EXAMPLES, WHOSE, values)}
    near = [choices[close] for close in get_close_matches(fold(typed), choices, n=OFFERED, cutoff=LIKE)]
    return [one for one in near if _lies_ahead(one, today)]


def _lies_ahead(said: str, today: date) -> bool:
    period = take_period(said.split(), today=today, forward=True)[0]
    return period is None or period.last >= today


def _gone(ask: Ask, period: Period, account: Account | None) -> Refused:
    words = ask.words
    said = words._("{first} to {last} is over: /renewals tells what was decided.", first=words.day(period.first),
                   last=words.day(period.last))  # fmt: skip
    offered = f"renewals {period.first}..{period.last}" if account else f"renewals {ask.text}"
    return refusal(said, button(f"/{offered}", "ask", offered), offered=(offered,))

"""What a question about metrics asks: which one, over which days, of whose accounts or which account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from itertools import chain

from domain.accounts import Account
from domain.days import add_months, whole_months
from domain.folding import fold
from domain.kpis import kpis_names
from domain.period_words import EXAMPLES
from domain.periods import Period
from domain.periods import parse as parse_period
from domain.periods import take as take_period
from domain.scopes import KEYS, WHOSE, Filter, Known, NotAScope
from domain.scopes import take as take_scope
from handlers.arguments import resolved, the_account
from handlers.ask import Ask, Refused, Reply
from handlers.blocks import actions, button, named, section
from storage import search
from storage.kpis import kpis_scopes
from storage.scope import Scope

DAY = timedelta(1)
DEFAULT = "12 months"
MONTHS = 12
LIKE, OFFERED = 0.6, 3
NAMED_ACCOUNT = frozenset({"account", "cuenta"})


@dataclass(frozen=True)
class Asked:
    """`counted`: the period as far as it has come; `before`: as many of its days in the period before."""

    name: str | None
    period: Period
    counted: Period
    before: Period
    scope: Scope
    filters: tuple[Filter, ...]
    account: Account | None = None

    @property
    def to_date(self) -> bool:
        return self.counted.last < self.period.last

    @property
    def months(self) -> tuple[Period, ...]:
        """The calendar months up to the one in which the period ends, oldest first."""
        newest = self.counted.last.replace(day=1)
        firsts = [add_months(newest, -back) for back in reversed(range(MONTHS))]
        return tuple(Period(first, add_months(first, 1) - DAY) for first in firsts)


def asked(ask: Ask) -> Asked:
    """Raises Refused for a word that is neither metric, period, scope nor account, with the nearest that are."""
    name, rest = kpis_names.take(ask.text.split())
    start = ask.policy.fiscal_year_start
    period, rest = take_period(rest, today=ask.today, fiscal_year_start=start, forward=False)
    with ask.database.transaction() as tx:
        known = kpis_scopes.known(tx, scope=ask.scope)
    try:
        filters, rest = take_scope(rest, known=known)
    except NotAScope as wrong:
        key = wrong.word.partition(":")[0]
        raise unknown(ask, wrong.word, [f"{key}:{near}" for near in wrong.nearest]) from None
    account = _account(ask, name, rest, known) if rest else None
    about = (Filter("account", account.account_id),) if account else ()
    chosen = (*(resolved(ask, wanted) for wanted in filters), *about) or (Filter("all"),)
    period = period or parse_period(DEFAULT, today=ask.today, forward=False)
    if period.first > ask.today:
        raise _future(ask, name, period)
    counted = Period(period.first, min(period.last, ask.today))
    return Asked(name, period, counted, _before(period, counted), ask.scope.narrowed(*chosen), chosen, account)


def _account(ask: Ask, name: str | None, rest: list[str], known: Known) -> Account:
    """What is neither metric, period nor scope names an account, unless it looks more like a slip of one of these."""
    typed = " ".join(rest)
    key, colon, value = typed.partition(":")
    named_so = value.strip() if colon and fold(key) in NAMED_ACCOUNT else typed
    near = list(_nearest(ask, name, named_so, known))
    found = _match(ask, named_so).found
    if found and (not near or is_called(found, named_so)):
        return found
    if near:
        raise unknown(ask, typed, near)
    for word in rest if len(rest) > 1 else ():
        others = " ".join(other for other in rest if other != word)
        near = [one for one in _nearest(ask, name, word, known) if not one.endswith(":")]
        if near and _match(ask, others).found:
            raise unknown(ask, word, near)
    match = _match(ask, named_so)
    if match.candidates:
        the_account(ask, named_so, before=_without(ask.text, rest))
    raise unknown(ask, typed, [], tuple(account for account in match.suggestions if _is_like(account, named_so)))


def _match(ask: Ask, typed: str) -> search.Match:
    with ask.database.transaction() as tx:
        return search.find(tx, typed, scope=ask.scope, limit=OFFERED)


def is_called(account: Account, typed: str) -> bool:
    """As typed, or so from a word on; not only alike."""
    by_id = ":" in typed or fold(typed) == fold(account.account_id)
    return by_id or f" {fold(typed)}" in f" {fold(account.name)}"


def _is_like(account: Account, typed: str) -> bool:
    names = [fold(account.name), *fold(account.name).split()]
    return bool(get_close_matches(fold(typed), names, cutoff=LIKE))


def _without(text: str, rest: list[str]) -> str:
    kept = text.split()
    for word in rest:
        if word in kept:
            kept.remove(word)
    return " ".join(kept)


def _before(period: Period, counted: Period) -> Period:
    """The period of the same kind that ends where this one begins; as many days of it as this one has had."""
    months = whole_months(period.first, period.last + DAY)
    first = add_months(period.first, -months) if months else period.first - timedelta(period.days)
    end = period.first - DAY
    return Period(first, end if counted == period else min(first + timedelta(counted.days - 1), end))


def _future(ask: Ask, name: str | None, period: Period) -> Refused:
    said = ask.words._(
        "{first} to {last} lies ahead: a metric tells what has been. /renewals looks forward.",
        first=ask.words.day(period.first),
        last=ask.words.day(period.last),
    )
    offered = tuple(" ".join(filter(None, (ask.capability, name, last))) for last in ("this quarter", "last quarter"))
    choices = actions(*(button(f"/{one}", "ask", one) for one in offered))
    return Refused(Reply(said, (section(said), choices), offered=offered, answered=False))


def _nearest(ask: Ask, name: str | None, typed: str, known: Known) -> Iterator[str]:
    """Metrics, where none is named yet, periods that are not ahead, and scopes that look alike."""
    values = [f"{kind}:{value}" for kind, choices in known.items() for value in dict.fromkeys(choices.values())]
    keys = [f"{key}:" for key in KEYS]
    choices = {fold(one): one for one in chain(() if name else kpis_names.NAMES, EXAMPLES, WHOSE, keys, values)}
    found = dict.fromkeys(get_close_matches(fold(typed), choices, n=OFFERED, cutoff=LIKE))
    for near in found:
        said = choices[near]
        period, _ = take_period(said.split(), today=ask.today, forward=False)
        if period and period.first > ask.today:
            continue
        yield kpis_names.NAMES.get(said, said)


def unknown(ask: Ask, word: str, nearest: list[str], accounts: tuple[Account, ...] = ()) -> Refused:
    """Each offer is the question as typed, with the word put right; where nothing is near, accounts or without it."""
    said = ask.words._("I do not understand “{word}” here.", word=named(word, 60))
    usage = f"/{ask.capability} {ask.words._(ask.desk.capabilities[ask.capability].usage)}"
    complete = [near for near in nearest if not near.endswith(":")]
    typed = " ".join(ask.text.split())
    complete += [account.account_id for account in accounts]
    mended = [typed.replace(word, near) if word in typed else near for near in complete] or [typed.replace(word, "")]
    offered = tuple(dict.fromkeys(" ".join(f"{ask.capability} {one}".split()) for one in mended))
    blocks = (section(f"{said} {ask.words._('The way to ask: {usage}', usage=usage)}"),)
    choices = (actions(*(button(f"/{one}", "ask", one) for one in offered)),) if offered else ()
    return Refused(Reply(said, (*blocks, *choices), offered=offered, answered=False))

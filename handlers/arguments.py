"""What is typed after a capability's word: an account, a period, a scope; never guessed, refused with the nearest."""

from dataclasses import dataclass

from domain.accounts import Account
from domain.periods import NotAPeriod, Period
from domain.periods import take as take_period
from domain.scopes import Filter
from domain.scopes import take as take_scope
from handlers.ask import Ask, Refused, Reply
from handlers.blocks import actions, button, named, section
from storage import people, search
from storage.scope import Scope

OFFERED = 5


def the_account(ask: Ask, typed: str, *, then: str = "") -> Account:
    """The account meant; raises Refused with candidates as buttons, each asking the same with `then` after it."""
    if not typed:
        raise _refused(ask, ask.words._("Which account? Write its name after the command."))
    with ask.database.transaction() as tx:
        match = search.find(tx, typed, scope=ask.scope, limit=OFFERED)
    if match.found:
        return match.found
    if match.candidates:
        said = ask.words._("“{typed}” could be several. Which one?", typed=named(typed, 60))
        raise Refused(_offer(ask, said, match.candidates, then))
    if match.suggestions:
        said = ask.words._("I know no account “{typed}”. Did you mean one of these?", typed=named(typed, 60))
        raise Refused(_offer(ask, said, match.suggestions, then))
    raise _refused(ask, ask.words._("I know no account “{typed}” that you may see.", typed=named(typed, 60)))


def _offer(ask: Ask, said: str, found: tuple[Account, ...], then: str) -> Reply:
    commands = tuple(f"{ask.capability} {account.account_id} {then}".strip() for account in found)
    choices = [button(named(a.name, 70), "ask", command) for a, command in zip(found, commands, strict=True)]
    return Reply(said, (section(said), actions(*choices)), offered=commands, answered=False)


def _refused(ask: Ask, said: str, offered: tuple[str, ...] = ()) -> Refused:
    blocks = (section(said), *([actions(*(button(f"/{o}", "ask", o) for o in offered))] if offered else []))
    return Refused(Reply(said, blocks, offered=offered, answered=False))


@dataclass(frozen=True)
class Selection:
    """Which accounts, over which days."""

    scope: Scope
    filters: tuple[Filter, ...]
    period: Period | None


def selection(ask: Ask, *, forward: bool = True, periods: bool = True) -> Selection:
    """Period and scope out of the typed words; raises Refused for a word that is neither."""
    rest = ask.text.split()
    period = None
    if periods:
        period, rest = take_period(
            rest, today=ask.today, fiscal_year_start=ask.policy.fiscal_year_start, forward=forward
        )
    filters, rest = take_scope(rest)
    if rest:
        raise _unknown_words(ask, rest, periods=periods)
    chosen = tuple(_resolved(ask, wanted) for wanted in filters) or _own(ask)
    return Selection(ask.scope.narrowed(*chosen), chosen, period)


def _own(ask: Ask) -> tuple[Filter, ...]:
    """By default a CSM's own book, a lead's team, all for the others."""
    kind = {"csm": "mine", "lead": "team"}.get(ask.caller.role, "all")
    return (Filter(kind, ""),)


def _resolved(ask: Ask, wanted: Filter) -> Filter:
    """A CSM may be named by a unique name or alias too."""
    if wanted.kind != "csm":
        return wanted
    with ask.database.transaction() as tx:
        found = people.named(tx, wanted.value)
    if len(found) == 1:
        return Filter("csm", found[0].email)
    if found:
        said = ask.words._("“{name}” could be several people.", name=named(wanted.value, 60))
        raise _refused(ask, said, tuple(f"{ask.capability} csm:{person.email}" for person in found[:OFFERED]))
    raise _refused(ask, ask.words._("I know nobody called “{name}”.", name=named(wanted.value, 60)))


def _unknown_words(ask: Ask, rest: list[str], *, periods: bool) -> Refused:
    word = named(" ".join(rest), 60)
    try:
        if periods:
            Period.parse(rest[0])  # type: ignore[attr-defined]
    except (NotAPeriod, AttributeError):
        pass
    return _refused(ask, ask.words._("I do not understand “{word}” here. {usage}", word=word, usage=usage(ask)))


def usage(ask: Ask) -> str:
    return ask.words._("The way to ask: {usage}", usage=f"/{ask.capability} {ask.desk.capabilities[ask.capability].usage}")

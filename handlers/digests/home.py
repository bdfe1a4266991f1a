"""Home: my day, what needs me, the renewals that lack a call, and my book by band; a lead sees the team's week too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.facts import Voice
from domain.health.scores import State
from domain.periods import Period
from domain.roles import may
from domain.scopes import Filter
from handlers import picking
from handlers.accounts.health import AFTER, counted, cursor_of, cursor_said
from handlers.alerts.alert_card import day_of, item
from handlers.alerts.due import due_of
from handlers.arguments import Selection
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.digests.digest import NAMED, TURNED, Day, away, curtain_calls, loaded, my_day
from handlers.digests.digest_settings import standing as settled
from handlers.digests.team_digest import team
from handlers.renewals import outlook, renewal_call, renewals
from storage import accounts, policies, scores
from storage.accounts import Standing
from storage.database import Transaction
from storage.renewals import movements
from storage.renewals.movements import Turned
from storage.scope import Scope
from words import Words
from words.terms import SIGNS, STATES, UNSCORED, term

WORD = "home"
FIRST, MORE, CALLS = 15, 40, 5
WEEK, AHEAD = timedelta(7), timedelta(90)


@dataclass(frozen=True)
class Page:
    """Of a book, the worst first; was: the scores of a week ago, by number of account."""

    standings: Sequence[Standing]
    was: dict[int, int | None]
    following: str


@dataclass(frozen=True)
class Book:
    """Whose accounts these are, how many of each band, and what turned within a week."""

    scope: Scope
    counts: dict[State | None, int]
    turned: Sequence[Turned]
    page: Page


def answer(ask: Ask) -> Reply:
    """All of it; `after:` a place in the book, only the book from there on."""
    if ask.text.startswith(AFTER):
        return _further(ask, ask.text.removeprefix(AFTER))
    day = day_of(ask)
    due = due_of(ask.desk, ask.caller, day)
    with ask.database.transaction() as tx:
        found = loaded(tx, ask, day, due, late=False)
        book = _book(tx, ask, None, FIRST)
        lacking = list(_lacking(tx, ask, book.scope))
    said = ask.words._("My day")
    blocks = [*_heading(ask, found), *_needed(ask, found), *curtain_calls(found), *my_day(found)]
    blocks += [*_uncalled(ask, lacking), *_bands(ask, book, found.growth), *_rows(ask, book.page)]
    if ask.caller.role == "lead":
        blocks += team(ask, day, playbooks=False)
    return Reply(said, tuple(blocks))


def whose(ask: Ask) -> tuple[Filter, ...]:
    """A lead's team; of everybody else their own accounts."""
    return (Filter("team" if ask.caller.role == "lead" else "own"),)


def _book(tx: Transaction, ask: Ask, after: accounts.Cursor | None, most: int) -> Book:
    scope, day = ask.scope.narrowed(*whose(ask)), day_of(ask)
    counts = scores.counts(tx, scope)
    turned = movements.turned(tx, scope, since=day - WEEK, day=day)
    return Book(scope, counts, turned, _page(tx, ask, scope, after, most))


def _page(tx: Transaction, ask: Ask, scope: Scope, after: accounts.Cursor | None, most: int) -> Page:
    found = accounts.page(tx, scope, after=after, limit=most + 1)
    shown = found[:most]
    version = policies.current(tx, ask.policy)
    numbers = [standing.account.number for standing in shown]
    before = day_of(ask) - WEEK
    was = scores.factors_on(tx, numbers, before, policy_version=version, scope=scope) if version else {}
    following = cursor_said(shown[-1].cursor) if len(found) > most else ""
    return Page(shown, {number: then.score for number, then in was.items()}, following)


def _further(ask: Ask, after: str) -> Reply:
    words = ask.words
    with ask.database.transaction() as tx:
        book = _book(tx, ask, cursor_of(after), MORE)
    back = button(words._("Back to my day"), "turn", WORD)
    blocks = [actions(back), *_bands(ask, book, ""), *_rows(ask, book.page)]
    return Reply(words._("My book"), tuple(blocks))


def _heading(ask: Ask, found: Day) -> Iterator[Block]:
    words = ask.words
    name = named(ask.caller.name.split()[0] if ask.caller.name.split() else "", 40)
    settings = button(words._("Settings…"), "form", "digest-settings") if ask.caller.email else None
    yield section(f"*{name}* · {words.full_day(found.day)}", accessory=settings)
    if settings:
        yield from settled(ask)
    if may(ask.caller.role, "write"):
        yield actions(*picking.buttons(ask))


def _needed(ask: Ask, found: Day) -> Iterator[Block]:
    words, due = ask.words, found.due
    if ask.caller.away(found.day):
        yield away(found)
        return
    if not due.need and not due.waiting:
        yield section(words._("Nothing urgent today."))
        return
    yield section(f"*{words._('THEY NEED YOU TODAY')}*")
    for place, each in enumerate(due.need, 1):
        yield from item(ask, each, place, back=WORD)
    if due.waiting:
        said = words.ngettext("{n} more can wait until tomorrow.", "{n} more can wait until tomorrow.", due.waiting)
        yield section(said, accessory=button(words._("See them"), "ask", "alerts mine"))


def _voice(ask: Ask) -> Voice:
    return "final" if ask.caller.role == "lead" else "csm"


def _lacking(tx: Transaction, ask: Ask, scope: Scope) -> Iterator[renewals.Ending]:
    """The renewals of 90 days that wait for the caller's word."""
    chosen = Selection(scope, whose(ask), Period(ask.today, ask.today + AHEAD))
    for ending in renewals.endings(tx, ask, chosen):
        if _voice(ask) in ending.line.tracks.missing and not ending.renewal.leaving:
            yield ending


def _uncalled(ask: Ask, lacking: list[renewals.Ending]) -> Iterator[Block]:
    words = ask.words
    if not lacking:
        return
    yield section(f"*{words._('RENEWALS WITHOUT YOUR CALL')}*")
    for ending in sorted(lacking, key=renewals.Ending.soonest)[:CALLS]:
        money = ending.renewal.version.annual
        until = words.until(ending.renewal.days_left)
        ends = words._("ends {day} ({until})", day=words.day(ending.renewal.ends_on), until=until)
        parts = [f"*{named(ending.account.name, 60)}*", words.money(money.amount, money.currency), ends]
        give = renewal_call.give(words, ending.account, ending.renewal.ends_on)
        accessory = give if may(ask.caller.role, "write") else None
        yield section(" · ".join(parts), *outlook.next_step(ask, ending.line), accessory=accessory)
    for more in words.and_more(len(lacking) - CALLS):
        which = "renewals team" if ask.caller.role == "lead" else "renewals mine"
        yield section(more, accessory=button(words._("See them"), "ask", which))


def _bands(ask: Ask, book: Book, growth: str) -> Iterator[Block]:
    words = ask.words
    title = words._("MY TEAM'S BOOK") if ask.caller.role == "lead" else words._("MY BOOK")
    if not sum(book.counts.values()):
        nothing = words._("No account is yours. `/health` shows those that you may see.")
        yield section(f"*{title}*", nothing)
        return
    yield section(f"*{title}* · {counted(words, book.counts)}", *_moved(words, book.turned, growth))


def _moved(words: Words, turned: Sequence[Turned], growth: str) -> Iterator[str]:
    news = []
    for state in TURNED:
        names = [named(each.name, 40) for each in turned if each.state == state]
        if names:
            shown = [*names[:NAMED], *([words._("others")] if len(names) > NAMED else [])]
            news.append(words._(TURNED[state], names=words.listed(shown)))
    yield words._("In the last 7 days: {news}", news=" · ".join(news) or words._("no colour changed"))
    if growth:
        yield words._("net growth of the quarter to date: {growth}", growth=growth)


def _rows(ask: Ask, page: Page) -> Iterator[Block]:
    words = ask.words
    for standing in page.standings:
        see = button(words._("See why"), "ask", f"health {standing.account.account_id}")
        yield section(_row(words, standing, page.was.get(standing.account.number)), accessory=see)
    if page.following:
        yield actions(button(words._("Next"), "turn", f"{WORD} {AFTER}{page.following}"))
    elif page.standings:
        yield context(words._("That is the whole book."))


def _row(words: Words, standing: Standing, was: int | None) -> str:
    sign = SIGNS[standing.state] if standing.state else UNSCORED
    said = words.number(standing.score) if standing.score is not None else term(words, STATES, standing.state)
    parts = [f"{sign} *{named(standing.account.name)}*", said]
    if standing.score is not None and was is not None and standing.score != was:
        moved = standing.score - was
        arrow = "▲" if moved > 0 else "▼"
        parts.append(words._("{arrow} {points} in 7 days", arrow=arrow, points=words.number(abs(moved))))
    return " · ".join(parts)

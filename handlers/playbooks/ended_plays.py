"""Plays whose time is over, as their owner is told: those that ended by themselves, and those with work still open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.playbooks import endings
from domain.playbooks.plays import Play
from handlers.ask import Ask
from handlers.blocks import Block, button, named, section
from handlers.playbooks.play_steer import RESULTS
from storage import accounts
from storage.database import Transaction
from storage.playbooks import follow_up, playbooks, plays, tasks
from storage.scope import Scope
from words import Words

LATELY = timedelta(7)
SHOWN = 3


@dataclass(frozen=True)
class Over:
    """A play whose time is over, by name; open: how many of its tasks, of one that is to be closed."""

    play: Play
    account: str
    title: str
    open: int = 0


def ended(tx: Transaction, ask: Ask, scope: Scope, *, after: date, playbook: str | None = None) -> list[Over]:
    """By themselves, up to today; the newest first."""
    found = plays.ended(tx, scope, after=after, until=ask.today, playbook=playbook)
    return _named(tx, ask, scope, [(play, 0) for play in found])


def to_be_closed(tx: Transaction, ask: Ask, scope: Scope) -> list[Over]:
    """Those that run on with open tasks."""
    live = [play for play, _country in follow_up.live(tx, scope)]
    books = playbooks.of_versions(tx, {play.version for play in live})
    over = [play for play in live if endings.is_over(play, books[play.version], ask.today)]
    work = tasks.of_plays(tx, [play.play_id for play in over], scope) if over else {}
    still = {p.play_id: len(endings.open_at_end(p, books[p.version], work.get(p.play_id, ()), ask.today)) for p in over}
    return _named(tx, ask, scope, [(play, still[play.play_id]) for play in over if still[play.play_id]])


def _named(tx: Transaction, ask: Ask, scope: Scope, those: Sequence[tuple[Play, int]]) -> list[Over]:
    known = accounts.some(tx, sorted({play.account for play, _open in those}), scope) if those else {}
    books = playbooks.of_versions(tx, {play.version for play, _open in those})
    language = ask.words.language
    return [
        Over(play, named(known[play.account].name, 40), named(books[play.version].title.of(language), 60), still)
        for play, still in those
        if play.account in known
    ]


def listed(words: Words, those: Sequence[Over]) -> Iterator[Block]:
    """Each with what came of it, and the way back for one that was not over."""
    for each in those[:SHOWN]:
        said = words._("■ *{name}* · {title} ended by itself on {day}", name=each.account, title=each.title,
                       day=words.day(each.play.ended_on or each.play.eligible_on))  # fmt: skip
        again = button(words._("Go on with it…"), "form", f"play-reopen {each.play.play_id}")
        yield section(said, named(each.play.note or "", 600), accessory=again)
    rest = len(those) - SHOWN
    if rest > 0:
        yield section(words.ngettext("and {n} more in the last week", "and {n} more in the last week", rest))


def brief(words: Words, over: Sequence[Over], asked: Sequence[Over]) -> Iterator[Block]:
    """A line of each kind for the digest."""
    rows = []
    if over:
        names = [f"{each.account}, {each.title} ({_result(words, each.play)})" for each in over]
        rows.append(words._("■ Ended by themselves: {plays}", plays=_some(words, names)))
    if asked:
        names = [
            words.ngettext("{name}, {title} ({n} task open)", "{name}, {title} ({n} tasks open)", each.open,
                           name=each.account, title=each.title)
            for each in asked
        ]  # fmt: skip
        rows.append(
            words._("⏳ Their time is over, close them or move what is open: {plays}", plays=_some(words, names))
        )
    if rows:
        yield section(*rows, accessory=button(words._("See the plays"), "ask", "playbook plays mine"))


def _result(words: Words, play: Play) -> str:
    return words._(RESULTS[play.result]) if play.result else words._("nobody can tell")


def _some(words: Words, names: Sequence[str]) -> str:
    return " · ".join([*names[:SHOWN], *words.and_more(len(names) - SHOWN)])

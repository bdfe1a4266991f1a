"""Which waves of a playbook there were: when each began, how many it started, how many of it wait or are left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.playbooks.playbooks import Playbook
from handlers.blocks import Block, context
from storage.database import Transaction
from storage.playbooks import playbooks, plays
from storage.playbooks.plays import Wave
from storage.scope import Scope
from words import NN_, Words

SHOWN = 5
DRAWN = {
    "waiting": NN_("{n} waits", "{n} wait"),
    "held_out": NN_("{n} left out at random", "{n} left out at random"),
}


@dataclass(frozen=True)
class Waves:
    """version: that of the file today, None before its first start."""

    every: Sequence[Wave]
    version: int | None


def waves(tx: Transaction, scope: Scope, book: Playbook) -> Waves:
    return Waves(plays.waves(tx, scope, book.name), playbooks.current(tx, book))


def said(words: Words, found: Waves) -> Iterator[Block]:
    """The newest first; nothing where every play was started by itself."""
    if found.every:
        rows = [_wave(words, each, found.version) for each in found.every[:SHOWN]]
        rest = len(found.every) - SHOWN
        more = [words.ngettext("and {n} wave before", "and {n} waves before", rest)] if rest > 0 else []
        yield context("\n".join([*rows, *more]))


def _wave(words: Words, each: Wave, version: int | None) -> str:
    number = words.number(each.number)
    heading = words._("Wave {n}, {day}", n=number, day=words.day(each.began_on))
    if each.version != version:
        heading = words._("Wave {n} of an earlier version, {day}", n=number, day=words.day(each.began_on))
    started = words.ngettext("{n} account", "{n} accounts", each.started)
    drawn = {"waiting": each.waiting, "held_out": each.held_out}
    rest = [words.ngettext(*DRAWN[status], n) for status, n in drawn.items() if n]
    return f"{heading}: {' · '.join([started, *rest])}"

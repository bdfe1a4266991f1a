"""What is said where a question was not understood, and what is kept of it: never a name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from domain.sentences import key, tokens
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, named, section
from handlers.questions.phrasebook import phrasebook
from handlers.questions.questions import Understood
from handlers.questions.readings import Heard, heard
from storage import questions, search
from storage.database import Transaction
from storage.names import fold
from storage.questions import Question, contact_names
from words import Words

LONGEST, ALONE, MOST = 300, 3, 20
ACCOUNT, PERSON, NAME = "{account}", "{person}", "{name}"
PRIVATE = re.compile(r"@|://|^\+?[\d\s().-]{5,}$|\d{4,}")


def unclear(ask: Ask, found: Understood) -> Reply:
    """At most three readings as buttons, and the words that nothing explained."""
    offered = found.offered or ("help",)
    said = _said(ask, found)
    blocks: tuple[Block, ...] = (section(said), actions(*(button(f"/{one}", "ask", one) for one in offered)))
    return Reply(said, blocks, offered=offered, answered=False)


def _said(ask: Ask, found: Understood) -> str:
    words = ask.words
    if found.unexplained:
        strange = named(found.unexplained, 80)
        if found.offered:
            return words._("I did not understand “{word}”. Perhaps one of these?", word=strange)
        return words._("I did not understand “{word}”. Say it in other words, or see what I can do.", word=strange)
    if found.which_account and not found.offered:
        return words._("Which account do you mean? Say it again with its name.")
    if found.offered:
        return words._("That could mean several things. Which one?")
    return words._("I did not understand that. Say it in other words, or see what I can do.")


def keep_in_vain(ask: Ask) -> None:
    """So that an admin sees what people ask; only where the policy keeps it."""
    if not ask.policy.questions.keep:
        return
    with ask.database.transaction() as tx:
        said = " ".join(_without_names(tx, heard(tx, ask, tokens(ask.text))))[:LONGEST]
    if not any(word.isalpha() for word in said.split()):
        return
    with ask.database.changing() as tx:
        questions.keep(tx, key(said), said, language=ask.words.language, on=ask.today)


def _without_names(tx: Transaction, said: Heard) -> Iterator[str]:
    """The words, each name replaced: of accounts, of people of ours, of contacts, and what else may be private."""
    names = _names(tx, said)
    last = ""
    for at, word in enumerate(said.words):
        placeholder = names.get(at, "")
        if not placeholder or placeholder != last:
            yield placeholder or word
        last = placeholder


def _names(tx: Transaction, said: Heard) -> dict[int, str]:
    grammar = phrasebook(said.ask.words.language, {})
    found = {at: NAME for at, word in enumerate(said.words) if PRIVATE.search(word)}
    for at in (at for run in said.unknown(grammar, said.keys) for at in range(*run)):
        word = said.words[at]
        if (at and word[:1].isupper()) or _is_in_a_name(tx, said, word):
            found[at] = NAME
    people = [span for span in said.scopes(grammar, said.keys) if span.value.startswith("csm:")]
    runs = _runs(said.words)
    contacts = contact_names(tx, list(runs.values()))
    found |= {at: NAME for run, text in runs.items() if text.casefold() in contacts for at in range(*run)}
    found |= {at: PERSON for span in people for at in range(span.first, span.last)}
    return found | {at: ACCOUNT for span in said.accounts for at in range(span.first, span.last)}


def _runs(words: Sequence[str]) -> dict[tuple[int, int], str]:
    sizes = ((first, first + size) for size in (1, 2, 3) for first in range(len(words) - size + 1))
    return {run: " ".join(words[slice(*run)]) for run in sizes}


def _is_in_a_name(tx: Transaction, said: Heard, word: str) -> bool:
    if len(word) <= ALONE:
        return False
    match = search.part(tx, word, scope=said.ask.scope, limit=MOST)
    near = (match.found, *match.candidates)
    return any(one and fold(word) in fold(one.name).split() for one in near)


def lines(found: Sequence[Question], words: Words) -> list[str]:
    """As `unanswered` prints them."""
    if not found:
        return [words._("Nothing was asked in vain.")]
    return [f"{words.number(one.times):>4}  {one.language}  {words.day(one.last_on)}  {one.said}" for one in found]


def as_json(found: Sequence[Question]) -> list[dict[str, object]]:
    return [asdict(one) | {"first_on": one.first_on.isoformat(), "last_on": one.last_on.isoformat()} for one in found]

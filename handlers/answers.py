"""From what was typed to its answer: the one way that a command, a message, a button and the terminal go."""

from collections.abc import Mapping

from rapidfuzz import process

from domain.accounts import Person
from handlers.ask import Ask, Capability, Desk, Refused, Reply
from handlers.blocks import actions, button, named, section
from words import Words

CLOSE_ENOUGH = 60
LONGEST = 2000


def answer(desk: Desk, caller: Person, words: Words, typed: str) -> tuple[str | None, Reply]:
    """The capability that answered (None: not understood) and its reply; refusals are replies too."""
    if len(typed) > LONGEST:
        return None, _too_long(words)
    word, rest = split(desk, typed.replace("\0", " "))  # a sign that PostgreSQL cannot hold
    capability = desk.capabilities.get(word)
    if capability is None:
        return None, _not_understood(desk, words, word)
    try:
        return word, capability.answer(Ask(desk, caller, words, text=rest, capability=word))
    except Refused as refused:
        return word, refused.reply


def split(desk: Desk, typed: str) -> tuple[str, str]:
    """The capability's word and the rest: "/cs health acme" is health, acme. Nothing at all is help."""
    word, rest = _first(typed)
    if word == desk.names.get(desk.prefix, desk.prefix):
        word, rest = _first(rest)
    known = {name: word for word, name in desk.names.items()}
    return known.get(word, word) or "help", rest


def _first(typed: str) -> tuple[str, str]:
    first, rest = [*typed.split(maxsplit=1), "", ""][:2]
    return first.removeprefix("/").lower(), rest.strip()


def nearest(word: str, known: Mapping[str, Capability]) -> list[str]:
    return [name for name, _score, _ in process.extract(word, list(known), limit=3, score_cutoff=CLOSE_ENOUGH)]


def _too_long(words: Words) -> Reply:
    text = words._("That is more than I can read: write at most {most} characters.", most=words.number(LONGEST))
    return Reply(text, (section(text),), answered=False)


def _not_understood(desk: Desk, words: Words, word: str) -> Reply:
    offered = tuple(nearest(word, desk.capabilities)) or ("help",)
    text = words._("I did not understand “{word}”. Perhaps one of these?", word=named(word, 40))
    choices = [button(f"/{name}", "ask", name) for name in offered]
    return Reply(text, (section(text), actions(*choices)), offered=offered, answered=False)

"""From what was typed to its answer: the one way that a command, a message, a button and the terminal go."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process

from domain.accounts import Person
from handlers.ask import Ask, Capability, Desk, Refused, Reply
from handlers.assistant.assistant import assisted
from handlers.blocks import actions, button, named, section
from handlers.questions.questions import understand
from handlers.questions.unclear import keep_in_vain, unclear
from words import Words

CLOSE_ENOUGH = 60
LONGEST = 2000


@dataclass(frozen=True)
class Answer:
    """The capability that answered (None: not understood), its reply, and the command that it was the answer to."""

    capability: str | None
    reply: Reply
    command: str = ""


def answer(desk: Desk, caller: Person, words: Words, typed: str, *, after: str = "") -> tuple[str | None, Reply]:
    """The capability that answered (None: not understood) and its reply; refusals are replies too."""
    given = answered(desk, caller, words, typed, after=after)
    return given.capability, given.reply


def answered(desk: Desk, caller: Person, words: Words, typed: str, *, after: str = "") -> Answer:
    """A command as it stands; else the command that the sentence comes to. `after`: the one answered before."""
    if len(typed) > LONGEST:
        return Answer(None, _too_long(words))
    typed = typed.replace("\0", " ").strip()  # a sign that PostgreSQL cannot hold
    word, rest = split(desk, typed)
    if word not in desk.capabilities:
        return _sentence(desk, caller, words, typed, after)
    given = _command(desk, caller, words, word, rest)
    if typed.startswith("/") or given.reply.answered:
        return given
    return _sentence(desk, caller, words, typed, after, refused=given)


def meant(desk: Desk, caller: Person, words: Words, typed: str) -> str:
    """The command that is meant, without asking it; as typed where it is none that is sure."""
    word, rest = split(desk, typed)
    if word in desk.capabilities:
        return f"{word} {rest}".strip()
    return understand(Ask(desk, caller, words, text=typed), typed).command


def _command(desk: Desk, caller: Person, words: Words, word: str, rest: str) -> Answer:
    command = f"{word} {rest}".strip()
    try:
        return Answer(
            word, desk.capabilities[word].answer(Ask(desk, caller, words, text=rest, capability=word)), command
        )
    except Refused as refused:
        return Answer(word, refused.reply, command)


def _sentence(
    desk: Desk, caller: Person, words: Words, typed: str, after: str, refused: Answer | None = None
) -> Answer:
    """What begins with a capability's word was a command first: only a sentence without any doubt is another."""
    given = typed
    if typed.startswith("/") and not (typed := _after_prefix(desk, typed)):
        return Answer(None, not_a_word(desk, words, split(desk, given)[0]))
    ask = Ask(desk, caller, words, text=typed)
    found = understand(ask, typed, after)
    if found.command and not (refused and found.mended):
        word, rest = split(desk, found.command)
        if word in desk.capabilities:
            return _command(desk, caller, words, word, rest)
    if refused:
        return refused
    helped: Answer | None = assisted(
        ask, after, found.offered, lambda chosen: _command(desk, caller, words, *split(desk, chosen))
    )
    if helped is None:
        keep_in_vain(ask)
    return helped or Answer(None, unclear(ask, found))


def _after_prefix(desk: Desk, typed: str) -> str:
    """Of the command that takes any words, the words; of another command nothing."""
    word, rest = _first(typed)
    return rest if word == desk.names.get(desk.prefix, desk.prefix) else ""


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
    shown = [name for name, each in known.items() if not each.hidden]
    return [name for name, _score, _ in process.extract(word, shown, limit=3, score_cutoff=CLOSE_ENOUGH)]


def _too_long(words: Words) -> Reply:
    text = words._("That is more than I can read: write at most {most} characters.", most=words.number(LONGEST))
    return Reply(text, (section(text),), answered=False)


def not_a_word(desk: Desk, words: Words, word: str) -> Reply:
    """Of a command that there is not: those that look alike."""
    offered = tuple(nearest(word, desk.capabilities)) or ("help",)
    text = words._("I did not understand “{word}”. Perhaps one of these?", word=named(word, 40))
    choices = [button(f"/{name}", "ask", name) for name in offered]
    return Reply(text, (section(text), actions(*choices)), offered=offered, answered=False)

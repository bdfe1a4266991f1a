"""/help: what can be asked, or how one word is used."""

from handlers.answers import nearest
from handlers.ask import Ask, Capability, Reply
from handlers.blocks import actions, button, context, named, section

EXAMPLES = ("health", "renewals 90d", "risks")


def answer(ask: Ask) -> Reply:
    word = ask.text.removeprefix("/").lower()
    if not word:
        return _all(ask)
    capability = ask.desk.capabilities.get(word)
    if capability is None or capability.hidden:
        offered = tuple(f"help {name}" for name in nearest(word, ask.desk.capabilities)) or ("help",)
        said = ask.words._("There is no “{word}”. Perhaps one of these?", word=named(word, 40))
        return Reply(said, (section(said), actions(*(button(f"/{o}", "ask", o) for o in offered))), (), offered, False)
    said = _line(ask, word, capability)
    return Reply(said, (section(said, *(ask.words._(line) for line in capability.more)),))


def _all(ask: Ask) -> Reply:
    words = ask.words
    lines = [
        _line(ask, word, capability) for word, capability in ask.desk.capabilities.items() if not capability.hidden
    ]
    greeting = words._("I know your accounts. Ask me in a command, or write the same words to me in a direct message.")
    tries = actions(*(button(f"/{example}", "ask", example) for example in EXAMPLES))
    note = words._("An account is named by its name, a part of it, or its id; accents and typos do not matter.")
    return Reply(greeting, (section(greeting), section(*lines), tries, context(note)))


def _line(ask: Ask, word: str, capability: Capability) -> str:
    name = ask.desk.names.get(word, word)
    return f"*/{name}* {ask.words._(capability.usage)}".rstrip() + f"  ·  {ask.words._(capability.help)}"

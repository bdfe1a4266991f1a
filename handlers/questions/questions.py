"""From a sentence to the command that it comes to: sure, or offered, never guessed; what was not understood is said."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from domain.sentences import Found, Grammar, Reading, Span, filter_order, key, tokens
from domain.slips import finger_slip
from handlers.ask import Ask
from handlers.questions.follow_ups import Frame, followed, frame
from handlers.questions.phrasebook import phrasebook
from handlers.questions.readings import MINE, Heard, Lookup, heard
from storage.database import Transaction
from words import LANGUAGES

OFFERED = 3
MOST_STRANGE = 6
SHORT, MOST_SHORT = 5, 2
NEARLY = 0.25
UNNAMED = "?"
ABOUT_ONE = ("health", "account", "export plan")
OWN_BY_DEFAULT = ("renewals", "risks", "tasks", "alerts", "stage", "forecast", "playbook", "export renewals")
ABOUT_MANY = ("risks", "renewals", "journey")


@dataclass(frozen=True)
class Understood:
    """`command` where it is sure; else the `offered` ones, what stayed `unexplained`, whether an account is missing.

    mended: only once slips of the keys were put right.
    """

    command: str = ""
    offered: tuple[str, ...] = ()
    unexplained: str = ""
    which_account: bool = False
    mended: bool = False


def understand(ask: Ask, text: str, after: str = "") -> Understood:
    """`after`: the command that was answered before, in the same conversation."""
    found = _understood(ask, text, after)
    offered = tuple(dict.fromkeys(_settled(ask, command) for command in found.offered))
    return replace(found, command=_settled(ask, found.command), offered=offered)


def _settled(ask: Ask, command: str) -> str:
    """“my” is said of what is one's own anyway; where all would be meant, it narrows."""
    own_anyway = ask.caller.role == "csm" and command.startswith(OWN_BY_DEFAULT)
    mine = "" if own_anyway else "mine"
    return " ".join(filter(None, (word if word != MINE else mine for word in command.split())))


def _understood(ask: Ask, text: str, after: str) -> Understood:
    words = tokens(text)
    if not words:
        return Understood("help")
    with ask.database.transaction() as tx:
        books = [phrasebook(language, ask.policy.questions.phrases) for language in _languages(ask)]
        noted = next((found for book in books if (found := _noted(tx, ask, book, text, after))), None)
        if noted:
            return noted
        said = heard(tx, ask, words)
        lookup = Lookup(tx, ask)
        tries = [Try(ask, said, book, lookup, frame(ask, after, book) if after else None) for book in books]
        for step in STEPS:
            for one in tries:
                found = step(one)
                if found:
                    return found
        return max(
            (one.unsure() for one in tries),
            key=lambda one: (len(one.offered), one.which_account, -len(one.unexplained)),
        )


def _languages(ask: Ask) -> list[str]:
    """The reader's own first."""
    return sorted(LANGUAGES, key=lambda language: language != ask.words.language)


@dataclass
class Try:
    """A sentence against the phrases of one language, after the command before it."""

    ask: Ask
    said: Heard
    grammar: Grammar
    lookup: Lookup
    before: Frame | None
    put_right: dict[bool, list[str]] = field(default_factory=dict)

    def as_typed(self) -> Understood | None:
        found = self._sure(self.said, self.said.keys)
        quiet = len(Found(self.said.keys, self.grammar.noise).noise) == len(self.said.keys) and not self.said.accounts
        return found or (Understood("help") if quiet else None)

    def by_part(self) -> Understood | None:
        found = self._with_accounts(self.said.keys, forgiving=False)
        other = self.mended() if found and self.lookup.loose else None
        if found and other and other.command != found.command:
            return Understood(offered=tuple(filter(None, (found.command, other.command))))
        return found

    def mended(self) -> Understood | None:
        return self._mended(noise=False, forgiving=None)

    def by_part_mended(self) -> Understood | None:
        return self._mended(noise=False, forgiving=False)

    def by_likeness(self) -> Understood | None:
        return self._with_accounts(self.said.keys, forgiving=True) or self._mended(noise=False, forgiving=True)

    def forgiving(self) -> Understood | None:
        keys = self._put_right(noise=True)
        other = [at for at, word in enumerate(keys) if word != self.said.keys[at]]
        if any(self._may_be_a_name(at) for at in other if self._quiet(keys[at])):
            return None
        greets = other and all(map(self._quiet, keys)) and all(self._says_nothing(self.said.keys[at]) for at in other)
        return Understood("help") if greets else self._mended(noise=True, forgiving=None)

    def forgiving_by_part(self) -> Understood | None:
        return self._mended(noise=True, forgiving=False)

    def by_every_slip(self) -> Understood | None:
        """A short word may be a slip of several: what comes of them if that is one thing."""
        runs = self.said.unknown(self.grammar, self.said.keys)
        short = [at for run in runs for at in range(*run) if len(self.said.keys[at]) <= SHORT]
        known = self.said.known(self.grammar) if short else frozenset()
        found: dict[str, None] = {}
        for at in short[:MOST_SHORT]:
            near = sorted(word for word in known if finger_slip(self.said.keys[at], word))
            if not near or self._may_be_a_name(at):
                continue
            if not self.said.persons.isdisjoint(near):
                return None
            for other in near:
                keys = [*self.said.keys[:at], other, *self.said.keys[at + 1 :]]
                meant = self._sure(self.said, keys) or self._with_accounts(keys, forgiving=False)
                found |= dict.fromkeys(meant.offered or (meant.command,)) if meant else {}
        return replace(self._registered(list(found)), mended=True) if found else None

    def _says_nothing(self, key: str) -> bool:
        """Whatever it is a slip of."""
        near = [word for word in self.said.known(self.grammar) if finger_slip(key, word)]
        return bool(near) and all(map(self._quiet, near))

    def _quiet(self, key: str) -> bool:
        return len(Found(key.split(), self.grammar.noise).noise) == len(key.split())

    def _may_be_a_name(self, at: int) -> bool:
        """Whether a word that would be taken for another could be a part of a name, mistyped."""
        said = frozenset(word for phrase in self.grammar.noise for word in phrase.split())
        return bool(self.lookup.nearly(self.said.words[at], said))

    def _mended(self, *, noise: bool, forgiving: bool | None) -> Understood | None:
        keys = self._put_right(noise=noise)
        if keys == self.said.keys:
            return None
        found = self._sure(self.said, keys) if forgiving is None else self._with_accounts(keys, forgiving=forgiving)
        return replace(found, mended=True) if found else None

    def _put_right(self, *, noise: bool) -> list[str]:
        if noise not in self.put_right:
            self.put_right[noise] = self.said.mended(self.grammar, noise=noise)
        return self.put_right[noise]

    def _with_accounts(self, keys: Sequence[str], *, forgiving: bool) -> Understood | None:
        runs = self.said.unknown(self.grammar, keys)
        if not self._sure(self.said.naming(*(Span("account", *run, UNNAMED) for run in runs)), keys):
            return None
        found = self.lookup.named(self.said.words, runs, forgiving=forgiving)
        sure = self._sure(self.said.naming(*found), keys) if found else None
        return replace(sure, mended=True) if sure and forgiving else sure

    def _sure(self, said: Heard, keys: Sequence[str]) -> Understood | None:
        following = list(followed(said, keys, self.grammar, self.before)) if self.before else []
        readings = said.readings(self.grammar, keys)
        sure = [reading for reading in readings if reading.sure]
        if following and (following[0][1] or not sure):
            return self._registered([following[0][0]])
        sure += self._of_the_same_account(readings)
        if not sure:
            return None
        best = max(sure, key=lambda reading: reading.score)
        alike = [reading for reading in sure if best.score - reading.score < NEARLY]
        return self._registered(list(dict.fromkeys(self._command(reading) for reading in (best, *alike))))

    def _of_the_same_account(self, readings: Sequence[Reading]) -> list[Reading]:
        """What lacks nothing but an account is about the one spoken of."""
        held = self.before.slots if self.before else {}
        return [one for one in readings if one.missing == ("account",) and "account" in held and one.whole]

    def _command(self, reading: Reading) -> str:
        lacking = {kind: self.before.slots[kind] for kind in reading.missing} if self.before else {}
        return reading.command(**lacking)

    def _registered(self, commands: list[str]) -> Understood:
        return Understood(commands[0]) if len(commands) == 1 else Understood(offered=tuple(commands[:OFFERED]))

    def unsure(self) -> Understood:
        """The nearest readings, each with what the sentence does not say left out."""
        keys = self._put_right(noise=True)
        readings = self.said.readings(self.grammar, keys)
        runs = self.said.unknown(self.grammar, self.said.keys, told=True)
        strange = " ".join(" ".join(self.said.words[first:last]) for first, last in runs)
        turned = {at for at, word in enumerate(keys) if word in self.grammar.never}
        named = {at for span in self.said.accounts for at in range(span.first, span.last)}
        near = [one for one in readings if not (one.lacking or one.missing) and len(one.unexplained) <= one.told]
        if turned & {at for one in near for at in one.unexplained}:
            return Understood(unexplained=strange or " ".join(self.said.words[min(turned) :]))
        offered = list(dict.fromkeys(one.command() for one in near if not named & {*one.unexplained}))
        offered = offered or self._about(keys, strange)
        offered = offered or list(self._nearly(keys))
        which = any(one.missing == ("account",) and one.whole for one in readings)
        return Understood(offered=tuple(self._known(offered))[:OFFERED], unexplained=strange, which_account=which)

    def _nearly(self, keys: Sequence[str]) -> Iterator[str]:
        """What would be sure if the words that nothing explains named an account one slip away."""
        for first, last in self.said.unknown(self.grammar, keys)[:MOST_STRANGE]:
            if last - first == 1:
                for account in self.lookup.nearly(self.said.words[first])[:OFFERED]:
                    found = self._sure(self.said.naming(Span("account", first, last, account)), keys)
                    yield from (found.command,) if found and found.command else ()

    def _about(self, keys: Sequence[str], strange: str) -> list[str]:
        """What one may want to know of the account, or of the accounts, where nothing else was said."""
        if self.said.accounts:
            longest = max(self.said.accounts, key=lambda span: span.size)
            return [f"{word} {longest.value}" for word in ABOUT_ONE if not strange]
        filters = " ".join(sorted((span.value for span in self.said.scopes(self.grammar, keys)), key=filter_order))
        return [f"{word} {filters}" for word in ABOUT_MANY if filters.strip() and not strange]

    def _known(self, commands: Sequence[str]) -> Iterator[str]:
        return (command for command in commands if command.split()[0] in self.ask.desk.capabilities)


STEPS: tuple[Callable[[Try], Understood | None], ...] = (
    Try.as_typed, Try.by_part, Try.mended, Try.by_part_mended, Try.by_likeness, Try.forgiving,
    Try.forgiving_by_part, Try.by_every_slip,
)  # fmt: skip


def _noted(tx: Transaction, ask: Ask, grammar: Grammar, text: str, after: str) -> Understood | None:
    """What is to be written down follows a colon or “that”; the account stands before it or in it."""
    for head, tail in _cut(grammar, text):
        words = tokens(head)
        told = {word for one in grammar.sentences if "text" in one.slots for group in one.needs for word in group}
        if not tail or not Found([key(word) for word in words], grammar.noise).places(frozenset(told)):
            continue
        said = heard(tx, ask, words)
        runs = said.unknown(grammar, said.keys)
        named = said.naming(*Lookup(tx, ask).named(words, runs, forgiving=False)) if runs else said
        reading = next((one for one in named.readings(grammar, said.keys, noting=True) if one.whole), None)
        if reading is not None:
            return _written_down(tx, ask, grammar, reading, tail, after)
    return None


def _written_down(tx: Transaction, ask: Ask, grammar: Grammar, reading: Reading, tail: str, after: str) -> Understood:
    if reading.sure:
        return Understood(reading.command(text=tail))
    account = _of_the_tail(tx, ask, grammar, tail) or _of_the_frame(ask, after, grammar)
    if reading.missing != ("account",) or not account:
        return Understood(which_account=True)
    return Understood(reading.command(text=tail, account=account))


def _cut(grammar: Grammar, text: str) -> Iterator[tuple[str, str]]:
    for mark in grammar.marks:
        head, found, tail = text.partition(f"{mark} " if mark == ":" else mark)
        if found:
            yield head, tail.strip()


def _of_the_tail(tx: Transaction, ask: Ask, grammar: Grammar, tail: str) -> str:
    """The one account that the text names, as a whole or by one word of it."""
    said = heard(tx, ask, tokens(tail))
    if said.accounts:
        return max(said.accounts, key=lambda span: span.size).value
    strange = [at for run in said.unknown(grammar, said.keys) for at in range(*run)][:MOST_STRANGE]
    runs = [(at, at + 1) for at in strange if said.keys[at] not in grammar.noise]
    lookup = Lookup(tx, ask)
    found = {span.value for run in runs for span in lookup.named(said.words, [run], forgiving=False)}
    return found.pop() if len(found) == 1 else ""


def _of_the_frame(ask: Ask, after: str, grammar: Grammar) -> str:
    before = frame(ask, after, grammar) if after else None
    return before.slots.get("account", "") if before else ""

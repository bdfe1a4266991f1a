"""What a sentence asks: words against the phrases of a language, in any order; what stays unexplained is said."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.folding import fold

Kind = Literal["account", "playbook", "metric", "period", "scope", "text"]
SLOT = re.compile(r"\{(account|playbook|metric|period|scope|text)(\?)?(?::(\w+))?\}")
GROUP = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|([^\s()\[\]]+)")
SIGNS = re.compile(r"[<>*_~`{}\[\]|]+")
EMOJI = re.compile(r"(?<!\S):([a-z0-9_+'-]+):(?!\S)")
LINK = re.compile(r"<(?:mailto:|https?://)[^|>]*\|([^>]*)>")
CIRCLES = {"🔴": " red ", "🟡": " yellow ", "🟢": " green ", "red_circle": "red", "large_yellow_circle": "yellow",
           "large_green_circle": "green"}  # fmt: skip
SHORTEST, ONE_SLIP, TWO_SLIPS = 3, 0.74, 0.8
LONGEST_RUN, ALIKE = 6, 8
ORDER: tuple[Kind, ...] = ("account", "playbook", "metric", "period", "scope")


@dataclass(frozen=True, slots=True)
class Span:
    """Words first..last-1 mean something of their own; `value` is how a command says it."""

    kind: Kind
    first: int
    last: int
    value: str

    @property
    def size(self) -> int:
        """In words."""
        return self.last - self.first

    def meets(self, other: "Span") -> bool:
        """Whether they share a word."""
        return self.first < other.last and other.first < self.last


@dataclass(frozen=True, slots=True)
class Sentence:
    """One way to ask: the command it comes to, phrases it needs (one of each group) and phrases it may hold.

    slots: what the command takes → whether it must be there; wanted: kinds of scope that must be among the filters.
    """

    command: str
    slots: Mapping[str, bool]
    needs: tuple[frozenset[str], ...]
    may: frozenset[str]
    wanted: tuple[str, ...] = ()
    rank: int = 0


@dataclass(frozen=True)
class Grammar:
    """The phrases of one language; `never`: what turns a question round."""

    noise: frozenset[str]
    also: frozenset[str]
    follows: frozenset[str]
    values: Mapping[str, str]
    sentences: tuple[Sentence, ...]
    after: Mapping[str, tuple[Sentence, ...]]
    marks: tuple[str, ...]
    never: frozenset[str]
    vocabulary: frozenset[str]

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that say something."""
        return self.vocabulary - {word for phrase in self.noise for word in phrase.split()}


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence and what it found: `sure` where every word is explained and nothing is missing."""

    sentence: Sentence
    spans: tuple[Span, ...]
    told: int
    unexplained: tuple[int, ...] = ()
    lacking: int = 0
    missing: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Nothing was guessed."""
        return self.whole and not self.missing

    @property
    def whole(self) -> bool:
        """Every word is explained; something may be missing."""
        return not (self.unexplained or self.lacking)

    @property
    def score(self) -> float:
        """Higher is likelier; for the order of offers, and for the more telling of two that are sure."""
        lost = 2.5 * len(self.unexplained) + 6 * self.lacking + 3 * len(self.missing)
        return 3 * self.told + 0.5 * self.sentence.rank - lost

    def value(self, kind: Kind) -> str:
        """What stands in a slot."""
        values = sorted({span.value for span in self.spans if span.kind == kind and span.value}, key=filter_order)
        return " ".join(values)

    def command(self, **more: str) -> str:
        """The command that it comes to."""
        return filled(self.sentence.command, {**more, **self.slots})

    @property
    def slots(self) -> dict[str, str]:
        """What stands in each slot that something stands in."""
        return {kind: value for kind in ORDER if (value := self.value(kind))}


def filter_order(value: str) -> tuple[bool, str]:
    """Whose accounts first, then by kind."""
    return (":" in value, value)


def filled(command: str, slots: Mapping[str, str]) -> str:
    """The command with what stands in its slots."""
    return " ".join(SLOT.sub(lambda slot: slots.get(slot[1], ""), command).split())


def tokens(text: str) -> list[str]:
    """The words as typed, without marks and emoji; a coloured circle is its colour, a genitive its owner."""
    text = LINK.sub(r" \1 ", text.replace("’", "'"))
    for circle, colour in CIRCLES.items():
        text = text.replace(circle, colour) if len(circle) == 1 else text
    text = EMOJI.sub(lambda emoji: CIRCLES.get(emoji[1], " "), text)
    words = (_owner(_bare(word)) for word in SIGNS.sub(" ", text).split())
    return [word for word in words if any(sign.isalnum() or sign in "%&" for sign in word)]


def key(word: str) -> str:
    """How a word or a phrase is looked up."""
    return " ".join(fold(word).replace("-", " ").split())


def grammar(said: Mapping[str, Any]) -> Grammar:
    """The phrases as a language's file holds them; raises KeyError or ValueError for what it cannot be."""
    values = {key(phrase): value for value, phrases in said["values"].items() for phrase in phrases}
    sentences = tuple(chain.from_iterable(_sentences(entry) for entry in said["sentences"]))
    after = {
        first: tuple(chain.from_iterable(_sentences(entry) for entry in entries))
        for first, entries in said.get("after", {}).items()
    }
    noise, also, follows, never = (_keys(said.get(name, ())) for name in ("noise", "also", "follows", "never"))
    every = (
        noise,
        also,
        follows,
        values,
        *(p for s in (*sentences, *chain(*after.values())) for p in (*s.needs, s.may)),
    )
    words = frozenset(word for phrases in every for phrase in phrases for word in phrase.split())
    return Grammar(noise, also, follows, values, sentences, after, tuple(said["marks"]), never, words)


def extended(base: Grammar, more: Mapping[str, Sequence[str]]) -> Grammar:
    """With phrases of an organisation's own: command → ways to say it."""
    own = tuple(chain.from_iterable(_sentences({"command": command, "say": say}) for command, say in more.items()))
    words = {
        word for sentence in own for phrases in (*sentence.needs, sentence.may) for p in phrases for word in p.split()
    }
    return replace(base, sentences=(*base.sentences, *own), vocabulary=base.vocabulary | words)


def phrases(keys: Sequence[str], known: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Where phrases stand among the words and what they mean, the longest first; none shares a word with another."""
    used: set[int] = set()
    for size in range(min(LONGEST_RUN, len(keys)), 0, -1):
        for first in range(len(keys) - size + 1):
            meant = known.get(" ".join(keys[first : first + size]))
            if meant is not None and used.isdisjoint(range(first, first + size)):
                used.update(range(first, first + size))
                yield first, first + size, meant


def mended(keys: Sequence[str], known: frozenset[str], taken: Iterable[int]) -> list[str]:
    """Words that are nowhere known become the nearest that is, if it is near; `taken` ones stay."""
    left, vocabulary = frozenset(taken), sorted(word for word in known if len(word) > SHORTEST)

    def put_right(key: str) -> str:
        return " ".join(word if word in known else _nearest(word, vocabulary) for word in key.split())

    return [key if at in left or key in known else put_right(key) for at, key in enumerate(keys)]


def read(keys: Sequence[str], spans: Sequence[Span], known: Grammar, sentences: Sequence[Sentence]) -> list[Reading]:
    """Every sentence that the words may be, the likeliest first; of one command the best."""
    found = Found(keys, known.noise)
    readings = [
        reading
        for sentence in sentences
        for chosen in _choices(sentence, spans)
        if (reading := _reading(sentence, chosen, found)) is not None
    ]
    best: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda one: (not one.sure, not one.whole, -one.score)):
        best.setdefault(reading.command(), reading)
    return list(best.values())


class Found:
    """Where each run of the words stands, looked up once for all sentences."""

    def __init__(self, keys: Sequence[str], noise: frozenset[str]) -> None:
        self.size = len(keys)
        self.runs: dict[str, list[tuple[int, int]]] = {}
        for size in range(min(LONGEST_RUN, len(keys)), 0, -1):
            for first in range(len(keys) - size + 1):
                self.runs.setdefault(" ".join(keys[first : first + size]), []).append((first, first + size))
        self.noise = frozenset(at for run in self.places(noise) for at in range(*run))

    def places(self, wanted: frozenset[str]) -> list[tuple[int, int]]:
        """Of these phrases, the longest first."""
        found = [place for phrase in wanted & self.runs.keys() for place in self.runs[phrase]]
        return sorted(found, key=lambda place: (place[0] - place[1], place[0]))


def _reading(sentence: Sentence, chosen: tuple[Span, ...], found: Found) -> Reading | None:
    used = {at for span in chosen for at in range(span.first, span.last)}
    told, lacking = sum(span.size for span in chosen), 0
    for group in sentence.needs:
        place = next((place for place in found.places(group) if used.isdisjoint(range(*place))), None)
        if place is None:
            lacking += 1
            continue
        used.update(range(*place))
        told += place[1] - place[0]
    if sentence.needs and lacking == len(sentence.needs):
        return None
    for place in found.places(sentence.may):
        if not used.issuperset(range(*place)):
            used.update(range(*place))
    left = tuple(at for at in range(found.size) if at not in used and at not in found.noise)
    held = {span.kind for span in chosen}
    missing = [kind for kind, needed in sentence.slots.items() if needed and kind not in held and kind != "text"]
    filters = " ".join(span.value for span in chosen if span.kind == "scope")
    missing += [kind for kind in sentence.wanted if f"{kind}:" not in filters]
    return Reading(sentence, chosen, told, left, lacking, tuple(missing))


def _choices(sentence: Sentence, spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """With each account that may be meant; what shares a word with it is left out."""
    accounts = [span for span in spans if span.kind == "account"] if "account" in sentence.slots else []
    for account in [*accounts, None]:
        chosen: list[Span] = [account] if account else []
        for kind in ORDER[1:]:
            of_kind = [span for span in spans if span.kind == kind] if kind in sentence.slots else []
            for span in of_kind if kind == "scope" else of_kind[:1]:
                if not any(span.meets(other) for other in chosen):
                    chosen.append(span)
        yield tuple(chosen)


def _sentences(entry: Mapping[str, Any]) -> Iterator[Sentence]:
    command = str(entry["command"])
    slots = {slot[1]: not slot[2] and slot[1] not in {"period", "scope"} for slot in SLOT.finditer(command)}
    bare = SLOT.sub(lambda slot: "{" + slot[1] + "}", command)
    for say in entry["say"]:
        wanted = tuple(slot[3] for slot in SLOT.finditer(say) if slot[3])
        needed = {slot[1] for slot in SLOT.finditer(say) if not slot[3]}
        needs: list[frozenset[str]] = []
        may: set[str] = set(_keys(entry.get("may", ())))
        for one_of, perhaps, word in GROUP.findall(SLOT.sub(" ", say)):
            if perhaps:
                may |= _keys(perhaps.split("|"))
            else:
                needs.append(_keys(one_of.split("|") if one_of else [word]))
        here = {kind: must or kind in needed for kind, must in slots.items()}
        may = may.union(*needs)
        yield Sentence(bare, here, tuple(needs), frozenset(may), wanted, int(entry.get("rank", 0)))


def _keys(said: Iterable[str]) -> frozenset[str]:
    return frozenset(key(phrase) for phrase in said) - {""}


def _bare(word: str) -> str:
    return word.strip('¿?¡!.,;:()"“”«»…—–-')


def _owner(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'S").strip("'")


def _nearest(word: str, vocabulary: Sequence[str]) -> str:
    if len(word) < SHORTEST or not word.isalpha():
        return word
    cutoff = ONE_SLIP if len(word) < 8 else TWO_SLIPS
    near = process.extract(word, vocabulary, scorer=OSA.normalized_similarity, processor=None, score_cutoff=cutoff,
                           limit=ALIKE)  # fmt: skip
    best = max(near, key=lambda one: (one[1], one[0][0] == word[0]), default=None)
    return best[0] if (best and best[0][0] == word[0]) or (best and best[1] >= TWO_SLIPS) else word

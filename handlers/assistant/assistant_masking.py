"""What leaves the machine: a sentence and an answer, with marks in place of names unless the policy lets them go."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from domain.assistant.masks import MARK, Kind, Masks
from domain.folding import bare, fold
from domain.period_words import MONTHS, SHORT_MONTHS
from domain.sentences import Grammar, tokens
from handlers.ask import Ask
from handlers.questions.follow_ups import frame
from handlers.questions.phrasebook import phrasebook
from handlers.questions.readings import Heard, heard, told_elsewhere
from storage import sayings, search
from storage.database import Transaction
from storage.names import fold as named_as
from storage.questions import contact_names
from storage.scope import operator
from words import LANGUAGES
from words.vocabulary import vocabulary

SHORTEST, LONGEST_NAME, MOST_LOOKED_UP, CANDIDATES = 3, 12, 24, 20
PRIVATE = re.compile(r"@|://|www\.|\d{7,}")
PHONE = re.compile(r"\+\d[\d ().-]{6,}\d|\(\d{2,4}\)[\d .-]{5,}\d|\b\d{2,4}(?:[ .]\d{2,4}){2,}\b")
NUMBER = re.compile(r"\d")
SUM = r"(?:[^\W\d_]{0,3}[$€£¥₡₲₱₹₽]\s?|[A-Z]{3}\u00a0)"
AMOUNT = re.compile(rf"{SUM}\d[\d.,]*\d|{SUM}\d|\d[\d.,]*(?:\s?[^\W\d_]{{0,3}}[$€£¥₡₲₱₹₽]|\u00a0[A-Z]{{3}}\b)")
TOKEN = re.compile(r"[^\s·•→,;()“”\"«»]+")
BARE = ".:!?¿¡'’*_`…"
PLAIN = re.compile(r"[-−+]?[\d.,:/×÷=%±–+−-]*")
GAP = re.compile(r"[ \u00a0]*,?[ \u00a0]*")
PERIOD = re.compile(r"(?:\d{4}-)?[QHTqht]\d|\d{1,3}(?:[dhx]|st|nd|rd|th)")
WRITTEN = re.compile(r"[\w'’&./%+-]+")
LETTERS = re.compile(r"[^\W\d_]+")
ORDER: tuple[Kind | None, ...] = ("A", "P", None, "N", "M")


@dataclass(frozen=True)
class Told:
    """A sentence as it leaves; accounts and people in it by what they may be called there. turned: it holds a “not”."""

    text: str
    before: str
    masks: Masks
    accounts: Mapping[str, str]
    people: Mapping[str, str]
    turned: bool

    def account(self, typed: str) -> str | None:
        """Only one that the asker spoke of."""
        return self.masks.meant("A", typed) or self.accounts.get(named_as(typed))

    def person(self, typed: str) -> str | None:
        return self.masks.meant("P", typed) or self.people.get(fold(typed))


@dataclass(frozen=True)
class Hidden:
    """Words first..last-1 are a name: of an account, a person, or what else is not told; None: surely nobody's."""

    kind: Kind | None
    first: int
    last: int
    value: str


def sentence(tx: Transaction, ask: Ask, after: str) -> Told:
    """What was asked, and the command before it."""
    text = PHONE.sub(lambda found: re.sub(r"\D", "", found[0]), ask.text)
    words = tokens(text.replace("«", " ").replace("»", " "))
    said = heard(tx, ask, words)
    books = [phrasebook(language, ask.policy.questions.phrases) for language in LANGUAGES]
    found = _apart([*_known(said, books), *_names(tx, said, books)])
    masks, plain = Masks(), ask.policy.assistant.names == "plain"
    parts, at = [], 0
    for hidden in found:
        shown = " ".join(said.words[hidden.first : hidden.last])
        mark = masks.hide(hidden.kind, hidden.value, shown) if hidden.kind else shown
        parts += [*said.words[at : hidden.first], shown if plain else mark]
        at = hidden.last
    text = " ".join([*parts, *said.words[at:]])
    accounts = {named_as(" ".join(said.words[one.first : one.last])): one.value for one in found if one.kind == "A"}
    people = {fold(" ".join(said.words[one.first : one.last])): one.value for one in found if one.kind == "P"}
    turned = any(set(said.keys) & book.never for book in books)
    before = _before(ask, after, books, masks, plain=plain)
    return Told(_amounts(ask, text, masks), before, masks, accounts, people, turned)


def _amounts(ask: Ask, text: str, masks: Masks) -> str:
    if ask.policy.assistant.amounts == "plain":
        return text
    return AMOUNT.sub(lambda found: masks.hide("M", found[0]), text)


def _known(said: Heard, books: Sequence[Grammar]) -> Iterable[Hidden]:
    """What the deterministic reader knows: accounts, persons of ours; and places that name nobody."""
    for span in said.accounts:
        yield Hidden("A", span.first, span.last, span.value)
    for span in (span for book in books for span in said.scopes(book, said.keys)):
        value = span.value.removeprefix("csm:").strip('"')
        yield Hidden("P" if span.value.startswith("csm:") else None, span.first, span.last, value)
    for forward in (True, False):
        for span in said.periods(said.keys, forward=forward):
            yield Hidden(None, span.first, span.last, "")


def _names(tx: Transaction, said: Heard, books: Sequence[Grammar]) -> Iterable[Hidden]:
    """Words that are a name, or a word of one, whoever may see it; what is written like one; and what is private."""
    runs = _runs(said.words, 3)
    contacts = contact_names(tx, list(runs.values()))
    everywhere = search.called(tx, list(runs.values()), scope=operator())
    yield from (Hidden("P", *run, text) for run, text in runs.items() if text.casefold() in contacts)
    yield from (Hidden("N", *run, text) for run, text in runs.items() if named_as(text) in everywhere)
    ours = {part: name for _, name in sayings.persons(tx) for part in fold(name).split() if "@" not in name}
    known = told_elsewhere().union(*(book.vocabulary for book in books))
    strange = [at for at, key in enumerate(said.keys) if not set(key.split()) <= known]
    for at in strange[:MOST_LOOKED_UP]:
        yield from _name(tx, said, at, ours)


def _name(tx: Transaction, said: Heard, at: int, ours: Mapping[str, str]) -> Iterable[Hidden]:
    word = said.words[at]
    if AMOUNT.fullmatch(word):
        return
    if fold(word) in ours:
        yield Hidden("P", at, at + 1, word)
    elif PRIVATE.search(word) or MARK.fullmatch(word):
        yield Hidden("N", at, at + 1, word)
    elif len(word) > SHORTEST and _is_part(search.part(tx, word, scope=operator(), limit=CANDIDATES), word):
        mine = search.part(tx, word, scope=said.ask.scope, limit=CANDIDATES)
        account = mine.found.account_id if mine.found else word
        yield Hidden("A" if _is_part(mine, word) else "N", at, at + 1, account)
    elif (at and word[:1].isupper()) or _is_slip(search.alike(tx, word, scope=operator()), word):
        yield Hidden("N", at, at + 1, word)


def _is_part(match: search.Match, word: str) -> bool:
    """One of the words of a name."""
    near = (match.found, *match.candidates)
    return any(one and set(named_as(word).split()) <= set(named_as(one.name).split()) for one in near)


def _is_slip(match: search.Match, word: str) -> bool:
    """One of the words of a name, but for a slip of the keys."""
    near = (match.found, *match.candidates, *match.suggestions)
    parts = {part for one in near if one for part in named_as(one.name).split()}
    return any(OSA.distance(named_as(word), part) == 1 for part in parts if len(part) > SHORTEST + 1)


def _runs(words: Sequence[str], longest: int) -> dict[tuple[int, int], str]:
    sizes = ((first, first + size) for size in range(1, longest + 1) for first in range(len(words) - size + 1))
    return {run: " ".join(words[slice(*run)]) for run in sizes}


def _apart(found: Iterable[Hidden]) -> list[Hidden]:
    """In order of the sentence; of those that share a word the longest, then accounts and people before the rest."""
    chosen: list[Hidden] = []
    for one in sorted(found, key=lambda each: (each.first - each.last, ORDER.index(each.kind))):
        if not any(one.first < other.last and other.first < one.last for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda each: each.first)


def _before(ask: Ask, after: str, books: Sequence[Grammar], masks: Masks, *, plain: bool) -> str:
    """The command that was answered before, where it is one that a follow-up could follow."""
    found = next((one for book in books if after and (one := frame(ask, after, book))), None)
    if found is None or plain:
        return after if found else ""
    return " ".join((*found.literals, *(_slot(kind, value, masks) for kind, value in found.slots.items())))


def _slot(kind: str, value: str, masks: Masks) -> str:
    if kind == "account":
        return masks.hide("A", value)
    filters = (each.partition("csm:") for each in value.split())
    return " ".join(head + colon + masks.hide("P", tail) if colon else head for head, colon, tail in filters)


def report(tx: Transaction, ask: Ask, text: str, masks: Masks) -> str:
    """An answer as it leaves: what is no word, number or day of ours is hidden, whatever it is."""
    if ask.policy.assistant.names == "plain":
        return _amounts(ask, text, masks)
    places = [place for found in TOKEN.finditer(text) if (place := _trimmed(text, *found.span()))]
    kept, at = [], 0
    for hidden in _apart([*_called(tx, text, places), *_strange(ask, text, places)]):
        first, end = places[hidden.first][0], places[hidden.last - 1][1]
        kept += [text[at:first], masks.hide(hidden.kind or "N", hidden.value, text[first:end])]
        at = end
    return _amounts(ask, "".join((*kept, text[at:])), masks)


@lru_cache(maxsize=len(LANGUAGES))
def words_of(language: str) -> frozenset[str]:
    """The product's own, folded; months in every form."""
    return frozenset((*map(bare, vocabulary(language)), *MONTHS, *SHORT_MONTHS))


def _trimmed(text: str, first: int, last: int) -> tuple[int, int] | None:
    inner = text[first:last].strip(BARE)
    begin = text.find(inner, first)
    return (begin, begin + len(inner)) if inner else None


def _called(tx: Transaction, text: str, places: Sequence[tuple[int, int]]) -> Iterable[Hidden]:
    """Accounts, contacts and people of ours by their whole names, whatever words those are made of."""
    runs: dict[tuple[int, int], str] = {}
    for first in range(len(places)):
        for last in range(first + 1, min(first + LONGEST_NAME, len(places)) + 1):
            if last > first + 1 and not GAP.fullmatch(text[places[last - 2][1] : places[last - 1][0]]):
                break
            runs[first, last] = text[places[first][0] : places[last - 1][1]]
    ends = [bool(LETTERS.search(text[first:last]) or NUMBER.search(text[first:last])) for first, last in places]
    runs = {run: said for run, said in runs.items() if ends[run[0]] and ends[run[1] - 1] and not PLAIN.fullmatch(said)}
    accounts = search.called(tx, list(runs.values()), scope=operator())
    contacts = contact_names(tx, list(runs.values()))
    ours = {fold(name): email for email, name in sayings.persons(tx)}
    for (first, last), said in runs.items():
        ids = accounts.get(named_as(said), [])
        if ids:
            yield Hidden("A", first, last, ids[0] if len(ids) == 1 else said)
        elif fold(said) in ours or said.casefold() in contacts:
            yield Hidden("P", first, last, ours.get(fold(said), said))


def _strange(ask: Ask, text: str, places: Sequence[tuple[int, int]]) -> Iterable[Hidden]:
    """Runs of what is neither a word of ours nor a number."""
    ours = words_of(ask.words.language)
    run: list[int] = []
    for at, (first, last) in enumerate(places):
        follows = run and run[-1] == at - 1 and GAP.fullmatch(text[places[at - 1][1] : first])
        if run and not follows:
            yield _unnamed(text, places, run)
            run = []
        if not _is_ours(text[first:last], ours):
            run.append(at)
    if run:
        yield _unnamed(text, places, run)


def _unnamed(text: str, places: Sequence[tuple[int, int]], run: Sequence[int]) -> Hidden:
    return Hidden("N", run[0], run[-1] + 1, text[places[run[0]][0] : places[run[-1]][1]])


def _is_ours(token: str, ours: frozenset[str]) -> bool:
    token = token.lstrip("-−+±")
    if PRIVATE.search(token.replace(",", "").replace(".", "")) and not AMOUNT.fullmatch(token):
        return False
    if PLAIN.fullmatch(token) or AMOUNT.fullmatch(token) or PERIOD.fullmatch(token):
        return True
    letters = LETTERS.findall(token)
    if letters and not WRITTEN.fullmatch(token):
        return False
    return all(bare(word) in ours for word in letters) and not (letters and NUMBER.search(token))

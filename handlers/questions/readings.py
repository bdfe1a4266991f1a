"""The words of a sentence that mean something of their own: accounts, people, filters, periods, metrics, playbooks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from domain.folding import bare
from domain.kpis import kpis_names
from domain.period_forms import said
from domain.period_words import MONTHS, NEXT, ORDINALS, SIMPLE, THIS, UNITS, WAS
from domain.periods import take as take_period
from domain.scopes import NotAScope
from domain.scopes import take as take_scope
from domain.sentences import Grammar, Reading, Span, key, mended, phrases, read
from domain.slips import finger_slip, one_slip
from handlers.ask import Ask
from storage import sayings, search
from storage.database import Transaction
from storage.names import fold

SHORT, SHORTEST_NAME, LONGEST_NAME, MOST_WORDS, MOST_RUNS, CANDIDATES = 4, 3, 8, 60, 2, 5
BACKWARD = ("kpi", "export kpis")
OWN = {"own": "mine"}
MINE = "mine?"
TIERS = ("tier", "nivel", "categoria")
SEGMENTS = ("segment", "segmento")
OWNED = "x_"


@lru_cache(maxsize=1)
def metrics() -> Mapping[str, str]:
    """What people call a metric, as sentences are looked up."""
    return {key(name): metric for name, metric in kpis_names.NAMES.items()}


@lru_cache(maxsize=1)
def told_elsewhere() -> frozenset[str]:
    """Words of metrics and of time."""
    every = (*metrics(), *UNITS, *MONTHS, *ORDINALS, *SIMPLE, *THIS, *NEXT, *WAS)
    return frozenset(word for phrase in every for word in phrase.split())


@dataclass(frozen=True)
class Heard:
    """A sentence in words, and what the company calls its filters and playbooks."""

    ask: Ask
    words: tuple[str, ...]
    filters: Mapping[str, str]
    playbooks: Mapping[str, str]
    accounts: tuple[Span, ...] = ()
    persons: frozenset[str] = frozenset()

    @cached_property
    def keys(self) -> list[str]:
        return [key(word) for word in self.words]

    def naming(self, *more: Span) -> "Heard":
        """With accounts that were found since."""
        return replace(self, accounts=(*self.accounts, *more))

    def readings(self, grammar: Grammar, keys: Sequence[str], *, noting: bool = False) -> list[Reading]:
        """The likeliest first; metrics look back, everything else ahead. noting: of what is to be written down."""
        plain = [one for one in grammar.sentences if ("text" in one.slots) == noting]
        ahead = [one for one in plain if not one.command.startswith(BACKWARD)]
        back = [one for one in plain if one.command.startswith(BACKWARD)]
        fixed = [*self.accounts, *self.fixed(grammar, keys)]
        found = [
            *read(keys, [*fixed, *self.periods(keys, forward=True)], grammar, ahead),
            *read(keys, [*fixed, *self.periods(keys, forward=False)], grammar, back),
        ]
        return sorted(found, key=lambda one: (not one.sure, -one.score))

    def fixed(self, grammar: Grammar, keys: Sequence[str]) -> Iterator[Span]:
        for first, last, value in phrases(keys, metrics()):
            yield Span("metric", first, last, value)
        for first, last, value in phrases(keys, self.playbooks):
            yield Span("playbook", first, last, value)
        yield from self.scopes(grammar, keys)

    def scopes(self, grammar: Grammar, keys: Sequence[str]) -> list[Span]:
        """Filters by name, `key:value` as in a command, and “tier 1”."""
        found = [Span("scope", *place) for place in phrases(keys, {**grammar.values, **self.filters})]
        found = [replace(span, value=OWN.get(span.value, span.value)) for span in found]
        for at, word in enumerate(self.words):
            if ":" in word:
                found += [Span("scope", at, at + 1, one) for one in _written(word)]
        for at, word in enumerate(keys[:-1]):
            if word in TIERS and len(keys[at + 1]) <= 2:
                found.append(Span("scope", at, at + 2, f"tier:{self.words[at + 1]}"))
        narrower = any(span.value in {"mine", "team"} or span.value.startswith("csm:") for span in found)
        whose = narrower or any(span.value == "all" for span in found)
        void = {MINE} if whose else set()
        void |= {"all"} if narrower else set()
        return [replace(span, value="") if span.value in void else span for span in found]

    def periods(self, keys: Sequence[str], *, forward: bool) -> list[Span]:
        start = self.ask.policy.fiscal_year_start
        words = [
            word if word.isascii() and ("-" in word or "." in word) else key
            for word, key in zip(self.words, keys, strict=True)
        ]
        found, rest = take_period(words, today=self.ask.today, fiscal_year_start=start, forward=forward)
        if found is None:
            return []
        size = len(words) - len(rest)
        first = next((at for at, word in enumerate(rest) if word != words[at]), len(rest))
        first = next(at for at in range(first, -1, -1) if [*words[:at], *words[at + size :]] == rest)
        typed = " ".join(words[first : first + size])
        value = said(found, typed, today=self.ask.today, fiscal_year_start=start, forward=forward)
        return [Span("period", first, first + size, value)]

    def unknown(self, grammar: Grammar, keys: Sequence[str], *, told: bool = False) -> list[tuple[int, int]]:
        """Runs of words that nothing explains; words without meaning between two of them belong to the run.

        told: also of words that mean something only beside others, for saying what was not understood.
        """
        used = {
            at
            for span in (*self.accounts, *self.fixed(grammar, keys), *self.periods(keys, forward=True))
            for at in range(span.first, span.last)
        }
        known = grammar.vocabulary if told else grammar.vocabulary | told_elsewhere()
        strange = [at for at, word in enumerate(keys) if at not in used and not set(word.split()) <= known]
        runs: list[tuple[int, int]] = []
        for at in strange:
            between = range(runs[-1][1], at) if runs else range(0)
            if runs and all(keys[one] in grammar.noise and one not in used for one in between):
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
        return runs

    def mended(self, grammar: Grammar, *, noise: bool) -> list[str]:
        """Slips of the keys put right; `noise`: also into words without meaning, which could be a name mistyped."""
        telling = (
            grammar.telling | told_elsewhere() | {w for name in (*self.filters, *self.playbooks) for w in name.split()}
        )
        strange = {at for run in self.unknown(grammar, self.keys) for at in range(*run)}
        calm = [at for at in range(len(self.keys)) if at not in strange]
        found = mended(self.keys, telling | grammar.vocabulary if noise else telling, calm)
        known = self.known(grammar) if found != self.keys else frozenset()
        pairs = zip(self.keys, found, strict=True)
        return [word if word == typed else _likelier(typed, word, known) for typed, word in pairs]

    def known(self, grammar: Grammar) -> frozenset[str]:
        """Every word that means something here, or nothing: of these a short one mistyped was one."""
        called = {word for name in (*self.filters, *self.playbooks) for word in name.split()}
        return grammar.vocabulary | grammar.never | told_elsewhere() | self.persons | called


def heard(tx: Transaction, ask: Ask, words: Sequence[str]) -> Heard:
    """Loads what is needed: few queries, however large the base."""
    words = tuple(words[:MOST_WORDS])
    filters: dict[str, str] = {}
    for segment in sayings.segments(tx, ask.scope):
        filters |= _called(segment, f"segment:{_quoted(segment)}", SEGMENTS)
    for column, value in sayings.own_columns(tx, ask.scope):
        filters |= _called(value, f"{column}:{_quoted(value)}", (column, column.removeprefix(OWNED)))
    owners: dict[str, set[str]] = {}
    beginnings = {word.casefold() for word in words} | {key(word) for word in words}
    first_names = set()
    for email, name in sayings.persons(tx):
        first_names.add(_beginning(name))
        if _beginning(name) in beginnings:
            owners.setdefault(key(name), set()).add(email)
    for name, emails in owners.items():
        filters |= _called(name, f"csm:{emails.pop() if len(emails) == 1 else _quoted(name)}", ("csm",))
    books = ask.desk.playbooks.playbooks
    playbooks = {key(title): name for name, book in books.items() for title in (name, book.title.en, book.title.es)}
    found = Heard(ask, words, filters, playbooks, persons=frozenset(first_names))
    return replace(found, accounts=tuple(_exact(tx, ask, words)))


class Lookup:
    """Accounts by a part of their name, or by one nearly theirs; each asked once in a question.

    loose: an account was found by a piece of a word, which may be a slip of another word.
    """

    def __init__(self, tx: Transaction, ask: Ask) -> None:
        self.tx, self.ask = tx, ask
        self.known: dict[tuple[str, bool], search.Match] = {}
        self.loose = False

    def named(self, words: Sequence[str], runs: Iterable[tuple[int, int]], *, forgiving: bool) -> list[Span]:
        """Of the first few runs of words, those that name one account, or several to choose from."""
        found: list[Span] = []
        for first, last in list(runs)[:MOST_RUNS]:
            typed = " ".join(words[first:last])
            if len(typed) < SHORTEST_NAME:
                continue
            match = self._match(typed, forgiving=forgiving)
            if len(typed) == SHORTEST_NAME and not _begins(fold(typed), match):
                continue
            if match.found:
                found.append(Span("account", first, last, match.found.account_id))
                self.loose = self.loose or f" {fold(typed)} " not in f" {fold(match.found.name)} "
            elif match.candidates:
                found.append(Span("account", first, last, typed))
        return found

    def nearly(self, typed: str, besides: Collection[str] = ()) -> list[str]:
        """Accounts with a word in their name that is one slip of the keys away, the likeliest first.

        besides: words that names hold and that say nothing.
        """
        self._match(typed, forgiving=True)
        match, said = self.known[typed, True], fold(typed)
        near = (*((match.found,) if match.found else ()), *match.candidates, *match.suggestions)
        telling = ((one, word) for one in near for word in fold(one.name).split() if word not in besides)
        return list(dict.fromkeys(one.account_id for one, word in telling if one_slip(said, word)))

    def _match(self, typed: str, *, forgiving: bool) -> search.Match:
        if (typed, forgiving) not in self.known:
            ways = search.alike if forgiving else search.part
            self.known[typed, forgiving] = ways(self.tx, typed, scope=self.ask.scope, limit=CANDIDATES)
        match = self.known[typed, forgiving]
        if forgiving and not (match.found or match.candidates):
            return self._match(typed, forgiving=False)
        return match


def _likelier(typed: str, meant: str, known: frozenset[str]) -> str:
    """A word whose wrong key lies beside the right one, before one that only looks alike.

    As typed, if it may be several; of a long word the nearest will do.
    """
    short = len(typed) <= SHORT
    near = [word for word in known if (short or len(word) > SHORTEST_NAME) and finger_slip(typed, word)]
    if meant in near and not (short and len(near) > 1):
        return meant
    return meant if not near else near[0] if len(near) == 1 else typed


def _begins(said: str, match: search.Match) -> bool:
    """Whether a word of a name begins so: three letters from the middle of one are a slip of something else."""
    named = (*((match.found,) if match.found else ()), *match.candidates)
    return any(word.startswith(said) for one in named for word in fold(one.name).split())


def _exact(tx: Transaction, ask: Ask, words: Sequence[str]) -> Iterator[Span]:
    runs = {
        (first, last): " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, min(first + LONGEST_NAME, len(words)) + 1)
    }
    held = search.called(tx, list(runs.values()), scope=ask.scope)
    for (first, last), typed in runs.items():
        ids = held.get(fold(typed))
        if ids:
            yield Span("account", first, last, ids[0] if len(ids) == 1 else typed)


def _beginning(name: str) -> str:
    """The first word, cheaply: a company has many people."""
    first = name.split(maxsplit=1)[0].casefold()
    return first if first.isascii() else bare(first)


def _called(name: str, value: str, kinds: Sequence[str]) -> dict[str, str]:
    beside = (key(f"{one} {other}") for kind in kinds for one, other in ((kind, name), (name, kind)))
    return dict.fromkeys((key(name), *beside), value)


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _written(word: str) -> Iterator[str]:
    try:
        filters, _ = take_scope([word])
    except NotAScope:
        return
    for one in filters:
        yield f"{one.kind}:{_quoted(one.value)}"

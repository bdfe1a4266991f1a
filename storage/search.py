"""An account by what a person calls it: an id, `system:external_id`, a name, a part of it, or one with a typo."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, FromClause, Select, String, bindparam, case, func, or_, select

from domain.accounts import Account
from storage.accounts import COLUMNS, account, some
from storage.database import Transaction
from storage.names import fold, trigrams
from storage.scope import Scope
from storage.tables import account_trigrams, accounts, identifiers
from storage.within import Condition, every

COMMON = 500
COUNTED = 200
COMPARED = 1000
FEWEST = 2
SHORTLIST = 30
MATCHED = 200
LIKE_ENOUGH = 78.0
CLEARLY_BETTER = 8.0
SUGGESTED = 3
INSIDE = 25
NEAREST = 400
LAST_SIGN = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Match:
    """`found` where exactly one account is meant; else `candidates` to choose from, or the nearest `suggestions`."""

    found: Account | None = None
    candidates: tuple[Account, ...] = ()
    suggestions: tuple[Account, ...] = ()
    more: bool = False


def find(tx: Transaction, words: str, *, scope: Scope, limit: int = 5) -> Match:
    """The account meant by `words` among those in the scope; never a guess between several."""
    folded = fold(words)
    for step in (_as_written, _by_part):
        rows = step(tx, words.strip(), folded, scope, limit + 1)
        if rows:
            return _match(rows, limit)
    return _by_likeness(tx, folded, scope, limit)


def part(tx: Transaction, words: str, *, scope: Scope, limit: int = 5) -> Match:
    """As `find`, but only of what contains the words as they are: no typo is forgiven."""
    folded = fold(words)
    for step in (_by_identifier, _by_part):
        rows = step(tx, words.strip(), folded, scope, limit + 1)
        if rows:
            return _match(rows, limit)
    return Match()


def alike(tx: Transaction, words: str, *, scope: Scope, limit: int = 5) -> Match:
    """As `find`, but only of names that nearly are the words."""
    return _by_likeness(tx, fold(words), scope, limit)


def called(tx: Transaction, runs: Collection[str], *, scope: Scope) -> dict[str, list[str]]:
    """Of runs of words, those that are an account's whole name or id, folded → ids; one query however many runs."""
    by_fold: dict[str, list[str]] = {}
    for run in runs:
        by_fold.setdefault(fold(run), []).append(run)
    by_fold.pop("", None)
    if not by_fold:
        return {}
    ids = {
        form
        for typed in by_fold.values()
        for run in typed
        if " " not in run
        for form in (run, run.lower(), run.upper())
    }
    named = or_(accounts.c.folded.in_(by_fold), accounts.c.account_id.in_(ids))
    seen = (accounts.c.number, accounts.c.account_id, accounts.c.folded)
    found: dict[str, dict[str, None]] = {}
    for _number, account_id, folded in sorted(
        tx.execute(select(*seen).where(named, scope.where()).limit(MATCHED)).all()
    ):
        for said in {folded, fold(account_id)} & by_fold.keys():
            found.setdefault(said, {})[account_id] = None
    return {folded: list(held) for folded, held in found.items()}


def beginning(tx: Transaction, words: str, *, scope: Scope, limit: int = 20) -> list[Account]:
    """As somebody types: names that begin with the words, by name, then names with such a word in them.

    Of very many only the first that the index gives are looked at.
    """
    folded = fold(words)
    if not folded:
        return []
    range_of = (accounts.c.folded >= folded, accounts.c.folded < folded + LAST_SIGN)
    begins = (*range_of, accounts.c.folded.startswith(folded, autoescape=True), scope.where())
    query = select(*COLUMNS).where(*begins).order_by(accounts.c.folded, accounts.c.number).limit(limit)
    found = [account(row) for row in tx.execute(query).mappings()]
    if len(found) == limit or len(folded) < 2:
        return found
    with_word = account_trigrams.c.trigram == f" {folded.split()[-1][:2]}"
    holding = select(account_trigrams.c.account).where(with_word).limit(COMPARED).subquery()
    inside = accounts.c.folded.contains(f" {folded}", autoescape=True)
    more = select(*COLUMNS).join_from(holding, accounts, holding.c.account == accounts.c.number)
    rows = tx.execute(more.where(inside, scope.where()).limit(INSIDE)).mappings()
    numbers = {one.number for one in found}
    return [*found, *(one for one in map(account, rows) if one.number not in numbers)][:limit]


def _match(rows: list[Account], limit: int) -> Match:
    return Match(rows[0]) if len(rows) == 1 else Match(candidates=tuple(rows[:limit]), more=len(rows) > limit)


def _as_written(tx: Transaction, words: str, folded: str, scope: Scope, limit: int) -> list[Account]:
    """By the id, else the id in capitals or small letters, else `system:external_id`, else the whole name."""
    forms = [words.upper(), words.lower()]
    asked = every(scope).ask(tx, _meant, id=words, upper=forms[0], lower=forms[1], folded=folded or None, most=limit)
    found = [account(row) for row in asked.mappings()]
    if found and found[0].account_id == words:
        return found[:1]
    of_id = [one for one in found if one.account_id in forms]
    return of_id or _by_identifier(tx, words, folded, scope, limit) or found


def _meant(where: Condition) -> Select[Any]:
    as_typed, *other = (accounts.c.account_id == bindparam(form, type_=String) for form in ("id", "upper", "lower"))
    how = case((as_typed, 0), (or_(*other), 1), else_=2)
    meant = or_(as_typed, *other, accounts.c.folded == bindparam("folded"))
    return select(*COLUMNS).where(meant, where).order_by(how, *_shorter_first(accounts)).limit(bindparam("most"))


def _by_identifier(tx: Transaction, words: str, _folded: str, scope: Scope, limit: int) -> list[Account]:
    system, colon, external = words.partition(":")
    if not colon:
        return []
    named = {"system": system.strip().lower(), "external": external.strip()}
    asked = every(scope).ask(tx, _identified, **named, most=limit)
    return [account(row) for row in asked.mappings()]


def _identified(where: Condition) -> Select[Any]:
    same_system = func.lower(identifiers.c.system) == bindparam("system")
    named = (identifiers.c.external_id == bindparam("external"), same_system)
    query = select(*COLUMNS).join_from(identifiers, accounts, identifiers.c.account == accounts.c.number)
    return _first_ones(query.where(*named, where))


def _by_part(tx: Transaction, _words: str, folded: str, scope: Scope, limit: int) -> list[Account]:
    """Names that contain the words; of one or two letters, names with a word that begins with them."""
    if not folded:
        return []
    counted = _by_rarity(tx, _inner(folded))
    if not all(held for _piece, held in counted):
        return []  # no name has all that a name with these words would have
    asked = every(scope).ask(tx, _containing, trigram=counted[0][0], folded=folded, most=limit)
    return [account(row) for row in asked.mappings()]


def _containing(where: Condition) -> Select[Any]:
    """Folded words hold no sign that means something in a pattern."""
    holding = select(account_trigrams.c.account).where(account_trigrams.c.trigram == bindparam("trigram"))
    contains = accounts.c.folded.contains(bindparam("folded"))
    return _first_ones(select(*COLUMNS).where(accounts.c.number.in_(holding), contains, where))


def _inner(folded: str) -> frozenset[str]:
    """The trigrams that every name with these words inside it has: the outer ends may go on."""
    words = [f"  {word} " for word in folded.split()]
    words[0] = words[0].removeprefix("  ")
    words[-1] = words[-1].removesuffix(" ")
    pieces = frozenset(word[start : start + 3] for word in words for start in range(len(word) - 2))
    return pieces or frozenset({f"  {folded}"[-3:]})


def _by_likeness(tx: Transaction, folded: str, scope: Scope, limit: int) -> Match:
    """With a typo: the names that share its rarest trigrams are compared letter by letter."""
    near = _shortlist(tx, folded, scope)
    ranked = sorted(((_likeness(folded, name), number) for number, name in near), key=lambda pair: (-pair[0], pair[1]))
    good = [(likeness, number) for likeness, number in ranked if likeness >= LIKE_ENOUGH]
    one = good and (len(good) == 1 or good[0][0] - good[1][0] >= CLEARLY_BETTER)
    chosen = [number for _, number in (good[: 1 if one else limit] or ranked[:SUGGESTED])]
    known = some(tx, chosen, scope)
    listed = tuple(known[number] for number in chosen)
    if one:
        return Match(listed[0])
    return Match(candidates=listed, more=len(good) > limit) if good else Match(suggestions=listed)


def _likeness(wanted: str, name: str) -> float:
    """0-100: of the whole name, or, a little less, of as many of its words as were typed."""
    size = len(wanted.split())
    words = name.split()
    parts = (" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))
    return max(fuzz.ratio(wanted, name), 0.97 * max(fuzz.ratio(wanted, part) for part in parts))


def _shortlist(tx: Transaction, folded: str, scope: Scope) -> list[tuple[int, str]]:
    """Numbers and folded names: of those with a rare trigram in common, the most alike as a whole or in part."""
    pieces = set(trigrams(folded))
    telling = _telling(tx, pieces) if pieces else []
    if not telling:
        return []
    holding = select(account_trigrams.c.account).where(account_trigrams.c.trigram.in_(telling))
    if not scope.is_whole:
        holding = holding.join(accounts, account_trigrams.c.account == accounts.c.number).where(scope.where())
    order = (func.count().desc(), account_trigrams.c.account)
    near = holding.group_by(account_trigrams.c.account).order_by(*order).limit(NEAREST).subquery()
    query = select(accounts.c.number, accounts.c.folded).join_from(accounts, near, near.c.account == accounts.c.number)
    names = {row.number: row.folded for row in tx.execute(query.where(scope.where()))}
    alike = {
        number: name
        for scorer in (fuzz.ratio, fuzz.partial_ratio)
        for name, _score, number in process.extract(folded, names, scorer=scorer, processor=None, limit=SHORTLIST)
    }
    return list(alike.items())


def _telling(tx: Transaction, pieces: Collection[str]) -> list[str]:
    """The rare trigrams of the words, as far as the names that hold them can be compared; the rarest few at least."""
    counted = [(piece, held) for piece, held in _by_rarity(tx, pieces) if held]
    chosen: list[str] = []
    total = 0
    for piece, held in counted:
        total += held
        if len(chosen) >= FEWEST and total > COMPARED:
            break
        chosen.append(piece)
    return chosen


def _by_rarity(tx: Transaction, pieces: Collection[str]) -> list[tuple[str, int]]:
    """Each trigram (of very long words: COUNTED of them) with how many names hold it; the rarest that occur go first.

    None is counted further than COMMON.
    """
    asked = sorted(pieces)[:COUNTED]
    held = tx.execute(_counting(len(asked)), {f"piece_{n}": piece for n, piece in enumerate(asked)}).one()
    counts = zip(asked, held, strict=True)
    return sorted(counts, key=lambda pair: (pair[1] == 0, pair[1], pair[0].count(" "), pair[0]))


@cache
def _counting(size: int) -> Select[Any]:
    """A column for each of so many trigrams."""
    holding = (account_trigrams.c.trigram == bindparam(f"piece_{n}") for n in range(size))
    some_of = (select(account_trigrams.c.account).where(mine).limit(COMMON).subquery() for mine in holding)
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in some_of))


def _first_ones(query: Select[Any]) -> Select[Any]:
    """Of very many, the first that came are enough to ask."""
    some_of = query.order_by(accounts.c.number).limit(MATCHED).subquery()
    return select(some_of).order_by(*_shorter_first(some_of)).limit(bindparam("most"))


def _shorter_first(named: FromClause) -> tuple[ColumnElement[Any], ...]:
    """What was typed is more of a shorter name."""
    return func.length(named.c.name), named.c.name, named.c.number

"""`score --policy NEW --compare`: who would change colour under another policy; nothing is written."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.cases import Case, case
from domain.health.scores import State
from domain.policies.policy import Policy
from storage import accounts
from storage.database import Database, Transaction
from storage.facts import facts, supplies
from storage.scope import operator
from words import Words
from words.terms import SIGNS, STATES, term

PAGE = 1000
SHOWN = 100


@dataclass(frozen=True)
class Moved:
    """One account whose state is another under the new policy."""

    account_id: str
    name: str
    before: State
    after: State
    score_before: int | None
    score_after: int | None


@dataclass(frozen=True)
class Comparison:
    """moves: by (before, after), how many; accounts: the first SHOWN of them by number."""

    count: int
    moves: Mapping[tuple[State, State], int]
    accounts: tuple[Moved, ...]


def compare(database: Database, before: Policy, after: Policy, *, day: date) -> Comparison:
    """Today's facts under both policies, a page of accounts at a time."""
    moves: Counter[tuple[State, State]] = Counter()
    kept: list[Moved] = []
    count = 0
    with database.transaction() as tx:
        for old, new in _pairs(tx, before, after, day):
            count += 1
            if old.health.state != new.health.state:
                moves[old.health.state, new.health.state] += 1
                if len(kept) < SHOWN:
                    kept.append(_moved(old, new))
    return Comparison(count, moves, tuple(kept))


def _pairs(tx: Transaction, before: Policy, after: Policy, day: date) -> Iterator[tuple[Case, Case]]:
    used = [(policy, supplies.in_use(tx, policy.core_features)) for policy in (before, after)]
    for first, last in accounts.number_ranges(tx, operator(), PAGE):
        old, new = (_cases(tx, policy, in_use, first, last, day) for policy, in_use in used)
        yield from zip(old, new, strict=True)


def _cases(tx: Transaction, policy: Policy, in_use: Collection[str], first: int, last: int, day: date) -> list[Case]:
    known = facts.load(tx, first=first, last=last, day=day, policy=policy, scope=operator())
    return [case(each, policy, in_use=frozenset(in_use), then=None) for each in known]


def _moved(old: Case, new: Case) -> Moved:
    account, was, now = old.account, old.health, new.health
    return Moved(account.account_id, account.name, was.state, now.state, was.score, now.score)


def lines(found: Comparison, words: Words) -> Iterator[str]:
    """For a terminal."""
    changed = sum(found.moves.values())
    yield words._("{n} of {count} accounts would change", n=words.number(changed), count=words.number(found.count))
    for (before, after), count in sorted(found.moves.items(), key=lambda item: -item[1]):
        yield f"{SIGNS[before]} {term(words, STATES, before)} → {SIGNS[after]} {term(words, STATES, after)}: {count}"
    for moved in found.accounts:
        scores = " → ".join("–" if score is None else str(score) for score in (moved.score_before, moved.score_after))
        yield f"  {SIGNS[moved.before]} → {SIGNS[moved.after]}  {moved.name} ({moved.account_id}): {scores}"
    if changed > len(found.accounts):
        yield words._("… and {n} more", n=words.number(changed - len(found.accounts)))

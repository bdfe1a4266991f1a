"""Accounts as the rules of playbooks and alerts see them, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.cases import Case
from domain.fact_kinds import Situation
from domain.facts import Facts
from domain.fit import fit
from domain.playbooks.plays import LIVE
from domain.policies.policy import Policy
from domain.seen import Seen, Watch
from domain.situations import situation
from handlers.accounts.cases import cases
from handlers.accounts.watching import OF_PLAYS, Ground, ground, watches
from storage import accounts, readings
from storage.database import Transaction
from storage.playbooks import plays
from storage.scope import Scope

WEEK = timedelta(7)


@dataclass(frozen=True)
class Situated:
    """`weekly`: the situation today, a week ago, …; as many as asked for and known."""

    seen: Seen
    weekly: tuple[Situation, ...]

    @property
    def facts(self) -> Facts:
        return self.seen.facts


def situated(tx: Transaction, policy: Policy, scope: Scope, day: date, *, weeks: int = 1) -> Iterator[Situated]:
    """Every account of the scope."""
    for first, last in accounts.number_ranges(tx, scope):
        yield from of_range(tx, policy, scope, day, first=first, last=last, weeks=weeks)


def of_range(
    tx: Transaction, policy: Policy, scope: Scope, day: date, *, first: int, last: int, weeks: int = 1
) -> list[Situated]:
    """The accounts numbered first…last."""
    today = _seen(tx, policy, scope, day, first=first, last=last)
    earlier = [
        _seen(tx, policy, scope, day - WEEK * back, first=first, last=last, today=day) for back in range(1, weeks)
    ]
    return [
        Situated(seen, tuple(situation(on[number]) for on in (today, *earlier) if number in on))
        for number, seen in today.items()
    ]


def _seen(
    tx: Transaction, policy: Policy, scope: Scope, day: date, *, first: int, last: int, today: date | None = None
) -> dict[int, Seen]:
    """`today` where `day` is past: nothing that was learned since enters."""
    on = ground(tx, policy, day)
    found = cases(
        tx, policy, first=first, last=last, day=day, in_use=on.in_use, version=on.version, scope=scope, today=today
    )
    return seen(tx, on, found, first=first, last=last, scope=scope)


def seen(
    tx: Transaction, on: Ground, found: Sequence[tuple[Facts, Case]], *, first: int, last: int, scope: Scope
) -> dict[int, Seen]:
    """Cases of the accounts numbered first…last with all that rules may ask of them."""
    read = _read(tx, on, first=first, last=last, scope=scope)
    ran = plays.of_page(tx, first, last, scope) if on.asks(*OF_PLAYS) else {}
    countries = {facts.account.number: facts.account.country for facts, _case in found}
    watched = watches(tx, on, ran, countries, first=first, last=last, scope=scope)
    fitted = on.asks("fit")
    nothing, unwatched = readings.Reading(), Watch(abandoned=0 if on.core else None)
    made = {}
    for facts, case in found:
        number = facts.account.number
        said, fits = read.get(number, nothing), fit(facts.account, on.policy.fit) if fitted else None
        made[number] = Seen(
            facts,
            case,
            on.policy,
            stage=said.stage,
            fit=fits.value if fits else None,
            at_risk=said.at_risk,
            running=frozenset(play.playbook for play in ran.get(number, ()) if play.status in LIVE),
            asked_on=said.asked_on,
            handed_over_on=said.handed_over_on,
            watch=watched.get(number, unwatched),
        )
    return made


def _read(tx: Transaction, on: Ground, *, first: int, last: int, scope: Scope) -> dict[int, readings.Reading]:
    if on.asks("stage", "at_risk", "handed_over_days"):
        return readings.of_range(tx, first, last, on.day, scope)
    return readings.asks(tx, first, last, on.day, scope) if on.asks("asked_days", "unasked_promoter_days") else {}

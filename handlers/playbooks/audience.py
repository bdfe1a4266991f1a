"""The clients of a playbook: who fits and why, who is left out, who comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.accounts import Account
from domain.cases import Case
from domain.fact_kinds import Situation
from domain.facts import Facts
from domain.playbooks import starts
from domain.playbooks.audience import Fitting, match, rank, ranked, readings_asked
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Books, Play
from domain.policies.policy import Policy
from domain.reasons import Reason
from domain.scopes import Filter
from handlers.accounts.situations import Situated, of_range
from storage import accounts
from storage.database import Transaction
from storage.playbooks import playbooks, plays
from storage.scope import Scope


@dataclass(frozen=True)
class Guest:
    """An account that fits, with what a start needs to know; `fitting` says why, and of whom it is."""

    fitting: Fitting
    situated: Situated
    plays: tuple[Play, ...]
    candidate: starts.Candidate
    ruling: starts.Ruling

    @property
    def account(self) -> Account:
        return self.situated.facts.account

    @property
    def facts(self) -> Facts:
        return self.situated.facts

    @property
    def case(self) -> Case:
        return self.situated.seen.case

    @property
    def known(self) -> Situation:
        return self.situated.weekly[0]


@dataclass(frozen=True)
class Audience:
    """guests: may start, who comes first first; excluded: fit, but for a reason; looked_at: accounts of the scope."""

    guests: tuple[Guest, ...]
    excluded: tuple[tuple[Account, tuple[Reason, ...]], ...]
    looked_at: int


def audience(tx: Transaction, playbook: Playbook, policy: Policy, scope: Scope, today: date) -> Audience:
    """Every account of the scope, a page at a time."""
    guests: list[Guest] = []
    excluded: list[tuple[Account, tuple[Reason, ...]]] = []
    looked_at, weeks = 0, readings_asked(playbook.clients)
    for first, last in accounts.number_ranges(tx, scope):
        page = of_range(tx, policy, scope, today, first=first, last=last, weeks=weeks)
        ran = plays.of_page(tx, first, last, scope)
        books = playbooks.of_versions(tx, {play.version for each in ran.values() for play in each})
        looked_at += len(page)
        for each in page:
            found, left_out = _guests(each, playbook, policy, tuple(ran.get(each.facts.account.number, ())), books)
            guests += found
            excluded += left_out
    order = {id(each): place for place, each in enumerate(ranked(guest.fitting for guest in guests))}
    guests.sort(key=lambda guest: order[id(guest.fitting)])
    return Audience(tuple(guests), tuple(excluded), looked_at)


def invited(
    tx: Transaction, account: Account, playbook: Playbook, policy: Policy, scope: Scope, today: date
) -> tuple[Guest, bool]:
    """One account, whether it fits or not; and whether it does."""
    number, weeks = account.number, readings_asked(playbook.clients)
    found = of_range(tx, policy, scope, today, first=number, last=number, weeks=weeks)
    ran = tuple(plays.of_page(tx, number, number, scope).get(number, ()))
    books = playbooks.of_versions(tx, {play.version for play in ran})
    each = found[0]
    guests, left_out = _guests(each, playbook, policy, ran, books)
    if guests:
        return guests[0], True
    why = left_out[0][1] if left_out else match(playbook.clients, each.facts, each.weekly).why
    return _guest(each, playbook, ran, books, Fitting(account, why, 0.0)), False


def awaited(
    tx: Transaction, waiting: Sequence[Play], shelf: Mapping[str, Playbook], policy: Policy, scope: Scope, today: date
) -> list[tuple[Playbook, Guest]]:
    """Of plays that wait, those that a wave could start today: by playbook, in the order of its wave."""
    wanted: dict[int, set[str]] = {}
    for play in waiting:
        if play.playbook in shelf:
            wanted.setdefault(play.account, set()).add(play.playbook)
    if not wanted:
        return []
    only = scope.narrowed(Filter("numbers", " ".join(map(str, wanted))))
    first, last = min(wanted), max(wanted)
    weeks = max(readings_asked(shelf[name].clients) for those in wanted.values() for name in those)
    page = of_range(tx, policy, only, today, first=first, last=last, weeks=weeks)
    ran = plays.of_page(tx, first, last, only)
    books = playbooks.of_versions(tx, {play.version for each in ran.values() for play in each})
    found = [
        (shelf[name], guest)
        for each in page
        for name in wanted[each.facts.account.number]
        for guest in _guests(each, shelf[name], policy, tuple(ran.get(each.facts.account.number, ())), books)[0]
        if waits(shelf[name], guest, today)
    ]
    order = {id(each): place for place, each in enumerate(ranked(guest.fitting for _book, guest in found))}
    return sorted(found, key=lambda pair: (pair[0].name, order[id(pair[1].fitting)]))


def waits(playbook: Playbook, guest: Guest, today: date) -> bool:
    """It waits for free hours already."""
    subject = starts.subject_of(playbook, guest.candidate, today)
    mine = (play for play in guest.plays if play.playbook == playbook.name and play.subject == subject)
    return any(play.status == "waiting" for play in mine)


def _guests(
    each: Situated, playbook: Playbook, policy: Policy, ran: tuple[Play, ...], books: Books
) -> tuple[list[Guest], list[tuple[Account, tuple[Reason, ...]]]]:
    account = each.facts.account
    found = match(playbook.clients, each.facts, each.weekly)
    if found.standing != "eligible":
        return [], [(account, found.why)] if found.standing == "excluded" else []
    place = rank(playbook.clients.rank, each.weekly[0], each.seen.case.annual, policy.exchange)
    fitting = Fitting(account, found.why, place)
    subjects = found.subjects or ("",)
    asked = [_guest(each, playbook, ran, books, replace(fitting, subject=subject)) for subject in subjects]
    allowed = [guest for guest in asked if guest.ruling.allowed]
    refused = [(account, tuple(no.reason for no in guest.ruling.refused)) for guest in asked if guest not in allowed]
    return allowed, refused[:1] if not allowed else []


def _guest(each: Situated, playbook: Playbook, ran: tuple[Play, ...], books: Books, fitting: Fitting) -> Guest:
    candidate = _candidate(each, ran, fitting.subject)
    ruling = starts.may_start(playbook, candidate, books, each.facts.day)
    return Guest(fitting, each, ran, candidate, ruling)


def _candidate(each: Situated, ran: Sequence[Play], contact_id: str) -> starts.Candidate:
    """What the rules of starting ask of it."""
    known, renewal = each.weekly[0], each.seen.case.renewal
    began = known.get("began_days")
    return starts.Candidate(
        plays=tuple(ran),
        leaving=bool(known.get("leaving")),
        began_on=date.fromordinal(each.facts.day.toordinal() - int(began)) if isinstance(began, float) else None,
        contact_id=contact_id or None,
        decision_on=renewal.decision_on if renewal else None,
    )

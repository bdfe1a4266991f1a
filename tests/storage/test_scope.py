from collections.abc import Callable, Mapping
from typing import Any

import pytest

from domain.accounts import Person
from domain.policies.policy import Policy
from domain.scopes import Filter
from storage import accounts, people, policies, scores, search
from storage.database import Database, Transaction
from storage.facts import account_team, activity, contacts, facts, outcomes, sentiments, subscriptions, touches
from storage.facts.asof import AsOf
from storage.renewals import revenue
from storage.scope import Scope, Visibility, operator
from storage.tables import accounts as account_rows
from storage.tables import scores as score_rows
from storage.within import one
from tests.storage.rows import TODAY, at, put, put_accounts, put_people

SEEN = AsOf(TODAY, TODAY)
OF = {"ana": "Alpha", "ben": "Beta", "cleo": "Gamma", "sofia": "Delta"}


@pytest.fixture
def numbers(database: Database) -> Mapping[str, int]:
    """One account of each, with a row of everything."""
    with database.changing() as tx:
        put_people(tx)
        found = {}
        for place, (who, name) in enumerate(OF.items()):
            segment = "SMB" if place % 2 else "enterprise"
            (number,) = put_accounts(
                tx,
                name,
                csm=f"{who}@x.com",
                segment=segment,
                tier=str(place),
                parent_id="p",
                laer_stage="adopt" if place else None,
                extra={"x_region": "LatAm" if place else "ÁFRICA"},
            )
            found[name] = number
            everything_of(tx, number, place)
    return found


def everything_of(tx: Transaction, number: int, place: int) -> None:
    mine = {"account": number}
    put(tx, "identifiers", mine | {"system": "crm", "external_id": f"e{place}"})
    put(tx, "account_team", mine | {"function": "support", "email": "vic@x.com"})
    put(tx, "contacts", mine | {"contact_id": f"c{place}", "name": "Eva"})
    put(
        tx,
        "subscriptions",
        mine | {"subscription_id": f"s{place}", "starts_on": TODAY, "annual": 12, "currency": "USD"},
    )
    put(tx, "usage", mine | {"day": TODAY, "product": "", "feature": "", "active_users": 1})
    put(tx, "touches", mine | {"touch_id": f"t{place}", "at": at(TODAY), "direction": "both"})
    put(tx, "tickets", mine | {"ticket_id": f"k{place}", "opened_at": at(TODAY), "escalated": False, "reopened": False})
    put(tx, "outcomes", mine | {"outcome_id": f"o{place}", "statement": "x"})
    put(tx, "sentiments", mine | {"given_on": TODAY, "value": "good"})
    tx.execute(
        revenue.revenue_changes.insert().values(day=TODAY, known_on=TODAY, currency="USD", kind="", delta=12, **mine)
    )
    state = ("red", "yellow", "green", "unknown")[place]
    version = policies.version(tx, Policy(), day=TODAY)
    tx.execute(score_rows.insert().values(day=TODAY, score=50, state=state, coverage=90, policy=version, **mine))


READING: dict[str, Callable[[Transaction, int, Scope], Any]] = {
    "accounts.get": accounts.get,
    "accounts.some": lambda tx, n, s: accounts.some(tx, [n], s),
    "accounts.children": lambda tx, n, s: accounts.children(tx, "p", s),
    "accounts.count": lambda tx, n, s: accounts.count(tx, s),
    "accounts.page": lambda tx, n, s: accounts.page(tx, s),
    "accounts.page by name": lambda tx, n, s: accounts.page(tx, s, order="name"),
    "accounts.number_ranges": lambda tx, n, s: list(accounts.number_ranges(tx, s)),
    "search by id": lambda tx, n, s: found(search.find(tx, "id-Alpha", scope=s)),
    "search by identifier": lambda tx, n, s: found(search.find(tx, "crm:e0", scope=s)),
    "search by name": lambda tx, n, s: found(search.find(tx, "alpha", scope=s)),
    "search by part": lambda tx, n, s: found(search.find(tx, "lph", scope=s)),
    "search.beginning": lambda tx, n, s: search.beginning(tx, "alp", scope=s, limit=9),
    "search by likeness": lambda tx, n, s: found(search.find(tx, "alhpa", scope=s)),
    "account_team": account_team.of_account,
    "contacts": lambda tx, n, s: contacts.of_account(tx, n, SEEN, s),
    "facts": lambda tx, n, s: facts.load(tx, first=n, last=n, day=TODAY, policy=Policy(), scope=s),
    "activity": lambda tx, n, s: activity.load(tx, one(n, s), day=TODAY, core=()),
    "outcomes": lambda tx, n, s: outcomes.of_account(tx, n, SEEN, s),
    "revenue.annual_on": lambda tx, n, s: revenue.annual_on(tx, TODAY, scope=s),
    "revenue.by_account": lambda tx, n, s: revenue.by_account(tx, TODAY, scope=s),
    "revenue.changes": lambda tx, n, s: list(revenue.changes(tx, last=TODAY, seen_on=TODAY, scope=s)),
    "scores.latest": lambda tx, n, s: scores.latest(tx, [n], s),
    "scores.series": lambda tx, n, s: scores.series(tx, n, first=TODAY, last=TODAY, scope=s),
    "scores.factors_on": lambda tx, n, s: scores.factors_on(tx, [n], TODAY, policy_version=1, scope=s),
    "scores.counts": lambda tx, n, s: scores.counts(tx, s),
    "sentiments": sentiments.of_account,
    "subscriptions": subscriptions.of_account,
    "subscriptions.ending": lambda tx, n, s: subscriptions.ending(tx, scope=s),
    "touches": touches.of_account,
}


def found(match: search.Match) -> list[Any]:
    return [*([match.found] if match.found else []), *match.candidates, *match.suggestions]


def test_nobody_sees_nothing_and_a_csm_only_what_is_visible(database: Database, numbers: Mapping[str, int]) -> None:
    cleo = Scope(Person("cleo@x.com", "Cleo", "csm"), "own")
    filters = (Filter("band", "red"), Filter("segment", "enterprise"))
    alpha = numbers["Alpha"]
    with database.transaction() as tx:
        for reading, read in READING.items():
            assert read(tx, alpha, operator()), reading
            assert read(tx, alpha, operator().narrowed(*filters)), reading
            assert not read(tx, alpha, Scope(None, "all")), reading
            assert not read(tx, alpha, Scope(None, "all").narrowed(*filters)), reading
            assert not read(tx, alpha, cleo.narrowed(*filters)), reading


def test_of_two_who_ask_in_turn_each_sees_their_own(database: Database, numbers: Mapping[str, int]) -> None:
    holder, other = (Scope(Person(f"{name}@x.com", name, "csm"), "own") for name in ("ana", "dora"))
    alpha = numbers["Alpha"]
    with database.transaction() as tx:
        for reading, read in READING.items():
            for scope, sees in ((holder, True), (other, False), (holder, True)):
                assert bool(read(tx, alpha, scope)) is sees, reading


@pytest.mark.parametrize("owner", [None, "gone@x.com"])
@pytest.mark.parametrize("visibility", ["own", "team"])
def test_what_nobody_owns_is_seen_by_who_assigns_it(
    database: Database, numbers: Mapping[str, int], owner: str | None, visibility: Visibility
) -> None:
    """lena leads nobody, so that nothing else is in her sight; an owner who left is none."""
    alpha = numbers["Alpha"]
    lena, ana = Person("lena@x.com", "Lena", "lead"), Person("ana@x.com", "Ana", "csm")
    with database.changing() as tx:
        assert not seen(tx, Scope(lena, visibility))
        tx.execute(account_rows.update().where(account_rows.c.number == alpha).values(csm=owner))
        for reading, read in READING.items():
            assert read(tx, alpha, Scope(lena, visibility)), reading
            assert not read(tx, alpha, Scope(ana, visibility)), reading
        assert seen(tx, Scope(lena, visibility)) == {"Alpha"}


def seen(tx: Transaction, scope: Scope) -> set[str]:
    return {standing.account.name for standing in accounts.page(tx, scope)}


ALL = {"Alpha", "Beta", "Gamma", "Delta"}


def test_who_sees_which_accounts(database: Database, numbers: Mapping[str, int]) -> None:
    cases: list[tuple[str, Visibility, set[str]]] = [
        ("ana", "all", ALL),
        ("ana", "own", {"Alpha"}),
        ("ana", "team", {"Alpha", "Beta"}),
        ("cleo", "team", {"Gamma"}),
        ("sofia", "own", {"Alpha", "Beta", "Delta"}),
        ("sofia", "team", {"Alpha", "Beta", "Delta"}),
        ("tom", "own", ALL),
        ("vic", "own", set()),
        ("vic", "all", ALL),
    ]
    with database.transaction() as tx:
        for who, visibility, names in cases:
            viewer = people.by_email(tx, f"{who}@x.com")
            assert seen(tx, Scope(viewer, visibility)) == names, (who, visibility)


def test_filters_combine(database: Database, numbers: Mapping[str, int]) -> None:
    viewer = Person("ana@x.com", "Ana", "csm", team=("ben@x.com",))
    cases: list[tuple[list[tuple[str, str]], set[str]]] = [
        ([("own", "")], {"Alpha"}),
        ([("team", "")], {"Alpha", "Beta"}),
        ([("all", "")], ALL),
        ([("segment", "smb")], {"Beta", "Delta"}),
        ([("csm", "CLEO@x.com")], {"Gamma"}),
        ([("band", "green")], {"Gamma"}),
        ([("stage", "ADOPT")], {"Beta", "Gamma", "Delta"}),
        ([("tier", "3")], {"Delta"}),
        ([("x_region", "latam")], {"Beta", "Gamma", "Delta"}),
        ([("x_region", "áfrica")], {"Alpha"}),
        ([("x_region", "latam"), ("segment", "smb"), ("band", "yellow")], {"Beta"}),
        ([("x_nothing", "latam")], set()),
    ]
    with database.transaction() as tx:
        for filters, names in cases:
            scope = Scope(viewer, "all", tuple(Filter(kind, value) for kind, value in filters))
            assert seen(tx, scope) == names, filters
            assert accounts.count(tx, scope) == len(names), filters
            assert sum(scores.counts(tx, scope).values()) == len(names), filters

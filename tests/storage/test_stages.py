from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from domain.accounts import Person
from domain.funnel import funnel
from domain.money import Money
from domain.scopes import Filter
from storage import accounts, journey, tables
from storage.database import Database, Transaction
from storage.facts import milestones
from storage.scope import Scope, operator
from tests.storage.rows import TODAY, put, put_accounts

ALL = operator()
NOBODY = Scope(None, "all")
LUIS = Scope(Person("luis@x.com", "Luis"), "own")
YEAR = timedelta(365)


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def usd(amount: int) -> Money:
    return Money(Decimal(amount), "USD")


def staged(tx: Transaction, number: int, *stays: tuple[int, str | None]) -> None:
    """A stage by rule from so many days ago on."""
    account = accounts.get(tx, number, ALL)
    assert account
    for days, stage in stays:
        journey.keep(tx, ago(days), [(account, stage)], journey.rows(tx, [number], ALL, before=ago(days)))


def paid(tx: Transaction, number: int, *changes: tuple[int, int]) -> None:
    """The annual amount changed so many days ago by so much."""
    rows = [
        {"account": number, "day": ago(days), "currency": "USD", "kind": "", "delta": delta} for days, delta in changes
    ]
    for row in rows:
        put(tx, "revenue_changes", row, known_on=row["day"])


@pytest.fixture
def numbers(database: Database) -> list[int]:
    with database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two", segment="SMB", csm="ana@x.com")
        (three,) = put_accounts(tx, "Three", segment="enterprise", csm="ana@x.com", laer_stage="Expand")
        (four,) = put_accounts(tx, "Four", csm="ana@x.com")
        staged(tx, one, (400, "land"), (360, "adopt"), (100, "renew"), (40, "adopt"))
        staged(tx, two, (300, "land"), (270, "adopt"), (20, None))
        staged(tx, three, (500, "adopt"))
        paid(tx, one, (400, 1200), (90, 600), (30, -240))
        paid(tx, two, (300, 2400), (20, -2400))
        paid(tx, three, (500, 12000), (10, 1200))
    return [one, two, three, four]


def test_a_stage_is_kept_only_where_it_changed_and_again_without_harm(database: Database, numbers: list[int]) -> None:
    one = numbers[0]
    with database.changing() as tx:
        before = journey.rows(tx, [one], ALL)[one]
        staged(tx, one, (5, "adopt"), (4, "adopt"))
        assert journey.rows(tx, [one], ALL)[one] == before
        staged(tx, one, (3, "expand"))
        staged(tx, one, (3, "expand"))
        assert journey.rows(tx, [one], ALL)[one] == [*before, (ago(3), "expand")]
        staged(tx, one, (3, "adopt"))
        assert journey.rows(tx, [one], ALL)[one] == before, "another run of the day says otherwise"


def test_what_a_person_gave_stands_before_the_rule_in_filters_and_counts(
    database: Database, numbers: list[int]
) -> None:
    with database.transaction() as tx:
        of = {
            stage: [s.account.name for s in accounts.page(tx, ALL.narrowed(Filter("stage", stage)), order="name")]
            for stage in ("land", "adopt", "expand", "renew")
        }
        assert of == {"land": [], "adopt": ["One"], "expand": ["Three"], "renew": []}
        assert journey.standing(tx, ALL) == {"adopt": 1, "expand": 1, None: 2}
        assert journey.worth(tx, TODAY, ALL) == {"adopt": [usd(1560)], "expand": [usd(13200)]}
        listed = journey.listed(tx, ALL.narrowed(Filter("stage", "expand")), offset=0, limit=5)
        assert [(each.account.name, each.since, each.given) for each in listed] == [("Three", None, True)]


def test_growth_is_that_of_the_stage_on_the_day_before(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        found = journey.growth(tx, after=TODAY - YEAR, last=TODAY, scope=ALL)
    assert found == {
        ("renew", "added"): [usd(600)],
        ("adopt", "taken"): [usd(-2640)],
        ("land", "new"): [usd(2400)],
        ("adopt", "added"): [usd(1200)],
    }


def test_what_a_price_index_did_is_kept_apart(database: Database, numbers: list[int]) -> None:
    with database.changing() as tx:
        indexed = {"account": numbers[0], "day": ago(30), "currency": "USD", "kind": "indexation", "delta": 48}
        put(tx, "revenue_changes", indexed, known_on=ago(30))
        found = journey.growth(tx, after=ago(31), last=ago(29), scope=ALL)
    assert found == {("adopt", "taken"): [usd(-240)], ("adopt", "indexation"): [usd(48)]}


def test_one_who_comes_back_grows_the_stage_that_begins(database: Database, numbers: list[int]) -> None:
    two = numbers[1]
    with database.changing() as tx:
        paid(tx, two, (5, 3600))
        staged(tx, two, (5, "land"))
        found = journey.growth(tx, after=ago(6), last=TODAY, scope=ALL)
    assert found == {("land", "added"): [usd(3600)]}


def test_stays_are_completed_only_where_both_ends_were_seen(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        found = sorted(journey.completed(tx, ALL))
    assert found == [("SMB", "adopt", 250), ("SMB", "adopt", 260), ("SMB", "land", 30), ("SMB", "land", 40),
                     ("SMB", "renew", 60)]  # fmt: skip


def test_slow_are_those_past_the_limit_of_their_segment(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        count, longest = journey.slow(tx, ALL, {("SMB", "adopt"): 39, ("enterprise", "adopt"): 10}, TODAY, limit=5)
        assert (count, [(each.account.name, each.since) for each in longest]) == (1, [("One", ago(40))])
        assert journey.slow(tx, ALL, {("SMB", "adopt"): 40}, TODAY, limit=5) == (0, [])
        assert journey.slow(tx, ALL, {}, TODAY, limit=5) == (0, [])


def given(tx: Transaction, number: int, *told: tuple[int, str | None], assumed: bool = False) -> None:
    """A person gave a stage so many days ago, or took it back."""
    account_id = select(tables.accounts.c.account_id).where(tables.accounts.c.number == number)
    named = {"entity": "accounts", "entity_key": tx.execute(account_id).scalar_one(), "field": "laer_stage"}
    for days, stage in told:
        row = {**named, "day": ago(days), "account": number, "value": stage, "assumed": assumed}
        put(tx, "history", row, known_on=ago(days))
        tx.execute(update(tables.accounts).where(tables.accounts.c.number == number).values(laer_stage=stage))


def test_a_given_stage_counts_from_its_day_and_again_when_it_is_given_again(
    database: Database, numbers: list[int]
) -> None:
    one, two, three, _four = numbers
    with database.changing() as tx:
        given(tx, one, (90, "expand"), (70, None), (25, "expand"))
        given(tx, three, (7, "expand"), assumed=True)
        assert journey.told(tx, one, ALL) == [
            (ago(90), "expand", False), (ago(70), None, False), (ago(25), "expand", False),
        ]  # fmt: skip
        listed = journey.listed(tx, ALL.narrowed(Filter("stage", "expand")), offset=0, limit=5)
        assert [(each.account.name, each.since, each.given, each.at_least) for each in listed] == [
            ("One", ago(25), True, False), ("Three", ago(7), True, True),
        ]  # fmt: skip
        limits = {("SMB", "expand"): 24, ("enterprise", "expand"): 6}
        count, longest = journey.slow(tx, ALL, limits, TODAY, limit=5)
        assert (count, [(e.account.name, e.since, e.at_least) for e in longest]) == (
            2, [("One", ago(25), False), ("Three", ago(7), True)],
        )  # fmt: skip
        ended = sorted(journey.completed(tx, ALL))
        assert [days for _, stage, days in ended if stage == "expand"] == [20]
        assert [days for _, stage, days in ended if stage == "renew"] == [10, 30], "renew was left and entered again"
        moved = journey.growth(tx, after=TODAY - YEAR, last=TODAY, scope=ALL)
        assert moved["renew", "added"] == [usd(600)], "the day of the change itself counts for the stage before"
        assert ("expand", "taken") not in moved
        given(tx, two, (290, "land"))
        assert journey.growth(tx, after=ago(21), last=ago(19), scope=ALL) == {("land", "taken"): [usd(-2400)]}


def test_nobody_reads_a_journey_that_is_not_theirs(database: Database, numbers: list[int]) -> None:
    with database.transaction() as tx:
        for scope in (NOBODY, LUIS):
            assert not journey.rows(tx, numbers, scope)
            assert not journey.told(tx, numbers[0], scope)
            assert not journey.standing(tx, scope)
            assert not journey.worth(tx, TODAY, scope)
            assert not journey.growth(tx, after=TODAY - YEAR, last=TODAY, scope=scope)
            assert not list(journey.completed(tx, scope))
            assert not journey.listed(tx, scope, offset=0, limit=5)
            assert not journey.segments(tx, scope)
            assert journey.slow(tx, scope, {("SMB", "adopt"): 1}, TODAY, limit=5) == (0, [])
            assert not list(milestones.entries(tx, scope, TODAY))


def test_the_funnel_counts_what_came_by_today(database: Database, numbers: list[int]) -> None:
    one, two, three, _four = numbers
    with database.changing() as tx:
        for number, name, days in (
            (one, "acquired", 420), (one, "activated", 390), (one, "converted", 400), (two, "acquired", 310),
            (two, "converted", 300), (two, "activated", -3),
        ):  # fmt: skip
            put(tx, "milestones", {"account": number, "milestone": name, "contact_id": "", "reached_on": ago(days)})
        for n, (number, kind, introduced) in enumerate(
            ((one, "internal", ago(9)), (one, "external", None), (two, "external", ago(9)), (two, None, ago(-1)))
        ):
            asked = {"referral_id": f"r{n}", "account": number, "kind": kind}
            put(tx, "referrals", asked | {"asked_on": ago(30), "introduced_on": introduced})
        entered = list(milestones.entries(tx, ALL, TODAY))
        later = list(milestones.entries(tx, ALL, TODAY, since=ago(310)))
    whole, _ = funnel(entered, by="month")
    assert (whole.acquired, whole.activated, whole.converted) == (3, 1, 2), "Four never began; an activation is ahead"
    assert (whole.due, whole.retained, whole.paying) == (2, 2, 2), "One and Three paid a year later; Two had no year"
    assert (whole.internal, whole.external, whole.referring) == (1, 1, 1), "asking alone is no referral"
    assert len(later) == 1
    assert three

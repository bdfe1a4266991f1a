"""Alerts in both databases: written once, claimed once, seen by whom they concern, counted by rule."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from domain.accounts import Person
from domain.alerts.alerts import Action, Night, Signal, Standing, evaluate
from domain.money import Money
from domain.scopes import Filter
from storage import books, changes, people
from storage.alerts import alerts, nights
from storage.database import Database
from storage.importing import aftermath
from storage.scope import Scope, operator
from storage.tables import alerts as rows
from tests.storage.rows import TODAY, at, put, put_accounts, put_people

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANA, BEN, SOFIA = "ana@x.com", "ben@x.com", "sofia@x.com"


def standing(money=1000.0, **more):
    return Standing(money, 0.5, 1.0, Money(Decimal(12000), "USD"), "red", 41, TODAY, TODAY, **more)


def signal(account, kind="at_risk", money=1000.0, **more):
    values = {"severity": "high", "owner": ANA, "params": {"score": 41, "use": -46.5}, "standing": standing(money)}
    return Signal(account, kind, **values | more)


def night(tx, *signals, day=TODAY, **more):
    held = nights.held(tx, 0, 10_000)
    actions = evaluate([alert for those in held.values() for alert in those], signals, Night(day, **more))
    nights.write(tx, actions, day)
    return [action.verb for action in actions]


@pytest.fixture
def book(database: Database) -> list[int]:
    """Acme and Borealis are Ana's, Cobalt Ben's, Delta nobody's."""
    with database.changing() as tx:
        put_people(tx)
        mine = put_accounts(tx, "Acme", "Borealis", csm=ANA)
        return [*mine, *put_accounts(tx, "Cobalt", csm=BEN), *put_accounts(tx, "Delta")]


def viewer(database: Database, email: str) -> Person:
    with database.transaction() as tx:
        found = people.by_email(tx, email)
    assert found
    return found


def names(page):
    return [[(each.name, each.alert.kind) for each in group] for group in page.groups]


def test_a_night_twice_is_a_night_once_and_keeps_every_value(database: Database, book: list[int]) -> None:
    said = [signal(book[0]), signal(book[0], "silence", days=7), signal(0, "source_stopped", owner=None, told="admin")]
    with database.changing() as tx:
        assert night(tx, *said) == ["open", "open", "wait"]
        assert night(tx, *said) == [], "what is read is what was written"
        assert night(tx, *said, day=TODAY + timedelta(7)) == ["keep", "keep", "open", "escalate"]
        assert night(tx, day=TODAY + timedelta(8)) == ["close", "close", "close"]
        closed = tx.execute(select(rows.c.closed_why, rows.c.closed_on).distinct()).all()
    assert closed == [("over", TODAY + timedelta(8))]


def test_two_evaluations_at_once_leave_one_open_alert(database: Database, book: list[int]) -> None:
    both = [Action("open", signal(book[0])), Action("open", signal(book[0]))]
    with database.changing() as tx:
        nights.write(tx, both[:1], TODAY)
        nights.write(tx, both[1:], TODAY)
        assert tx.execute(select(func.count()).select_from(rows)).scalar_one() == 1


def test_what_changes_hands_while_it_is_evaluated_stays_there(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0]))
        made = evaluate(nights.held(tx, 0, 10_000)[book[0]], [signal(book[0], money=900.0)], Night(TODAY))
        alerts.reassign(tx, book[0], BEN)
        nights.write(tx, made, TODAY)
        (alert,) = nights.held(tx, 0, 10_000)[book[0]]
    assert (alert.owner, alert.standing.at_stake) == (BEN, 900.0)


def test_two_people_at_once_give_one_result(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0]))
        number = tx.execute(select(rows.c.id)).scalar_one()
    made: dict[str, int | None] = {}
    ready = threading.Barrier(2)

    def take(who: str) -> None:
        ready.wait()
        with database.changing() as tx:
            made[who] = alerts.claim(tx, number, who=who, at=NOW, on=TODAY)

    both = [threading.Thread(target=take, args=(who,)) for who in (ANA, BEN)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    (winner,) = [who for who, change in made.items() if change is not None]
    with database.transaction() as tx:
        found = alerts.get(tx, number, operator())
        assert found
        assert found.alert.claimed_by == winner
        assert changes.verify(tx) is None


def test_who_is_at_an_account_and_since_when(database: Database, book: list[int]) -> None:
    kinds, by = ("at_risk", "silence", "no_data", "champion_left"), {"at": NOW}
    with database.changing() as tx:
        night(tx, *(signal(book[0], kind) for kind in kinds), signal(book[1]))
        first, second, third, _ = (each.alert.id for each in alerts.of_account(tx, book[0], operator(), day=TODAY))
        assert alerts.takers(tx, book) == {}
        alerts.claim(tx, first, who=SOFIA, on=TODAY + timedelta(1), **by)
        alerts.claim(tx, second, who=BEN, on=TODAY + timedelta(3), **by)
        alerts.claim(tx, third, who=SOFIA, on=TODAY, **by)
        taken = [alerts.Taker(SOFIA, TODAY), alerts.Taker(BEN, TODAY + timedelta(3))]
        assert alerts.takers(tx, book) == {book[0]: taken}
        alerts.release(tx, second, who=BEN, on=TODAY, **by)
        tx.execute(update(rows).where(rows.c.id == third).values(status="closed"))
        assert alerts.takers(tx, book) == {book[0]: [alerts.Taker(SOFIA, TODAY + timedelta(1))]}, "what is open"


def test_what_is_taken_put_off_or_wrong_leaves_the_list(database: Database, book: list[int]) -> None:
    mine = Scope(viewer(database, ANA), "all", (Filter("own"),))
    with database.changing() as tx:
        night(tx, signal(book[0]), signal(book[0], "silence"), signal(book[1]), signal(book[1], "no_data"))
        found = {(each.name, each.alert.kind): each.alert.id for group in alerts.page(
            tx, mine, day=TODAY).groups for each in group}  # fmt: skip
        by = {"at": NOW, "on": TODAY}
        assert alerts.claim(tx, found["Acme", "at_risk"], who=BEN, **by)
        assert alerts.claim(tx, found["Acme", "at_risk"], who=BEN, **by) is None, "twice is once"
        assert alerts.wrong(tx, found["Acme", "at_risk"], who=ANA, **by) is None, "it is Ben's to say"
        assert alerts.wrong(tx, found["Borealis", "at_risk"], who=ANA, **by)
        until = TODAY + timedelta(3)
        assert alerts.snooze(tx, found["Acme", "silence"], until, "they are on holiday", who=ANA, **by)
        assert names(alerts.page(tx, mine, day=TODAY, mine=ANA)) == [[("Borealis", "no_data")]]
        back = alerts.page(tx, mine, day=until, mine=ANA)
        assert sorted(names(back)) == [[("Acme", "silence")], [("Borealis", "no_data")]]
        assert alerts.release(tx, found["Acme", "at_risk"], who=ANA, **by) is None, "nobody gives back another's"
        assert alerts.release(tx, found["Acme", "at_risk"], who=BEN, **by)
        assert len(alerts.page(tx, mine, day=TODAY, mine=ANA).groups) == 2


def test_a_click_is_recorded_and_can_be_taken_back(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0]))
        number = tx.execute(select(rows.c.id)).scalar_one()
        change = alerts.snooze(tx, number, TODAY + timedelta(3), "a holiday", who=ANA, at=NOW, on=TODAY)
        assert change
        changes.undo(tx, change, who=ANA, at=NOW, on=TODAY)
        found = alerts.get(tx, number, operator())
        assert found
        assert (found.alert.snoozed_until, found.alert.snooze_reason) == (None, None)
        assert changes.verify(tx) is None


def test_the_most_urgent_money_first_an_account_at_a_time(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0], money=10), signal(book[0], "invoice_overdue", 5, severity="normal"),
              signal(book[1], money=500), signal(book[2], money=90), signal(book[2], "promoter", 9e9, severity="good"),
              signal(0, "source_stopped", 0, told="admin", owner=None))  # fmt: skip
        page = alerts.page(tx, operator(), day=TODAY, limit=3)
        assert names(page) == [[(None, "source_stopped")], [("Borealis", "at_risk")], [("Cobalt", "at_risk")]]
        assert page.total == 4
        rest = alerts.page(tx, operator(), day=TODAY, offset=3, limit=3)
        assert names(rest) == [[("Acme", "at_risk"), ("Acme", "invoice_overdue")]]


@pytest.mark.parametrize(
    ("email", "visibility", "seen"),
    [
        (ANA, "own", ["Acme"]),
        (ANA, "all", ["Acme", "Cobalt"]),
        (SOFIA, "own", ["Acme", "Cobalt"]),
        ("cleo@x.com", "own", []),
        ("tom@x.com", "own", ["", "Acme", "Cobalt"]),
    ],
)
def test_who_may_see_which(database: Database, book: list[int], email: str, visibility: str, seen: list[str]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0]), signal(book[2]), signal(0, "source_stopped", told="admin", owner=None))
        found = alerts.page(tx, Scope(viewer_in(tx, email), visibility), day=TODAY)  # type: ignore[arg-type]
    assert sorted(group[0].name or "" for group in found.groups) == seen


def test_a_lead_finds_the_alerts_of_what_nobody_owns(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        put_accounts(tx, "Echo", csm="gone@x.com")
        night(tx, signal(book[3], owner=None), signal(book[3] + 1, owner="gone@x.com"), signal(book[2], owner=BEN))
        lead, csm = (Scope(viewer_in(tx, email), "own") for email in (SOFIA, ANA))
        assert {row[0][0] for row in names(alerts.page(tx, lead, day=TODAY, unowned=True))} == {"Delta", "Echo"}
        assert not names(alerts.page(tx, csm, day=TODAY, unowned=True))


def viewer_in(tx, email):
    return people.by_email(tx, email)


def test_what_one_person_is_told(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0]), signal(book[1], "silence", severity="normal"), signal(book[2], owner=BEN),
              signal(book[3], owner=None))  # fmt: skip
        night(tx, signal(book[0]), signal(book[1], "silence", severity="normal"), signal(book[2], owner=BEN),
              signal(book[3], owner=None), signal(book[3], "no_data", owner=BEN), day=TODAY + timedelta(3),
              quiet={"no_data"})  # fmt: skip
        later = TODAY + timedelta(3)
        mine = alerts.for_person(tx, [ANA], me=ANA, day=later)
        assert sorted(group[0].name or "" for group in mine.groups) == ["Acme", "Borealis"]
        led = alerts.for_person(tx, [SOFIA], escalated_from=[ANA, BEN], me=SOFIA, day=later)
        assert sorted(group[0].name or "" for group in led.groups) == ["Acme", "Cobalt"], "only what is escalated"
        assert alerts.for_person(tx, [BEN], me=BEN, day=later).total == 1, "what is quiet is told to nobody"
        unowned = alerts.page(tx, operator(), day=later, unowned=True)
        assert names(unowned) == [[("Delta", "at_risk")]]


def test_urgent_ones_of_the_day(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0], severity="urgent"), signal(book[1], severity="urgent"), signal(book[2]), quiet=())
        assert {each.name for each in alerts.urgent(tx, TODAY)} == {"Acme", "Borealis"}
        assert alerts.urgent(tx, TODAY + timedelta(1)) == []


def test_figures_by_rule(database: Database, book: list[int]) -> None:
    touch = {"touch_id": "t1", "account": book[1], "at": at(TODAY), "direction": "out"}
    with database.changing() as tx:
        night(tx, signal(book[0]), signal(book[1]), signal(book[2]), signal(book[0], "silence", days=7))
        put(tx, "touches", touch, known_on=TODAY)
        first, third = (alerts.of_account(tx, n, operator(), day=TODAY)[0].alert.id for n in (book[0], book[2]))
        alerts.claim(tx, first, who=ANA, at=NOW, on=TODAY)
        alerts.wrong(tx, third, who=BEN, at=NOW, on=TODAY)
        nights.mark_acted(tx, TODAY)
        (figure,) = alerts.counts(tx, operator(), TODAY, TODAY)
    assert (figure.kind, figure.raised, figure.acted, figure.wrong, figure.open) == ("at_risk", 3, 2, 1, 3)


def test_alerts_of_an_account_that_is_gone_close(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[3]))
        aftermath.forget(tx, [book[3]], None)
        assert nights.close_gone(tx, TODAY) == 1
        assert tx.execute(select(rows.c.closed_why)).scalar_one() == "gone"


def test_an_account_that_moves_takes_its_alerts_along(database: Database, book: list[int]) -> None:
    with database.changing() as tx:
        night(tx, signal(book[0]), signal(book[0], "notice_given", told="lead", owner=SOFIA))
        alerts.reassign(tx, book[0], BEN)
        owners = dict(tx.execute(select(rows.c.kind, rows.c.owner)).all())
        assert owners == {"at_risk": BEN, "notice_given": SOFIA}
        counted = {book.csm: (book.accounts, book.alerts) for book in books.books(tx, operator(), TODAY)}
    assert counted == {ANA: (2, 2), BEN: (1, 0), None: (1, 0)}

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import event

from domain.accounts import Person
from domain.experience import Check
from storage import changes
from storage.database import Database
from storage.facts import experience
from storage.facts.asof import AsOf
from storage.scope import Scope, operator
from storage.tables import accounts
from tests.storage.rows import TODAY, at, put, put_accounts

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SEEN = AsOf(TODAY, TODAY)


def ago(days: int, hour: int = 12) -> datetime:
    return at(TODAY - timedelta(days), hour)


@pytest.fixture
def acme(database: Database) -> int:
    with database.changing() as tx:
        acme, other = put_accounts(tx, "Acme", "Other", csm="ana@x.com", customer_since=TODAY - timedelta(400))
        for email, function in (("ana@x.com", "csm"), ("owen@x.com", "sales"), ("pia@x.com", "support")):
            put(tx, "people", {"email": email, "name": email, "role": "csm", "function": function})
        put(tx, "account_team", {"account": acme, "function": "onboarding", "email": "Pia@x.com"})
        rows = [
            ("both", "call", "ana@x.com", 1), ("both", "call", "Ana@x.com", 89), ("both", "call", "ana@x.com", 90),
            ("both", "email", "ana@x.com", 2), ("out", "email", "ana@x.com", 2), (None, "meeting", "owen@x.com", 3),
            (None, "email", "owen@x.com", 3), ("both", "chat", "pia@x.com", 4), ("both", None, None, 5),
        ]  # fmt: skip
        for n, (direction, channel, csm, days) in enumerate(rows):
            put(tx, "touches", {"touch_id": f"t{n}", "account": acme, "at": ago(days), "direction": direction,
                                "channel": channel, "csm": csm})  # fmt: skip
        tickets = [
            ("critical", ago(5), ago(5, 14), None), ("high", ago(6), None, ago(6, 18)), (None, ago(0, 9), None, None),
            ("low", ago(200), None, None), ("low", ago(200), ago(199), ago(100)), ("low", ago(3), None, ago(-2)),
        ]  # fmt: skip
        for n, (severity, opened, first, closed) in enumerate(tickets):
            put(tx, "tickets", {"ticket_id": f"k{n}", "account": acme, "severity": severity, "opened_at": opened,
                                "first_response_at": first, "closed_at": closed})  # fmt: skip
        checks = [("Training", 9, True), ("training", 2, False), ("Traspaso", 30, True), ("later", -1, True)]
        for item, days, met in checks:
            put(tx, "experience_checks", {"account": acme, "item": item, "checked_on": TODAY - timedelta(days),
                                          "met": met, "note": item})  # fmt: skip
        put(tx, "touches", {"touch_id": "theirs", "account": other, "at": ago(1), "direction": "both"})
    return acme


def lived(database: Database, number: int, **more):
    with database.transaction() as tx:
        return experience.of_account(tx, number, SEEN, operator(), **{"window": 90, "now": NOW} | more)


def test_two_way_touches_of_the_window_by_function_and_channel(database: Database, acme: int) -> None:
    """Pia is of support in the organisation, and onboards this account."""
    assert lived(database, acme).touches == {
        ("csm", "call"): 2, ("csm", "email"): 1, ("sales", "meeting"): 1, ("onboarding", "chat"): 1, ("", ""): 1,
    }  # fmt: skip


def test_first_answers_and_what_still_waits(database: Database, acme: int) -> None:
    found = lived(database, acme)
    assert sorted((r.severity, r.hours, r.waited) for r in found.responses if r.hours is not None) == [
        ("critical", 2.0, 123.0), ("high", 6.0, 147.0),
    ]  # fmt: skip
    assert sorted((r.severity, r.waited) for r in found.responses if r.hours is None) == [
        ("low", 75.0),
        ("normal", 6.0),
    ]
    assert found.open_tickets == 4, "one of them is 200 days old; one closes only in two days"


def test_the_latest_tick_of_each_item_in_any_spelling(database: Database, acme: int) -> None:
    found = lived(database, acme).checks
    assert found == {
        "training": Check(met=False, checked_on=TODAY - timedelta(2), note="training"),
        "traspaso": Check(met=True, checked_on=TODAY - timedelta(30), note="Traspaso"),
    }


def test_a_new_customer_has_as_many_days_as_they_are_here(database: Database, acme: int) -> None:
    with database.changing() as tx:
        (new,) = put_accounts(tx, "New", customer_since=TODAY - timedelta(9))
        (unsaid,) = put_accounts(tx, "Unsaid")
    assert [lived(database, number).days for number in (acme, new, unsaid)] == [90, 10, 90]


def test_nothing_supplied_is_not_silence(database: Database) -> None:
    with database.changing() as tx:
        (lonely,) = put_accounts(tx, "Lonely")
    found = lived(database, lonely)
    assert (found.touches_known, found.open_tickets, found.touches) == (False, None, {})


def test_another_day_knows_less(database: Database, acme: int) -> None:
    with database.transaction() as tx:
        then = AsOf(TODAY - timedelta(3), TODAY)
        found = experience.of_account(tx, acme, then, operator(), window=90, now=NOW)
    assert found
    assert ("csm", "email") not in found.touches
    assert "normal" not in {response.severity for response in found.responses}
    assert found.checks["training"].met is True


def test_out_of_sight_and_a_constant_number_of_queries(database: Database, acme: int) -> None:
    counts = []
    for last in (acme, acme + 1):
        sent: list[str] = []
        with database.transaction() as tx:
            event.listen(tx, "before_cursor_execute", lambda *a, sent=sent: sent.append(a[2]))
            ben = Scope(Person("ben@x.com", "Ben"), "own")
            assert experience.of_account(tx, acme, SEEN, ben, window=90, now=NOW) is None
            sent.clear()
            found = experience.lived(tx, accounts.c.number <= last, SEEN, window=90, now=NOW)
        assert set(found) == set(range(acme, last + 1))
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 7
    assert lived(database, acme + 1).touches == {("", ""): 1}, "Ana is not said to have made it"


def test_a_tick_is_kept_once_and_not_over_another_s(database: Database, acme: int) -> None:
    marked = experience.mark(lived(database, acme).checks)
    mine = Check(met=True, checked_on=TODAY, note="asked them")
    said = {"marked": marked, "seen": SEEN, "at": NOW, "origin": "modal"}
    made = []
    for _ in range(2):
        with database.changing() as tx:
            made.append(experience.tick(tx, acme, "training", mine, who="ana@x.com", **said))
    assert made[0] is not None
    assert made[1] is None
    assert lived(database, acme).checks["training"] == mine
    theirs = Check(met=False, checked_on=TODAY)
    with pytest.raises(changes.Overtaken), database.changing() as tx:
        experience.tick(tx, acme, "training", theirs, who="ben@x.com", **said)
    with database.changing() as tx:
        assert experience.tick(tx, acme, "language", theirs, who="ben@x.com", **said), "another item is no conflict"


def test_days_are_the_organisation_s(database: Database, acme: int) -> None:
    """20:00 in Bogotá on the day before the window is already the next day in UTC."""
    with database.changing() as tx:
        put(tx, "touches", {"touch_id": "eve", "account": acme, "direction": "both", "channel": "visit",
                            "at": datetime.combine(TODAY - timedelta(89), time(1), UTC)})  # fmt: skip
    with database.transaction() as tx:
        bogota = experience.of_account(tx, acme, AsOf(TODAY, TODAY, "America/Bogota"), operator(), window=90, now=NOW)
    assert bogota
    assert ("", "visit") not in bogota.touches
    assert lived(database, acme).touches["", "visit"] == 1

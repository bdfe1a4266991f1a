"""What only alerts look at, in both databases; and a whole evaluation of accounts by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert, select

from domain.policies.policy import load
from handlers.alerts.evaluation import evaluate, foreseen
from handlers.verbs.scoring import score
from storage import tables
from storage.alerts import alerts, watching
from storage.database import Database
from storage.scope import Scope, operator
from tests.storage.rows import TODAY, at, put, put_accounts, put_people

WEEK = timedelta(7)
NOBODY = Scope(None)


def fill(database: Database) -> tuple[int, int]:
    """Acme with an escalated critical ticket and a late invoice, Ben's Cobalt with nothing wrong."""
    with database.changing() as tx:
        put_people(tx)
        (acme,) = put_accounts(tx, "Acme", csm="ana@x.com", customer_since=date(2025, 1, 1))
        (cobalt,) = put_accounts(tx, "Cobalt", csm="ben@x.com", customer_since=date(2025, 1, 1))
        for number in (acme, cobalt):
            put(tx, "subscriptions", {
                "subscription_id": f"s{number}", "account": number, "starts_on": date(2025, 1, 1),
                "ends_on": date(2027, 12, 31), "annual": Decimal(12000), "currency": "USD",
            })  # fmt: skip
            put(
                tx,
                "touches",
                {"touch_id": f"t{number}", "account": number, "at": at(TODAY - WEEK), "direction": "both"},
            )
        put(tx, "tickets", {"ticket_id": "k1", "account": acme, "opened_at": at(TODAY - WEEK), "severity": "critical",
                            "escalated": True})  # fmt: skip
        put(tx, "invoices", {"invoice_id": "i1", "account": acme, "issued_on": date(2026, 9, 1),
                             "due_on": date(2026, 10, 1), "amount": Decimal(900), "currency": "USD"})  # fmt: skip
        marks = [{"account": n, "what": "revenue", "since": None} for n in (acme, cobalt)]
        tx.execute(insert(tables.dirty), marks)
    return acme, cobalt


def kinds(database: Database, number: int) -> dict[str, str | None]:
    with database.transaction() as tx:
        query = select(tables.alerts.c.kind, tables.alerts.c.owner).where(
            tables.alerts.c.account == number, tables.alerts.c.status == "open"
        )
        return {kind: owner for kind, owner in tx.execute(query)}  # noqa: C416


def test_an_evaluation_from_facts_to_alerts(database: Database) -> None:
    acme, cobalt = fill(database)
    policy = load("")
    score(database, policy, day=TODAY)
    assert any(action.verb == "open" for page in foreseen(database, policy, day=TODAY) for action in page)
    assert kinds(database, acme) == {}, "nothing is written by looking"
    first = evaluate(database, policy, day=TODAY)
    assert first.opened >= 2
    assert kinds(database, acme)["critical_ticket"] == "ana@x.com"
    assert "invoice_overdue" in kinds(database, acme)
    assert "critical_ticket" not in kinds(database, cobalt)
    assert evaluate(database, policy, day=TODAY) == type(first)(TODAY), "a day is evaluated once"
    with database.changing() as tx:
        tx.execute(tables.tickets.update().values(closed_at=at(TODAY), closed_known_on=TODAY))
        tx.execute(tables.changes.insert().values(
            who="ana@x.com", at=datetime(2026, 11, 23, tzinfo=UTC), origin="modal", entity="tickets", entity_key="k1",
            previous_hash="", hash="x",
        ))  # fmt: skip
    assert evaluate(database, policy, day=TODAY + timedelta(1)).closed == 1
    assert "critical_ticket" not in kinds(database, acme)


def test_another_policy_raises_no_flood(database: Database) -> None:
    acme, _ = fill(database)
    policy = load("")
    score(database, policy, day=TODAY)
    evaluate(database, policy, day=TODAY)
    before = kinds(database, acme)
    stricter = load("health: {at_risk_below: 100}\nsignals: {silence: {when: {touch_days: {at_least: 1}}}}")
    score(database, stricter, day=TODAY)
    evaluate(database, stricter, day=TODAY)
    new = set(kinds(database, acme)) - set(before)
    assert "silence" in new
    with database.transaction() as tx:
        told = alerts.for_person(tx, ["ana@x.com"], me="ana@x.com", day=TODAY)
        said = {each.alert.kind for group in told.groups for each in group}
        listed = {each.alert.kind for each in alerts.of_account(tx, acme, operator(), day=TODAY)}
    assert said == set(before), "nobody is told unasked of what only the policy changed"
    assert new <= listed


def test_the_scores_of_a_week_ago_are_those_of_the_same_policy(database: Database) -> None:
    acme, cobalt = fill(database)
    with database.changing() as tx:
        tx.execute(insert(tables.policies), [{"digest": d, "content": {}, "first_day": TODAY} for d in ("a", "b")])
        first, second = tx.execute(select(tables.policies.c.version).order_by(tables.policies.c.version)).scalars()
        row = {"state": "yellow", "coverage": 90, "at_risk": False}
        tx.execute(insert(tables.scores), [
            {**row, "account": acme, "day": TODAY - WEEK, "score": 61, "policy": first},
            {**row, "account": cobalt, "day": TODAY - WEEK, "score": 62, "policy": second},
            {**row, "account": acme, "day": TODAY - WEEK * 2, "score": 70, "policy": first},
        ])  # fmt: skip
        assert watching.week_before(tx, TODAY) == TODAY - WEEK
        assert watching.week_before(tx, TODAY - timedelta(1)) == TODAY - WEEK * 2
        assert watching.scores_on(tx, 1, 99999, TODAY - WEEK, first, operator()) == {acme: 61}
        assert watching.scores_on(tx, 1, 99999, TODAY - WEEK, first, NOBODY) == {}


def test_core_features_that_went_silent(database: Database) -> None:
    acme, cobalt = fill(database)
    with database.changing() as tx:
        tx.execute(insert(tables.usage_last), [
            {"account": acme, "kind": "feature", "name": "reports", "last_day": TODAY - timedelta(30)},
            {"account": acme, "kind": "feature", "name": "close", "last_day": TODAY - timedelta(3)},
            {"account": acme, "kind": "feature", "name": "minor", "last_day": TODAY - timedelta(30)},
            {"account": acme, "kind": "user", "name": "reports", "last_day": TODAY - timedelta(30)},
            {"account": cobalt, "kind": "feature", "name": "reports", "last_day": TODAY - timedelta(60)},
        ])  # fmt: skip
        found = watching.abandoned(tx, 1, 99999, TODAY, {"reports", "close"}, operator())
    assert found == {acme: 1}


def test_the_curtain_near(database: Database) -> None:
    acme, _ = fill(database)
    with database.changing() as tx:
        tx.execute(insert(tables.playbooks), [{"name": "x", "digest": "d", "content": {}, "first_day": TODAY}])
        version = tx.execute(select(tables.playbooks.c.version)).scalar_one()
        play = {"account": acme, "playbook": "x", "version": version, "assigned": "chosen", "eligible_on": TODAY}
        put(tx, "plays", {"play_id": "p1", "status": "running", **play}, {"play_id": "p2", "status": "paused", **play})
        task = {"account": acme, "side": "front", "hours": 1.0, "status": "open", "turn": 1}
        put(tx, "tasks",
            {"task_id": "a", "play_id": "p1", "due_on": TODAY + timedelta(3), **task},
            {"task_id": "b", "play_id": "p2", "due_on": TODAY, **task},
            {"task_id": "c", "play_id": "p1", "due_on": TODAY + timedelta(4), **task})  # fmt: skip
        until = TODAY + timedelta(3)
        assert watching.on_stage_soon(tx, 1, 99999, TODAY, until, operator()) == ["p1"]
        assert watching.on_stage_soon(tx, 1, 99999, TODAY, until - timedelta(1), operator()) == []
        assert watching.managers(tx)["ben@x.com"] == "sofia@x.com"

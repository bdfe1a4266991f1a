from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, update

from domain.facts import Facts
from domain.policies.policy import Policy
from storage.database import Database, Transaction
from storage.facts import facts
from storage.scope import operator
from storage.tables import subscriptions
from tests.storage.rows import TODAY, at, put, put_accounts

POLICY = Policy(time_zone="America/Bogota")


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def load(tx: Transaction, number: int, day: date = TODAY, today: date | None = None) -> Facts:
    (found,) = facts.load(tx, first=number, last=number, day=day, policy=POLICY, scope=operator(), today=today)
    return found


@pytest.fixture
def acme(database: Database) -> int:
    with database.changing() as tx:
        acme, other = put_accounts(tx, "Acme", "Other", segment="enterprise", csm="ana@x.com")
        put(
            tx,
            "features",
            *(
                {"feature": f, "product": p, "core": c}
                for f, p, c in (
                    ("orders", "Core", True),
                    ("plans", "Core", True),
                    ("fuel", "Fleet", True),
                    ("extra", "Core", False),
                )
            ),
        )
        put(
            tx,
            "subscriptions",
            {
                "subscription_id": "s1",
                "account": acme,
                "starts_on": ago(300),
                "product": "Core",
                "ends_on": TODAY + timedelta(65),
                "annual": Decimal(48000),
                "currency": "USD",
                "seats": 120,
            },
        )
        put(
            tx,
            "contacts",
            *(
                {"contact_id": c, "account": a, "name": c, "email": e, "role": r, "left_on": left}
                for c, a, e, r, left in (
                    ("c1", acme, "Eva@Acme.com", "sponsor", None),
                    ("c2", acme, None, "champion", TODAY + timedelta(5)),
                    ("c3", other, None, "user", None),
                )
            ),
        )
        put(
            tx,
            "touches",
            *(
                {"touch_id": t, "account": acme, "at": when, "direction": d, "channel": ch, "contacts": who}
                for t, when, d, ch, who in (
                    ("t1", at(ago(9)), "both", "call", " c2 , x"),
                    ("t2", at(ago(30)), None, "meeting", "EVA@acme.com;c2"),
                    ("t3", at(ago(1)), "out", "email", "c1"),
                    ("t4", at(TODAY + timedelta(1), 2), "both", "call", "c1"),
                )
            ),
        )
    return acme


def test_touches_reach_contacts_by_id_and_by_address(database: Database, acme: int) -> None:
    with database.transaction() as tx:
        found = load(tx, acme)
        earlier = load(tx, acme, ago(1))
    # 2:00 UTC of tomorrow is today in Bogotá
    assert found.touched_on == TODAY
    assert {c.contact_id: (c.last_touch_on, c.left_on) for c in found.contacts} == {
        "c1": (TODAY, None),
        "c2": (ago(9), None),
    }
    assert earlier.touched_on == ago(9)
    assert earlier.contacts[0].last_touch_on == ago(30)


def test_use_is_read_as_of_the_day(database: Database, acme: int) -> None:
    with database.changing() as tx:
        for back in range(60):
            put(
                tx,
                "usage",
                *(
                    {
                        "account": acme,
                        "day": ago(back),
                        "product": "Core",
                        "feature": f,
                        "active_users": 10 + n,
                        "active_users_28d": None,
                        "events": 100 if back < 28 else 200,
                    }
                    for n, f in enumerate(("orders", "extra"))
                ),
            )
        found, earlier = load(tx, acme).usage, load(tx, acme, ago(20)).usage
    assert found is not None
    assert earlier is not None
    assert (found.newest_on, found.active, found.basis) == (TODAY, 11, "peak")
    assert (found.recent, found.recent_days, found.earlier, found.earlier_days) == (200, 28, 400, 28)
    # fuel belongs to a product that they do not have
    assert (found.core_used, found.core_total, found.core_on) == (1, 2, TODAY)
    assert earlier.newest_on == ago(20)
    assert earlier.recent == Decimal(8 * 200 + 20 * 400) / 28


def test_the_basis_of_active_users(database: Database, acme: int) -> None:
    with database.changing() as tx:
        put(
            tx,
            "usage",
            *(
                {
                    "account": acme,
                    "day": ago(d),
                    "product": "",
                    "feature": "",
                    "active_users": a,
                    "active_users_28d": u,
                    "events": None,
                }
                for d, a, u in ((0, 5, None), (3, 9, 40), (30, 9, 60))
            ),
        )
        assert load(tx, acme).usage.active == 40
        assert load(tx, acme).usage.basis == "unique_28d"
        users = [
            {"account": acme, "day": ago(d), "user": u, "feature": "", "events": e}
            for d, u, e in ((1, "a", 3), (2, "a", None), (2, "b", None), (2, "idle", 0), (40, "gone", 1))
        ]
        put(tx, "usage_users", *users)
        assert (load(tx, acme).usage.active, load(tx, acme).usage.basis) == (2, "users")


def test_a_late_fact_does_not_change_the_past(database: Database, acme: int) -> None:
    late = {"account": acme, "day": ago(10), "product": "", "feature": "", "active_users": 7, "events": 1}
    with database.changing() as tx:
        put(tx, "usage", late, known_on=ago(2))
        assert load(tx, acme, ago(3)).usage is None
        assert load(tx, acme, ago(2)).usage.active == 7


def test_tickets_open_or_lately_closed(database: Database, acme: int) -> None:
    with database.changing() as tx:
        put(
            tx,
            "tickets",
            *(
                {
                    "ticket_id": t,
                    "account": acme,
                    "opened_at": at(ago(o)),
                    "severity": "high",
                    "closed_at": None if c is None else at(ago(c)),
                    "closed_known_on": None if c is None else ago(k),
                    "escalated": False,
                    "reopened": False,
                }
                for t, o, c, k in (("a", 6, None, 0), ("b", 50, 10, 10), ("c", 90, 40, 40), ("d", 8, 5, 1))
            ),
        )
        found, earlier = load(tx, acme), load(tx, acme, ago(2))
    assert {t.ticket_id: t.closed_on for t in found.tickets} == {"a": None, "b": ago(10), "d": ago(5)}
    assert found.tickets_on == ago(5)
    assert next(t for t in earlier.tickets if t.ticket_id == "d").closed_on is None


def test_the_latest_answer_of_each_contact(database: Database, acme: int) -> None:
    with database.changing() as tx:
        put(
            tx,
            "surveys",
            *(
                {
                    "response_id": r,
                    "account": acme,
                    "contact_id": c,
                    "kind": k,
                    "score": s,
                    "sent_at": at(ago(d + 1)),
                    "answered_at": at(ago(d)) if answered else None,
                }
                for r, c, k, s, d, answered in (
                    ("1", "c1", "nps", 3, 90, True),
                    ("2", "c1", "nps", 8, 20, False),
                    ("3", "c1", "csat", 5, 30, True),
                    ("4", None, "nps", 9, 40, True),
                    ("5", "", "nps", 10, 41, True),
                    ("6", "c2", "nps", None, 5, False),
                    ("7", "c1", "nps", 10, -3, True),
                )
            ),
        )
        found = load(tx, acme)
    assert [(a.kind, a.score) for a in found.answers] == [("nps", 8), ("csat", 5), ("nps", 9), ("nps", 10)]


def test_invoices_outcomes_calls_sentiment_milestones(database: Database, acme: int) -> None:
    with database.changing() as tx:
        put(
            tx,
            "invoices",
            *(
                {
                    "invoice_id": i,
                    "account": acme,
                    "issued_on": ago(60),
                    "due_on": ago(30),
                    "paid_on": p,
                    "amount": Decimal(100),
                    "currency": "USD",
                }
                for i, p in (("a", None), ("b", ago(3)))
            ),
        )
        put(
            tx,
            "outcomes",
            {
                "outcome_id": "o",
                "account": acme,
                "statement": "Close in 3 days",
                "current": Decimal("2.5"),
                "achieved_on": ago(1),
            },
        )
        put(
            tx,
            "history",
            *(
                {
                    "entity": "outcomes",
                    "entity_key": "o",
                    "field": "current",
                    "day": ago(d),
                    "account": acme,
                    "value": v,
                    "assumed": False,
                }
                for d, v in ((100, "5"), (10, "2.5"))
            ),
        )
        put(
            tx,
            "renewal_calls",
            *(
                {"account": acme, "renewal_on": TODAY, "given_on": ago(d), "by": b, "call": c}
                for d, b, c in ((9, "csm", "renew"), (5, "csm", "at_risk"), (5, "rule", "renew"))
            ),
        )
        put(
            tx,
            "sentiments",
            *({"account": acme, "given_on": ago(d), "value": v} for d, v in ((80, "great"), (7, "worried"))),
        )
        put(
            tx,
            "milestones",
            *(
                {"account": acme, "milestone": m, "contact_id": c, "reached_on": ago(d)}
                for m, c, d in (("activated", "a", 90), ("activated", "b", 80), ("converted", "", 2))
            ),
        )
        now, then = load(tx, acme), load(tx, acme, ago(5), TODAY)
    assert [i.invoice_id for i in now.invoices] == ["a"]
    assert [i.invoice_id for i in then.invoices] == ["a", "b"]
    assert (now.invoices_on, then.invoices_on) == (ago(3), ago(60))
    assert (now.outcomes[0].current, now.outcomes[0].current_on, now.outcomes[0].achieved_on) == (
        Decimal("2.5"),
        ago(10),
        ago(1),
    )
    assert then.outcomes[0].achieved_on is None
    assert load_current(database, acme, ago(50)) == Decimal(5)
    assert {c.by: c.call for c in now.calls} == {"csm": "at_risk", "rule": "renew"}, "the newest comes last"
    assert now.sentiment.value == "worried"
    assert [(m.milestone, m.reached_on) for m in now.milestones] == [("activated", ago(90)), ("converted", ago(2))]


def load_current(database: Database, number: int, day: date) -> Decimal:
    with database.transaction() as tx:
        return (
            Decimal(5)
            if not load(tx, number, day, TODAY).outcomes
            else load(tx, number, day, TODAY).outcomes[0].current
        )


def test_a_notice_given_later_is_hidden_from_the_past(database: Database, acme: int) -> None:
    with database.changing() as tx:
        given = {"notice_given_on": ago(10), "cancelled_on": TODAY + timedelta(20)}
        tx.execute(update(subscriptions).values(given))
        now, then = load(tx, acme), load(tx, acme, ago(20), TODAY)
    assert now.versions[0].cancelled_on == TODAY + timedelta(20)
    assert then.versions[0].notice_given_on is None
    assert then.versions[0].cancelled_on is None
    assert now.versions[0].annual.amount == Decimal(48000)


def test_who_held_an_account_then(database: Database, acme: int) -> None:
    with database.changing() as tx:
        put(
            tx,
            "history",
            *(
                {
                    "entity": "accounts",
                    "entity_key": "x",
                    "field": "csm",
                    "day": ago(d),
                    "account": acme,
                    "value": v,
                    "assumed": False,
                }
                for d, v in ((100, "luis@x.com"), (10, "ana@x.com"))
            ),
        )
        felt = [{"account": acme, "given_on": ago(d), "value": v} for d, v in ((30, "great"), (11, "worried"))]
        put(tx, "sentiments", *felt)
        assert load(tx, acme, ago(10)).sentiment is None, "a hand-over resets it"
        assert load(tx, acme, ago(11)).sentiment.value == "worried"
        put(tx, "sentiments", {"account": acme, "given_on": ago(9), "value": "good"})
        assert load(tx, acme).sentiment.value == "good"
        assert load(tx, acme).account.csm == "ana@x.com"
        assert load(tx, acme, ago(20)).account.csm == "luis@x.com"
        assert load(tx, acme, ago(200)).account.csm == "luis@x.com"


def test_a_page_costs_the_same_queries_whatever_its_length(database: Database, acme: int) -> None:
    counted: list[int] = []
    with database.changing() as tx:
        for many in (2, 60):
            put_accounts(tx, *(f"More {many} {n}" for n in range(many)))
            statements: list[str] = []

            def note(*args: object, into: list[str] = statements) -> None:
                into.append(str(args[2]))

            event.listen(tx, "before_cursor_execute", note)
            facts.load(tx, first=1, last=10_000, day=TODAY, policy=POLICY, scope=operator())
            event.remove(tx, "before_cursor_execute", note)
            counted.append(len(statements))
    assert counted[0] == counted[1] < 32


def test_what_nobody_supplies_is_not_in_use(database: Database, acme: int) -> None:
    with database.changing() as tx:
        assert facts.in_use(tx, policy=POLICY) == {"touch", "sponsor", "mrr_calls"}
        put(tx, "usage", {"account": acme, "day": TODAY, "product": "", "feature": "orders", "active_users": 1})
        assert facts.in_use(tx, policy=POLICY) == {"touch", "sponsor", "mrr_calls", "licences", "core_features", "use"}


def test_an_account_that_did_not_exist_yet_is_left_out(database: Database) -> None:
    with database.changing() as tx:
        (new,) = put_accounts(tx, "New", known_on=TODAY, customer_since=ago(5))
        assert load(tx, new).account.number == new
        assert facts.load(tx, first=new, last=new, day=ago(6), policy=POLICY, scope=operator()) == []

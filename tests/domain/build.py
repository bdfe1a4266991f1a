"""Values for the tests of the domain, with sound defaults."""

from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import Account, Contact
from domain.facts import Answer, Facts, Outcome, RenewalCall, Ticket, Usage
from domain.health.health import MEASURES, Reading, health, of_readings
from domain.money import Money
from domain.policies.policy import Policy
from domain.subscriptions import Version

DAY = date(2026, 11, 23)
POLICY = Policy()
ALL = frozenset(MEASURES)
ACME = Account(1, "acme", "Acme Corp", segment="enterprise", customer_since=date(2026, 3, 31))


def ago(days):
    return DAY - timedelta(days)


def usd(amount):
    return Money(Decimal(amount), "USD")


def version(subscription_id="s1", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), annual=12000, **more):
    return Version(subscription_id, starts_on, usd(annual), ends_on=ends_on, **{"product": "suite", **more})


def acme(**more):
    """Acme Corp of the documented card, on Monday 23 November 2026."""
    given = {
        "account": ACME,
        "day": DAY,
        "versions": (
            version(
                starts_on=date(2026, 3, 31),
                ends_on=date(2027, 3, 31),
                annual=48000,
                seats=120,
                auto_renew=True,
                notice_days=60,
            ),
        ),
        "contacts": (
            Contact("c1", "Sponsor", role="sponsor", last_touch_on=ago(74)),
            Contact("c2", "Champion", role="champion", last_touch_on=ago(9)),
        ),
        "usage": Usage(ago(1), 61, "users", Decimal(68), 20, Decimal(100), 20, 4, 6, ago(1)),
        "tickets": (Ticket("t1", ago(6), "critical", escalated=True),),
        "tickets_on": ago(2),
        "answers": (Answer("nps", 7, date(2026, 10, 14), "c2"), Answer("csat", 4, date(2026, 5, 14), "c2")),
        "outcomes": (
            outcome("o1", current=5, contact_id="c2"),
            outcome("o2", current=10),
        ),
        "touched_on": ago(9),
        "invoices_on": ago(3),
        "calls": (call("rule", "at_risk"), call("csm", "renew")),
    }
    return Facts(**(given | more))


def outcome(outcome_id="o1", current=5, contact_id=None, **more):
    """Closing the month in 3 days rather than 10, from 1 June to 31 March."""
    given = {
        "baseline": Decimal(10),
        "target": Decimal(3),
        "current": None if current is None else Decimal(current),
        "current_on": ago(14),
        "due_on": date(2027, 3, 31),
        "recorded_on": date(2026, 6, 1),
    }
    return Outcome(outcome_id, "Close the month in 3 days", contact_id, **(given | more))


def call(by, value, renewal_on=date(2027, 3, 31), given_on=DAY - timedelta(1)):
    return RenewalCall(by, value, given_on, renewal_on)


def reading(measure, fraction, *, state="fresh", fact_on=DAY, value=None, **parts):
    if state == "missing":
        return Reading(measure, None, None, None, {}, state, 90)
    return Reading(measure, value, fact_on, fraction, parts, state, 90)


def scored(fractions, *, policy=POLICY, in_use=ALL):
    """The health of readings: measure → fraction; those not named are missing."""
    readings = {m: reading(m, fractions.get(m), state="fresh" if m in fractions else "missing") for m in in_use}
    return of_readings(ACME, DAY, readings, policy, in_use=in_use)


def healthy(facts, policy=POLICY, in_use=ALL):
    return health(facts, policy, in_use=in_use)

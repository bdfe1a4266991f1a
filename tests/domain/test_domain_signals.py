from datetime import timedelta

import pytest

from domain.accounts import Contact
from domain.facts import Ticket, Usage
from domain.health.health import MEASURES, critical, rule_call
from domain.policies.policy import load
from domain.reasons import Reason
from domain.renewals.renewals import renewals, soonest
from tests.domain.build import DAY, POLICY, acme, ago, scored, version

GONE = Contact("1", "C", role="sponsor", left_on=ago(10))


def codes(policy=POLICY, **more):
    return [reason.code for reason in critical(acme(**({"tickets": ()} | more)), policy)]


def used(recent):
    return Usage(ago(1), 1, "users", recent, 20, 100, 20)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, []),
        ({"usage": used(61)}, []),
        ({"usage": used(60)}, ["use_fell"]),
        ({"usage": Usage(ago(40), 1, "users", 10, 20, 100, 20)}, []),
        ({"tickets": (Ticket("t", ago(6), "critical", escalated=True),)}, ["critical_ticket"]),
        ({"tickets": (Ticket("t", ago(6), "critical"),)}, []),
        ({"tickets": (Ticket("t", ago(6), "high", escalated=True),)}, []),
        ({"tickets": (Ticket("t", ago(6), "critical", escalated=True, closed_on=ago(1)),)}, []),
        ({"contacts": (GONE,)}, ["contact_left"]),
        ({"contacts": (Contact("1", "C", role="champion", left_on=DAY),)}, ["contact_left"]),
        ({"contacts": (GONE, Contact("2", "D", role="sponsor"))}, []),
        ({"contacts": (Contact("1", "C", role="decision_maker", left_on=ago(60)),)}, ["contact_left"]),
        ({"contacts": (Contact("1", "C", role="champion", left_on=ago(61)),)}, []),
        ({"contacts": (Contact("1", "C", role="user", left_on=ago(3)),)}, []),
    ],
)
def test_critical_signals(more, expected):
    assert codes(**more) == expected


def test_critical_signals_can_be_switched_off():
    off = load("health: {critical: {use_fall: null, escalated_ticket: false, contact_left_days: null}}")
    facts = {"usage": used(1), "contacts": (GONE,), "tickets": (Ticket("t", ago(6), "critical", escalated=True),)}
    assert codes(**facts) == ["use_fell", "critical_ticket", "contact_left"]
    assert codes(off, **facts) == []


def test_signals_name_what_they_saw():
    (ticket,) = critical(acme(), POLICY)
    assert ticket == Reason("critical_ticket", {"count": 1, "days": 6, "since": ago(6)})
    (left,) = critical(acme(tickets=(), contacts=(GONE,)), POLICY)
    assert left.params == {"role": "sponsor", "since": ago(10), "days": 10}


def ending(days, **more):
    end = {"ends_on": DAY + timedelta(days), "starts_on": ago(300)}
    return soonest(renewals([version(**(end | more))], today=DAY, grace_days=30))


ALERT = (Reason("use_fell", {"percent": 50}),)
GREEN, YELLOW, RED = (scored(dict.fromkeys(MEASURES, f)) for f in (0.9, 0.6, 0.3))
UNKNOWN = scored({"nps": 1.0})
FEW_LICENCES = scored(dict.fromkeys(MEASURES, 0.9) | {"licences": 0.49})


@pytest.mark.parametrize(
    ("health", "renewal", "change", "alert", "call", "reason"),
    [
        (GREEN, ending(200), None, (), "renew", "nothing_against"),
        (GREEN, None, None, (), "renew", "nothing_against"),
        (RED, ending(200, notice_given_on=ago(1)), None, ALERT, "lose", "gave_notice"),
        (RED, ending(200), None, ALERT, "at_risk", "score_red"),
        (GREEN, ending(200), None, ALERT, "at_risk", "use_fell"),
        (UNKNOWN, ending(200), None, ALERT, "at_risk", "use_fell"),
        (YELLOW, ending(200), -10, (), "at_risk", "score_fell"),
        (YELLOW, ending(200), -9, (), "renew", "nothing_against"),
        (GREEN, ending(200), -20, (), "renew", "nothing_against"),
        (UNKNOWN, ending(91), None, (), "monitor", "health_unknown"),
        (UNKNOWN, ending(90), None, (), "at_risk", "unknown_before_decision"),
        (UNKNOWN, ending(120, auto_renew=True, notice_days=30), None, (), "at_risk", "unknown_before_decision"),
        (UNKNOWN, ending(20, term_months=1, auto_renew=True), None, (), "monitor", "health_unknown"),
        (UNKNOWN, ending(15, term_months=1, auto_renew=True), None, (), "at_risk", "unknown_before_decision"),
        (UNKNOWN, None, None, (), "monitor", "health_unknown"),
        (FEW_LICENCES, ending(200), None, (), "reduce", "licences_red"),
    ],
)
def test_the_rule_s_call_is_the_first_that_holds(health, renewal, change, alert, call, reason):
    found, why = rule_call(health, renewal, change_30d=change, critical=alert)
    assert (found, why.code) == (call, reason)


def test_the_at_risk_line_is_policy():
    assert rule_call(YELLOW, None, change_30d=None, critical=(), at_risk_below=61)[0] == "at_risk"
    assert rule_call(YELLOW, None, change_30d=None, critical=(), at_risk_below=60)[0] == "renew"

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.accounts import Contact
from domain.facts import Answer, Invoice, Ticket, Usage
from domain.health.health import of_readings, towards_green
from tests.domain.build import ACME, ALL, DAY, POLICY, acme, ago, call, healthy, outcome


def steps_of(facts):
    return towards_green(healthy(facts), facts, POLICY)


def test_acme_needs_17_points_in_three_changes():
    found = steps_of(acme())
    assert [(s.measure, s.from_, s.to, s.points) for s in found] == [
        ("licences", 61, 84, 4),
        ("use", Decimal(-32), 0, 8),
        ("tickets", 1, 0, 5),
    ]
    assert found[0].parts == {"seats": 120, "percent": 70}
    assert found[2].parts == {"closing": 1, "escalated": 1}


def perfect(**more):
    talked = tuple(Contact(r, r, role=r, last_touch_on=ago(5)) for r in ("sponsor", "champion"))
    given = {
        "contacts": talked,
        "tickets": (),
        "usage": Usage(ago(1), 120, "users", Decimal(1), 20, Decimal(1), 20, 6, 6, ago(1)),
        "outcomes": (outcome("o1"),),
        "answers": (Answer("nps", 10, ago(3), "c"), Answer("csat", 5, ago(3), "c")),
        "calls": (),
    }
    return acme(**(given | more))


def test_green_needs_nothing():
    assert healthy(perfect()).score == 100
    assert steps_of(perfect()) == ()


def test_one_change_is_enough_where_one_is():
    facts = perfect(outcomes=(outcome("o1", 10), outcome("o2", 10)), touched_on=ago(84))
    assert healthy(facts).score == 72
    assert [(s.measure, s.from_, s.to, s.points) for s in steps_of(facts)] == [("touch", 84, 0, 8)]


def test_an_outcome_at_a_time():
    facts = perfect(
        outcomes=tuple(outcome(str(n), 10) for n in range(4)),
        answers=(Answer("nps", 0, ago(3), "c"), Answer("csat", 5, ago(3))),
    )
    assert healthy(facts).score == 72
    assert [(s.measure, s.from_, s.to, s.points) for s in steps_of(facts)] == [("outcomes", 0, 1, 5)]


def test_three_that_do_not_suffice_are_not_offered():
    facts = acme(
        usage=Usage(ago(1), 0, "users", Decimal(0), 20, Decimal(9), 20, 0, 6, ago(1)),
        outcomes=(outcome("o1", 10),),
        touched_on=ago(300),
    )
    assert healthy(facts).state == "red"
    assert steps_of(facts) is None


def test_a_rule_that_holds_the_colour_is_not_lifted_by_points():
    left = Contact("1", "C", role="champion", left_on=ago(3))
    facts = perfect(contacts=(left,))
    assert healthy(facts).held
    assert steps_of(facts) is None


def test_without_a_score_nothing_is_offered():
    facts = acme(usage=None, outcomes=(), answers=())
    assert healthy(facts).state == "unknown"
    assert steps_of(facts) is None


@st.composite
def accounts(draw):
    def days(most):
        return ago(draw(st.integers(0, most)))

    tickets = [
        Ticket(str(n), days(20), draw(st.sampled_from(["normal", "high", "critical"])), escalated=draw(st.booleans()))
        for n in range(draw(st.integers(0, 3)))
    ]
    return acme(
        usage=Usage(
            ago(1), draw(st.integers(0, 120)), "users", Decimal(draw(st.integers(0, 99))), 20, Decimal(100), 20,
            draw(st.integers(0, 6)), 6, ago(1),
        ),
        tickets=tuple(tickets),
        answers=(
            Answer("nps", draw(st.integers(0, 10)), ago(9), "c1"),
            Answer("csat", draw(st.integers(1, 5)), ago(9), "c1"),
        ),
        outcomes=tuple(outcome(str(n), draw(st.integers(3, 10))) for n in range(draw(st.integers(0, 3)))),
        touched_on=days(120),
        contacts=(
            Contact("c1", "S", role="sponsor", last_touch_on=days(200)),
            *([Contact("c2", "C", role="champion", last_touch_on=days(200))] if draw(st.booleans()) else []),
        ),
        invoices=tuple(
            Invoice("i", DAY, ago(late), Decimal(1), "USD")
            for late in draw(st.lists(st.integers(-5, 100), max_size=2))
        ),
        calls=(call("rule", "renew"), call("csm", draw(st.sampled_from(["renew", "lose"])))),
    )  # fmt: skip


@settings(max_examples=200)
@given(accounts())
def test_the_steps_cross_the_line_and_every_one_is_needed(facts):
    health = healthy(facts)
    steps = steps_of(facts)
    assume(steps and health.cap is None)
    readings = {factor.measure: factor.reading for factor in health.factors}

    def applied(chosen):
        better = {s.measure: readings[s.measure]._replace(fraction=s.fraction) for s in chosen}
        return of_readings(ACME, DAY, readings | better, POLICY, in_use=ALL).score

    assert len(steps) <= 3
    assert health.score < 75 <= applied(steps)
    assert sum(s.points for s in steps) == applied(steps) - health.score
    assert all(s.points >= 0 and s.fraction > readings[s.measure].fraction for s in steps)
    for step in steps:
        assert applied([s for s in steps if s is not step]) < 75


@settings(max_examples=100)
@given(accounts())
def test_what_the_steps_ask_of_licences_earns_what_they_promise(facts):
    """Applied to the facts, not to the reading."""
    step = next((s for s in steps_of(facts) or () if s.measure == "licences"), None)
    assume(step)
    used = healthy(replace(facts, usage=facts.usage._replace(active=step.to)))
    assert used.factor("licences").reading.fraction == pytest.approx(step.fraction)


def test_closing_tickets_takes_the_serious_first():
    tickets = (Ticket("a", ago(6), "critical", escalated=True), Ticket("b", ago(1)))
    found = {s.measure: s for s in steps_of(acme(tickets=tickets))}["tickets"]
    assert (found.from_, found.to, found.parts["closing"]) == (2, 1, 1)


def test_the_day_is_monday():
    assert DAY - timedelta(DAY.weekday()) == DAY

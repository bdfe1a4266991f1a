"""What the rules of playbooks may ask of an account, and what is not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.accounts import Contact
from domain.cases import case
from domain.fact_kinds import KINDS
from domain.facts import Answer, Milestone, Usage
from domain.playbooks.audience import SUBJECTS
from domain.seen import Seen
from domain.situations import FACTS, WITHOUT, situation
from tests.domain.build import ACME, ALL, POLICY, acme, ago, call


def known(*, stage="adopt", **more):
    facts = acme(**more)
    return situation(Seen(facts, case(facts, POLICY, in_use=ALL, then=None), POLICY, stage=stage))


def test_every_fact_is_said_in_its_kind():
    found = known()
    assert set(FACTS) <= set(found)
    for name, value in found.items():
        if value is not None:
            expected = {"flag": bool, "word": str, "words": frozenset}.get(KINDS[name], float | int)
            assert isinstance(value, expected), name


@pytest.mark.parametrize("name", WITHOUT)
def test_what_is_said_of_who_has_none_is_what_would_be_found(name):
    """Rules that these values cannot meet are not asked of such an account at all."""
    assert {fact: known(**{name: ()})[fact] for fact in WITHOUT[name]} == WITHOUT[name]


def test_licences_are_held_against_the_age_of_the_account():
    assert known()["licences_for_age"] == pytest.approx(47, abs=1), "7 of 15 points on the documented card"
    assert known(usage=None)["licences_for_age"] is None, "unknown is not low"
    young = known(account=replace(ACME, customer_since=ago(60)))["licences_for_age"]
    assert young > 60, "the same 51 % is enough for a young account"
    assert known(usage=Usage(ago(40), 61, "users", Decimal(1), 20, Decimal(1), 20))["licences_for_age"] is None, "stale"


@pytest.mark.parametrize(
    ("touched", "contacts", "days"),
    [
        (9, (("sponsor", 74), ("champion", 9)), 74),
        (9, (("sponsor", 30), ("champion", 9)), None),
        (31, (("sponsor", 74), ("champion", 31)), None),
        (9, (("user", 200), ("champion", 9)), None),
        (9, (("sponsor", 40), ("champion", 90)), 90),
        (None, (("sponsor", 74),), None),
    ],
    ids=["silent", "spoke within a month", "nobody answers", "no key role", "the longest", "never spoken to"],
)
def test_a_key_person_is_silent_only_where_others_answer(touched, contacts, days):
    people = tuple(Contact(f"c{n}", role, role=role, last_touch_on=ago(d)) for n, (role, d) in enumerate(contacts))
    facts = {"contacts": people, "touched_on": None if touched is None else ago(touched)}
    assert known(**facts)["key_silent_days"] == days
    assert bool(list(SUBJECTS["key_silent_days"](acme(**facts)))) is (days is not None)


def test_who_has_left_is_not_silent_but_gone():
    gone = Contact("c1", "Gone", role="sponsor", last_touch_on=ago(74), left_on=ago(3))
    found = known(contacts=(gone,))
    assert (found["key_silent_days"], found["key_left_days"]) == (None, 3)


def test_a_review_is_a_milestone_else_the_start_counts():
    assert known()["review_days"] == (ago(0) - date(2026, 3, 31)).days
    assert known(milestones=(Milestone("review", ago(90)), Milestone("review", ago(200))))["review_days"] == 90
    assert known(milestones=(Milestone("trained", ago(5)),))["review_days"] != 5


@pytest.mark.parametrize(
    ("calls", "csm", "agree"),
    [
        ((call("csm", "at_risk"),), "at_risk", True),
        ((call("csm", "renew"),), "renew", False),
        ((call("rule", "renew"),), None, None),
        ((), None, None),
    ],
)
def test_renewal_calls_agree_or_do_not_or_one_is_missing(calls, csm, agree):
    found = known(calls=calls)
    assert found["rule_call"] == "at_risk", "a critical ticket is escalated"
    assert (found["csm_call"], found["calls_agree"]) == (csm, agree)


def test_low_answers_of_a_month_are_counted():
    answers = (Answer("nps", 6, ago(30), "a"), Answer("csat", 2, ago(1), "b"), Answer("nps", 7, ago(1), "c"),
               Answer("ces", 3, ago(31), "d"))  # fmt: skip
    assert known(answers=answers)["low_answers_30d"] == 2

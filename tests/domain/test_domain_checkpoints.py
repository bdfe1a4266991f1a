"""Where an account is on the way to its decision."""

from datetime import date, timedelta

import pytest

from domain.policies.policy import Policy
from domain.renewals.checkpoints import checkpoint, decides_from
from domain.renewals.renewals import renewals
from tests.domain.build import DAY, version

D = date
POLICY = Policy().renewals


def at(today, **more):
    given = {"starts_on": D(2026, 1, 1), "ends_on": D(2027, 1, 1), **more}
    (found,) = renewals([version(**given)], today=today, grace_days=30)
    return checkpoint(found, today, steps=POLICY.checkpoints, half_term=POLICY.half_term, decision=POLICY.decision)


@pytest.mark.parametrize(
    ("left", "days", "due"),
    [(180, 180, "review_outcomes"), (121, 180, "review_outcomes"), (120, 120, "review_value"),
     (91, 120, "review_value"),
     (90, 90, "give_call"), (60, 60, "send_offer"), (59, 60, "send_offer"), (30, 30, "agree_terms"),
     (1, 30, "agree_terms")],
)  # fmt: skip
def test_each_checkpoint_holds_until_the_next(left, days, due):
    found = at(D(2027, 1, 1) - timedelta(left))
    assert (found.code, found.days, found.due) == ("days", days, (due,))
    assert found.since == D(2027, 1, 1) - timedelta(days)
    following = max((d for d in (120, 90, 60, 30, 0) if d < days), default=0)
    assert found.next_on == D(2027, 1, 1) - timedelta(following)


def test_before_the_first_there_is_none():
    assert at(D(2027, 1, 1) - timedelta(181)) is None


def test_they_count_to_the_notice_date_where_it_renews_by_itself():
    found = at(D(2026, 9, 3), auto_renew=True, notice_days=60)
    assert (found.days, found.next_on) == (60, D(2026, 10, 3))
    assert at(D(2026, 11, 2), auto_renew=True, notice_days=60).code == "decision"
    passed = at(D(2026, 11, 3), auto_renew=True, notice_days=60)
    assert (passed.code, passed.since, passed.due) == ("passed", D(2026, 11, 2), ("final_call",))


def test_month_to_month_has_one_below_half_its_term():
    monthly = {"starts_on": D(2026, 1, 1), "ends_on": D(2026, 2, 1), "auto_renew": True, "term_months": 1}
    assert at(D(2026, 11, 10), **monthly) is None
    found = at(D(2026, 11, 16), **monthly)
    assert (found.code, found.since, found.due) == ("half_term", D(2026, 11, 16), ("give_call",))


def test_who_leaves_has_none():
    assert at(DAY, notice_given_on=D(2026, 11, 1)) is None


def test_monitor_ends_ninety_days_before_the_decision_and_half_a_month_month_to_month():
    (yearly,) = renewals([version(ends_on=D(2027, 3, 1))], today=DAY, grace_days=30)
    assert decides_from(yearly) == D(2027, 3, 1) - timedelta(90)
    (monthly,) = renewals(
        [version(ends_on=D(2026, 12, 1), starts_on=D(2026, 11, 1), term_months=1)], today=DAY, grace_days=30
    )
    assert decides_from(monthly) == D(2026, 12, 1) - timedelta(15)

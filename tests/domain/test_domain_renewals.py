from datetime import date

import pytest

from domain.periods import Period
from domain.renewals.renewals import due, renewals, soonest
from tests.domain.build import DAY, version

D = date


def of(*versions, today=DAY, grace=30):
    return renewals(versions, today=today, grace_days=grace)


def test_acme_renews_by_itself_in_128_days_with_notice_by_30_january():
    acme = version(starts_on=D(2026, 3, 31), ends_on=D(2027, 3, 31), auto_renew=True, notice_days=60)
    (found,) = of(acme)
    assert (found.ends_on, found.days_left, found.notice_on) == (D(2027, 3, 31), 128, D(2027, 1, 30))
    assert (found.decision_on, found.days_to_decide) == (D(2027, 1, 30), 68)
    assert (found.automatic, found.term_months, found.kind) == (True, 12, "term")
    assert not found.leaving
    assert not found.pending


@pytest.mark.parametrize(
    ("name", "versions", "expected"),
    [
        ("evergreen never", [version(ends_on=None)], []),
        ("not paying", [version(status="trialing"), version("b", annual=0), version("c", status="paused")], []),
        ("not begun", [version(starts_on=D(2026, 12, 1), ends_on=D(2027, 12, 1))], []),
        ("over", [version(ends_on=D(2026, 6, 1))], []),
        ("without automatic renewal", [version()], [(D(2027, 1, 1), D(2027, 1, 1), False, False, False)]),
        ("pending", [version(ends_on=D(2026, 11, 10))], [(D(2026, 11, 10), D(2026, 11, 10), False, False, True)]),
        ("pending on its very end", [version(ends_on=DAY)], [(DAY, DAY, False, False, True)]),
        (
            "automatic: the next end",
            [version(starts_on=D(2024, 2, 1), ends_on=D(2025, 2, 1), auto_renew=True)],
            [(D(2027, 2, 1), D(2027, 2, 1), True, False, False)],
        ),
        (
            "automatic, on its end: the one after",
            [version(starts_on=D(2025, 11, 23), ends_on=DAY, auto_renew=True)],
            [(D(2027, 11, 23), D(2027, 11, 23), True, False, False)],
        ),
        (
            "notice days without automatic renewal decide nothing",
            [version(notice_days=60)],
            [(D(2027, 1, 1), D(2027, 1, 1), False, False, False)],
        ),
        (
            "notice given",
            [version(auto_renew=True, notice_days=60, notice_given_on=D(2026, 11, 1))],
            [(D(2027, 1, 1), D(2027, 1, 1), False, True, False)],
        ),
        (
            "cancelled from a day to come, evergreen too",
            [version(ends_on=None, cancelled_on=D(2026, 12, 31))],
            [(D(2026, 12, 31), D(2026, 12, 31), False, True, False)],
        ),
        ("signed", [version(), version("s2", D(2027, 1, 1), D(2028, 1, 1), renews="s1")], []),
        ("signed, by product", [version(), version("s2", D(2027, 1, 5), D(2028, 1, 1))], []),
        (
            "more seats from next month are no renewal",
            [version(), version(starts_on=D(2026, 12, 1), ends_on=D(2027, 1, 1), annual=20000)],
            [(D(2027, 1, 1), D(2027, 1, 1), False, False, False)],
        ),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_renewals(name, versions, expected):
    found = of(*versions)
    assert [(r.ends_on, r.decision_on, r.automatic, r.leaving, r.pending) for r in found] == expected


def test_a_change_signed_within_the_term_shows_its_own_amount():
    (found,) = of(version(), version(starts_on=D(2026, 12, 1), ends_on=D(2027, 1, 1), annual=20000))
    assert found.version.annual.amount == 20000


def test_month_to_month():
    (monthly,) = of(version(starts_on=D(2026, 11, 1), ends_on=D(2026, 12, 1)))
    assert (monthly.kind, monthly.term_months) == ("month_to_month", 1)
    (thirty,) = of(version(starts_on=D(2026, 11, 1), ends_on=D(2026, 12, 2), auto_renew=True))
    assert thirty.kind == "month_to_month"
    (quarterly,) = of(version(term_months=3))
    assert (quarterly.kind, quarterly.term_months) == ("term", 3)


def test_the_next_is_the_soonest_that_may_still_renew():
    leaving = version("a", ends_on=D(2026, 12, 1), notice_given_on=D(2026, 11, 1))
    small, large = version("b", annual=10), version("c", annual=99)
    assert soonest(renewals([leaving, small, large], today=DAY, grace_days=30)).version is large
    assert soonest(renewals([leaving], today=DAY, grace_days=30)).leaving
    assert soonest(renewals([version(ends_on=None)], today=DAY, grace_days=30)) is None


def test_due_selects_by_end_of_term_not_by_decision():
    mine = of(
        version("a", ends_on=D(2027, 3, 31), auto_renew=True, notice_days=60),
        version("b", ends_on=D(2027, 1, 31)),
        version("c", ends_on=D(2027, 1, 1), annual=5),
        version("d", ends_on=D(2027, 1, 1), annual=50),
    )
    january = due(mine, Period(D(2027, 1, 1), D(2027, 1, 31)))
    assert [r.version.subscription_id for r in january] == ["d", "c", "b"]

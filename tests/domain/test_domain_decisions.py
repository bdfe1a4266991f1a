"""What was decided at the ends of terms gone by."""

from datetime import date
from decimal import Decimal

import pytest

from domain.periods import Period
from domain.renewals.decisions import decisions
from tests.domain.build import version

D = date
TODAY = D(2026, 11, 23)
YEAR = Period(D(2026, 1, 1), D(2026, 12, 31))


def of(*versions, period=YEAR, today=TODAY):
    return decisions(versions, period, today=today, grace_days=30)


def old(**more):
    return version(**{"starts_on": D(2025, 5, 1), "ends_on": D(2026, 5, 1), "annual": 12000, **more})


def after(starts_on=None, **more):
    return version("s2", starts_on or D(2026, 5, 1), D(2027, 5, 1), **{"renews": "s1", "annual": 12000, **more})


@pytest.mark.parametrize(
    ("name", "versions", "result", "day", "goes_on"),
    [
        ("signed at the end", [old(), after()], "renewed", D(2026, 5, 1), 12000),
        ("late, within the grace", [old(), after(D(2026, 5, 20))], "renewed", D(2026, 5, 1), 12000),
        ("early, for longer", [old(), after(D(2026, 4, 10))], "renewed", D(2026, 4, 10), 12000),
        ("at more", [old(), after(annual=15000)], "renewed", D(2026, 5, 1), 15000),
        ("at less", [old(), after(annual=9000)], "reduced", D(2026, 5, 1), 9000),
        ("by itself", [old(auto_renew=True, term_months=12)], "renewed", D(2026, 5, 1), 12000),
        ("ran out", [old()], "lost", D(2026, 5, 1), 0),
        ("notice", [old(auto_renew=True, notice_given_on=D(2026, 3, 1))], "lost", D(2026, 5, 1), 0),
        ("cancelled", [old(cancelled_on=D(2026, 2, 1))], "lost", D(2026, 2, 1), 0),
        ("goes on for nothing", [old(), after(annual=0)], "lost", D(2026, 5, 1), 0),
        ("within the grace", [old(ends_on=D(2026, 11, 10))], "waiting", D(2026, 11, 10), 12000),
    ],
)
def test_each_way_that_a_term_ends(name, versions, result, day, goes_on):
    (found,) = of(*versions)
    assert (found.result, found.ends_on, found.after.amount) == (result, day, goes_on), name


def test_a_change_within_the_term_is_no_decision():
    more = version("s1", D(2025, 9, 1), D(2026, 5, 1), annual=18000)
    (found,) = of(old(), more, after(annual=18000))
    assert (found.version, found.result, found.before.amount) == (more, "renewed", Decimal(18000))


def test_a_contract_that_renews_by_itself_is_decided_each_time_and_then_lost():
    ends = D(2026, 9, 1)
    quarterly = old(starts_on=D(2025, 12, 1), ends_on=D(2026, 3, 1), auto_renew=True, term_months=3, notice_days=30,
                    notice_given_on=D(2026, 7, 1), cancel_reason="price", competitor="Rival")  # fmt: skip
    found = of(quarterly)
    assert [(d.ends_on, d.result, d.by_itself) for d in found] == [
        (D(2026, 3, 1), "renewed", True), (D(2026, 6, 1), "renewed", True), (ends, "lost", False),
    ]  # fmt: skip
    assert (found[-1].reason, found[-1].competitor, found[-1].gone_on) == ("price", "Rival", D(2026, 7, 1))
    assert (found[-1].decision_on, found[0].decision_on) == (D(2026, 8, 2), D(2026, 1, 30))


def test_what_lies_ahead_is_not_decided():
    assert of(old(ends_on=D(2026, 12, 1), auto_renew=True, term_months=12)) == ()


def test_a_loss_is_known_when_the_grace_is_over():
    (found,) = of(old())
    assert found.settled_on == D(2026, 5, 31)

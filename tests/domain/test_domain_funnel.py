from datetime import date
from decimal import Decimal

import pytest

from domain.funnel import Entry, cohort_of, funnel, month_12, quarter_of

MAY = date(2026, 5, 20)


def test_each_step_is_divided_by_the_one_before():
    whole, cohorts = funnel(
        [
            Entry(MAY, activated=True, converted=True, retained=True, paying=True, external=True),
            Entry(MAY, activated=True, converted=False),
            Entry(MAY, activated=False, converted=True, retained=False, internal=True),
            Entry(date(2026, 1, 2), converted=True, retained=None, paying=True),
        ],
        by="quarter",
    )
    assert (whole.acquired, whole.activated, whole.converted, whole.due) == (4, 2, 3, 2)
    assert whole.activation == Decimal("0.5")
    assert whole.conversion == Decimal("0.5"), "of the two activated, not of the three converted"
    assert whole.retention == Decimal("0.5"), "who has no year behind it is not counted"
    assert whole.referral == Decimal("0.5")
    assert (whole.external, whole.internal, whole.referring) == (1, 1, 1)
    assert [(cohort.first, cohort.acquired) for cohort in cohorts] == [(date(2026, 4, 1), 3), (date(2026, 1, 1), 1)]
    assert cohorts[1].conversion is None, "nobody was activated: no share"


def test_nobody_is_no_zero():
    whole, cohorts = funnel([], by="month")
    assert (whole.activation, whole.retention, whole.referral, cohorts) == (None, None, None, ())


@pytest.mark.parametrize(
    ("by", "start", "first"),
    [("month", 1, date(2026, 5, 1)), ("quarter", 1, date(2026, 4, 1)), ("quarter", 2, date(2026, 5, 1)),
     ("quarter", 12, date(2026, 3, 1))],
)  # fmt: skip
def test_quarters_are_those_of_the_fiscal_year(by, start, first):
    assert cohort_of(MAY, by, start) == first


@pytest.mark.parametrize(
    ("first", "start", "named"),
    [(date(2026, 4, 1), 1, (2026, 2)), (date(2026, 5, 1), 2, (2027, 2)), (date(2026, 1, 1), 4, (2026, 4)),
     (date(2025, 12, 1), 12, (2026, 1))],
)  # fmt: skip
def test_a_fiscal_year_bears_the_year_in_which_it_ends(first, start, named):
    assert quarter_of(first, start) == named


def test_month_12_comes_on_its_day():
    assert month_12(date(2025, 11, 23), date(2026, 11, 23)) == date(2026, 11, 23)
    assert month_12(date(2025, 11, 24), date(2026, 11, 23)) is None
    assert month_12(None, MAY) is None

"""Who paid on after the first renewal, or after month 12 where no term ends; on both databases."""

from datetime import date
from decimal import Decimal

import pytest

from domain.periods import Period
from storage.database import Database
from storage.kpis.kpis_entries import anniversaries
from storage.scope import operator
from tests.storage.rows import TODAY, put, put_accounts

D = date
BEGAN = D(2024, 3, 1)


@pytest.mark.parametrize(
    ("ends_on", "left_on", "period", "expected"),
    [
        pytest.param(D(2024, 9, 1), None, Period(D(2024, 1, 1), D(2024, 12, 31)), (1, 1), id="half a year, renewed"),
        pytest.param(D(2024, 9, 1), D(2024, 9, 1), Period(D(2024, 1, 1), D(2024, 12, 31)), (0, 1), id="not renewed"),
        pytest.param(D(2024, 9, 1), None, Period(D(2025, 1, 1), D(2025, 12, 31)), (0, 0), id="counted once"),
        pytest.param(D(2026, 3, 1), None, Period(D(2025, 1, 1), D(2025, 12, 31)), (0, 0), id="two years: not at 12"),
        pytest.param(D(2026, 3, 1), D(2026, 3, 1), Period(D(2026, 1, 1), TODAY), (0, 1), id="two years, not renewed"),
        pytest.param(D(2024, 4, 1), None, Period(D(2025, 1, 1), D(2025, 12, 31)), (1, 1), id="month to month: at 12"),
        pytest.param(None, D(2024, 8, 1), Period(D(2025, 1, 1), D(2025, 12, 31)), (0, 1), id="evergreen, left before"),
    ],
)
def test_paying_on(database: Database, ends_on: date | None, left_on: date | None, period: Period, expected) -> None:
    with database.changing() as tx:
        (number,) = put_accounts(tx, "One")
        contract = {"subscription_id": "s", "account": number, "starts_on": BEGAN, "ends_on": ends_on, "product": ""}
        terms = {"annual": Decimal(1200), "currency": "USD", "auto_renew": True, "status": "active"}
        put(tx, "subscriptions", contract | terms)
        days = [(BEGAN, 1200), *([(left_on, -1200)] if left_on else [])]
        put(tx, "revenue_changes", *(
            {"account": number, "day": day, "known_on": day, "currency": "USD", "kind": "", "delta": Decimal(delta)}
            for day, delta in days))  # fmt: skip
        assert anniversaries(tx, operator().where(), period, TODAY) == expected

"""/kpi clv: the published cohorts through import, and what it says where it cannot be told."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.days import add_months
from domain.money import Money
from domain.renewals.forecast import lifetime_value, lives, retention
from storage.database import Database
from tests.handlers.test_kpi import DAY, fed, run, told

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
FIRST = date(2019, 3, 1)


def contracts(*survivors: int) -> dict[str, list[str]]:
    """A cohort of yearly contracts that began on one day: as many of each are renewed as survive."""
    rows = [
        f"s{n},a{n},{add_months(FIRST, 12 * term)},{add_months(FIRST, 12 * term + 12)},1200,year,USD"
        for term, here in enumerate(survivors)
        for n in range(here)
    ]
    named = [f"a{n},Account {n},smb" for n in range(survivors[0])]
    columns = "subscription_id,account_id,starts_on,ends_on,amount,interval,currency"
    return {"accounts": ["account_id,name,segment", *named], "subscriptions": [columns, *rows]}


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta"),
    [(REGULAR, "0.704", "1.182"), (HIGH_END, "0.668", "3.806")],
    ids=["regular", "high end"],
)
def test_the_published_cohorts_through_import(
    sqlite_database: Database, tmp_path: Path, survivors: list[int], alpha: str, beta: str
) -> None:
    fed(sqlite_database, tmp_path, **contracts(*survivors))
    said = told(sqlite_database, "clv")
    parts = said["parts"]
    assert (parts["method"], parts["alpha"], parts["beta"]) == ("sbg", alpha, beta)
    assert (said["denominator"], parts["contracts_seen"]) == (str(survivors[-1]), 1000)
    each = lifetime_value(Money(Decimal(1200), "USD"), retention(lives(survivors)), renewals=7, term_months=12,
                          margin=Decimal(1), discount=Decimal("0.1"))  # fmt: skip
    assert Decimal(said["value"]) == pytest.approx(each.money.amount, abs=Decimal("0.01"))
    wanted = {
        "margin": "revenue",
        "discount": "0.1",
        "timing": "from_next_renewal",
        "a_year": str(1200 * survivors[-1]),
    }
    assert wanted.items() <= parts.items()


def test_what_the_night_has_fitted_serves_every_scope(sqlite_database: Database, tmp_path: Path) -> None:
    """A scope of one account has no curve of its own; it is valued by that of its segment, and so in the past."""
    survivors = [n // 10 for n in REGULAR]
    fed(sqlite_database, tmp_path, **contracts(*survivors))
    before = told(sqlite_database, "clv")
    assert run(sqlite_database, "score", *DAY).exit_code == 0
    after = told(sqlite_database, "clv")
    assert (after["value"], after["parts"]["survival_of"]) == (before["value"], DAY[1])
    one = told(sqlite_database, "clv", "a3")
    assert (one["denominator"], one["parts"]["contracts_seen"]) == ("1", 100)
    then = told(sqlite_database, "clv", "2022")
    assert then["denominator"] == str(survivors[3]), "who had been renewed three times stood at the end of 2022"
    assert Decimal(then["value"]) < Decimal(after["value"]), "who has stayed longer stays longer"


HEAD = "subscription_id,account_id,starts_on,ends_on,amount,interval,currency"
NEW = "s,a,2026-02-01,2027-02-01,1200,year,USD"
RENEWED = ("t,a,2024-02-01,2025-02-01,1200,year,USD", "t,a,2025-02-01,2027-02-01,1200,year,USD")
LOST = "u,b,2024-02-01,2025-02-01,1200,year,USD"


@pytest.mark.parametrize(
    ("contracts", "because"),
    [
        ((), "nothing_to_renew"),
        ((LOST,), "nothing_to_renew"),
        ((NEW,), "no_renewals_yet"),
        ((NEW, *RENEWED), "nobody_lost"),
        ((NEW.replace("USD", "CHF"), LOST), "no_rate"),
    ],
)
def test_where_it_cannot_be_told_it_says_why(
    sqlite_database: Database, tmp_path: Path, contracts: tuple[str, ...], because: str
) -> None:
    fed(sqlite_database, tmp_path, accounts=["account_id,name", "a,Acme", "b,Beta"], subscriptions=[HEAD, *contracts])
    said = told(sqlite_database, "clv")
    assert (said["value"], said["undefined_because"]) == (None, because)


def test_the_card_names_method_margin_discount_and_timing(sample_database: Database) -> None:
    said = run(sample_database, "kpi", "clv", "--lang", "es", *DAY).stdout.replace("\N{NO-BREAK SPACE}", " ")
    for part in ("método: Kaplan-Meier", "margen: ninguno en la política: ingreso", "descuento de un año: 10,0 %",
                 "momento: cada plazo a su inicio", "permanencia al: 2026-11-23",
                 "forma simple no definida: la política no indica el margen"):  # fmt: skip
        assert part in said
    simple = json.loads(run(sample_database, "kpi", "clv", "simple", "--json", *DAY).stdout)
    assert (simple["name"], simple["parts"]["simple_undefined_because"]) == ("clv", "no_margin")

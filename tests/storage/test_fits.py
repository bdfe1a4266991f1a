"""What a night has learned comes back as it was; an older night does not replace a newer one."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import update

from domain.renewals.backtest import Backtest
from domain.renewals.forecast import lives, retention
from domain.renewals.learned import Learned, Trial, Weight
from domain.renewals.probability import Calibration
from domain.renewals.worth import Cohort, Curves
from storage.database import Database
from storage.renewals import fits
from storage.tables import fits as rows

DAY = date(2026, 11, 23)
CURVE = retention(lives([1000, 869, 743, 653, 593, 551, 517, 491]))
CURVES = Curves({12: CURVE}, {Cohort("smb", 12): CURVE, Cohort("", 12): CURVE}, DAY)
MODEL = Learned(-1.25, {"score": Weight(60.0, 12.5, -0.75)})
TESTED = Backtest(
    "predicts", 200, 40, 3, date(2025, 1, 1), DAY, auc=0.7, interval=(0.6, 0.8), brier=0.1, brier_base=0.16,
    calibration=Calibration(0.2, -0.1, -0.5, 40, 200), trial=Trial("passes", 0.09, 0.75, (0.65, 0.82), MODEL),
)  # fmt: skip


def test_it_comes_back_as_it_was(database: Database) -> None:
    with database.transaction() as tx:
        assert (fits.tested(tx), fits.survival(tx)) == (None, None)
    with database.changing() as tx:
        fits.keep(tx, DAY, TESTED, CURVES)
    with database.transaction() as tx:
        assert fits.tested(tx) == (DAY, TESTED)
        assert fits.survival(tx) == CURVES


def test_a_later_day_replaces_and_an_earlier_one_does_not(database: Database) -> None:
    for day, count in ((DAY, 200), (DAY - timedelta(1), 100), (DAY + timedelta(1), 300)):
        with database.changing() as tx:
            fits.keep(tx, day, replace(TESTED, count=count), CURVES)
        with database.transaction() as tx:
            assert fits.tested(tx).backtest.count == max(count, 200)


def test_what_cannot_be_read_is_as_if_it_were_not_there(database: Database) -> None:
    with database.changing() as tx:
        fits.keep(tx, DAY, TESTED, CURVES)
        tx.execute(update(rows).values(content={"of": "another version"}))
    with database.transaction() as tx:
        assert (fits.tested(tx), fits.survival(tx)) == (None, None)

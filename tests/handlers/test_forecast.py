"""`/forecast` on the sample: what renewals bring, who stays, what they are worth, and how it was made."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import delete

from domain.renewals.backtest import Backtest
from domain.renewals.learned import Learned, Trial, Weight
from domain.renewals.probability import Calibration
from domain.renewals.worth import Curves
from handlers.renewals import backtest
from storage.renewals import fits
from storage.tables import fits as rows
from tests.stage import TODAY, Counter, Stage, read


def test_the_method_stands_beside_the_figures(counter: Counter) -> None:
    said = read(counter.asked("forecast all", by="sofia@example.com"))
    assert any(line.startswith("Terms of 12 months · all accounts · Kaplan-Meier · ") for line in said)
    assert any(line.startswith("after 2 renewals: ") and "95 %:" in line for line in said)
    assert any(line.startswith("enterprise: ") for line in said)
    assert "revenue, for the policy names no margin" in said[-1]
    assert "Survival as of 23 Nov 2026" in said[-1]


def test_a_period_is_forecast_by_rule_csm_and_final(counter: Counter) -> None:
    said = read(counter.asked("forecast next quarter all"))
    assert said[1] == "1 Jan 2027 to 31 Mar 2027 · all accounts"
    assert said[2].startswith("20 renewals, US$")
    assert said[3].startswith("Forecast · rule US$")
    assert " · CSM US$" in said[3]
    assert "(open: US$" in said[3]
    assert read(counter.asked("forecast all"))[1].startswith("23 Nov 2026 to 21 Feb 2027")


def test_what_is_over_is_asked_of_renewals(counter: Counter) -> None:
    reply = counter.asked("forecast last quarter all")
    assert not reply.answered
    (offered,) = reply.offered
    assert offered == "renewals last quarter all"
    assert counter.asked(offered).answered


def test_of_one_account_the_calls_of_a_period(counter: Counter) -> None:
    said = read(counter.asked("forecast acme next quarter"))
    assert "1 Jan 2027 to 31 Mar 2027 · account: acme" in said
    assert "Forecast · rule US$24,000 · CSM US$48,000 · final US$0 (open: US$48,000)" in said
    assert not [line for line in read(counter.asked("forecast acme")) if line.startswith("Forecast · ")]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("forecast segmnt:smb", "forecast segment:smb"), ("forecast segment:enterprize", "forecast segment:enterprise"),
        ("forecast nxt quarter", "forecast next quarter"), ("forecast tem", "forecast team"),
        ("forecast initec last quarter", "renewals 2026-07-01..2026-09-30"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_met_with_the_nearest(counter: Counter, typed: str, offered: str) -> None:
    reply = counter.asked(typed)
    assert not reply.answered
    assert offered in reply.offered
    assert counter.asked(offered).answered


def test_worth_by_tenure_is_of_what_stands(counter: Counter) -> None:
    said = read(counter.asked("forecast clv segment:smb"))
    assert not [line for line in said if line.startswith("Forecast · ")], "the worth alone was asked for"
    tenures = said[said.index("By tenure") + 1 : said.index("By tenure") + 5]
    assert [line.split(":")[0] for line in tenures] == [
        "not renewed yet", "renewed 1 time", "renewed 2 times", "renewed 3 times",
    ]  # fmt: skip
    contracts = sum(int(line.split(" of ")[1].split()[0]) for line in tenures)
    (of_segment,) = [line for line in said if line.startswith("smb: ")]
    assert f"of {contracts} contracts" in of_segment


def test_an_accounts_worth_follows_the_margin(counter: Counter) -> None:
    whole = counter.asked("forecast acme")
    assert "Acme Corp" in whole.text
    forecast = counter.desk.policy.forecast.model_copy(update={"margin": Decimal("0.5")})
    counter.desk = replace(counter.desk, policy=counter.desk.policy.model_copy(update={"forecast": forecast}))
    half = counter.asked("forecast acme")

    def amount(reply) -> int:
        return int("".join(c for c in read(reply)[0] if c.isdigit()))

    assert amount(half) == pytest.approx(amount(whole) / 2, abs=1)
    assert "margin 50\xa0%" in read(half)[-1]


def test_a_probability_never_stands_without_its_evidence(counter: Counter) -> None:
    said = "\n".join(read(counter.asked("forecast globex", by="tom@example.com")))
    assert "Probability of renewal: " in said
    assert "AUC " in said
    assert "Brier " in said
    assert "as of 23 Nov 2026" in said
    assert "Too few to say" in said
    assert "cannot be told" in "\n".join(read(counter.asked("forecast industrias perez", by="tom@example.com")))


def test_a_question_reads_what_the_night_has_fitted(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def fitted_anew(*_args: object) -> Backtest:
        raise AssertionError

    monkeypatch.setattr(backtest, "backtest", fitted_anew)
    assert "Probability of renewal: " in "\n".join(read(counter.asked("forecast globex", by="tom@example.com")))
    with counter.desk.database.changing() as tx:
        tx.execute(delete(rows))
    said = "\n".join(read(counter.asked("forecast globex", by="tom@example.com")))
    assert "Globex is still worth US$" in said, "before the first night survival is read from the contracts"
    assert "cannot be told" in said


@pytest.mark.parametrize(("lang", "judged"), [("en", "beats both"), ("es", "supera a ambos")])
def test_a_learned_model_that_passed_gives_the_probability(counter: Counter, lang: str, judged: str) -> None:
    surely_lost = Learned(2.0, {"score": Weight(50.0, 10.0, 0.0)})
    trial = Trial("passes", 0.081, 0.77, (0.66, 0.84), surely_lost)
    tested = Backtest("predicts", 200, 40, 0, TODAY, TODAY, auc=0.7, interval=(0.6, 0.8), brier=0.1, brier_base=0.16,
                      foretold=160, calibration=Calibration(0.2, 0.0, 0.0, 40, 200), trial=trial)  # fmt: skip
    with counter.desk.database.changing() as tx:
        fits.keep(tx, TODAY, tested, Curves())
        tx.execute(delete(rows).where(rows.c.name == fits.SURVIVAL))
    said = "\n".join(read(counter.asked("forecast globex", lang=lang))).replace("\xa0", " ")
    assert "12 %" in said, "1 ÷ (1 + e²), not the calibrated 80 %"
    assert judged in said
    assert "0,081" in said or "0.081" in said
    assert "0,77" in said or "0.77" in said


def test_without_a_history_nothing_is_foretold(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        fits.keep(tx, TODAY, Backtest("nothing", 0, 0, 0, None, None), Curves({}, {}, TODAY))
    assert "nothing to forecast from" in read(counter.asked("forecast all", by="sofia@example.com"))[-1]
    assert "nothing to forecast from" in read(counter.asked("forecast acme"))[-1]
    assert not counter.asked("forecast no-such-account-anywhere").answered
    assert read(counter.asked("forecast mine", lang="es"))[0] == "Quién se queda, y lo que aún vale"


def test_it_is_a_command_of_its_own(stage: Stage) -> None:
    assert stage.answer("ana@example.com", "/forecast", "acme").text == "What Acme Corp is still worth"

"""`forecast` on the sample: who stays, what they are worth, and how it was made."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.stage import Counter, read


def test_the_method_stands_beside_the_figures(counter: Counter) -> None:
    said = read(counter.asked("forecast all", by="sofia@example.com"))
    assert any(line.startswith("Terms of 12 months · Kaplan-Meier · ") for line in said)
    assert any(line.startswith("after 2 renewals: ") and "95 %:" in line for line in said)
    assert any(line.startswith("enterprise: ") for line in said)
    assert any("By tenure" in line for line in said)
    assert "revenue, for the policy names no margin" in said[-1]


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
    assert "Too few to say" in said
    assert "cannot be told" in "\n".join(read(counter.asked("forecast industrias perez", by="tom@example.com")))


def test_without_a_history_nothing_is_foretold(counter: Counter) -> None:
    said = counter.asked("forecast csm:nobody@example.com", by="sofia@example.com")
    assert "nothing to forecast from" in read(said)[-1] or not said.answered
    assert not counter.asked("forecast no-such-account-anywhere").answered
    assert read(counter.asked("forecast mine", lang="es"))[0] == "Quién se queda, y lo que aún vale"

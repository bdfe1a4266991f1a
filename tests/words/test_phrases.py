"""What the domain can say, said in both languages, whatever its parameters hold."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reasons import CODES, PARAMETERS
from words import LANGUAGES, Words
from words.phrases import PHRASES, clause, sentence
from words.readings import READINGS, STEPS
from words.terms import MEASURES, SIGNS, STATES

DAY = st.dates(date(2020, 1, 1), date(2030, 1, 1))
VALUES = {
    "since": DAY | st.none(), "ends_on": DAY, "due_on": DAY | st.none(), "answered_on": DAY,
    "role": st.sampled_from(["champion", "sponsor", "decision_maker"]),
    "states": st.sampled_from(["green", "red,yellow,unknown"]), "measure": st.sampled_from(["licences", "nps"]),
    "rule": st.sampled_from(["renew", "at_risk"]), "csm": st.sampled_from(["renew", "lose"]),
    "from_day": DAY, "to_day": DAY, "until": DAY, "activity": st.sampled_from(["B1", "F2"]),
    "function": st.sampled_from(["csm", "lead", "finance"]), "playbook": st.just("at-risk-rescue"),
    "gain": st.floats(0, 90), "upper": st.floats(-5, 90), "span": st.integers(28, 200),
    "statement": st.text(min_size=1, max_size=40), "escalated": st.booleans(),
    "percent": st.integers(0, 100) | st.decimals(0, 100, places=1), "score": st.integers(0, 100),
}  # fmt: skip


def test_every_code_has_words() -> None:
    assert set(PHRASES) == set(CODES)


def test_every_measure_has_words() -> None:
    assert set(READINGS) == set(STEPS) == set(MEASURES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(CODES))
@given(data=st.data())
def test_a_reason_is_said_whole(code: str, language: str, data: st.DataObject) -> None:
    params = {name: data.draw(VALUES.get(name, st.integers(0, 400)), label=name) for name in PARAMETERS[code]}
    if "since" in params and code != "gave_notice":
        params["since"] = params["since"] or date(2026, 1, 1)
    if "due_on" in params and code != "review_outcome":
        params["due_on"] = params["due_on"] or date(2026, 1, 1)
    said = clause(Words(language), code, params).replace(str(params.get("statement")), "")
    assert said
    assert "{" not in said
    assert "None" not in said


def test_clauses_become_a_sentence() -> None:
    words = Words("es", "MX")
    ticket = clause(words, "critical_ticket", {"count": 1, "days": 6, "since": date(2026, 11, 17)})
    use = clause(words, "use_down", {"percent": Decimal(32), "since": date(2026, 10, 26)})
    assert sentence(words, [ticket, use]) == (
        "Lleva 6 días con un ticket crítico escalado y usa el producto 32 % menos desde octubre.".replace(" %", "\xa0%")
    )


def test_spanish_and_before_an_i() -> None:
    assert Words("es").listed(["Core", "Informes"]) == "Core e Informes"
    assert Words("es").listed(["Core", "Hierro"]) == "Core y Hierro"


@pytest.mark.parametrize(
    ("language", "country", "said"),
    [("es", "MX", "jueves 3 de diciembre"), ("en", "GB", "Thursday 3 December"), ("en", "US", "Thursday December 3")],
)
def test_a_day_in_a_letter_is_written_out(language: str, country: str, said: str) -> None:
    assert Words(language, country).full_day(date(2026, 12, 3)) == said


def test_each_state_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS) == len(STATES)

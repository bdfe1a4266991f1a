"""A model's words say nothing that the answer does not say."""

import pytest

from domain.assistant.grounded import LONGEST, Tongue, fault

COMMON = frozenset({"the", "their", "there", "most", "it", "use", "notice", "el", "hay"})
EN = Tongue("en", ".", ",", COMMON)
ES = Tongue("es", ",", ".", COMMON)
CARD = """🟡 Acme Corp · 58 of 100 · down 13 in 30 days (was 71)
A critical ticket has been escalated for 6 days and they use the product 32 % less since October.
Renews 31 Mar 2027 (in 128 days) · ARR US$48,000 · MRR US$4,000.50 · notice by 30 Jan
• Use: −32 % against the 28 days before · ticket T-3843 · 23 Nov 2025 to 22 Nov 2026
expected by Amy Thornton"""
TARJETA = """🔴 Norte Logística · 48,5 de 100
Se renueva el 31 mar 2027 · ARR 48.000 US$ · uso −32,5 % desde octubre · 3 tickets"""


@pytest.mark.parametrize(
    "text",
    [
        "Acme Corp stands at 58 of 100 and renews on 31 March 2027, in 128 days.",
        "The score fell by 13 in 30 days; use is 32% lower since October.",
        "There is US$48,000 at stake (US$4,000.5 a month), with notice by 30 January.",
        "It is yellow: Amy Thornton expects more, and ticket T-3843 has been open for six days.",
        "Their renewal of 2027-03-31 is in March 2027; use −32 percent.",
        "Most of it was said on the 22nd of November 2026: Acme Corp's ticket.",
    ],
)
def test_what_the_answer_says_may_be_said(text: str) -> None:
    assert fault(text, CARD, EN) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Acme Corp stands at 59 of 100.", "number"),
        ("Use fell by 32.4 %.", "number"),
        ("There is US$48,001 at stake.", "number"),
        ("There is US$48k at stake.", "number"),
        ("There is €48,000 at stake.", "number"),
        ("There are 48,000 at stake.", "number"),
        ("There is US$48.000 at stake.", "number"),
        ("There is US$4,8000 at stake.", "number"),
        ("It fell by 13 %.", "number"),
        ("It rose by +13.", "number"),
        ("It rose by +32 %.", "number"),
        ("It fell by a half.", "number"),
        ("There are nine tickets.", "number"),
        ("The score is fifty-nine.", "number"),
        ("It has been halved.", "number"),
        ("There are ٩ tickets.", "number"),
        ("There are ⑨ tickets.", "number"),
        ("There is ½ left.", "number"),
        ("It has 31 tickets.", "number"),
        ("Most of it ends on 30 March 2027.", "day"),
        ("Most of it ends on 31 March 2028.", "day"),
        ("Most of it ends on 2027-03-30.", "day"),
        ("Notice is due by 30 January 2027.", "day"),
        ("It fell since September.", "day"),
        ("It renews tomorrow.", "day"),
        ("It renews next month.", "day"),
        ("It renews on Monday.", "day"),
        ("Most of Globex is fine.", "name"),
        ("Globex is fine.", "name"),
        ("It was said by Ada.", "name"),
        ("It is red.", "colour"),
        ("It is green: the score is 58.", "colour"),
        ("<!channel> 58", "markup"),
        ("See https://evil.example for 58", "markup"),
        ("See evil.example", "markup"),
        ("*58*", "markup"),
        ("Ask @here", "markup"),
        ("Well :rotating_light:", "markup"),
        ("Acme\u202e Corp", "markup"),
        ("It is " * 100, "long"),
        (" ", "empty"),
    ],
)
def test_what_it_does_not_say_may_not(text: str, wrong: str) -> None:
    assert fault(text, CARD, EN) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Norte Logística está en rojo con 48,5 y se renueva el 31 de marzo de 2027.", None),
        ("El uso bajó 32,5 por ciento desde octubre; hay tres tickets y 48.000 US$ en juego.", None),
        ("Hay 48,000 US$ en juego.", "number"),
        ("El índice es de 48.5.", "number"),
        ("Se renueva el 31 de mayo.", "day"),
        ("Se renueva mañana.", "day"),
        ("Hay once tickets.", "number"),
        ("Hay veintidós tickets.", "number"),
        ("Están en verde.", "colour"),
        ("Hay riesgo en Globex.", "name"),
    ],
)
def test_in_spanish_its_own_signs_and_words_hold(text: str, wrong: str | None) -> None:
    assert fault(text, TARJETA, ES) == wrong


def test_a_sentence_may_be_as_long_as_two() -> None:
    assert fault("It is so. " * (LONGEST // 10), CARD, EN) is None

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import NotAPeriod, Period, parse, take, year_of

TODAY = date(2026, 11, 23)


def days(text, *, forward=True, start=1, today=TODAY):
    found = parse(text, today=today, fiscal_year_start=start, forward=forward)
    return f"{found.first}..{found.last}"


FORWARD = {
    "30d": "2026-11-23..2026-12-23",
    "30 days|30 días|30 dias|en 30 días|a 30 días|dentro de 30 días": "2026-11-23..2026-12-23",
    "the next 30 days|in the next 30 days": "2026-11-23..2026-12-23",
    "los próximos 30 días|de los próximos 30 días|30 días siguientes": "2026-11-23..2026-12-23",
    "4 months|4 meses|4m": "2026-11-23..2027-03-23",
    "2 weeks|2 semanas|14d": "2026-11-23..2026-12-07",
    "2 quarters|2 trimestres": "2026-11-23..2027-05-23",
    "1 year|1 año": "2026-11-23..2027-11-23",
    "last 30 days|últimos 30 días|the past 30 days|los 30 días anteriores": "2026-10-24..2026-11-22",
    "last 12 months|los últimos 12 meses": "2025-11-23..2026-11-22",
    "2026-11|november|noviembre|nov 2026|noviembre de 2026": "2026-11-01..2026-11-30",
    "November 2026|este mes|this month": "2026-11-01..2026-11-30",
    "2028-02": "2028-02-01..2028-02-29",
    "march|marzo": "2027-03-01..2027-03-31",
    "2026-Q4|Q4 2026|q4-2026|4T 2026|T4 2026|2026-4T": "2026-10-01..2026-12-31",
    "cuarto trimestre de 2026|fourth quarter of 2026": "2026-10-01..2026-12-31",
    "1T 2027|Q1 2027|1er trimestre de 2027|primer trimestre del año 2027": "2027-01-01..2027-03-31",
    "first quarter of 2027": "2027-01-01..2027-03-31",
    "Q1|1T|primer trimestre|el Q1|next quarter|próximo trimestre|el trimestre que viene": "2027-01-01..2027-03-31",
    "last quarter of 2026|último trimestre de 2026": "2026-10-01..2026-12-31",
    "H1 2026|2026-H1|primer semestre de 2026|first half of 2026|1S 2026": "2026-01-01..2026-06-30",
    "H2|segundo semestre|último semestre de 2026": "2026-07-01..2026-12-31",
    "2026|año 2026|year 2026|FY2026|año fiscal 2026|fiscal year 2026|this year|este año": "2026-01-01..2026-12-31",
    "2026-10-01..2026-12-31|2026-10..2026-12|2026-10-01 .. 2026-12": "2026-10-01..2026-12-31",
    "2026-11-23|today|hoy|today..hoy": "2026-11-23..2026-11-23",
    "yesterday|ayer": "2026-11-22..2026-11-22",
    "tomorrow|mañana|manana": "2026-11-24..2026-11-24",
    "this week|esta semana|semana actual": "2026-11-23..2026-11-29",
    "last week|semana pasada|la semana anterior": "2026-11-16..2026-11-22",
    "next week|próxima semana|la semana que viene|la próxima semana": "2026-11-30..2026-12-06",
    "next month|próximo mes|el mes que viene|el próximo mes|el mes próximo|mes siguiente": "2026-12-01..2026-12-31",
    "last month|mes pasado|el mes pasado|último mes|previous month": "2026-10-01..2026-10-31",
    "this quarter|este trimestre": "2026-10-01..2026-12-31",
    "last quarter|el trimestre pasado|último trimestre": "2026-07-01..2026-09-30",
    "next year|próximo año|el año que viene": "2027-01-01..2027-12-31",
    "last year|año pasado|el año pasado": "2025-01-01..2025-12-31",
    "year to date|ytd|en lo que va del año": "2026-01-01..2026-11-23",
    "de acá a fin de año|fin de año|end of the year": "2026-11-23..2026-12-31",
    "fin de mes|end of month": "2026-11-23..2026-11-30",
    "quincena": "2026-11-23..2026-12-08",
    "two weeks|for two weeks|durante dos semanas|catorce días": "2026-11-23..2026-12-07",
    "for a month|un mes|dentro de un mes|in one month": "2026-11-23..2026-12-23",
    "the next three months|los próximos tres meses": "2026-11-23..2027-02-23",
    "15 december|the 15th of December|December 15, 2026|el 15 de diciembre|15 dic": "2026-12-15..2026-12-15",
    "1º de marzo de 2028|1 mar 2028|1st march 2028": "2028-03-01..2028-03-01",
    "29 february|29 de febrero": "2028-02-29..2028-02-29",
    "¿30 días?|  30   DAYS. ": "2026-11-23..2026-12-23",
}


@pytest.mark.parametrize(("text", "expected"), [(t, e) for texts, e in FORWARD.items() for t in texts.split("|")])
def test_forward(text, expected):
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", "2026-10-24..2026-11-22"),
        ("4 meses", "2026-07-23..2026-11-22"),
        ("Q1", "2026-01-01..2026-03-31"),
        ("Q4", "2026-10-01..2026-12-31"),
        ("marzo", "2026-03-01..2026-03-31"),
        ("diciembre", "2025-12-01..2025-12-31"),
        ("next 30 days", "2026-11-23..2026-12-23"),
        ("H1", "2026-01-01..2026-06-30"),
        ("quincena", "2026-11-08..2026-11-22"),
        ("dos semanas", "2026-11-09..2026-11-22"),
        ("15 december", "2025-12-15..2025-12-15"),
    ],
)
def test_back(text, expected):
    assert days(text, forward=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", "2025-04-01..2026-03-31"),
        ("2026-Q1", "2025-04-01..2025-06-30"),
        ("2026-Q4", "2026-01-01..2026-03-31"),
        ("H2 2027", "2026-10-01..2027-03-31"),
        ("this year", "2026-04-01..2027-03-31"),
        ("este año fiscal", "2026-04-01..2027-03-31"),
        ("last year", "2025-04-01..2026-03-31"),
        ("this quarter", "2026-10-01..2026-12-31"),
        ("next quarter", "2027-01-01..2027-03-31"),
        ("ytd", "2026-04-01..2026-11-23"),
        ("2026-11", "2026-11-01..2026-11-30"),
        ("noviembre de 2026", "2026-11-01..2026-11-30"),
    ],
)
def test_fiscal_years_bear_the_year_in_which_they_end(text, expected):
    assert days(text, start=4) == expected


def test_the_end_of_a_month_and_of_a_year_are_no_traps():
    assert days("next month", today=date(2026, 1, 31)) == "2026-02-01..2026-02-28"
    assert days("1 month", today=date(2026, 1, 31)) == "2026-01-31..2026-02-28"
    assert days("last quarter", today=date(2026, 1, 1)) == "2025-10-01..2025-12-31"
    assert days("this quarter", start=2, today=date(2026, 1, 15)) == "2025-11-01..2026-01-31"
    assert days("this week", today=date(2026, 11, 29)) == "2026-11-23..2026-11-29"


@pytest.mark.parametrize(
    "text",
    ["", " ", "weather", "0d", "2026-13", "2026-02-30", "2026-12..2026-10", "..", "2026..", "..2026", "1234", "90",
     "Q5", "2026-Q5", "H3 2026", "3S", "last", "month", "a", "acme", "99999d", "9999 years", "ana 2026", "-30d",
     "a week", "31 june", "0 may", "30 de febrero", "december 15th 1"],
)  # fmt: skip
def test_what_is_no_period(text):
    with pytest.raises(NotAPeriod):
        days(text)


def test_the_nearest_forms_are_offered():
    with pytest.raises(NotAPeriod) as caught:
        days("nxt month")
    assert caught.value.word == "nxt month"
    assert "next month" in caught.value.nearest


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("who renews next month", "2026-12-01..2026-12-31", "who renews"),
        ("contratos que vencen en el primer trimestre de 2027 en todo el equipo", "2027-01-01..2027-03-31",
         "contratos que vencen en todo el equipo"),
        ("nrr 2026 segment:enterprise", "2026-01-01..2026-12-31", "nrr segment:enterprise"),
        ("renewals in the next 90 days", "2026-11-23..2027-02-21", "renewals"),
        ("tasa de abandono de este año", "2026-01-01..2026-12-31", "tasa de abandono"),
        ("how is acme doing", None, "how is acme doing"),
        ("", None, ""),
    ],
)  # fmt: skip
def test_take_finds_the_longest_run_at_any_place(text, expected, rest):
    found, left = take(text.split(), today=TODAY, forward=True)
    assert (found and f"{found.first}..{found.last}") == expected
    assert " ".join(left) == rest


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12), st.booleans())
def test_four_quarters_are_the_year_and_today_is_in_this_one(today, start, forward):
    def of(text):
        return parse(text, today=today, fiscal_year_start=start, forward=forward)

    year = year_of(today, start)
    quarters = [of(f"{year}-Q{n}") for n in (1, 2, 3, 4)]
    assert today in of("this year") == of(str(year))
    assert quarters[0].first == of(str(year)).first
    assert quarters[3].last == of(str(year)).last
    for before, after in pairwise(quarters):
        assert before.last + timedelta(1) == after.first
    assert of("this quarter") in quarters
    assert of("next quarter").first == of("this quarter").last + timedelta(1)
    assert of("last quarter").last == of("this quarter").first - timedelta(1)


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_is_refused(text):
    try:
        found = parse(text, today=TODAY, forward=True)
    except NotAPeriod:
        return
    assert isinstance(found, Period)
    assert found.days >= 1

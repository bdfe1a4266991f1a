"""A sentence is read by what it says: in whatever order, however politely, with or without accents and capitals."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.period_forms import said
from domain.periods import parse
from domain.sentences import Grammar, Span, extended, grammar, key, mended, read, tokens

TODAY = date(2026, 11, 22)
NOISE = ["please", "hey", "could", "thanks"]
GRAMMAR = grammar(
    {
        "noise": [*NOISE, "the", "of", "a", "is", "for", "in"],
        "also": ["and"],
        "follows": ["in"],
        "marks": [":"],
        "values": {"band:red": ["red"], "team": ["the team", "team"]},
        "sentences": [
            {"command": "health {account}", "say": ["(health|how) [doing]", "why (red|low)"], "rank": "2"},
            {"command": "renewals {period} {scope}", "say": ["(renew|renews|up for renewal) [who|accounts]"]},
            {"command": "journey {scope}", "say": ["{scope:stage}"]},
        ],
    }
)


def best(text: str, *spans: Span, known: Grammar = GRAMMAR):
    return read([key(word) for word in tokens(text)], spans, known, known.sentences)[0]


@given(
    order=st.permutations(["renews", "who", "red", "team"]),
    polite=st.lists(st.sampled_from(NOISE), max_size=4),
    shout=st.booleans(),
    marks=st.sampled_from(["", "?", "!!", "…", " 🙏"]),
)
@settings(max_examples=60, deadline=None)
def test_order_politeness_case_and_marks_do_not_matter(
    order: list[str], polite: list[str], shout: bool, marks: str
) -> None:
    words = [*polite, *order]
    text = " ".join(words) + marks
    at = {word: place for place, word in enumerate(words)}
    spans = [Span("scope", at["red"], at["red"] + 1, "band:red"), Span("scope", at["team"], at["team"] + 1, "team")]
    reading = best(text.upper() if shout else text, *spans)
    assert reading.sure
    assert reading.command() == "renewals team band:red"


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    words = [key(word) for word in tokens(text)]
    for reading in read(words, (), GRAMMAR, GRAMMAR.sentences):
        assert not reading.sure or set(words) & {"health", "how", "renew", "renews", "renewal"}


def test_one_word_that_nothing_explains_makes_a_reading_unsure() -> None:
    assert best("who renews", known=GRAMMAR).sure
    reading = best("who renews blue", known=GRAMMAR)
    assert not reading.sure
    assert reading.unexplained == (2,)


def test_what_is_missing_is_known() -> None:
    reading = best("how is")
    assert reading.missing == ("account",)
    assert reading.whole
    assert not reading.sure


def test_two_accounts_in_one_question_are_not_one() -> None:
    spans = (Span("account", 1, 2, "acme"), Span("account", 2, 3, "globex"))
    assert not best("how acme globex", *spans).sure


def test_a_filter_of_the_kind_that_is_asked_for_is_needed() -> None:
    assert (
        best("adopt accounts", Span("scope", 0, 1, "stage:adopt"), known=_with_accounts()).command()
        == "journey stage:adopt"
    )
    readings = read(["red", "accounts"], [Span("scope", 0, 1, "band:red")], _with_accounts(), GRAMMAR.sentences)
    assert not any(reading.sure for reading in readings)


def _with_accounts() -> Grammar:
    return extended(GRAMMAR, {"journey {scope}": ["{scope:stage} accounts"]})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("helth", "health"),
        ("renws", "renews"),
        ("hlth", "hlth"),
        ("abc", "abc"),
        ("qwertz", "qwertz"),
        ("2026", "2026"),
    ],
)
def test_one_slip_of_the_keys_is_put_right_and_no_more(typed: str, meant: str) -> None:
    assert mended([typed], GRAMMAR.vocabulary, ()) == [meant]


def test_what_is_taken_is_not_put_right() -> None:
    assert mended(["helth"], GRAMMAR.vocabulary, [0]) == ["helth"]


@pytest.mark.parametrize(
    ("typed", "forward", "form"),
    [
        ("el mes que viene", True, "next month"),
        ("in the next 90 days", True, "90d"),
        ("primer trimestre de 2027", True, "2027-Q1"),
        ("los próximos 4 meses", True, "4 months"),
        ("last quarter", False, "last quarter"),
        ("lo que va del año", False, "ytd"),
        ("viernes", True, "2026-11-27"),
        ("last friday", True, "2026-11-20"),
        ("2026-10-01..2026-10-15", False, "2026-10-01..2026-10-15"),
    ],
)
def test_a_period_is_said_as_a_command_says_it(typed: str, forward: bool, form: str) -> None:
    period = parse(typed, today=TODAY, forward=forward)
    assert said(period, typed, today=TODAY, forward=forward) == form


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 500), st.integers(1, 12), st.booleans())
@settings(max_examples=80, deadline=None)
def test_what_is_said_means_the_same_days(first: date, days: int, start: int, forward: bool) -> None:
    typed = f"{first}..{date.fromordinal(first.toordinal() + days)}"
    period = parse(typed, today=TODAY, fiscal_year_start=start, forward=forward)
    form = said(period, typed, today=TODAY, fiscal_year_start=start, forward=forward)
    assert parse(form, today=TODAY, fiscal_year_start=start, forward=forward) == period

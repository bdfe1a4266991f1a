from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.subscriptions import Term, in_force, paying, seats, spans, term_of
from tests.domain.build import usd, version

D = date


def found(*versions, today, grace=30):
    held = spans(versions, today=today, grace_days=grace)
    return [(s.version.subscription_id, s.first, s.until, s.known_on, s.ended) for s in held]


ENDS = version(ends_on=D(2026, 6, 1))
AUTO = version(ends_on=D(2026, 6, 1), auto_renew=True)


@pytest.mark.parametrize(
    ("name", "versions", "today", "expected"),
    [
        ("running", [ENDS], D(2026, 5, 31), [(None, None, None)]),
        ("pending on its end", [ENDS], D(2026, 6, 1), [(None, None, None)]),
        ("pending on the last day of grace", [ENDS], D(2026, 6, 30), [(None, None, None)]),
        ("expired, known at the end of grace", [ENDS], D(2026, 7, 1), [(D(2026, 6, 1), D(2026, 7, 1), "expired")]),
        ("renews by itself", [AUTO], D(2030, 1, 1), [(None, None, None)]),
        ("evergreen", [version(ends_on=None)], D(2036, 1, 1), [(None, None, None)]),
        (
            "notice: no grace",
            [version(ends_on=D(2026, 6, 1), notice_given_on=D(2026, 4, 1))],
            D(2026, 6, 1),
            [(D(2026, 6, 1), D(2026, 4, 1), "notice")],
        ),
        (
            "notice of one that renews by itself",
            [version(ends_on=D(2026, 6, 1), auto_renew=True, notice_given_on=D(2026, 4, 1))],
            D(2026, 5, 1),
            [(D(2026, 6, 1), D(2026, 4, 1), "notice")],
        ),
        (
            "notice in a later term ends that term",
            [version(starts_on=D(2024, 6, 1), ends_on=D(2025, 6, 1), auto_renew=True, notice_given_on=D(2026, 4, 1))],
            D(2026, 5, 1),
            [(D(2026, 6, 1), D(2026, 4, 1), "notice")],
        ),
        (
            "a notice of tomorrow is not known",
            [version(ends_on=D(2026, 6, 1), notice_given_on=D(2026, 4, 2))],
            D(2026, 4, 1),
            [(None, None, None)],
        ),
        (
            "cancelled within its term",
            [version(ends_on=D(2026, 6, 1), cancelled_on=D(2026, 3, 1))],
            D(2026, 2, 1),
            [(D(2026, 3, 1), D(2026, 3, 1), "cancelled")],
        ),
        (
            "cancelled after its end: ends there, no grace",
            [version(ends_on=D(2026, 6, 1), cancelled_on=D(2026, 6, 15))],
            D(2026, 6, 20),
            [(D(2026, 6, 1), D(2026, 1, 1), "cancelled")],
        ),
        (
            "cancelled in a later term",
            [version(ends_on=D(2026, 6, 1), auto_renew=True, cancelled_on=D(2027, 1, 15))],
            D(2027, 2, 1),
            [(D(2027, 1, 15), D(2027, 1, 15), "cancelled")],
        ),
        ("never began", [version(cancelled_on=D(2026, 1, 1))], D(2026, 2, 1), []),
        (
            "next version",
            [ENDS, version(starts_on=D(2026, 3, 1), ends_on=D(2026, 6, 1))],
            D(2026, 4, 1),
            [(D(2026, 3, 1), D(2026, 3, 1), "replaced"), (None, None, None)],
        ),
        (
            "late next version within the grace leaves no gap",
            [ENDS, version(starts_on=D(2026, 7, 1), ends_on=D(2027, 6, 1))],
            D(2026, 8, 1),
            [(D(2026, 7, 1), D(2026, 7, 1), "replaced"), (None, None, None)],
        ),
        (
            "next version after the grace leaves a gap",
            [ENDS, version(starts_on=D(2026, 7, 2), ends_on=D(2027, 6, 1))],
            D(2026, 8, 1),
            [(D(2026, 6, 1), D(2026, 7, 1), "expired"), (None, None, None)],
        ),
        (
            "named by renews, early",
            [ENDS, version("s2", D(2026, 5, 1), D(2027, 5, 1), renews="s1", product="other")],
            D(2026, 5, 2),
            [(D(2026, 5, 1), D(2026, 5, 1), "replaced"), (None, None, None)],
        ),
        (
            "by default: same product within the grace",
            [ENDS, version("s2", D(2026, 6, 20), D(2027, 6, 1))],
            D(2026, 9, 1),
            [(D(2026, 6, 20), D(2026, 6, 20), "replaced"), (None, None, None)],
        ),
        (
            "by default also of one that renews by itself",
            [AUTO, version("s2", D(2026, 6, 20), D(2027, 6, 1))],
            D(2026, 9, 1),
            [(D(2026, 6, 20), D(2026, 6, 20), "replaced"), (None, None, None)],
        ),
        (
            "another product is no renewal",
            [ENDS, version("s2", D(2026, 6, 1), D(2027, 6, 1), product="other")],
            D(2026, 9, 1),
            [(D(2026, 6, 1), D(2026, 7, 1), "expired"), (None, None, None)],
        ),
        (
            "parallel of the same product, bought before the end",
            [ENDS, version("s2", D(2026, 5, 20), D(2027, 5, 20))],
            D(2026, 9, 1),
            [(D(2026, 6, 1), D(2026, 7, 1), "expired"), (None, None, None)],
        ),
        (
            "parallel to one that renews every month",
            [version(ends_on=D(2026, 2, 1), auto_renew=True), version("s2", D(2026, 6, 15), D(2027, 6, 15))],
            D(2026, 9, 1),
            [(None, None, None), (None, None, None)],
        ),
        (
            "notice, then renewed within the grace after all",
            [
                version(ends_on=D(2026, 6, 1), notice_given_on=D(2026, 4, 1)),
                version(starts_on=D(2026, 6, 10), ends_on=D(2027, 6, 10)),
            ],
            D(2026, 7, 1),
            [(D(2026, 6, 10), D(2026, 6, 10), "replaced"), (None, None, None)],
        ),
        (
            "two that renew each other do not both vanish",
            [version(renews="s2"), version("s2", D(2026, 5, 1), renews="s1")],
            D(2026, 6, 1),
            [(D(2026, 5, 1), D(2026, 5, 1), "replaced"), (None, None, None)],
        ),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_in_force(name, versions, today, expected):
    assert [row[2:] for row in found(*versions, today=today)] == expected


def test_two_parallel_subscriptions_take_one_renewal_each():
    old = [version("a", ends_on=D(2026, 6, 1), annual=100), version("b", ends_on=D(2026, 6, 1), annual=900)]
    new = [
        version("c", D(2026, 6, 1), D(2027, 6, 1), annual=950),
        version("d", D(2026, 6, 5), D(2027, 6, 1), annual=90),
    ]
    after = {s.version.subscription_id: s.successor for s in spans([*old, *new], today=D(2026, 9, 1), grace_days=30)}
    assert after["a"] is new[1]
    assert after["b"] is new[0]


def test_one_renewal_does_not_serve_two():
    two = [version("a", ends_on=D(2026, 6, 1)), version("b", ends_on=D(2026, 6, 1))]
    rows = found(*two, version("c", D(2026, 6, 1), D(2027, 6, 1)), today=D(2026, 9, 1))
    assert [row[4] for row in rows] == ["replaced", "expired", None]


def test_a_named_renewal_is_not_taken_for_another_by_default():
    two = [version("a", ends_on=D(2026, 6, 1)), version("b", ends_on=D(2026, 6, 1))]
    rows = found(*two, version("c", D(2026, 6, 1), D(2027, 6, 1), renews="b"), today=D(2026, 9, 1))
    assert [row[4] for row in rows] == ["expired", "replaced", None]


def test_a_month_does_not_drift_from_the_31st():
    assert [Term(1).end(D(2026, 1, 31), n) for n in (1, 2, 3)] == [D(2026, 2, 28), D(2026, 3, 31), D(2026, 4, 30)]
    assert Term(1).first_end(D(2026, 1, 31), after=D(2026, 3, 30)) == D(2026, 3, 31)
    assert Term(1).first_end(D(2026, 1, 31), after=D(2026, 3, 31)) == D(2026, 4, 30)
    assert Term(12).last_end(D(2024, 2, 29), by=D(2026, 3, 1)) == D(2026, 2, 28)


def test_the_term_is_told_or_the_length_of_the_last():
    assert term_of(version(term_months=3)) == Term(3)
    assert term_of(version()) == Term(12)
    assert term_of(version(ends_on=D(2026, 1, 11))) == Term(0, 10)
    grown = version(starts_on=D(2026, 7, 1))
    assert term_of(grown, [version()]) == Term(12)
    assert term_of(grown) == Term(6)


def test_seats_and_paying():
    mine = [version("a", seats=10), version("b", seats=5, status="trialing"), version("c", seats=7, status="paused")]
    assert seats(mine, D(2026, 2, 1), grace_days=30) == 15
    assert seats([version()], D(2026, 2, 1), grace_days=30) is None
    assert paying([*mine, version("d", annual=0)], D(2026, 2, 1), grace_days=30) == (mine[0],)


def test_in_force_on_a_past_day_as_known_later():
    assert in_force([ENDS], D(2026, 6, 10), grace_days=30) == (ENDS,)
    assert in_force([ENDS], D(2026, 6, 10), grace_days=30, today=D(2026, 8, 1)) == ()


DAYS = st.integers(0, 900).map(lambda n: D(2025, 1, 1) + timedelta(n))


@st.composite
def versions_of_an_account(draw):
    rows = {}
    for _ in range(draw(st.integers(1, 5))):
        starts_on = draw(DAYS)
        ends_on = draw(st.none() | st.integers(1, 500).map(lambda n, s=starts_on: s + timedelta(n)))
        row = version(
            draw(st.sampled_from("abc")),
            starts_on,
            ends_on,
            annual=draw(st.integers(0, 3)) * 1200,
            auto_renew=draw(st.booleans()),
            cancelled_on=draw(st.none() | DAYS),
            notice_given_on=draw(st.none() | DAYS),
            renews=draw(st.none() | st.sampled_from("abc")),
            status=draw(st.sampled_from(["active", "active", "paused"])),
            known_on=draw(st.none() | DAYS),
        )
        rows[row.subscription_id, starts_on] = row
    return draw(st.permutations(list(rows.values())))


@settings(max_examples=150)
@given(versions_of_an_account(), DAYS, st.integers(0, 40))
def test_spans_of_one_subscription_never_overlap_and_the_order_of_rows_does_not_matter(rows, today, grace):
    held = spans(rows, today=today, grace_days=grace)
    assert held == spans(sorted(rows, key=repr), today=today, grace_days=grace)
    for a in held:
        assert a.until is None or a.first < a.until
        assert (a.until is None) == (a.ended is None) == (a.known_on is None)
        for b in held:
            if a is not b and a.version.subscription_id == b.version.subscription_id and a.first <= b.first:
                assert a.until is not None
                assert a.until <= b.first


@settings(max_examples=100)
@given(versions_of_an_account(), DAYS, DAYS)
def test_in_force_is_what_the_spans_cover(rows, day, today):
    covering = {id(s.version) for s in spans(rows, today=today, grace_days=30) if s.covers(day)}
    assert {id(v) for v in in_force(rows, day, today=today, grace_days=30)} == covering


def test_amounts_are_untouched():
    assert in_force([ENDS], D(2026, 2, 1), grace_days=30)[0].annual == usd(12000)


@pytest.mark.parametrize(
    ("day", "count"),
    [(D(2025, 12, 31), 0), (D(2026, 1, 1), 1), (D(2026, 2, 28), 1), (D(2026, 3, 1), 0)],
)
def test_the_first_day_is_covered_and_the_last_is_not(day, count):
    cancelled = version(cancelled_on=D(2026, 3, 1))
    assert len(in_force([cancelled], day, grace_days=30)) == count


def test_a_term_of_no_whole_months_is_counted_in_days():
    same_day = version(starts_on=D(2026, 1, 31), ends_on=D(2026, 2, 28))
    assert term_of(same_day) == Term(1)
    assert term_of(version(ends_on=D(2026, 1, 2))) == Term(0, 1)

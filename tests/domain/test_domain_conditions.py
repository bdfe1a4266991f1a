"""Rules over accounts: what holds, what does not, and what cannot be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.conditions import NUMBERS, Where, all_hold, checks, holds
from domain.fact_kinds import KINDS, SPOKEN
from domain.policies.policy_journey import Bounds
from words.facts import NAMES

WHERE = TypeAdapter(Where)
NUMERIC = sorted(name for name, kind in KINDS.items() if kind in NUMBERS)
numbers = st.floats(-1e6, 1e6)
bounds = st.builds(lambda a, b: Bounds(at_least=min(a, b), at_most=max(a, b)), numbers, numbers)
wheres = st.dictionaries(st.sampled_from(NUMERIC), bounds, min_size=1, max_size=4)
situations = st.dictionaries(st.sampled_from(NUMERIC), st.none() | numbers)


@given(wheres, situations)
def test_all_hold_when_each_check_holds(where, known):
    assert all_hold(where, known) == all(check.holds for check in checks(where, known))


@given(wheres, wheres, situations)
def test_asking_more_never_lets_more_in(where, more, known):
    if all_hold({**where, **more}, known):
        assert all_hold(more, known)


@given(wheres)
def test_what_is_not_known_holds_in_no_way(where):
    assert not all_hold(where, {})
    assert not all_hold(where, dict.fromkeys(where))


@given(bounds, numbers)
def test_both_ends_are_included(wanted, value):
    assert holds(wanted, value) == (wanted.at_least <= value <= wanted.at_most)
    assert holds(wanted, wanted.at_least)
    assert holds(wanted, wanted.at_most)


def test_no_and_not_known_are_two_things():
    assert holds(False, False)
    assert not holds(False, None)
    assert not holds(True, 1.0), "a number is no yes"


@pytest.mark.parametrize(
    ("wanted", "value", "held"),
    [
        (("Región Norte",), "region norte", True),
        (("1", "2"), "2", True),
        (("champion", "sponsor"), frozenset({"sponsor"}), True),
        (("champion",), frozenset(), False),
        (("adopt",), "adoption", False),
    ],
)
def test_words_are_compared_whole_without_case_and_accents(wanted, value, held):
    assert holds(wanted, value) is held


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"tier": 1}, {"tier": ("1",)}),
        ({"tier": [1, "2"]}, {"tier": ("1", "2")}),
        ({"colour": "green"}, {"colour": ("green",)}),
        ({"x_region": "latam"}, {"x_region": ("latam",)}),
        ({"at_risk": False}, {"at_risk": False}),
        ({"score": {"at_most": 50}}, {"score": Bounds(at_most=50)}),
    ],
)
def test_one_may_stand_for_a_list_of_one(written, read):
    assert WHERE.validate_python(written) == read


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({}, "nothing_asked"),
        ({"licence": {"at_least": 3}}, "unknown_fact"),
        ({"licences": 90}, "wrong_condition"),
        ({"licences": "high"}, "wrong_condition"),
        ({"licences": True}, "wrong_condition"),
        ({"colour": {"at_least": 3}}, "wrong_condition"),
        ({"colour": "greeen"}, "wrong_condition"),
        ({"missing_roles": ["boss"]}, "wrong_condition"),
        ({"at_risk": "yes"}, "wrong_condition"),
        ({"score": {}}, "nothing_asked"),
    ],
)
def test_what_cannot_be_asked_is_refused(written, reason):
    with pytest.raises(ValidationError) as caught:
        WHERE.validate_python(written)
    assert reason in {error["type"] for error in caught.value.errors()}


def test_editors_know_every_fact_and_readers_its_name():
    known = WHERE.json_schema()
    facts = (known.get("$defs", {}).get("Where") or known)["properties"]
    assert set(facts) == set(KINDS)
    assert set(NAMES) == set(KINDS)
    assert set(SPOKEN) <= set(KINDS)

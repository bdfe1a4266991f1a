"""Texts with fields: what they may hold, and what comes out."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from words.templates import LONGEST, Missing, WrongTemplate, fields_of, missing, render

KNOWN = {"account.name": "Acme <&> Corp", "contact.first_name": "Ana", "goal.due": "26 February"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{ contact.first_name }}.", "Hello Ana."),
        ("{{ account.name }}", "Acme <&> Corp"),
        ("{% if goal.due is defined %}by {{ goal.due }}{% else %}one day{% endif %}", "by 26 February"),
        ("{% if use.now is defined %}{{ use.now }}{% else %}one day{% endif %}", "one day"),
        ("{% if use.now is not defined and goal.due is defined %}yes{% endif %}", "yes"),
        ("{% if use.now is defined or goal.due is defined %}yes{% endif %}", "yes"),
        ("{% if not goal.due is defined %}a{% elif account.name is defined %}b{% endif %}", "b"),
        ("100 % {# a remark #}of 5 {x}", "100 % of 5 {x}"),
    ],
)
def test_a_text_is_filled_in(text, said):
    assert render(text, KNOWN) == said


def test_what_is_lacking_is_named_in_the_order_of_the_text():
    text = (
        "{{ goal.target }} {{ account.name }} {{ use.now }} {% if use.change is defined %}{{ use.change }}{% endif %}"
    )
    assert missing(text, KNOWN) == ("goal.target", "use.now")
    with pytest.raises(Missing) as caught:
        render(text, KNOWN)
    assert caught.value.fields == ("goal.target", "use.now")


def test_an_empty_value_is_not_known():
    assert missing("{{ goal.due }}", {"goal.due": ""}) == ("goal.due",)
    assert render("{% if goal.due is defined %}x{% else %}y{% endif %}", {"goal.due": ""}) == "y"


def test_a_value_that_looks_like_a_template_is_text():
    assert render("{{ account.name }}", {"account.name": "{{ goal.due }}{% for %}"}) == "{{ goal.due }}{% for %}"


def test_every_field_is_named_also_those_behind_a_question():
    assert fields_of("{{ a.b }}{% if c.d is defined %}{{ e.f }}{% endif %}") == {"a.b", "c.d", "e.f"}


@pytest.mark.parametrize(
    "text",
    [
        "{{ account }}", "{{ account.name.upper }}", "{{ account['name'] }}", "{{ account.name() }}",
        "{{ account.name|upper }}", "{{ account.name ~ goal.due }}", "{{ 'x' * 100000000 }}", "{{ 7 }}",
        "{{ ''.__class__ }}", "{{ account.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}", "{{ range(1000000000) }}", "{{ lipsum() }}", "{{ namespace(a=1) }}",
        "{% for n in range(9999999) %}x{% endfor %}", "{% for n in account.name %}x{% endfor %}", "{% set a = 1 %}",
        "{% macro a() %}{{ a() }}{% endmacro %}", "{% include '/etc/passwd' %}", "{% import 'os' as os %}",
        "{% extends 'x' %}", "{% block a %}{% endblock %}", "{% filter upper %}x{% endfilter %}", "{% do 1 %}",
        "{% if account.name %}x{% endif %}", "{% if account.name == goal.due %}x{% endif %}",
        "{% if account.name is sameas(goal.due) %}x{% endif %}", "{% if account is defined %}x{% endif %}",
        "{% if true %}x{% endif %}", "{{ account.name if goal.due is defined }}", "{{ account.name", "{% if %}",
        "{{" + "(" * 1900 + "account.name" + ")" * 1900 + "}}", "{% if a.b is defined %}" * 9 + "{% endif %}" * 9,
        "{% if " + "not " * 900 + "a.b is defined %}{% endif %}", "x" * (LONGEST + 1),
    ],
)  # fmt: skip
def test_nothing_else_is_spoken(text):
    with pytest.raises(WrongTemplate):
        fields_of(text)
    with pytest.raises(WrongTemplate):
        render(text, KNOWN)


@given(st.text(alphabet="{}%#().[]|'_ abif\n", max_size=60))
def test_whatever_is_written_is_filled_in_or_refused(text):
    with suppress(WrongTemplate, Missing):
        render(text, KNOWN)

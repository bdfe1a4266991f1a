import ast
from pathlib import Path

import pytest

from domain import reasons
from domain.accounts import Contact
from domain.facts import Answer
from domain.health.causes import CODE, COVERS, WORDS, cause
from domain.health.health import MEASURES, Then, changes, critical, first_reason, next_words
from domain.reasons import CODES, PARAMETERS, Reason
from domain.renewals.renewals import renewals, soonest
from tests.domain.build import DAY, POLICY, acme, ago, healthy, reading, scored, version

THEN = Then(71, {"licences": 10, "core_features": 7, "use": 8, "outcomes": 12, "nps": 7, "tickets": 8,
                 "touch": 8, "sponsor": 3, "invoices": 5, "mrr_calls": 3})  # fmt: skip


def test_the_second_line_of_acme():
    facts = acme()
    health = healthy(facts)
    found = first_reason(health, changes=changes(health, THEN), critical=critical(facts, POLICY))
    assert [reason.code for reason in found] == ["critical_ticket", "use_down"]
    assert found[1].params == {"percent": 32, "since": ago(28)}
    words = next_words(health, facts, causes=found)
    assert [reason.code for reason in words] == ["bring_ticket_date", "ask_what_changed"]
    assert words[1].params == {"since": ago(28)}


def test_falls_come_before_what_has_long_been_low():
    health = healthy(acme())
    fell = changes(health, Then(62, {**{f.measure: f.points for f in health.factors}, "core_features": 12}))
    assert [reason.code for reason in first_reason(health, changes=fell)] == ["core_features_low", "licences_low"]
    assert [reason.code for reason in first_reason(health)] == ["licences_low", "use_down"]


def test_a_green_account_without_causes_is_well():
    assert first_reason(scored(dict.fromkeys(MEASURES, 1.0))) == (Reason("all_well"),)
    assert first_reason(scored({})) == ()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (reading("mrr_calls", 0.6, value=0, agreed=False), "calls_disagree"),
        (reading("mrr_calls", 0.6, value=-5, agreed=False), "mrr_down"),
        (reading("mrr_calls", 1, value=0, agreed=None), None),
        (reading("sponsor", 0.4, value=74, sponsor=True, champion=True), "sponsor_silent"),
        (reading("sponsor", 0.4, value=74, sponsor=True, champion=False), "sponsor_absent"),
        (reading("use", 1, value=3), None),
        (reading("touch", 0.3, value=50, days=50), "touch_late"),
    ],
)
def test_causes(given, code):
    found = cause(given)
    assert (found.code if found else None) == code


def test_every_reason_has_the_parameters_that_are_listed():
    health = healthy(acme(answers=(Answer("nps", 2, ago(3)), Answer("csat", 1, ago(3))), touched_on=ago(60)))
    for factor in health.factors:
        found = cause(factor.reading)
        assert found is None or tuple(found.params) == PARAMETERS[found.code]
    for reason in first_reason(health, critical=critical(acme(), POLICY), at_most=11):
        assert set(reason.params) == set(PARAMETERS[reason.code])


def test_every_code_that_is_written_down_is_listed():
    assert {*CODE.values(), *WORDS, *COVERS} <= CODES


def words(health=None, renewal=None, causes=(), **more):
    facts = acme(**more)
    return [r.code for r in next_words(health or healthy(facts), facts, causes=causes, renewal=renewal)]


def test_next_words():
    green = scored(dict.fromkeys(MEASURES, 1.0))
    pending = soonest(renewals([version(ends_on=ago(3))], today=DAY, grace_days=30))
    assert words(scored({})) == ["log_conversation"]
    assert words(green, answers=(Answer("nps", 9, ago(3)),)) == ["ask_for_referral"]
    assert words(green) == []
    assert words(scored(dict.fromkeys(MEASURES, 0.6)), answers=(Answer("nps", 9, ago(3)),)) == []
    due = [Reason("touch_late", {"days": 60})]
    assert words(green, causes=due, answers=(Answer("nps", 9, ago(3)),)) == ["propose_meeting"]
    assert words(green, renewal=pending) == ["bring_renewal"]
    assert words(causes=[Reason("contact_left", {"role": "champion"})]) == ["ask_who_replaces"]
    assert words(causes=[Reason("nps_low", {})], answers=()) == []
    low = [cause(factor.reading) for factor in healthy(acme(touched_on=ago(90))).factors]
    assert len(words(causes=[c for c in low if c])) == 2


def test_each_way_of_putting_it_fills_its_parameters():
    left = Contact("c", "C", role="champion", left_on=ago(1))
    facts = acme(contacts=(left,), answers=(Answer("nps", 2, ago(3)),), touched_on=ago(60))
    health = healthy(facts)
    for factor in health.factors:
        reason = cause(factor.reading)
        for found in next_words(health, facts, causes=[reason] if reason else []):
            assert set(found.params) == set(PARAMETERS[found.code])
            assert all(value is not None for value in found.params.values())


def test_every_code_in_the_source_is_listed_with_its_parameters():
    for file in Path(reasons.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    assert code.value in CODES, f"{file.name}:{node.lineno}"
                if isinstance(code, ast.Constant) and len(node.args) > 1 and isinstance(node.args[1], ast.Dict):
                    named = [key.value for key in node.args[1].keys if isinstance(key, ast.Constant)]
                    assert set(named) <= set(PARAMETERS[code.value]), f"{file.name}:{node.lineno}"

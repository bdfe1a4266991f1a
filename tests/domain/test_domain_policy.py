from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from domain.health.rules import GROUPS, MEASURES
from domain.policies.policy import Policy, PolicyError, load
from domain.policies.policy_health import HealthPolicy

EXAMPLE = Path(__file__).parents[2] / "policy.example.yaml"


def models(model):
    yield model
    for known in model.model_fields.values():
        for inner in (known.annotation, *getattr(known.annotation, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from models(inner)


def test_the_example_is_every_default():
    assert load(EXAMPLE.read_text("utf-8")) == Policy()
    assert load("") == Policy()


def test_the_example_names_every_key():
    def keys(value):
        return {k: keys(v) for k, v in value.items()} if isinstance(value, dict) else None

    def known(value):
        if not isinstance(value, BaseModel):
            return keys(value)
        return {name: known(getattr(value, name)) for name in type(value).model_fields}

    assert keys(yaml.safe_load(EXAMPLE.read_text("utf-8").replace("on: null", "'on': null"))) == known(Policy())


def test_every_key_is_explained():
    silent = [(m.__name__, k) for m in models(Policy) for k, known in m.model_fields.items() if not known.description]
    assert not silent


def test_default_weights_are_those_of_the_documentation():
    groups = {group: sum(Policy().rules.weights[m] for m in measures) for group, measures in GROUPS.items()}
    assert groups == {"adoption": 35, "outcome": 20, "experience": 20, "relationship": 15, "commercial": 10}
    assert [Policy().rules.weights[m] for m in MEASURES] == [15, 10, 10, 20, 8, 6, 6, 8, 7, 5, 5]


def test_words_that_yaml_takes_for_booleans_stay_words():
    policy = load("country: NO\nrates: {on: 2026-01-31, worth: {EUR: 1.08}}\nhealth:")
    assert policy.country == "NO"
    assert policy.rates.on == date(2026, 1, 31)
    assert policy.exchange.worth == {"EUR": Decimal("1.08")}


@pytest.mark.parametrize(
    ("text", "key", "reason", "detail"),
    [
        ("curency: EUR", "curency", "unknown_key", {"value": "EUR", "nearest": "currency"}),
        ("health: {adoption: {licenses: 3}}", "health.adoption.licenses", "unknown_key", {"nearest": "licences"}),
        ("sources: {usage: {date: dmy}}", "sources.usage.date", "unknown_key", {"nearest": "dates"}),
        ("sources: {usge: {dates: dmy}}", "sources.usge", "unknown_file", {"value": "usge", "nearest": "usage"}),
        ("zzzzzz: 1", "zzzzzz", "unknown_key", {"value": "1"}),
        ("grace_days: soon", "grace_days", "wrong_type", {"value": "soon", "expected": "int"}),
        ("grace_days: -3", "grace_days", "out_of_range", {"value": "-3", "limit": "ge 0"}),
        ("fiscal_year_start: 13", "fiscal_year_start", "out_of_range", {"limit": "le 12"}),
        ("visibility: mine", "visibility", "not_allowed", {"value": "mine", "allowed": "own, team, all"}),
        ("currency: usd", "currency", "wrong_form", {"value": "usd"}),
        ("rates: {worth: {eur: 2}}", "rates.worth.eur", "wrong_form", {"value": "eur"}),
        ("time_zone: Mars/Olympus", "time_zone", "unknown_time_zone", {"value": "Mars/Olympus"}),
        ("health: {bands: {yellow: 80}}", "health.bands", "bands_out_of_order", {}),
        (
            "health: {adoption: {use: {curve: [[0, 0], [0, 1]]}}}",
            "health.adoption.use.curve",
            "curve_not_rising",
            {},
        ),
        (
            "health: {adoption: {use: {curve: [[0, 0], [1, 1], [2, 0]]}}}",
            "health.adoption.use.curve",
            "curve_turns",
            {},
        ),
        ("health: {caps: {gone: yellow}}", "health.caps.gone", "not_allowed", {"value": "gone"}),
        ("a: 1\na: 2", "a", "duplicate_key", {"line": 2}),
        ("- a", "", "not_a_mapping", {}),
        ("a: [1", "", "not_yaml", {"line": 1, "column": 6}),
        ("a: \x00", "", "not_yaml", {}),
        ("!!python/object/apply:os.getcwd []", "", "not_yaml", {}),
        (
            "health: {experience: {nps: {curve: [[.nan, 0], [50, 1]]}}}",
            "health.experience.nps.curve.0.0",
            "wrong_type",
            {"expected": "finite_number"},
        ),
        ("a: !!bool maybe", "", "not_yaml", {}),
        ("a: !!timestamp soon", "", "not_yaml", {}),
        (f"cap: 0x{'f' * 6000}", "cap", "unknown_key", {}),
    ],
)
def test_what_is_wrong_is_said_precisely(text, key, reason, detail):
    with pytest.raises(PolicyError) as caught:
        load(text, name="ours.yaml")
    found = caught.value.problems[0]
    assert (found.file, found.key, found.reason_code) == ("ours.yaml", key, reason)
    assert detail.items() <= dict(found.detail).items()


def test_where_nothing_is_near_nothing_is_offered() -> None:
    with pytest.raises(PolicyError) as caught:
        load("sources: {zzzzzz: {dates: dmy}}")
    assert dict(caught.value.problems[0].detail) == {"value": "zzzzzz"}


def test_all_problems_are_said_at_once():
    with pytest.raises(PolicyError) as caught:
        load("grace_days: x\nundo_days: -1\nlanguage: fr")
    assert {problem.key for problem in caught.value.problems} == {"grace_days", "undo_days", "language"}


def test_curves_of_licences_share_their_fractions():
    with pytest.raises(PolicyError) as caught:
        load("health: {adoption: {licences: {by_age: {1: [[0, 0], [9, 1]], 2: [[0, 0], [9, 0.5]]}}}}")
    assert caught.value.problems[0].reason_code == "curves_differ"


def test_something_must_weigh():
    weightless = {m: {"weight": 0} for m in MEASURES}
    with pytest.raises(ValueError, match="nothing_weighs"):
        HealthPolicy.model_validate({g: {m: weightless[m] for m in ms} for g, ms in GROUPS.items()})


@pytest.mark.parametrize(
    ("text", "new_version"),
    [
        ("health: {bands: {green: 80}}", True),
        ("grace_days: 10", True),
        ("cadence_days: {default: 7}", True),
        ("core_features: [export]", True),
        ("rates: {worth: {EUR: 1.1}}", True),
        ("sources: {usage: {dates: dmy}}", False),
        ("visibility: own", False),
        ("undo_days: 5", False),
    ],
)
def test_only_what_influences_scores_makes_a_new_version(text, new_version):
    assert (load(text).digest != Policy().digest) is new_version


def test_the_order_of_core_features_is_no_new_version():
    assert load("core_features: [a, b]").digest == load("core_features: [b, a]").digest


def test_cadence_by_segment_ignores_case():
    rules = load("cadence_days: {default: 40, segments: {Gold: 7}}").rules
    assert [rules.cadence_of(s) for s in ("gold", "GOLD", "tin", None)] == [7, 7, 40, 40]
